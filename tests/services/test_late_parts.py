"""Late papers in editions of several messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.builders import NOW, Clock
from tests.services.channel import Answer, Discord
from tests.services.world import Lists, World

if TYPE_CHECKING:
    from bot.storage.database import Database

TODAY = NOW.date()


async def test_what_does_not_fit_the_message_becomes_a_part_with_a_key_of_its_own(
    database: Database, clock: Clock
) -> None:
    world = World(database, clock, Discord(clock, papers_a_part=None), Lists(clock))
    world.lists.title = "A study of thing {} " + "that goes on and on " * 11
    await world.edition(*range(1, 6), limit=0)
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
    await world.edition(*range(100, 150), limit=100)
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


async def test_when_the_first_of_two_messages_is_gone_the_other_still_takes_what_is_late(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await world.edition(1, 2, 3)
    world.discord.messages[0].deleted = True
    world.lists.put(TODAY, 9)
    await world.round()
    await world.until(NOW + timedelta(days=1))
    assert world.discord.shown == [[1, 9]]


async def test_when_the_last_of_two_messages_is_gone_what_is_late_comes_once(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await world.edition(1, 2, 3)
    world.discord.messages[1].deleted = True
    world.lists.put(TODAY, 7, 8, 9)
    await world.round()
    for days in (1, 2):
        await world.until(NOW + timedelta(days=days))
    late = [number for shown in world.discord.shown for number in shown if number > 3]
    assert sorted(late) == [7, 8, 9]


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


async def test_what_stood_under_browse_all_stays_there_when_an_edit_and_its_part_are_taken_back(
    world: World,
) -> None:
    world.discord.papers_a_part = 2
    await world.edition(1, 2, 3, limit=2)  # 1 stands under browse all
    await world.order(limit=4)
    world.discord.closed = 50013
    world.lists.put(TODAY, 8, 9)
    await world.collect()  # it would go into a part of its own
    world.discord.closed = None
    await world.house.services.schedules.resume(5, world.clock())
    await world.round()
    assert world.discord.shown == [[3, 2], [9, 8]]
    assert await world.brought() == {3: 1, 2: 2, 1: 0, 9: 1, 8: 2}
