from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.domain.deliveries import Notice
from bot.domain.schedules import State, Style
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, schedule

if TYPE_CHECKING:
    from bot.storage.database import Database

A_NOTICE = Notice(key="n.1", person_id=7, channel_id=6, reason="gone")


@pytest.fixture
def schedules(database: Database) -> ScheduleStore:
    return ScheduleStore(database)


async def test_a_schedule_comes_back_as_it_was_saved(schedules: ScheduleStore) -> None:
    full = schedule(
        at=time(18, 5), zone=ZoneInfo("Asia/Kathmandu"), weekdays=frozenset({0, 2, 5}), limit=0,
        min_upvotes=7, topic='-"x" OR <@1> 汉', style=Style.FULL, mention_role=2**63 - 1,
        state=State.STOPPED, reason="the channel is gone", since=date(2025, 2, 1), last_run=NOW,
        last_outcome="none matched of 3",
    )  # fmt: skip
    await schedules.save(full)
    await schedules.save(schedule(6))
    assert await schedules.get(5) == full
    assert await schedules.get(6) == schedule(6)
    assert await schedules.get(7) is None
    assert len(await schedules.all()) == 2


async def test_a_channel_has_one_schedule(schedules: ScheduleStore) -> None:
    await schedules.save(schedule(limit=3))
    await schedules.save(schedule(limit=4))
    assert [one.limit for one in await schedules.of_server(1)] == [4]


async def test_a_naive_moment_is_refused(schedules: ScheduleStore) -> None:
    naive = datetime(2025, 2, 11)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="no time zone"):
        await schedules.save(schedule(next_run=naive))
    assert await schedules.all() == []


async def test_what_is_due_is_active_and_its_time_has_come_the_longest_waiting_first(
    schedules: ScheduleStore,
) -> None:
    hour = timedelta(hours=1)
    for channel, ago in ((1, hour), (2, 2 * hour), (3, timedelta(0)), (4, -hour)):
        await schedules.save(schedule(channel, next_run=NOW - ago))
    await schedules.save(schedule(5, state=State.PAUSED))
    await schedules.save(schedule(6))
    await schedules.stop(6, "gone", A_NOTICE, NOW)
    assert [one.channel_id for one in await schedules.due(NOW, 10)] == [2, 1, 3]
    assert [one.channel_id for one in await schedules.due(NOW, 2)] == [2, 1]
    stopped = await schedules.get(6)
    assert stopped is not None
    assert (stopped.state, stopped.reason) == (State.STOPPED, "gone")


async def test_a_server_sees_its_own_schedules_the_next_first(schedules: ScheduleStore) -> None:
    await schedules.save(schedule(1, next_run=NOW + timedelta(days=1)))
    await schedules.save(schedule(2))
    await schedules.save(schedule(3, guild_id=9))
    assert [one.channel_id for one in await schedules.of_server(1)] == [2, 1]


async def test_the_earliest_day_that_a_channel_waits_for_is_known(
    schedules: ScheduleStore,
) -> None:
    assert await schedules.earliest_unsettled() is None
    await schedules.save(schedule(1))
    assert await schedules.earliest_unsettled() is None
    await schedules.save(schedule(2, since=date(2025, 2, 3)))
    await schedules.save(schedule(3, since=date(2025, 1, 3), state=State.PAUSED))
    assert await schedules.earliest_unsettled() == date(2025, 1, 3)


async def test_a_schedule_is_removed_once(schedules: ScheduleStore) -> None:
    await schedules.save(schedule())
    assert await schedules.remove(5)
    assert not await schedules.remove(5)
    assert await schedules.get(5) is None
