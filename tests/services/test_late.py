"""Late papers: what the edition of an open day takes, where it goes, and what it cannot take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import closes_at
from tests.builders import DAY, NOW
from tests.services.channel import Answer

if TYPE_CHECKING:
    from tests.services.world import World

TODAY = NOW.date()


async def test_shown_papers_keep_place_and_number_and_a_late_one_comes_at_the_end(
    world: World,
) -> None:
    await world.edition(1, 2, 3)
    world.lists.put(TODAY, 90)
    await world.round()
    [message] = world.discord.standing
    assert message.numbers == [3, 2, 1, 90]
    assert [one.place for one in world.discord.parts[0].entries] == [1, 2, 3, 4]
    assert message.edits == 1
    assert await world.brought() == {3: 1, 2: 2, 1: 3, 90: 4}


async def test_over_the_limit_a_late_one_goes_under_browse_all_and_into_the_receipt(
    world: World,
) -> None:
    await world.edition(1, 2, limit=3)
    world.lists.put(TODAY, 8, 9)
    await world.round()
    [part] = world.discord.parts
    assert world.discord.shown == [[2, 1, 9]]
    assert (part.receipt.shown, part.receipt.matching, part.receipt.more) == (3, 4, 1)
    world.lists.put(TODAY, 7)
    world.clock.move(minutes=30)
    await world.round()
    [part] = world.discord.parts
    assert world.discord.shown == [[2, 1, 9]]
    assert (part.receipt.shown, part.receipt.matching, part.receipt.listed) == (3, 5, 5)
    whole = await world.house.services.editions.whole(part.edition_id, 5, NOW)
    assert [int(card.paper.id[-5:]) for card in whole.cards] == [2, 1, 9, 8, 7]


async def test_upvotes_change_with_such_an_edit_only(world: World) -> None:
    await world.edition(1, 2)
    world.lists.put(TODAY, 1, upvotes=50)
    await world.round()
    assert world.discord.standing[0].edits == 0
    world.lists.put(TODAY, 3)
    await world.round()
    [part] = world.discord.parts
    assert [(int(one.id[-5:]), one.upvotes) for one in part.entries] == [(2, 2), (1, 50), (3, 3)]


async def test_there_is_at_most_one_edit_a_message_a_collection(world: World) -> None:
    world.discord.papers_a_part = 2
    await world.edition(1, 2, 3, limit=0)
    for count in range(1, 4):
        world.lists.put(TODAY, 10 * count, 10 * count + 1, 10 * count + 2)
        await world.collect()
        for _ in range(3):
            await world.run_due()
            await world.settle()
        assert max(one.edits for one in world.discord.standing) == count
        world.clock.move(minutes=30)
    assert world.discord.shown == [[3, 2], [1, 12], [11, 10], [22, 21], [20, 32], [31, 30]]


@pytest.mark.parametrize("locked", [True, False])
async def test_an_edit_that_cannot_be_made_leaves_its_papers_to_the_next_edition(
    world: World, locked: bool
) -> None:
    await world.edition(1, 2, limit=3)
    [message] = world.discord.standing
    message.locked, message.deleted = locked, not locked
    world.lists.put(TODAY, 7, 8, 9)
    await world.round()
    assert await world.database.one("SELECT 1 FROM deliveries WHERE edits IS NOT NULL") is None
    assert await world.brought() == {2: 1, 1: 2}
    for _ in range(3):  # and nothing of it is tried again
        world.clock.move(minutes=31)
        world.lists.put(TODAY, 6)
        await world.round()
    assert message.edits == 0
    await world.until(NOW + timedelta(days=1))
    assert world.discord.shown[-1] == [9, 8, 7]
    assert await world.brought() == {2: 1, 1: 2, 9: 1, 8: 2, 7: 3, 6: 0}
    await world.until(NOW + timedelta(days=2))
    assert len(world.discord.messages) == 2


async def test_a_minimum_changed_meanwhile_counts_for_what_is_late(world: World) -> None:
    await world.edition(5, 6, min_upvotes=5)
    world.lists.put(TODAY, 3, 8)
    await world.order(min_upvotes=7)
    await world.round()
    assert world.discord.shown == [[6, 5, 8]]
    await world.order(min_upvotes=0)
    world.clock.move(minutes=30)
    await world.round()
    assert world.discord.shown == [[6, 5, 8, 3]]


@pytest.mark.parametrize("state", ["paused", "stopped", "removed"])
async def test_a_channel_that_wants_nothing_just_now_gets_no_edit(world: World, state: str) -> None:
    await world.edition(1, 2)
    schedules = world.house.services.schedules
    if state == "paused":
        await schedules.pause(5)
    elif state == "removed":
        await schedules.remove(5)
    else:
        world.discord.closed = 50013
        world.lists.put(TODAY, 3)
        await world.round()
    world.lists.put(TODAY, 4)
    await world.round()
    assert world.discord.standing[0].edits == 0
    assert await world.brought() == {2: 1, 1: 2}
    assert await world.database.one("SELECT 1 FROM deliveries WHERE state <> 'sent'") is None


async def test_an_edit_planned_before_a_pause_waits_and_comes_in_the_one_edition_after_it(
    world: World,
) -> None:
    await world.edition(1, 2)
    world.discord.edit_answers.append(20016)
    world.lists.put(TODAY, 3)
    await world.collect()
    await world.house.services.schedules.pause(5)
    world.clock.move(hours=2)
    await world.round()
    assert world.discord.shown == [[2, 1]]
    world.lists.put(TODAY, 4)
    await world.house.services.schedules.resume(5, world.clock())
    await world.round()
    assert world.discord.shown == [[2, 1], [4, 3]]


async def test_a_late_paper_of_a_day_that_the_edition_does_not_cover_waits_for_the_next(
    world: World,
) -> None:
    world.clock.now = closes_at(DAY) - timedelta(minutes=90)  # both days are open
    await world.order()
    world.lists.put(TODAY, 1)
    await world.round()
    assert world.discord.shown == [[1]]
    world.lists.put(DAY, 2)
    await world.until(closes_at(DAY) - timedelta(minutes=30))
    assert world.discord.shown == [[1]]
    assert world.discord.standing[0].edits == 0


async def test_a_paper_that_an_earlier_edition_brought_does_not_come_late(world: World) -> None:
    world.lists.put(DAY, 1, 2)
    await world.edition()
    await world.until(NOW + timedelta(hours=3))
    world.lists.put(TODAY, 3)
    await world.collect()
    services = world.house.services
    made = await services.editions.make(await world.schedule(), world.clock(), by_hand=True)
    assert made.edition is not None
    await services.deliveries.deliver_ready()
    world.lists.put(TODAY, 1, upvotes=70)  # it stands on both days now
    world.lists.put(TODAY, 4)
    await world.until(NOW + timedelta(hours=4))
    assert world.discord.shown == [[2, 1], [3, 4]]


async def test_a_late_paper_on_two_days_is_added_once(world: World) -> None:
    world.clock.now = closes_at(DAY) - timedelta(minutes=90)
    world.lists.put(DAY, 1)
    world.lists.put(TODAY, 2)
    await world.order()
    await world.round()
    assert world.discord.shown == [[2]]  # it starts with the latest day
    world.lists.put(DAY, 9)
    world.lists.put(TODAY, 9, upvotes=11)
    world.clock.move(minutes=30)
    await world.round()
    await world.until(NOW)
    numbers = [number for shown in world.discord.shown for number in shown]
    assert numbers.count(9) == 1


async def test_a_bot_that_dies_between_the_plan_and_the_edit_makes_it_after_its_start(
    world: World,
) -> None:
    await world.edition(1, 2)
    world.lists.put(TODAY, 3)
    world.discord.edit_answers.append(Answer.LOST)
    await world.collect()
    world.start()
    await world.run_due()
    assert world.discord.shown == [[2, 1]]
    world.clock.move(seconds=31)
    await world.settle()
    assert world.discord.shown == [[2, 1, 3]]


async def test_an_edit_whose_answer_is_lost_is_made_again_and_does_no_harm(world: World) -> None:
    await world.edition(1, 2)
    world.lists.put(TODAY, 3)
    world.discord.edit_answers.append(Answer.UNHEARD)
    await world.collect()
    world.lists.put(TODAY, 4)
    await world.collect()  # while nobody knows how the first one went
    assert world.discord.shown == [[2, 1, 3]]
    world.clock.move(seconds=31)
    await world.settle()
    await world.collect()
    assert world.discord.shown == [[2, 1, 3, 4]]
    assert len(world.discord.messages) == 1


async def test_a_restart_changes_nothing_for_what_comes_late(world: World) -> None:
    await world.edition(1, 2)
    world.start()
    world.lists.put(TODAY, 3)
    await world.round()
    assert world.discord.shown == [[2, 1, 3]]
    world.start()
    await world.round()
    assert world.discord.standing[0].edits == 1


async def test_an_edition_that_cannot_be_lengthened_keeps_no_other_from_its_late_papers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for channel in (4, 5, 6):
        await world.order(channel)
    world.lists.put(TODAY, 1)
    await world.round()
    async with world.database.transaction() as connection:
        await connection.execute("UPDATE deliveries SET content = 'torn' WHERE channel_id = 4")
    world.lists.put(TODAY, 2)
    world.clock.move(minutes=30)
    await world.round()
    shown = {one.content.channel_id: one.numbers for one in world.discord.standing}
    assert shown == {4: [1], 5: [1, 2], 6: [1, 2]}
    assert "The late papers of channel 4 cannot be added" in caplog.text


async def test_a_paper_that_comes_late_and_leaves_the_limit_open_is_not_brought_by_the_next(
    world: World,
) -> None:
    await world.edition(1)
    world.lists.put(TODAY, 2)
    await world.round()
    await world.until(NOW + timedelta(days=1))
    await world.until(NOW + timedelta(days=2))
    assert world.discord.shown == [[1, 2]]
    assert (await world.schedule()).last_outcome == "no papers"
