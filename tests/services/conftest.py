"""A world for the tests of what a channel gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.world import Discord, Lists, World

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """Give a bot, its lists and its Discord, at NOW; nobody has ordered anything."""
    return World(database, clock, Discord(clock), Lists(clock))
