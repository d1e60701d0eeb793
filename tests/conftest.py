"""What every test shares."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from bot.app import House, furnish
from bot.settings import Settings
from bot.storage.database import Database
from tests.builders import Clock, FakeSource
from tests.services.topics import WordTopics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

# CI asks for "ci", so that a run there is the same one twice; at a desk chance may still find more.
settings.register_profile("default", deadline=None, max_examples=50)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=50)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give a real database in a temporary folder."""
    async with Database.open(tmp_path / "paperboy.db") as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands at NOW until it is moved."""
    return Clock()


@pytest.fixture
def source() -> FakeSource:
    """Give a source that has no papers until it is given some."""
    return FakeSource()


@pytest.fixture
def house(database: Database, source: FakeSource, clock: Clock) -> House:
    """Give everything wired over the real database, the fake source and the test's clock."""
    settings = Settings(_env_file=None, database_path=database.path)
    return furnish(database, settings, source, (source,), now=clock, topics=WordTopics())
