"""Late papers: what the edition of an open day takes, where it goes, and what it cannot take."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.papers import closes_at
from tests.builders import DAY, NOW, Clock
from tests.services.world import Answer, Discord, Lists, World

if TYPE_CHECKING:
    from bot.storage.database import Database

TODAY = NOW.date()


async def edition(world: World, *numbers: int, **wishes: Any) -> None:
    """Bring the channel an edition of today's papers so far, and go on half an hour."""
    await world.order(**wishes)
    world.lists.put(TODAY, *numbers)
    await world.round()
    assert sorted(number for shown in world.discord.shown for number in shown) or not numbers
    world.clock.move(minutes=30)


async def test_shown_papers_keep_place_and_number_and_a_late_one_comes_at_the_end(
    world: World,
) -> None:
    await edition(world, 1, 2, 3)
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
    await edition(world, 1, 2, limit=3)
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
    await edition(world, 1, 2)
    world.lists.put(TODAY, 1, upvotes=50)
    await world.round()
    assert world.discord.standing[0].edits == 0
    world.lists.put(TODAY, 3)
    await world.round()
    [part] = world.discord.parts
    assert [(int(one.id[-5:]), one.upvotes) for one in part.entries] == [(2, 2), (1, 50), (3, 3)]


async def test_there_is_at_most_one_edit_a_message_a_collection(world: World) -> None:
    world.discord.papers_a_part = 2
    await edition(world, 1, 2, 3, limit=0)
    for count in range(1, 4):
        world.lists.put(TODAY, 10 * count, 10 * count + 1, 10 * count + 2)
        await world.collect()
        for _ in range(3):
            await world.run_due()
            await world.settle()
        assert max(one.edits for one in world.discord.standing) == count
        world.clock.move(minutes=30)
    assert world.discord.shown == [[3, 2], [1, 12], [11, 10], [22, 21], [20, 32], [31, 30]]


async def test_what_does_not_fit_the_message_becomes_a_part_with_a_key_of_its_own(
    database: Database, clock: Clock
) -> None:
    world = World(database, clock, Discord(clock, papers_a_part=None), Lists(clock))
    world.lists.title = "A study of thing {} " + "that goes on and on " * 11
    await edition(world, *range(1, 6), limit=0)
    for late in range(10, 24):
        world.lists.put(TODAY, late)
        await world.round()
        clock.move(minutes=30)
    keys = [one.key for one in world.discord.standing]
    edition_id = world.discord.parts[0].edition_id
    assert len(keys) > 2
    assert keys == [f"e.{edition_id}.{number}" for number in range(1, len(keys) + 1)]
    assert [place for _, place in sorted(_places(world))] == sorted(
        place for _, place in _places(world)
    )
    numbers = [number for shown in world.discord.shown for number in shown]
    assert numbers == [5, 4, 3, 2, 1, *range(10, 24)]
    assert [part.number for part in world.discord.parts if part.last] == [len(keys)]
    assert {part.receipt.shown for part in (world.discord.parts[0], world.discord.parts[-1])} == {
        19
    }


def _places(world: World) -> list[tuple[int, int]]:
    """Return each message's number and the places in it."""
    return [(part.number, one.place) for part in world.discord.parts for one in part.entries]


async def test_an_edition_has_ten_parts_at_most_and_the_rest_goes_under_browse_all(
    database: Database, clock: Clock
) -> None:
    world = World(database, clock, Discord(clock, papers_a_part=None), Lists(clock))
    world.lists.title = "A study of thing {} " + "that goes on and on " * 11
    await edition(world, *range(100, 150), limit=100)
    world.lists.put(TODAY, *range(10, 60))
    await world.round()
    parts = world.discord.parts
    assert len(parts) == 10
    shown = sum(len(part.entries) for part in parts)
    receipt = parts[-1].receipt
    assert (receipt.shown, receipt.matching) == (shown, 100)
    brought = await world.brought()
    assert len(brought) == 100
    assert sorted(place for place in brought.values() if place) == list(range(1, shown + 1))
    clock.move(minutes=30)
    world.lists.put(TODAY, 99)
    await world.round()
    assert sum(len(part.entries) for part in world.discord.parts) == shown
    assert world.discord.parts[-1].receipt.more == 101 - shown


@pytest.mark.parametrize("locked", [True, False])
async def test_an_edit_that_cannot_be_made_leaves_its_papers_to_the_next_edition(
    world: World, locked: bool
) -> None:
    await edition(world, 1, 2, limit=3)
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


async def test_when_the_first_of_two_messages_is_gone_the_other_still_takes_what_is_late(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await edition(world, 1, 2, 3)
    world.discord.messages[0].deleted = True
    world.lists.put(TODAY, 9)
    await world.round()
    await world.until(NOW + timedelta(days=1))
    assert world.discord.shown == [[1, 9]]


async def test_when_the_last_of_two_messages_is_gone_what_is_late_comes_once(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await edition(world, 1, 2, 3)
    world.discord.messages[1].deleted = True
    world.lists.put(TODAY, 7, 8, 9)
    await world.round()
    for days in (1, 2):
        await world.until(NOW + timedelta(days=days))
    late = [number for shown in world.discord.shown for number in shown if number > 3]
    assert sorted(late) == [7, 8, 9]


async def test_a_minimum_changed_meanwhile_counts_for_what_is_late(world: World) -> None:
    await edition(world, 5, 6, min_upvotes=5)
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
    await edition(world, 1, 2)
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
    await edition(world, 1, 2)
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
    await edition(world)
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
    await edition(world, 1, 2)
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
    await edition(world, 1, 2)
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


async def test_an_edition_that_is_not_all_sent_takes_late_papers_once_it_is(world: World) -> None:
    world.discord.papers_a_part = 2
    await world.order()
    world.lists.put(TODAY, 1, 2, 3)
    world.discord.answers.extend([Answer.GIVEN, 20016])
    await world.round()
    assert world.discord.shown == [[3, 2]]
    world.lists.put(TODAY, 4)
    await world.collect()
    assert world.discord.shown == [[3, 2]]
    world.clock.move(minutes=1)
    await world.run_due()
    await world.collect()
    assert world.discord.shown == [[3, 2], [1, 4]]


async def test_a_restart_changes_nothing_for_what_comes_late(world: World) -> None:
    await edition(world, 1, 2)
    world.start()
    world.lists.put(TODAY, 3)
    await world.round()
    assert world.discord.shown == [[2, 1, 3]]
    world.start()
    await world.round()
    assert world.discord.standing[0].edits == 1


async def test_what_stood_under_browse_all_stays_there_when_an_edit_and_its_part_are_taken_back(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await edition(world, 1, 2, 3, limit=2)  # 1 stands under browse all
    await world.order(limit=4)
    world.discord.closed = 50013
    world.lists.put(TODAY, 8, 9)
    await world.collect()  # it would go into a part of its own
    world.discord.closed = None
    await world.house.services.schedules.resume(5, world.clock())
    await world.round()
    assert world.discord.shown == [[3, 2], [9, 8]]
    assert await world.brought() == {3: 1, 2: 2, 1: 0, 9: 1, 8: 2}


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
    await edition(world, 1)
    world.lists.put(TODAY, 2)
    await world.round()
    await world.until(NOW + timedelta(days=1))
    await world.until(NOW + timedelta(days=2))
    assert world.discord.shown == [[1, 2]]
    assert (await world.schedule()).last_outcome == "no papers"
