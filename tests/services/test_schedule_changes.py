"""A schedule that is changed, paused or moved about the minute at which it runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import furnish
from bot.domain.schedules import SCHEDULES_A_SERVER, State, Style
from bot.services.schedules import Wishes
from bot.settings import Settings
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, FakePublisher, FakeSource, paper, reading, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.domain.schedules import Schedule
    from tests.builders import Clock

TODAY = NOW.date()  # a Wednesday
MINUTE = timedelta(minutes=1)
KOLKATA, TOKYO = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Tokyo")


class Channel:
    """Channel 5, its schedule, and a clock that goes from minute to minute."""

    def __init__(self, house: House, clock: Clock) -> None:
        self.house, self.clock, self.publisher = house, clock, FakePublisher()
        self.store = ScheduleStore(house.database)
        settings = Settings(_env_file=None, database_path=house.database.path)
        self.daily = furnish(
            house.database, settings, source := FakeSource(), (source,),
            now=clock, publisher=self.publisher,
        ).services.daily  # fmt: skip
        self.came: list[str] = []
        self.number = 0

    async def begin(self, now: str, **told: Any) -> None:
        """Give it a schedule that last ran yesterday, and set the clock to ``now`` of today."""
        self.clock.now = moment(now)
        told = {"next_run": NOW, "last_run": NOW - timedelta(days=1), "since": DAY, **told}
        await self.store.save(schedule(**told))

    async def change(self, channel: int = 5, **wishes: Any) -> datetime:
        made, _ = await self.house.services.schedules.change(
            channel, 1, 7, Wishes(**wishes), self.clock()
        )
        return made.next_run

    async def runs(self, until: str) -> list[str]:
        """Go on to a time, a new paper being listed every minute; return when editions came."""
        while self.clock() < moment(until):
            self.clock.move(minutes=1)
            self.number += 1
            papers = [paper(number) for number in range(1, self.number + 1)]
            await DayStore(self.house.database).save_reading(
                reading(*papers, day=TODAY, read_at=self.clock())
            )
            if await self.daily.run_due(self.clock()):
                self.came.append(f"{self.clock():%H:%M}")
        return self.came

    async def schedule(self) -> Schedule:
        return await self.house.services.schedules.of_channel(5)


def moment(at: str, day: date = TODAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), tzinfo=UTC)


@pytest.fixture
def channel(house: House, clock: Clock) -> Channel:
    return Channel(house, clock)


@pytest.mark.parametrize(
    ("wish", "came"),
    [
        ({"time": "09:10"}, ["09:10"]),
        ({"time": "08:59"}, ["08:59"]),
        ({"time": "08:58"}, []),  # that minute has begun: tomorrow
        ({"time": "08:00"}, []),
        ({"limit": 3, "style": Style.FULL, "min_upvotes": 1}, ["09:00"]),
        ({"time": "09:00", "timezone": "UTC", "weekdays": "daily"}, ["09:00"]),
        ({"timezone": "Europe/Berlin"}, []),  # where it is 09:58
        ({"timezone": "Europe/Berlin", "time": "10:05"}, ["09:05"]),
        ({"timezone": "Africa/Abidjan"}, ["09:00"]),
        ({"weekdays": "wed"}, ["09:00"]),
        ({"weekdays": "thu-tue"}, []),
    ],
    ids=str,
)
async def test_a_change_two_minutes_before_the_time_holds_for_today(
    channel: Channel, wish: dict[str, Any], came: list[str]
) -> None:
    await channel.begin("08:58")
    await channel.change(**wish)
    assert await channel.runs("09:15") == came
    assert (await channel.schedule()).next_run > moment("09:15")


@pytest.mark.parametrize(
    ("wish", "next_run"),
    [
        ({"time": "08:00"}, moment("08:00", TODAY + timedelta(days=1))),
        ({"time": "09:30"}, moment("09:30")),  # a second one today, as it was asked for
        ({"limit": 3}, moment("09:00", TODAY + timedelta(days=1))),
        ({"timezone": "Europe/Berlin"}, moment("08:00", TODAY + timedelta(days=1))),
        ({"timezone": "America/New_York"}, moment("14:00")),
        ({"weekdays": "wed"}, moment("09:00", TODAY + timedelta(days=7))),
        ({"weekdays": "fri"}, moment("09:00", TODAY + timedelta(days=2))),
    ],
    ids=str,
)
async def test_a_change_after_todays_edition_leaves_that_edition_the_only_one_at_its_time(
    channel: Channel, wish: dict[str, Any], next_run: datetime
) -> None:
    await channel.begin("08:58")
    assert await channel.runs("09:05") == ["09:00"]
    assert await channel.change(**wish) == next_run
    assert await channel.runs("09:15") == ["09:00"]


@pytest.mark.parametrize("wish", [{"limit": 3}, {"style": Style.FULL}, {"time": "9"}], ids=str)
async def test_what_is_due_stays_due_and_comes_as_it_was_changed_to_be(
    channel: Channel, wish: dict[str, Any]
) -> None:
    await channel.begin("09:10")  # the bot was away at nine
    assert await channel.change(**wish) == NOW
    assert await channel.runs("09:15") == ["09:11"]


async def test_one_that_is_changed_again_and_again_comes_at_the_last_time_only(
    channel: Channel,
) -> None:
    await channel.begin("08:50")
    for at in ("08:55", "09:05", "08:57", "09:03"):
        await channel.change(time=at)
    assert await channel.runs("09:15") == ["09:03"]


async def test_one_that_is_moved_ahead_of_itself_all_morning_still_comes(channel: Channel) -> None:
    await channel.begin("08:58")
    for at in ("08:59", "09:02", "09:04"):
        await channel.change(time=at)
        await channel.runs(f"{channel.clock() + 2 * MINUTE:%H:%M}")
    assert channel.came == ["08:59", "09:02", "09:04"]
    numbers = [one.id for _, part in channel.publisher.sent for one in part.entries]
    assert len(numbers) == len(set(numbers)) > 3


async def test_one_paused_before_its_time_and_resumed_after_it_comes_on_its_return(
    channel: Channel,
) -> None:
    schedules = channel.house.services.schedules
    await channel.begin("08:58")
    await schedules.pause(5)
    assert await channel.runs("09:05") == []
    resumed = await schedules.resume(5, channel.clock())
    assert resumed.next_run == NOW
    assert await channel.runs("09:10") == ["09:06"]
    assert (await channel.schedule()).next_run == NOW + timedelta(days=1)


async def test_one_paused_and_resumed_before_its_time_comes_at_it(channel: Channel) -> None:
    schedules = channel.house.services.schedules
    await channel.begin("08:50")
    for _ in range(2):
        await schedules.pause(5)
        await schedules.resume(5, channel.clock())
    assert await channel.runs("09:10") == ["09:00"]


async def test_one_paused_right_after_its_edition_does_not_run_again_when_resumed(
    channel: Channel,
) -> None:
    schedules = channel.house.services.schedules
    await channel.begin("08:58")
    await channel.runs("09:00")
    await schedules.pause(5)
    await schedules.resume(5, channel.clock())
    assert await channel.runs("09:10") == ["09:00"]


async def test_one_changed_while_it_is_paused_stays_paused_and_then_keeps_its_new_time(
    channel: Channel,
) -> None:
    schedules = channel.house.services.schedules
    await channel.begin("08:50")
    await schedules.pause(5)
    await channel.change(time="09:05")
    assert (await channel.schedule()).state is State.PAUSED
    assert await channel.runs("08:55") == []
    await schedules.resume(5, channel.clock())
    assert await channel.runs("09:10") == ["09:05"]


async def test_a_zone_half_an_hour_off_is_kept_to_the_minute(channel: Channel) -> None:
    await channel.begin("03:00", zone=KOLKATA, at=time(14, 30))
    assert await channel.change(time="09:00") == moment("03:30")
    assert await channel.change(time="08:30") == moment("03:00", TODAY + timedelta(days=1))


async def test_a_weekday_is_the_zones_own_where_it_is_another_day(channel: Channel) -> None:
    await channel.begin("20:00", zone=TOKYO, next_run=moment("22:00"))
    assert await channel.change(time="07:00", weekdays="thu") == moment("22:00")
    assert await channel.change(weekdays="wed") == moment("22:00", TODAY + timedelta(days=6))


async def test_twenty_five_of_one_minute_each_come_once_and_in_their_channel(
    channel: Channel,
) -> None:
    channel.clock.now = moment("08:58")
    for number in range(1, SCHEDULES_A_SERVER + 1):
        await channel.change(number, time="09:00", timezone="UTC", weekdays="daily")
    await channel.change(7, time="09:05")
    await channel.house.services.schedules.pause(8)
    assert await channel.runs("09:10") == ["09:00", "09:05"]
    channels = [part.channel_id for _, part in channel.publisher.sent]
    assert channels[-1] == 7
    assert sorted(channels) == [n for n in range(1, SCHEDULES_A_SERVER + 1) if n != 8]


async def test_a_change_while_its_edition_is_made_is_kept(channel: Channel) -> None:
    await channel.begin("09:00")
    await DayStore(channel.house.database).save_reading(reading(paper(1), day=TODAY))
    [due] = await channel.store.due(channel.clock(), 5)
    assert await channel.change(time="09:05") == moment("09:05")
    await channel.house.services.editions.make(due, channel.clock())
    after = await channel.schedule()
    assert (after.at, after.next_run) == (time(9, 5), moment("09:05"))
    assert await channel.runs("09:10") == ["09:05"]
