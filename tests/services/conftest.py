"""A world for the tests of what a channel gets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import SourceUnreachable
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, schedule
from tests.services.channel import Discord
from tests.services.world import Lists, World

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """Give a bot, its lists and its Discord, at NOW; nobody has ordered anything."""
    return World(database, clock, Discord(clock), Lists(clock))


@pytest.fixture
async def quiet(world: World) -> World:
    """Give a channel whose edition is due at NOW, while no list was read for two hours."""
    world.clock.now = NOW - timedelta(hours=2)
    world.lists.put(DAY, 1)
    await world.collect()
    world.clock.now = NOW
    world.lists.failure = SourceUnreachable("Hugging Face gives no answer.")
    await ScheduleStore(world.database).save(schedule(since=DAY))
    return world
