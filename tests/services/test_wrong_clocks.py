"""A wrong clock, played: nothing is lost, nothing doubled, nothing sleeps for a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from typing_extensions import override

from bot.app import furnish
from bot.domain.deliveries import edition_key
from bot.domain.editions import Part
from bot.domain.papers import DayReading
from bot.jobs import Jobs, Pace
from bot.services.clockwork import Jumps
from bot.settings import Settings
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, FakePublisher, FakeSource, listed, paper, schedule

if TYPE_CHECKING:
    from bot.domain.deliveries import Content
    from bot.storage.database import Database

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
    async def publish(self, content: Content, key: str) -> int:
        self.times.setdefault(content.channel_id, []).append(self.world.true)
        return await super().publish(content, key)


class World:
    """The true time, a clock that is wrong by ``error``, and the bot that goes by that clock."""

    def __init__(self, database: Database) -> None:
        self.true = NOW - 3 * HOUR
        self.error = timedelta(0)
        self.publisher = Witness(self)
        source = Lists(self)
        settings = Settings(_env_file=None, database_path=database.path)
        self.house = furnish(
            database, settings, source, (source,), now=self, publisher=self.publisher
        )
        self.schedules = ScheduleStore(database)
        self.jobs = Jobs(self.house.services.daily, self.house.clockwork, self, Pace())
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
            await self.jobs.deliver()
            await self.jobs.mend()

    def brought(self, channel: int = 5) -> list[int]:
        """Return the papers that stand in a channel's messages, late ones edited in too."""
        standing = {key: part for key, part in self.publisher.sent if part.channel_id == channel}
        for _, content in self.publisher.edited:
            if isinstance(content, Part) and content.channel_id == channel:
                standing[edition_key(content.edition_id, content.number)] = content
        return sorted(int(one.id[-5:]) for part in standing.values() for one in part.entries)

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
    assert world.came(right_at + HOUR) == (nine(1, 2) if length == HOUR else nine(2))
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
    # Friday's last papers are edited into Friday's edition, and the weekend has no lists.
    assert [(at.day, at.hour) for at in local] == [(7, 9), (10, 9), (11, 9)]
    assert world.brought() == owed(date(2025, 3, 6), datetime(2025, 3, 11, 13, tzinfo=UTC))
