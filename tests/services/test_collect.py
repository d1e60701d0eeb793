"""Collecting: which days are read, and what a failure leaves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import closes_at, settles_at
from bot.errors import SourceUnreachable, UnexpectedAnswer
from bot.services.collect import LONGEST_GAP, SOURCE
from bot.storage.days import DayStore
from bot.storage.records import CollectionLog
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, paper, reading, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.storage.records import Collection
    from tests.builders import Clock, FakeSource

TODAY = NOW.date()
DOWN = SourceUnreachable("Hugging Face gives no answer.")


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


async def read(house: House, *days: date, at: datetime = NOW) -> None:
    for day in days:
        await DayStore(house.database).save_reading(reading(day=day, read_at=at))


async def last(house: House) -> Collection:
    [collection] = await CollectionLog(house.database).last()
    return collection


async def test_a_first_start_reads_a_week_back(house: House) -> None:
    assert await house.collector.wanted(NOW) == [back(n) for n in range(8)]


async def test_it_reads_as_far_back_as_a_channel_waits(house: House) -> None:
    await ScheduleStore(house.database).save(schedule(since=back(20)))
    assert (await house.collector.wanted(NOW))[-1] == back(20)
    await ScheduleStore(house.database).save(schedule(6, since=back(2000)))
    wanted = await house.collector.wanted(NOW)
    assert wanted[-1] == TODAY - LONGEST_GAP


async def test_a_day_read_long_enough_after_it_closed_is_not_read_again(house: House) -> None:
    await read(house, *(back(n) for n in range(8)))
    assert await house.collector.wanted(NOW) == [TODAY]


async def test_a_day_read_just_after_it_closed_is_read_once_more(house: House) -> None:
    await read(house, DAY, at=closes_at(DAY))
    assert DAY in await house.collector.wanted(NOW)
    await read(house, DAY, at=settles_at(DAY) - timedelta(microseconds=1))
    assert DAY in await house.collector.wanted(NOW)
    await read(house, DAY, at=settles_at(DAY))
    assert DAY not in await house.collector.wanted(NOW)


async def test_a_round_is_stored_and_written_down(house: House, source: FakeSource) -> None:
    source.readings = {DAY: reading(paper(1), paper(2)), TODAY: reading(paper(2), day=TODAY)}
    told: list[date] = []
    collected = await house.collector.collect([DAY, TODAY, back(3)], NOW, told.append)
    assert (collected.days, collected.papers, collected.fresh) == ((DAY, TODAY, back(3)), 3, 3)
    assert told == [DAY, TODAY, back(3)]
    days = DayStore(house.database)
    assert len((await days.day(DAY)).listed) == 2
    assert (await days.day(back(3))).read_at == NOW
    assert set(await house.summaries.many([paper(1).id, paper(2).id])) == {
        paper(1).id,
        paper(2).id,
    }
    written = await last(house)
    assert (written.source, written.days, written.error) == (SOURCE, collected.days, None)
    assert (written.papers, written.fresh) == (3, 3)


async def test_a_failing_day_ends_the_round_with_the_earlier_days_stored(
    house: House, source: FakeSource
) -> None:
    source.readings = {DAY: reading(paper())}
    source.failure, source.failing_days = DOWN, {TODAY, back(2)}
    with pytest.raises(SourceUnreachable):
        await house.collector.collect([DAY, TODAY, back(2), back(3)], NOW)
    days = DayStore(house.database)
    assert len((await days.day(DAY)).listed) == 1
    assert list(await days.readings(back(30), TODAY)) == [DAY]
    written = await last(house)
    assert (written.days, written.papers, written.error) == ((DAY,), 1, str(DOWN))


async def test_a_failed_fetch_never_makes_an_empty_day_nor_empties_one(
    house: House, source: FakeSource, clock: Clock
) -> None:
    source.failure = DOWN
    for _ in range(3):
        with pytest.raises(SourceUnreachable):
            await house.services.daily.collect(clock())
    assert await DayStore(house.database).readings(back(30), TODAY) == {}
    await DayStore(house.database).save_reading(reading(paper(), day=TODAY))
    for _ in range(3):
        clock.move(hours=1)
        with pytest.raises(SourceUnreachable):
            await house.collector.collect([TODAY], clock())
    today = await DayStore(house.database).day(TODAY)
    assert (len(today.listed), today.read_at) == (1, NOW)


async def test_the_same_call_later_goes_on_where_it_stopped(
    house: House, source: FakeSource
) -> None:
    source.failure, source.failing_days = DOWN, {back(4), back(3)}
    with pytest.raises(SourceUnreachable):
        await house.services.daily.collect(NOW)
    assert source.asked == [back(7), back(6), back(5), back(4), back(3)]  # the earliest first
    source.failure, source.asked = None, []
    await house.services.daily.collect(NOW)
    assert source.asked == [back(4), back(3), back(2), back(1), TODAY]
    assert (await last(house)).error is None


async def test_one_day_in_an_unreadable_shape_does_not_keep_the_later_days_away(
    house: House, source: FakeSource, clock: Clock
) -> None:
    source.failure = UnexpectedAnswer('Hugging Face sent a list without a usable "paper".')
    source.failing_days = {back(4)}
    for _ in range(3):
        with pytest.raises(UnexpectedAnswer):
            await house.services.daily.collect(clock())
        clock.move(hours=1)
    assert TODAY in await DayStore(house.database).readings(back(9), TODAY)
