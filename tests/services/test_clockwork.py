"""What a wrong clock wrote: found, put right, and nothing else touched."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.papers import settles_at
from bot.domain.schedules import State
from bot.services.clockwork import CLOSE_ENOUGH, REACH, Jumps, Mended, doubtful_days
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, paper, reading, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.domain.schedules import Schedule
    from tests.builders import Clock

MINUTE, HOUR, ONE_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = timedelta(days=365)
TODAY = NOW.date()


async def order(house: House, channel: int = 5, **told: Any) -> Schedule:
    made = schedule(channel, **told)
    await ScheduleStore(house.database).save(made)
    return made


async def run_of(house: House, channel: int = 5) -> datetime:
    found = await ScheduleStore(house.database).get(channel)
    assert found is not None
    return found.next_run


async def test_where_nothing_is_wrong_nothing_is_written_and_nothing_said(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    await order(house, 4, since=TODAY + ONE_DAY, next_run=NOW + ONE_DAY, last_run=NOW)
    await order(house, 5, next_run=NOW - HOUR)
    await order(house, 6, weekdays=frozenset({1}), next_run=NOW + 6 * ONE_DAY)
    before = await ScheduleStore(house.database).all()
    assert await house.clockwork.mend(clock()) == Mended()
    assert await ScheduleStore(house.database).all() == before
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_each_thing_that_is_mended_is_told_in_one_line(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    days = DayStore(house.database)
    await days.save_reading(reading(paper(1), day=TODAY, read_at=NOW + YEAR))
    await days.save_reading(reading(day=TODAY + 9 * ONE_DAY, read_at=NOW + YEAR))
    for channel in range(1, 201):
        await order(house, channel, since=TODAY + YEAR, next_run=NOW + YEAR)
    assert await house.clockwork.mend(clock()) == Mended(days=2, channels=200, runs=200)
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert told == [
        "A wrong clock had read 2 day(s), the first 2025-02-12; they count as not read",
        "After a wrong clock 200 channel(s) start again, at the earliest from 2025-02-12",
        "After a wrong clock or new time-zone data 200 schedule(s) waited for a wrong time",
    ]
    assert await house.clockwork.mend(clock()) == Mended()
    kept = await days.day(TODAY)
    assert [one.paper.id for one in kept.listed] == [paper(1).id]
    assert not kept.complete
    assert (await days.day(TODAY + 9 * ONE_DAY)).read_at is None
    assert await house.collector.unread(TODAY, TODAY) == [TODAY]


async def test_a_run_moves_with_new_time_zone_data(house: House, clock: Clock) -> None:
    await order(house, next_run=NOW + ONE_DAY + HOUR)
    assert (await house.clockwork.mend(clock())).runs == 1
    assert await run_of(house) == NOW + ONE_DAY


async def test_a_schedule_that_rests_or_cannot_be_read_is_left_alone(
    house: House, clock: Clock
) -> None:
    for channel, state in enumerate((State.PAUSED, State.STOPPED, State.ACTIVE), start=4):
        await order(house, channel, state=state, next_run=NOW + YEAR)
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE schedules SET zone = 'US/Gone' WHERE channel_id = 6")
    assert await house.clockwork.mend(clock()) == Mended()


@pytest.mark.parametrize(
    ("next_run", "last_run", "set_by", "right"),
    [
        # made by a clock that was close enough: the occasion is done
        (NOW + ONE_DAY, NOW + MINUTE, -MINUTE, NOW + ONE_DAY),
        # made by a clock that was far ahead: it is not
        (NOW + ONE_DAY, NOW + 2 * HOUR, -2 * HOUR, NOW),
        # put, while the clock was behind, to an occasion that it had had before
        (NOW - 5 * ONE_DAY, NOW - HOUR, 5 * ONE_DAY, NOW),
        (NOW - 5 * ONE_DAY, None, 5 * ONE_DAY, NOW - 5 * ONE_DAY),
        # waiting for an edition since yesterday, while one was made by hand or was not
        (NOW - ONE_DAY, NOW - HOUR, None, NOW - ONE_DAY),
        (NOW - ONE_DAY, NOW - 2 * ONE_DAY, ONE_DAY, NOW - ONE_DAY),
        # made by hand a while before the next is due
        (NOW, NOW - HOUR, None, NOW),
        (NOW + YEAR, None, None, NOW),
    ],
)
async def test_an_occasion_is_had_once_and_none_is_passed_over(
    house: House,
    next_run: datetime,
    last_run: datetime | None,
    set_by: timedelta | None,
    right: datetime,
) -> None:
    await order(house, next_run=next_run, last_run=last_run)
    await house.clockwork.mend(NOW - MINUTE, set_by or timedelta(0))
    assert await run_of(house) == right


async def test_what_was_changed_while_it_was_looked_at_is_not_undone(house: House) -> None:
    await order(house, next_run=NOW + YEAR)
    store = house.clockwork._store
    [standing] = await store.standing(NOW, 0, 5)
    await order(house, next_run=NOW + HOUR)  # a command in between
    assert await store.move([(standing, NOW + ONE_DAY)]) == 0
    assert await run_of(house) == NOW + HOUR


async def since_of(house: House, channel: int) -> date | None:
    found = await ScheduleStore(house.database).get(channel)
    return None if found is None else found.since


async def test_a_channel_starts_again_where_it_can_have_missed_something(
    house: House, clock: Clock
) -> None:
    days, editions = DayStore(house.database), house.services.editions
    for ago in range(20, -1, -1):
        day = TODAY - ago * ONE_DAY
        read_at = NOW + YEAR if ago < 15 else settles_at(day)
        await days.save_reading(reading(paper(100 + ago), day=day, read_at=read_at))
    await order(house, 4, since=TODAY - 20 * ONE_DAY)
    await order(house, 5)
    await order(house, 6, min_upvotes=1000)
    for channel in (4, 5, 6):
        made = await ScheduleStore(house.database).get(channel)
        assert made is not None
        await editions.make(made, NOW + YEAR)
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE schedules SET since = '2026-02-12'")
    assert await house.clockwork.mend(clock()) == Mended(days=15, channels=3, runs=3)
    assert await since_of(house, 4) == TODAY - 14 * ONE_DAY  # it has long been here
    assert await since_of(house, 5) == TODAY  # its first edition began here
    assert await since_of(house, 6) == TODAY - 7 * ONE_DAY  # it was never brought anything


async def test_an_old_list_read_by_a_wrong_clock_takes_no_channel_back_by_years(
    house: House, clock: Clock
) -> None:
    days = DayStore(house.database)
    await days.save_reading(reading(paper(1), day=date(2024, 1, 2), read_at=NOW + YEAR))
    await days.save_reading(reading(paper(2), day=date(2023, 1, 2), read_at=NOW - YEAR))
    await order(house, since=TODAY + YEAR)
    async with house.database.transaction() as connection:
        await connection.execute("INSERT INTO brought SELECT 5, no, 1, 'e' FROM papers")
    await house.clockwork.mend(clock())
    assert await since_of(house, 5) == TODAY - REACH


async def test_a_channel_that_waits_for_next_year_starts_again_though_the_lists_are_right(
    house: House, clock: Clock
) -> None:
    await order(house, since=TODAY + YEAR, next_run=NOW)
    assert await house.clockwork.mend(clock()) == Mended(channels=1)
    assert await since_of(house, 5) == TODAY - 7 * ONE_DAY


def test_a_list_that_was_settled_too_early_is_doubtful_though_its_reading_is_past() -> None:
    ahead, settled = NOW + 20 * HOUR, settles_at(DAY)
    older = DAY - ONE_DAY
    readings = {TODAY: ahead, DAY: settled + HOUR, older: settles_at(older) + 21 * HOUR}
    assert doubtful_days(readings, NOW) == {TODAY: ahead, DAY: settled + HOUR}
    assert doubtful_days({TODAY: NOW + CLOSE_ENOUGH, DAY: settled}, NOW) == {}
    assert doubtful_days({TODAY: NOW + YEAR, DAY: settled}, NOW) == {TODAY: NOW + YEAR}


def test_a_clock_that_goes_on_as_the_monotonic_one_has_not_jumped(clock: Clock) -> None:
    seconds = 0.0
    jumps = Jumps(clock, lambda: seconds)
    clock.move(hours=5)
    seconds = 5 * 3600.0
    assert jumps.by() == timedelta(0)
    clock.move(seconds=-61)
    assert jumps.by() == timedelta(seconds=-61)
    assert jumps.by() == timedelta(0)
