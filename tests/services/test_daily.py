"""The rounds of the clock: due editions, catching up, and what happens at the same time."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from bot.app import furnish
from bot.domain.papers import closes_at, settles_at
from bot.domain.schedules import State
from bot.errors import SourceUnreachable
from bot.services.daily import CONTENT_KEPT, Daily
from bot.settings import Settings
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, FakePublisher, paper, reading, schedule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.app import House
    from bot.domain.editions import Edition, Part
    from bot.domain.schedules import Schedule
    from bot.storage.database import Row
    from tests.builders import Clock, FakeSource

TODAY = NOW.date()


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def daily(house: House, source: FakeSource, publisher: FakePublisher, clock: Clock) -> Daily:
    """Give the rounds of the house, with a way to the channels that a test can look into."""
    return rounds(house, source, publisher, clock)


def rounds(
    house: House, source: FakeSource, publisher: FakePublisher, clock: Clock, **told: Any
) -> Daily:
    settings = Settings(_env_file=None, database_path=house.database.path)
    sources = (source,)
    made = furnish(
        house.database, settings, source, sources, now=clock, publisher=publisher, **told
    )
    return made.services.daily


async def order(house: House, channel: int = 5, **told: Any) -> Schedule:
    made = schedule(channel, **told)
    await ScheduleStore(house.database).save(made)
    return made


def sent(publisher: FakePublisher, channel: int = 5) -> list[int]:
    parts = [part for _, part in publisher.sent if part.channel_id == channel]
    return [int(one.id[-5:]) for part in parts for one in part.entries]


async def test_what_is_due_is_made_and_delivered_once(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper(1), paper(2)))
    await order(house)
    await order(house, 6, next_run=NOW + timedelta(hours=1))
    await order(house, 7, state=State.PAUSED)
    assert await daily.run_due(clock()) == 1
    assert await daily.run_due(clock()) == 0
    assert [part.channel_id for _, part in publisher.sent] == [5]
    assert sent(publisher) == [2, 1]
    clock.move(hours=1)
    assert await daily.run_due(clock()) == 1
    assert sent(publisher, 6) == [2, 1]


async def test_a_bot_that_was_away_for_a_week_brings_one_edition_of_all_its_days(
    house: House, daily: Daily, publisher: FakePublisher, source: FakeSource, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper(1)))
    await order(house)
    await daily.run_due(clock())
    for ahead in range(1, 8):
        day = DAY + timedelta(days=ahead)
        source.readings[day] = reading(paper(ahead + 1), day=day, read_at=NOW + timedelta(days=8))
    clock.move(days=7)
    source.read_at = clock()
    await daily.collect(clock())
    assert await daily.run_due(clock()) == 1
    assert len(publisher.sent) == 2
    _, part = publisher.sent[1]
    assert [state.day for state in part.receipt.days] == [
        DAY + timedelta(days=n) for n in range(1, 8)
    ]
    assert sorted(sent(publisher)) == list(range(1, 9))


async def test_more_than_one_batch_is_made_in_one_round(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    for channel in range(100, 130):
        await order(house, channel)
    assert await daily.run_due(clock()) == 30
    assert sorted(part.channel_id for _, part in publisher.sent) == list(range(100, 130))


async def test_rounds_that_overlap_bring_each_channel_one_edition(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    for channel in range(100, 110):
        await order(house, channel)
    made = await asyncio.gather(*(daily.run_due(clock()) for _ in range(4)))
    assert sum(made) == 10
    await daily.run_due(clock())
    assert sorted(part.channel_id for _, part in publisher.sent) == list(range(100, 110))


class Clumsy(FakePublisher):
    """It cannot cut the editions of channel 4."""

    @override
    def split(self, edition: Edition) -> tuple[Part, ...]:
        if edition.channel_id == 4:
            raise ZeroDivisionError("a fault of ours")
        return super().split(edition)


async def test_an_edition_that_cannot_be_made_stays_due_and_holds_up_no_other(
    house: House, source: FakeSource, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    days, schedules = DayStore(house.database), ScheduleStore(house.database)
    publisher = Clumsy()
    daily = rounds(house, source, publisher, clock)
    await days.save_reading(reading(paper()))
    for channel in range(1, 21):
        await order(house, channel)
    assert await daily.run_due(clock()) == 19
    assert len(publisher.sent) == 19
    assert [one.channel_id for one in await schedules.due(clock(), 99)] == [4]
    [failed] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert failed.getMessage() == "The edition of channel 4 failed"


async def test_a_zone_that_the_system_no_longer_knows_stops_its_own_channel_only(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    await order(house, 4)
    await order(house, 5)
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE schedules SET zone = 'US/Gone' WHERE channel_id = 4")
    assert await daily.run_due(clock()) == 1


async def test_many_channels_whose_zone_is_gone_keep_no_other_waiting(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    for channel in range(1, 31):
        await order(house, channel)
    async with house.database.transaction() as connection:
        await connection.execute("UPDATE schedules SET zone = 'US/Gone' WHERE channel_id < 30")
    assert await daily.run_due(clock()) == 1


async def test_without_papers_the_outcome_is_stored_and_nothing_is_sent(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    await order(house)
    assert await daily.run_due(clock()) == 0
    told = await ScheduleStore(house.database).get(5)
    assert told is not None
    assert (told.last_outcome, told.last_run, told.since) == ("no papers", NOW, None)
    assert told.next_run == NOW + timedelta(days=1)
    assert publisher.asked == []


async def test_a_failed_collection_is_raised_and_keeps_no_edition_from_what_is_stored(
    house: House, daily: Daily, publisher: FakePublisher, source: FakeSource, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    await order(house)
    source.failure = SourceUnreachable("Hugging Face gives no answer.")
    with pytest.raises(SourceUnreachable):
        await daily.collect(clock())
    assert await daily.run_due(clock()) == 1
    assert sent(publisher) == [1]


async def test_a_paper_that_came_after_a_list_closed_is_not_lost(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    days = DayStore(house.database)
    clock.now = closes_at(DAY) + timedelta(minutes=10)
    await days.save_reading(reading(paper(1), read_at=clock()))
    await order(house, next_run=clock())
    await daily.run_due(clock())
    await days.save_reading(reading(paper(1), paper(2), read_at=settles_at(DAY)))
    clock.move(days=1)
    await daily.run_due(clock())
    assert sent(publisher) == [1, 2]


@pytest.mark.parametrize("query", range(6))
async def test_a_reading_stored_while_an_edition_is_decided_loses_no_paper(
    house: House,
    daily: Daily,
    publisher: FakePublisher,
    monkeypatch: pytest.MonkeyPatch,
    query: int,
) -> None:
    """Store the day's last reading after the edition's nth query, whichever that is."""
    days = DayStore(house.database)
    other = DAY - timedelta(days=1)
    await days.save_reading(reading(paper(9), day=other, read_at=NOW))
    await days.save_reading(reading(paper(1), read_at=closes_at(DAY) - timedelta(hours=1)))
    await order(house, since=other, next_run=NOW - timedelta(minutes=1))
    read_all, asked = house.database.all, 0

    async def read(sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        nonlocal asked
        rows = await read_all(sql, parameters)
        asked += 1
        if asked == query + 1:
            await days.save_reading(reading(paper(1), paper(2), read_at=NOW))
            await days.save_reading(reading(paper(3), day=TODAY, read_at=NOW))
        return rows

    monkeypatch.setattr(house.database, "all", read)
    await daily.run_due(NOW)
    monkeypatch.undo()
    await daily.run_due(NOW + timedelta(days=1))
    assert asked > query
    assert sorted(sent(publisher)) == [1, 2, 3, 9]
    for _, part in publisher.sent:  # and each edition names every day that it brings papers of
        assert part.receipt.days


async def test_a_paused_channel_gets_one_edition_of_what_it_missed(
    house: House, daily: Daily, publisher: FakePublisher, clock: Clock
) -> None:
    days = DayStore(house.database)
    await days.save_reading(reading(paper(1)))
    await order(house)
    await daily.run_due(clock())
    await house.services.schedules.pause(5)
    for ahead in range(1, 4):
        clock.move(days=1)
        day = DAY + timedelta(days=ahead)
        await days.save_reading(reading(paper(ahead + 1), day=day, read_at=clock()))
        assert await daily.run_due(clock()) == 0
    await house.services.schedules.resume(5, clock())
    clock.move(days=1)
    assert await daily.run_due(clock()) == 1
    assert sent(publisher) == [1, 4, 3, 2]


async def test_a_message_with_no_answer_is_settled_by_the_round_for_it(
    daily: Daily, clock: Clock
) -> None:
    assert await daily.settle() == 0


async def test_upkeep_forgets_old_messages_and_nothing_of_what_was_brought(
    house: House, daily: Daily, clock: Clock
) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    await order(house)
    await daily.run_due(clock())

    async def kept(now: datetime) -> int:
        await daily.upkeep(now)
        return len(await house.database.all("SELECT 1 FROM deliveries"))

    assert await kept(NOW + CONTENT_KEPT) == 1
    assert await kept(NOW + CONTENT_KEPT + timedelta(seconds=1)) == 0
    assert len(await house.database.all("SELECT 1 FROM brought")) == 1
