from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import DayList, DayReading
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from tests.builders import DAY, NOW, listed, paper, reading

if TYPE_CHECKING:
    from bot.storage.database import Database

NEXT = DAY + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def days(database: Database) -> DayStore:
    return DayStore(database)


async def on(days: DayStore, day: date = DAY) -> list[int]:
    return [int(one.paper.id[-5:]) for one in (await days.day(day)).listed]


async def test_a_day_comes_back_as_it_was_read(days: DayStore) -> None:
    assert await days.save_reading(reading(paper(1), paper(2))) == 2
    assert await days.day(DAY) == DayList(day=DAY, listed=listed(paper(1), paper(2)), read_at=NOW)


async def test_a_day_that_was_never_read_is_not_an_empty_day(days: DayStore) -> None:
    assert await days.day(DAY) == DayList(day=DAY)
    await days.save_reading(reading())
    assert await days.day(DAY) == DayList(day=DAY, read_at=NOW)
    assert await days.days_with_papers(5) == []
    assert await days.latest_day(DAY) is None


async def test_a_paper_on_two_days_stays_on_both_each_with_its_own_count(days: DayStore) -> None:
    await days.save_reading(reading(paper(1, upvotes=3)))
    await days.save_reading(reading(paper(1, upvotes=9), paper(2), day=NEXT))
    found = await days.days_between(DAY, NEXT)
    assert {day: [one.upvotes for one in of.listed] for day, of in found.items()} == {
        DAY: [3],
        NEXT: [9, 2],
    }
    assert found[DAY].listed[0].paper.upvotes == 9
    assert await days.day_of(paper(1).id) == NEXT
    assert await days.day_of(paper(5).id) is None


async def test_a_list_grows_and_its_ranks_and_counts_follow(days: DayStore) -> None:
    await days.save_reading(reading(paper(1), paper(2)))
    grown = reading(paper(1, upvotes=7), paper(2), paper(3), read_at=NOW + HOUR)
    assert await days.save_reading(grown) == 1
    day = await days.day(DAY)
    assert [(one.rank, one.upvotes) for one in day.listed] == [(1, 7), (2, 3), (3, 2)]
    assert day.read_at == NOW + HOUR


async def test_a_paper_missing_from_one_reading_stays_and_from_two_leaves(days: DayStore) -> None:
    await days.save_reading(reading(paper(1), paper(2)))
    await days.save_reading(reading(paper(2), read_at=NOW + HOUR))
    assert sorted(await on(days)) == [1, 2]
    await days.save_reading(reading(paper(2), read_at=NOW + 2 * HOUR))
    assert await on(days) == [2]
    await days.save_reading(reading(paper(1), paper(2), read_at=NOW + 3 * HOUR))
    assert sorted(await on(days)) == [1, 2]


async def test_a_paper_that_comes_and_goes_stays(days: DayStore) -> None:
    for hour in range(6):
        there = (paper(1), paper(2)) if hour % 2 == 0 else (paper(2),)
        await days.save_reading(reading(*there, read_at=NOW + hour * HOUR))
        assert sorted(await on(days)) == [1, 2]


async def test_a_day_all_of_whose_papers_left_has_none(days: DayStore) -> None:
    await days.save_reading(reading(paper(1)))
    for hour in (1, 2):
        await days.save_reading(reading(read_at=NOW + hour * HOUR))
    assert await on(days) == []
    assert await days.latest_day(DAY) is None
    assert await days.days_with_papers(5) == []


async def test_an_older_reading_does_not_replace_a_newer_one(days: DayStore) -> None:
    await days.save_reading(reading(paper(1, upvotes=9), read_at=NOW))
    older = reading(paper(1, upvotes=2), paper(2), read_at=NOW - HOUR)
    assert await days.save_reading(older) == 0
    day = await days.day(DAY)
    assert (day.read_at, [one.upvotes for one in day.listed]) == (NOW, [9])
    assert day.listed[0].paper.upvotes == 9


async def test_a_reading_after_the_clock_was_set_back_is_no_older_one(days: DayStore) -> None:
    await days.save_reading(reading(paper(1), read_at=NOW + 365 * 24 * HOUR))
    assert await days.save_reading(reading(paper(1), paper(2), read_at=NOW)) == 1
    assert (await days.day(DAY)).read_at == NOW


async def test_readings_that_end_in_any_order_leave_the_newest(days: DayStore) -> None:
    readings = [reading(paper(1, upvotes=n), read_at=NOW + n * HOUR / 6) for n in (2, 5, 1, 4, 3)]
    await asyncio.gather(*map(days.save_reading, readings))
    assert (await days.day(DAY)).listed[0].upvotes == 5


async def test_a_reading_is_stored_whole_or_not_at_all(days: DayStore, database: Database) -> None:
    naive = datetime(2025, 2, 11)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="no time zone"):
        await days.save_reading(reading(paper(1), paper(2, published=naive)))
    await days.save_reading(reading(paper(1)))
    broken = [
        reading(paper(3), paper(4, published=naive), read_at=NOW + HOUR),
        _with_a_count_that_is_none(reading(paper(1), paper(3), read_at=NOW + HOUR)),
    ]
    for one in broken:
        with pytest.raises(Exception, match=r"time zone|NOT NULL"):
            await days.save_reading(one)
        assert await days.day(DAY) == DayList(day=DAY, listed=listed(paper(1)), read_at=NOW)
        assert await PaperStore(database).count() == 1


def _with_a_count_that_is_none(whole: DayReading) -> DayReading:
    *others, last = whole.listed
    return replace(whole, listed=(*others, replace(last, upvotes=None)))  # type: ignore[arg-type]


async def test_a_naive_reading_is_refused(days: DayStore) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        await days.save_reading(reading(paper(), read_at=NOW.replace(tzinfo=None)))
    assert await days.readings(DAY, DAY) == {}


async def test_the_days_of_a_range_are_found_in_order_and_no_others(days: DayStore) -> None:
    for ahead in (2, 0, 3, 1):
        there = [] if ahead == 1 else [paper(ahead + 1)]
        await days.save_reading(reading(*there, day=DAY + timedelta(days=ahead)))
    found = await days.days_between(DAY, DAY + timedelta(days=2))
    assert list(found) == [DAY + timedelta(days=n) for n in range(3)]
    assert [len(one.listed) for one in found.values()] == [1, 0, 1]
    assert list(await days.readings(NEXT, NEXT)) == [NEXT]
    assert await days.days_with_papers(2) == [
        (DAY + timedelta(days=3), 1),
        (DAY + timedelta(days=2), 1),
    ]
    assert await days.latest_day(NEXT) == DAY
    assert await days.latest_day(DAY - HOUR * 24) is None
