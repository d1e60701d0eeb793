"""Silence explained: the quiet line, what becomes of it, and what /status is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.deliveries import DeliveryState, Line, Silence
from bot.domain.editions import Part
from bot.domain.papers import closes_at
from bot.errors import SourceUnreachable
from bot.services.editions import WAIT_FOR_A_LIST
from bot.storage.deliveries import DeliveryLedger
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW
from tests.services.world import INTERVAL, World

TODAY = NOW.date()
DOWN = SourceUnreachable("Hugging Face gives no answer.")
LAST = NOW - timedelta(hours=2)
"""When the lists were last read before the source went down."""


async def outcome(world: World) -> str | None:
    return (await world.schedule()).last_outcome


async def test_when_no_open_list_could_be_read_one_line_stands_in_for_the_edition(
    quiet: World,
) -> None:
    await quiet.round()
    [line] = quiet.discord.lines
    assert (line.silence, line.since, line.channel_id) == (Silence.UNREAD, LAST, 5)
    assert await outcome(quiet) == f"unread {LAST.isoformat()}"
    assert (await quiet.schedule()).next_run == NOW + timedelta(days=1)


async def test_where_no_list_was_ever_read_the_line_says_nothing_of_since(world: World) -> None:
    world.lists.failure = DOWN
    await world.order()
    await world.round()
    [line] = world.discord.lines
    assert line.since is None
    assert await outcome(world) == "unread"


async def test_one_line_stands_however_many_days_it_lasts(quiet: World) -> None:
    for days in range(5):
        await quiet.until(NOW + timedelta(days=days))
        await quiet.until(NOW + timedelta(days=days, hours=1))
    assert len(quiet.discord.messages) == 1
    assert quiet.discord.standing[0].edits == 0
    assert (await quiet.schedule()).next_run == NOW + timedelta(days=5)


async def test_the_line_becomes_the_edition_by_an_edit_and_no_message_is_added(
    quiet: World,
) -> None:
    await quiet.round()
    await quiet.recover(2)
    [message] = quiet.discord.messages
    assert message.numbers == [2, 1]
    assert message.edits == 1
    order = await quiet.schedule()
    assert (order.quiet_id, order.last_outcome) == (None, "delivered 2")
    assert order.next_run == NOW + timedelta(days=1)
    [part] = quiet.discord.parts
    assert [state.day for state in part.receipt.days] == [DAY, TODAY]


async def test_its_further_parts_come_as_new_messages_in_order(quiet: World) -> None:
    quiet.discord.papers_a_part = 2
    await quiet.round()
    await quiet.recover(2, 3, 4, 5)
    assert quiet.discord.shown == [[5, 4], [3, 2], [1]]
    [first, *others] = quiet.discord.standing
    assert first.edits == 1
    assert [one.edits for one in others] == [0, 0]
    assert [
        one.content.number for one in quiet.discord.standing if isinstance(one.content, Part)
    ] == [1, 2, 3]


async def test_its_further_parts_wait_until_the_edit_is_made(quiet: World) -> None:
    quiet.discord.papers_a_part = 2
    await quiet.round()
    quiet.discord.edit_answers.append(20016)
    await quiet.recover(2, 3)
    assert quiet.discord.shown == [[]]
    quiet.clock.move(minutes=1)
    await quiet.run_due()
    assert quiet.discord.shown == [[3, 2], [1]]


async def test_after_days_of_silence_one_edition_says_which_days_it_covers(quiet: World) -> None:
    await quiet.round()
    for days in range(1, 4):
        quiet.lists.put(TODAY + timedelta(days=days), 10 + days)
        await quiet.until(NOW + timedelta(days=days))
    quiet.lists.failure = None
    await quiet.until(NOW + timedelta(days=3, hours=1))
    assert quiet.discord.shown == [[13, 12, 11, 1]]
    [part] = quiet.discord.parts
    assert [state.day for state in part.receipt.days] == [
        DAY, *(TODAY + timedelta(days=n) for n in range(1, 4)),
    ]  # fmt: skip


async def test_with_nothing_new_the_line_says_so_and_the_next_edition_is_a_message_of_its_own(
    quiet: World,
) -> None:
    quiet.lists.upvotes.clear()
    await quiet.order(min_upvotes=50)
    await quiet.round()
    await quiet.recover()
    [line] = quiet.discord.lines
    assert line.silence is Silence.NOTHING
    assert await outcome(quiet) == "none matched of 1"
    quiet.lists.put(TODAY, 60)
    await quiet.until(NOW + timedelta(days=1))
    assert quiet.discord.shown == [[], [60]]
    assert quiet.discord.lines == [line]


@pytest.mark.parametrize("locked", [True, False])
async def test_a_line_that_cannot_become_the_edition_leaves_it_to_a_new_message(
    quiet: World, locked: bool
) -> None:
    quiet.discord.papers_a_part = 2
    await quiet.round()
    [message] = quiet.discord.messages
    message.locked, message.deleted = locked, not locked
    await quiet.recover(2, 3)
    await quiet.run_due()  # the next look at what is due
    parts = [one for one in quiet.discord.shown if one]
    assert parts == [[3, 2], [1]]
    await quiet.until(NOW + timedelta(days=1))
    await quiet.until(NOW + timedelta(days=2))
    assert [one for one in quiet.discord.shown if one] == parts
    assert (await quiet.schedule()).next_run == NOW + timedelta(days=3)


@pytest.mark.parametrize("locked", [True, False])
async def test_a_line_that_cannot_say_that_there_is_nothing_is_left_alone(
    quiet: World, locked: bool
) -> None:
    await quiet.order(min_upvotes=50)
    await quiet.round()
    [message] = quiet.discord.messages
    message.locked, message.deleted = locked, not locked
    await quiet.recover()
    await quiet.run_due()
    await quiet.until(NOW + timedelta(days=1))
    assert len(quiet.discord.messages) == 1
    assert await DeliveryLedger(quiet.database).counts() == {DeliveryState.SENT: 1}


async def test_a_line_stays_as_it_is_while_its_schedule_is_paused(quiet: World) -> None:
    await quiet.round()
    await quiet.house.services.schedules.pause(5)
    await quiet.recover(2)
    assert [line.silence for line in quiet.discord.lines] == [Silence.UNREAD]
    await quiet.house.services.schedules.resume(5, quiet.clock())
    await quiet.round()
    assert [one.numbers for one in quiet.discord.messages] == [[2, 1]]


async def test_a_line_whose_edition_is_taken_back_by_a_stop_becomes_it_on_return(
    quiet: World,
) -> None:
    await quiet.round()
    quiet.discord.closed = 50013
    await quiet.recover(2)
    assert (await quiet.schedule()).state == "stopped"
    quiet.discord.closed = None
    await quiet.house.services.schedules.resume(5, quiet.clock())
    await quiet.round()
    assert quiet.discord.shown == [[2, 1]]
    quiet.lists.put(TODAY, 3)
    quiet.clock.move(minutes=30)
    await quiet.round()
    assert quiet.discord.shown == [[2, 1, 3]]  # and takes late papers like any other


async def test_a_line_stands_though_its_schedule_is_removed_and_a_new_one_starts_afresh(
    quiet: World,
) -> None:
    await quiet.round()
    await quiet.house.services.schedules.remove(5)
    await quiet.recover(2)
    assert len(quiet.discord.messages) == 1
    await quiet.order()
    await quiet.round()
    assert quiet.discord.shown == [[], [2]]


async def test_a_line_becomes_the_edition_as_it_was_last_ordered(quiet: World) -> None:
    await quiet.round()
    await quiet.order(limit=1, min_upvotes=2)
    await quiet.recover(2, 3)
    assert quiet.discord.shown == [[3]]
    [part] = quiet.discord.parts
    assert (part.receipt.shown, part.receipt.matching, part.receipt.listed) == (1, 2, 3)


async def test_a_line_that_discord_refuses_for_good_stops_the_schedule(quiet: World) -> None:
    quiet.discord.closed = 50001
    await quiet.round()
    order = await quiet.schedule()
    assert (order.state, order.quiet_id) == ("stopped", None)
    quiet.discord.closed = None
    await quiet.house.services.schedules.resume(5, quiet.clock())
    await quiet.round()
    assert len(quiet.discord.lines) == 1


async def test_an_open_list_read_within_two_intervals_lets_the_edition_go_out_with_its_age(
    quiet: World,
) -> None:
    quiet.clock.now = NOW - 2 * INTERVAL
    quiet.lists.failure = None
    quiet.lists.put(TODAY, 2)
    await quiet.collect()
    quiet.clock.now = NOW
    quiet.lists.failure = DOWN
    await quiet.round()
    [part] = quiet.discord.parts
    assert {state.read_at for state in part.receipt.days} == {LAST, NOW - 2 * INTERVAL}
    assert quiet.discord.lines == []


async def test_a_moment_past_two_intervals_is_too_long(quiet: World) -> None:
    quiet.clock.now = NOW - 2 * INTERVAL - timedelta(seconds=1)
    quiet.lists.failure = None
    await quiet.collect()
    quiet.clock.now = NOW
    quiet.lists.failure = DOWN
    await quiet.round()
    assert [line.since for line in quiet.discord.lines] == [NOW - 2 * INTERVAL - INTERVAL / 1800]


async def test_one_of_two_open_lists_is_enough(world: World) -> None:
    now = closes_at(DAY) - timedelta(hours=1)
    world.clock.now = now
    world.lists.put(DAY, 1)
    world.lists.failing_days, world.lists.failure = {TODAY}, DOWN
    await world.order()
    await world.round()
    assert world.discord.shown == [[1]]


async def test_a_past_day_that_was_never_read_is_waited_for_and_then_gone_without(
    world: World,
) -> None:
    await world.order(min_upvotes=0)
    await ScheduleStore(world.database).save(await world.schedule())
    async with world.database.transaction() as connection:
        await connection.execute("UPDATE schedules SET since = :day", {"day": DAY.isoformat()})
    world.lists.failing_days, world.lists.failure = {DAY}, DOWN
    await world.round()
    order = await world.schedule()
    assert (order.last_outcome, order.next_run) == (f"waiting {DAY}", NOW)
    await world.until(NOW + WAIT_FOR_A_LIST)
    order = await world.schedule()
    assert order.last_outcome == f"waiting {DAY}"
    assert order.next_run == NOW + timedelta(days=1)
    world.lists.put(DAY, 7)
    world.lists.failure = None
    await world.until(NOW + timedelta(days=1))
    assert world.discord.shown == [[7]]


async def test_no_papers_no_message_and_the_reason_is_kept(world: World) -> None:
    await world.order()
    await world.round()
    assert world.discord.messages == []
    assert await outcome(world) == "no papers"


async def test_the_line_of_one_channel_is_nothing_to_another(quiet: World) -> None:
    await quiet.order(6)
    await ScheduleStore(quiet.database).save(
        replace(await quiet.schedule(6), next_run=NOW + timedelta(hours=3))
    )
    await quiet.round()
    assert [line.channel_id for line in quiet.discord.lines] == [5]
    await quiet.recover(2)
    assert [part.channel_id for part in quiet.discord.parts] == [5]
    assert not any(isinstance(one.content, Line) for one in quiet.discord.messages)
