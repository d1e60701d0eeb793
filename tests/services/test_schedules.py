"""Schedules: what a person may wish, and what stays as it was."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.deliveries import Notice
from bot.domain.schedules import EVERY_DAY, SCHEDULES_A_SERVER, State, Style
from bot.errors import UserError
from bot.services.schedules import Schedules, Wishes
from bot.storage.deliveries import DeliveryLedger
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, schedule
from tests.services.topics import WordTopics

if TYPE_CHECKING:
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_WISH = Wishes(
    time="18:30", timezone="tokyo", weekdays="mon-fri", limit=0, min_upvotes=5,
    topic="video  diffusion\n", style=Style.FULL, mention_role=77,
)  # fmt: skip


@pytest.fixture
def schedules(database: Database) -> Schedules:
    return Schedules(ScheduleStore(database), DeliveryLedger(database), WordTopics(), BERLIN)


async def changed(schedules: Schedules, now: datetime = NOW, **wishes: Any) -> Schedule:
    made, _ = await schedules.change(5, 1, 7, Wishes(**wishes), now)
    assert made == await schedules.of_channel(5)
    return made


async def test_a_new_schedule_has_the_defaults(schedules: Schedules) -> None:
    made, new = await schedules.change(5, 1, 7, Wishes(), NOW)
    assert new
    assert (made.at, made.zone, made.weekdays) == (time(9), BERLIN, EVERY_DAY)
    assert (made.limit, made.min_upvotes, made.style) == (10, 0, Style.COMPACT)
    assert (made.mention_role, made.created_by, made.state) == (None, 7, State.ACTIVE)
    assert made.topic is None
    assert made.next_run == datetime(2025, 2, 13, 8, tzinfo=UTC)  # at nine in Berlin
    assert made == await schedules.of_channel(5)


async def test_every_wish_is_granted_and_an_omitted_one_keeps_its_value(
    schedules: Schedules,
) -> None:
    made, _ = await schedules.change(5, 1, 7, EVERY_WISH, NOW)
    assert (made.at, made.zone.key) == (time(18, 30), "Asia/Tokyo")
    assert made.weekdays == {0, 1, 2, 3, 4}
    assert (made.limit, made.min_upvotes, made.topic) == (0, 5, "video diffusion")
    assert (made.style, made.mention_role) == (Style.FULL, 77)
    same, new = await schedules.change(5, 1, 8, Wishes(), NOW)
    assert (same, new) == (made, False)
    assert (await changed(schedules, limit=3)).zone == made.zone


async def test_none_puts_the_default_back(schedules: Schedules) -> None:
    await schedules.change(5, 1, 7, EVERY_WISH, NOW)
    cleared = await changed(
        schedules, time="none", timezone=" None ", weekdays="NONE", topic="none", mention_role=0
    )
    assert (cleared.at, cleared.zone, cleared.weekdays) == (time(9), BERLIN, EVERY_DAY)
    assert (cleared.mention_role, cleared.topic) == (None, None)
    assert (cleared.limit, cleared.style) == (0, Style.FULL)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"time": "25:00"}, "is not a time of day"),
        ({"timezone": "Mars/Base"}, "is not a time zone"),
        ({"weekdays": "someday"}, "names no weekdays"),
        ({"limit": 101}, "limit is 101; it can be 0 to 100."),
        ({"limit": -1}, "limit is -1"),
        ({"min_upvotes": -1}, "min_upvotes is -1"),
        ({"topic": '"video'}, '"video\n\\^'),
        ({"topic": "  "}, "That is no topic"),
    ],
)
async def test_a_wish_that_cannot_be_read_changes_nothing(
    schedules: Schedules, wish: dict[str, Any], said: str
) -> None:
    before = await changed(schedules)
    with pytest.raises(UserError, match=said):
        await changed(schedules, **{"style": Style.FULL} | wish)
    assert await schedules.of_channel(5) == before


async def test_what_is_due_stays_due_when_something_else_is_changed(
    schedules: Schedules,
) -> None:
    due = (await changed(schedules)).next_run
    late = due + timedelta(seconds=10)
    assert (await changed(schedules, late, limit=3)).next_run == due
    assert (await changed(schedules, late, time="9:00")).next_run == due
    assert (await changed(schedules, late, time="8:00")).next_run > late


async def test_a_change_keeps_what_the_channel_was_brought_and_its_state(
    schedules: Schedules, database: Database
) -> None:
    told = schedule(
        since=date(2025, 2, 9), last_run=NOW, last_outcome="delivered 3", state=State.PAUSED
    )
    await ScheduleStore(database).save(told)
    after = await changed(schedules, time="10:00")
    assert (after.since, after.last_run, after.last_outcome, after.state) == (
        told.since,
        told.last_run,
        told.last_outcome,
        State.PAUSED,
    )


async def test_a_server_has_twenty_five_and_the_next_is_refused(schedules: Schedules) -> None:
    for channel in range(SCHEDULES_A_SERVER):
        await schedules.change(channel + 1, 1, 7, Wishes(), NOW)
    with pytest.raises(UserError, match="has 25 schedules"):
        await schedules.change(99, 1, 7, Wishes(), NOW)
    await schedules.change(1, 1, 7, Wishes(limit=3), NOW)  # changing one is no new one
    await schedules.change(99, 2, 7, Wishes(), NOW)
    await schedules.remove(1)
    await schedules.change(98, 1, 7, Wishes(), NOW)
    assert len(await schedules.of_server(1)) == SCHEDULES_A_SERVER


async def test_a_server_has_twenty_five_even_when_many_are_made_at_once(
    schedules: Schedules,
) -> None:
    await asyncio.gather(
        *(schedules.change(channel, 1, 7, Wishes(), NOW) for channel in range(1, 40)),
        return_exceptions=True,
    )
    assert len(await schedules.of_server(1)) == SCHEDULES_A_SERVER


async def test_what_a_paused_schedule_missed_is_due_when_it_is_resumed(
    schedules: Schedules, database: Database
) -> None:
    made = await changed(schedules)
    assert (await schedules.pause(5)).state is State.PAUSED
    later = NOW + timedelta(days=10)
    assert await ScheduleStore(database).due(later, 5) == []
    resumed = await schedules.resume(5, later)
    assert (resumed.state, resumed.next_run) == (State.ACTIVE, made.next_run)
    assert await ScheduleStore(database).due(later, 5) == [resumed]
    assert resumed == await schedules.of_channel(5)


async def test_resuming_one_that_runs_leaves_what_is_due_due(schedules: Schedules) -> None:
    made = await changed(schedules)
    assert await schedules.resume(5, made.next_run + timedelta(seconds=10)) == made


async def test_the_schedule_of_a_channel_that_is_gone_is_forgotten(schedules: Schedules) -> None:
    await changed(schedules)
    for _ in range(2):
        await schedules.forget(5)
    assert await schedules.of_server(1) == []


async def test_a_stopped_schedule_is_resumed_without_its_reason(
    schedules: Schedules, database: Database
) -> None:
    await changed(schedules)
    notice = Notice(key="n.1", person_id=7, channel_id=5, reason="Discord refused")
    await ScheduleStore(database).stop(5, "Discord refused", notice, NOW)
    resumed = await schedules.resume(5, NOW)
    assert (resumed.state, resumed.reason) == (State.ACTIVE, None)


async def test_a_channel_without_a_schedule_is_told_what_to_do(schedules: Schedules) -> None:
    with pytest.raises(UserError, match="make one with /digest schedule"):
        await schedules.of_channel(5)
    with pytest.raises(UserError, match="no schedule"):
        await schedules.pause(5)
    with pytest.raises(UserError, match="no schedule"):
        await schedules.resume(5, NOW)
    with pytest.raises(UserError, match="nothing to remove"):
        await schedules.remove(5)
    await changed(schedules)
    await schedules.remove(5)
    assert await schedules.of_server(1) == []
