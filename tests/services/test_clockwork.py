"""A clock that was wrong for a while: nothing is lost, nothing doubled, nothing sleeps a year."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from bot.app import furnish
from bot.domain.papers import DayReading, settles_at
from bot.domain.schedules import State
from bot.jobs import Jobs, Pace
from bot.services.clockwork import CLOSE_ENOUGH, REACH, Jumps, Mended, doubtful_days
from bot.services.daily import Daily
from bot.services.delivery import Deliveries
from bot.settings import Settings
from bot.storage.days import DayStore
from bot.storage.deliveries import DeliveryLedger
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, FakePublisher, FakeSource, listed, paper, reading, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.domain.editions import Part
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database
    from tests.builders import Clock

MINUTE, HOUR, ONE_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEAR = timedelta(days=365)
TODAY = NOW.date()
LISTED_AT = (3, 12, 20, 25)  # hours after a date's beginning; the last ones come after midnight


class Lists(FakeSource):
    """A source whose lists grow as the true time goes on, read by a clock that may be wrong."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    @override
    async def day(self, day: date) -> DayReading:
        papers = [paper(number) for number, at in on(day) if at <= self.world.true]
        return DayReading(day=day, listed=listed(*papers), read_at=self.world())


def on(day: date) -> list[tuple[int, datetime]]:
    """Return the papers of a day and when they are put on its list; weekends have none."""
    if day.weekday() > 4:
        return []
    start = datetime.combine(day, time(), tzinfo=UTC)
    first = (day - date(2025, 1, 1)).days * 10
    return [(first + n, start + hours * HOUR) for n, hours in enumerate(LISTED_AT)]


class Witness(FakePublisher):
    """It notes the true time of each message."""

    def __init__(self, world: World) -> None:
        super().__init__(papers_a_part=1000)
        self.world = world
        self.times: dict[int, list[datetime]] = {}

    @override
    async def publish(self, part: Part, key: str) -> int:
        self.times.setdefault(part.channel_id, []).append(self.world.true)
        return await super().publish(part, key)


class World:
    """The true time, a clock that is wrong by ``error``, and the bot that goes by that clock."""

    def __init__(self, database: Database) -> None:
        self.true = NOW - 3 * HOUR
        self.error = timedelta(0)
        self.publisher = Witness(self)
        source = Lists(self)
        settings = Settings(_env_file=None, database_path=database.path)
        self.house = furnish(database, settings, source, (source,), now=self)
        self.schedules, ledger = ScheduleStore(database), DeliveryLedger(database)
        deliveries = Deliveries(ledger, self.schedules, self.publisher, self)
        editions = self.house.services.editions
        daily = Daily(self.house.collector, self.schedules, editions, deliveries, ledger)
        self.jobs = Jobs(daily, self.house.clockwork, self, Pace())
        self.jobs._jumps = Jumps(self, monotonic=self.seconds)

    def __call__(self) -> datetime:
        return self.true + self.error

    def seconds(self) -> float:
        """Read the monotonic clock, which nobody sets."""
        return self.true.timestamp()

    async def play(self, until: datetime, step: timedelta = HOUR) -> None:
        """Let the jobs do their rounds; the true time ends at ``until``."""
        while self.true < until:
            self.true = min(self.true + step, until)
            await self.jobs.collect()
            await self.jobs.run_due()
            await self.jobs.mend()

    def brought(self, channel: int = 5) -> list[int]:
        parts = [part for _, part in self.publisher.sent if part.channel_id == channel]
        return sorted(int(one.id[-5:]) for part in parts for one in part.entries)

    def came(self, after: datetime, channel: int = 5) -> list[datetime]:
        return [at for at in self.publisher.times.get(channel, ()) if at > after]


def owed(first: date, until: datetime) -> list[int]:
    """Return what a channel is to be brought that begins with a day, by a moment."""
    days = [first + n * ONE_DAY for n in range((until.date() - first).days + 1)]
    return [number for day in days for number, at in on(day) if at <= until]


@pytest.fixture
async def world(database: Database) -> World:
    await database._writer.execute("PRAGMA synchronous = OFF")  # days are played in a second
    return World(database)


def nine(*days: int) -> list[datetime]:
    return [NOW + day * ONE_DAY for day in days]


@pytest.mark.parametrize("length", [HOUR, 30 * HOUR], ids=["for an hour", "for over a day"])
@pytest.mark.parametrize("error", [YEAR, 20 * HOUR, -2 * HOUR, -ONE_DAY], ids=str)
async def test_every_paper_arrives_once_whatever_the_clock_said_and_for_how_long(
    world: World, error: timedelta, length: timedelta
) -> None:
    await world.schedules.save(schedule(limit=0))
    await world.play(NOW + 2 * HOUR)
    world.error = error
    await world.play(world.true + length)
    world.error = timedelta(0)
    right_at = world.true
    await world.play(NOW + 3 * ONE_DAY + HOUR)
    assert world.came(right_at + HOUR) == (nine(1, 2, 3) if length == HOUR else nine(2, 3))
    assert world.brought() == owed(TODAY, NOW + 3 * ONE_DAY)
    # A bot that was behind for over a day cannot tell that it was not simply away.
    at_once = len(world.came(right_at)) - len(world.came(right_at + HOUR))
    assert at_once == (error == -ONE_DAY and length > ONE_DAY)


async def test_a_channel_that_is_new_while_the_clock_is_wrong_gets_no_old_papers(
    world: World,
) -> None:
    await world.schedules.save(schedule(limit=0))
    await world.play(NOW + 2 * HOUR)
    world.error = YEAR
    await world.play(NOW + 3 * HOUR)
    await world.schedules.save(schedule(6, limit=0, next_run=world() + HOUR))
    await world.play(NOW + 5 * HOUR)
    world.error = timedelta(0)
    right_at = world.true
    await world.play(NOW + 2 * ONE_DAY + HOUR)
    assert world.came(right_at, 6) == nine(1, 2)
    assert world.brought(6) == owed(TODAY, NOW + 2 * ONE_DAY)


async def test_a_clock_set_back_by_two_minutes_right_after_an_edition_brings_no_second_one(
    world: World,
) -> None:
    await world.schedules.save(schedule(limit=0))
    world.error = timedelta(minutes=2)
    await world.play(NOW - HOUR / 4)
    await world.play(NOW - timedelta(minutes=2), step=timedelta(minutes=1))
    assert world.came(NOW - HOUR) == [NOW - timedelta(minutes=2)]
    world.error = timedelta(0)
    await world.play(NOW + HOUR / 4, step=timedelta(minutes=1))
    await world.play(NOW + ONE_DAY + HOUR, step=HOUR / 4)
    assert world.came(NOW - HOUR) == [NOW - timedelta(minutes=2), *nine(1)]
    assert world.brought() == owed(TODAY, NOW + ONE_DAY)


async def test_a_clock_set_back_across_a_change_of_the_clocks_keeps_the_local_time(
    world: World,
) -> None:
    new_york = ZoneInfo("America/New_York")
    world.true = datetime(2025, 3, 6, 12, tzinfo=UTC)
    first = datetime(2025, 3, 6, 14, tzinfo=UTC)
    await world.schedules.save(schedule(limit=0, zone=new_york, next_run=first))
    await world.play(first + HOUR)
    world.error = 5 * ONE_DAY  # past the ninth of March
    await world.play(first + 3 * HOUR)
    world.error = timedelta(0)
    right_at = world.true
    await world.play(datetime(2025, 3, 11, 14, tzinfo=UTC))
    local = [at.astimezone(new_york) for at in world.came(right_at)]
    # On Sunday and on Monday before it is nine nothing was left or listed.
    assert [(at.day, at.hour) for at in local] == [(7, 9), (8, 9), (10, 9), (11, 9)]
    assert world.brought() == owed(date(2025, 3, 6), datetime(2025, 3, 11, 13, tzinfo=UTC))


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
