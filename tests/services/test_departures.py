"""Servers that were left: noted once, taken back, and erased thirty days later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.departures import Departures
from bot.storage.departures import DepartureStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.storage.database import Database

DAY = timedelta(days=1)


@pytest.fixture
def store(database: Database) -> DepartureStore:
    return DepartureStore(database, StandingQueries(database))


@pytest.fixture
async def three(database: Database) -> ScheduleStore:
    """Give three servers with a schedule each: 1, 2 and 3."""
    schedules = ScheduleStore(database)
    for number in (1, 2, 3):
        await schedules.save(schedule(number * 10, guild_id=number))
    return schedules


def everyone(_: int) -> bool:
    return True


async def test_servers_that_are_not_there_any_more_were_left_now(
    three: ScheduleStore, store: DepartureStore
) -> None:
    await Departures(store).compare({1, 9}, everyone, NOW)
    assert await store.departed() == [2, 3]
    await Departures(store).compare({1, 3, 9}, everyone, NOW + DAY)
    assert await store.departed() == [2]
    assert await store.departed(NOW + timedelta(seconds=1)) == [2]


async def test_nothing_is_written_when_nothing_changed(
    three: ScheduleStore, store: DepartureStore, database: Database
) -> None:
    async with database.transaction() as connection:
        await connection.execute(  # the comparison would fail if it wrote
            "CREATE TRIGGER quiet BEFORE INSERT ON departures "
            "BEGIN SELECT raise(ABORT, 'written'); END"
        )
    await Departures(store).compare({1, 2, 3, 4}, everyone, NOW)
    assert await store.departed() == []


async def test_servers_of_another_shard_are_not_judged(
    three: ScheduleStore, store: DepartureStore
) -> None:
    await Departures(store).compare({1}, lambda guild_id: guild_id < 3, NOW)
    assert await store.departed() == [2]


async def test_a_servers_rows_go_thirty_days_after_it_was_left(
    three: ScheduleStore, house: House
) -> None:
    departures = house.services.departures
    await departures.left(1, NOW)
    await departures.left(2, NOW)
    await departures.left(3, NOW + DAY)
    await departures.back(2)
    await house.services.daily.upkeep(NOW + 30 * DAY)
    assert len(await three.all()) == 3
    await house.services.daily.upkeep(NOW + 30 * DAY + timedelta(seconds=1))
    assert [one.guild_id for one in await three.all()] == [2, 3]
    await house.services.daily.upkeep(NOW + 32 * DAY)
    assert [one.guild_id for one in await three.all()] == [2]
    assert await departures.erase(NOW + 99 * DAY) == 0
