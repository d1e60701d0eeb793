"""Not matching: looked at again while the day is open, final when it closes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import closes_at
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, reading, schedule

if TYPE_CHECKING:
    from tests.services.world import World

MORNING = NOW - timedelta(days=1)
"""09:00 on DAY, whose list is open until NOW's night."""

NIGHT = closes_at(DAY)
AFTER_CLOSING = NIGHT + timedelta(hours=2)
LEAST = 10


@pytest.fixture
async def ordered(world: World) -> World:
    """Give a channel that takes what has ten upvotes, on DAY's morning; it has had a day before."""
    world.clock.now = MORNING
    await DayStore(world.database).save_reading(
        reading(day=DAY - timedelta(days=1), read_at=MORNING)
    )
    await ScheduleStore(world.database).save(
        schedule(since=DAY, min_upvotes=LEAST, next_run=MORNING)
    )
    return world


def numbers(world: World) -> list[int]:
    return [number for shown in world.discord.shown for number in shown]


async def test_a_paper_that_is_liked_enough_by_the_next_collection_is_brought_late(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 30, 1)
    await ordered.round()
    assert ordered.discord.shown == [[30]]
    [part] = ordered.discord.parts
    assert (part.receipt.matching, part.receipt.listed) == (1, 2)
    ordered.lists.put(DAY, 1, upvotes=LEAST)
    await ordered.until(MORNING + timedelta(hours=1))
    assert ordered.discord.shown == [[30, 1]]


async def test_without_an_edition_to_add_it_to_it_comes_with_the_next(ordered: World) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    assert (await ordered.schedule()).last_outcome == "none matched of 1"
    ordered.lists.put(DAY, 1, upvotes=LEAST)
    await ordered.until(MORNING + timedelta(hours=1))
    assert numbers(ordered) == []
    await ordered.until(NOW)
    assert numbers(ordered) == [1]


async def test_one_that_does_not_match_when_the_day_closes_never_does(ordered: World) -> None:
    ordered.lists.put(DAY, 30, 1)
    await ordered.round()
    await ordered.until(AFTER_CLOSING)
    await ordered.order(min_upvotes=0)
    for days in range(3):
        await ordered.until(NOW + timedelta(days=days))
        await ordered.until(NOW + timedelta(days=days, minutes=30))
    assert numbers(ordered) == [30]


@pytest.mark.parametrize("with_edition", [True, False])
async def test_a_minimum_lowered_while_the_day_is_open_counts(
    ordered: World, with_edition: bool
) -> None:
    ordered.lists.put(DAY, *([30] if with_edition else []), 1)
    await ordered.round()
    ordered.clock.now = NIGHT - timedelta(minutes=1)
    await ordered.order(min_upvotes=0)
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == ([30, 1] if with_edition else [1])


@pytest.mark.parametrize("with_edition", [True, False])
async def test_a_minimum_lowered_when_the_day_has_closed_does_not(
    ordered: World, with_edition: bool
) -> None:
    ordered.lists.put(DAY, *([30] if with_edition else []), 1)
    await ordered.round()
    ordered.clock.now = NIGHT + timedelta(minutes=1)
    await ordered.order(min_upvotes=0)
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == ([30] if with_edition else [])


@pytest.mark.parametrize("with_edition", [True, False])
async def test_a_minimum_raised_while_the_day_is_open_leaves_what_was_brought(
    ordered: World, with_edition: bool
) -> None:
    ordered.lists.put(DAY, *([30] if with_edition else []))
    await ordered.round()
    await ordered.order(min_upvotes=20)
    ordered.lists.put(DAY, 15, 25)
    await ordered.until(AFTER_CLOSING)
    await ordered.order(min_upvotes=0)
    await ordered.until(NOW)
    # No edition has decided 15, so what is asked for in the end counts.
    assert numbers(ordered) == ([30, 25, 15] if with_edition else [25, 15])


async def test_a_minimum_raised_and_lowered_within_an_open_day_is_as_if_nothing_was(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 30, 12)
    await ordered.round()
    await ordered.order(min_upvotes=50)
    ordered.lists.put(DAY, 11)
    await ordered.until(MORNING + timedelta(hours=1))
    await ordered.order(min_upvotes=LEAST)
    await ordered.until(MORNING + timedelta(hours=2))
    assert numbers(ordered) == [30, 12, 11]


async def test_two_changes_at_one_moment_leave_what_was_asked_for_before_both(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    ordered.clock.now = NIGHT + timedelta(minutes=1)
    for least in (0, 1):
        await ordered.order(min_upvotes=least)
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == []


async def test_each_of_several_days_is_judged_by_what_was_asked_for_when_it_closed(
    ordered: World,
) -> None:
    """One paper a day, liked by six in the afternoon, and another minimum when each day closes."""
    await ordered.order(min_upvotes=1)
    for days, least in enumerate((5, 20, 6, 8)):
        day = DAY + timedelta(days=days)
        ordered.lists.put(day, 100 + days, upvotes=0)
        await ordered.until(MORNING + timedelta(days=days))
        ordered.lists.put(day, 100 + days, upvotes=6)
        ordered.clock.now = closes_at(day) - timedelta(hours=1)
        await ordered.order(min_upvotes=least)
        ordered.clock.now = closes_at(day) + timedelta(minutes=5)
        await ordered.order(min_upvotes=50)
        await ordered.until(closes_at(day) + timedelta(hours=2))
        await ordered.order(min_upvotes=1)
    await ordered.until(MORNING + timedelta(days=4))
    assert numbers(ordered) == [100, 102]


async def test_a_changed_minimum_counts_for_papers_that_no_edition_has_decided(
    ordered: World,
) -> None:
    await ordered.round()
    ordered.lists.put(DAY, 5)  # after the edition, and never liked enough
    await ordered.until(MORNING + timedelta(hours=9))
    await ordered.until(AFTER_CLOSING)
    await ordered.order(min_upvotes=0)
    await ordered.until(NOW)
    assert numbers(ordered) == [5]


async def test_a_paused_channel_is_asked_on_its_return_what_it_wants_of_undecided_papers(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 30, 1)
    await ordered.round()
    await ordered.house.services.schedules.pause(5)
    ordered.lists.put(DAY, 2)
    ordered.lists.put(DAY + timedelta(days=1), 3)
    await ordered.until(NOW + timedelta(days=2))
    await ordered.order(min_upvotes=0)
    await ordered.house.services.schedules.resume(5, ordered.clock())
    await ordered.round()
    assert numbers(ordered) == [30, 3, 2]  # 1 was decided, and its day has closed


async def test_a_count_that_came_with_the_last_reading_is_the_one_that_decides(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 30, 1)
    await ordered.round()
    ordered.lists.put(DAY, 1, upvotes=LEAST)
    await ordered.until(AFTER_CLOSING)  # read for the last time, an hour after it closed
    assert ordered.discord.shown == [[30, 1]]
    ordered.lists.put(DAY, 1, upvotes=0)
    await ordered.until(NOW)
    assert numbers(ordered) == [30, 1]


async def test_the_limit_changes_nothing_of_what_matches(ordered: World) -> None:
    ordered.lists.put(DAY, 30, 20, 1)
    await ordered.order(limit=1)
    await ordered.round()
    assert await ordered.brought() == {30: 1, 20: 0}
    await ordered.order(limit=10)
    await ordered.until(NOW)
    assert numbers(ordered) == [30]
