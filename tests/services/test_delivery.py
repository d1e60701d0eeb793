"""Delivery: a planned message is sent once, in order, whatever Discord answers."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.domain.deliveries import PERMANENT_CODES, DeliveryState, Notice
from bot.domain.schedules import State
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.services.delivery import Deliveries
from bot.services.schedules import Schedules
from bot.storage.alert_stops import AlertStops
from bot.storage.database import Database
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, Clock, FakePublisher, edition, entry, paper, schedule
from tests.services.topics import WordTopics

UTC_ZONE = schedule().zone


@pytest.fixture
async def publisher(database: Database) -> FakePublisher:
    await PaperStore(database).save([paper(n) for n in range(1, 5)], NOW)
    return FakePublisher(papers_a_part=1)


@pytest.fixture
def deliveries(database: Database, publisher: FakePublisher, clock: Clock) -> Deliveries:
    return delivering(database, publisher, clock)


def delivering(database: Database, publisher: FakePublisher, clock: Clock) -> Deliveries:
    return Deliveries(
        DeliveryLedger(database), ScheduleStore(database), AlertStops(database), publisher, clock
    )


async def plan(database: Database, channel: int = 5, parts: int = 1) -> list[str]:
    """Plan an edition of some parts; return their keys."""
    order = schedule(channel)
    await ScheduleStore(database).save(order)
    entries = [entry(n, n) for n in range(1, parts + 1)]
    whole = edition(*entries, edition_id=f"e{channel:03}", channel_id=channel)
    cut = FakePublisher(papers_a_part=1).split(whole)
    assert await EditionStore(database).plan(order, order, cut, [], NOW)
    return [f"e.e{channel:03}.{n}" for n in range(1, parts + 1)]


async def counts(database: Database) -> dict[DeliveryState, int]:
    return await DeliveryLedger(database).counts()


async def until_asked(publisher: FakePublisher) -> None:
    for _ in range(1_000_000):
        if publisher.asked:
            return
        await asyncio.sleep(0)


def refused(code: int = 50035, status: int = 400) -> DeliveryRefused:
    return DeliveryRefused(f"refused with {code}", status=status, code=code)


async def test_a_planned_message_is_sent_once_however_often_it_is_tried(
    database: Database, deliveries: Deliveries, publisher: FakePublisher
) -> None:
    [key] = await plan(database)
    [planned] = await DeliveryLedger(database).ready(NOW, 10)
    assert [await deliveries.deliver(planned) for _ in range(3)] == [True, False, False]
    assert await deliveries.deliver_ready() == 0
    assert publisher.keys == [key]
    assert publisher.sent[0][1] == planned.content


async def test_however_many_deliver_at_once_a_message_is_sent_once(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    keys = [key for channel in range(5, 10) for key in await plan(database, channel, 2)]
    async with Database.open(database.path) as second:
        others = delivering(second, publisher, clock)
        await asyncio.gather(*(one.deliver_ready() for one in (deliveries, others) * 4))
    assert sorted(publisher.asked) == sorted(keys)
    assert await counts(database) == {DeliveryState.SENT: 10}


async def test_the_parts_of_an_edition_go_in_order(
    database: Database, deliveries: Deliveries, publisher: FakePublisher
) -> None:
    keys = await plan(database, parts=4)
    assert await deliveries.deliver_edition("e005")
    assert publisher.keys == keys
    assert [part.number for _, part in publisher.sent] == [1, 2, 3, 4]


async def test_it_goes_on_at_the_first_part_that_was_not_sent(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    keys = await plan(database, parts=3)
    publisher.failing["2"] = refused()
    assert not await deliveries.deliver_edition("e005")
    assert publisher.keys == keys[:1]
    publisher.failing.clear()
    clock.move(minutes=1)
    assert await deliveries.deliver_edition("e005")
    assert publisher.keys == keys


async def test_one_edition_is_delivered_without_the_others(
    database: Database, deliveries: Deliveries, publisher: FakePublisher
) -> None:
    await plan(database, 5)
    [wanted] = await plan(database, 6)
    assert await deliveries.deliver_edition("e006")
    assert publisher.keys == [wanted]


async def test_a_refused_message_rests_longer_each_time_and_is_tried_again(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    [key] = await plan(database)
    publisher.failure = refused()
    for tries, rest in enumerate((30, 60, 120), start=1):
        assert await deliveries.deliver_ready() == 0
        clock.move(seconds=rest - 1)
        assert await deliveries.deliver_ready() == 0
        assert len(publisher.asked) == tries
        clock.move(seconds=1)
    [waiting] = await DeliveryLedger(database).unsettled(1)
    assert (waiting.state, waiting.error) == (DeliveryState.REFUSED, "refused with 50035")
    publisher.failure = None
    assert await deliveries.deliver_ready() == 1
    assert publisher.keys == [key]


@pytest.mark.parametrize("code", sorted(PERMANENT_CODES))
async def test_a_permanent_error_stops_the_schedule_and_says_why(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock, code: int
) -> None:
    [key, _] = await plan(database, parts=2)
    publisher.failing[key] = refused(code, 404)
    assert await deliveries.deliver_ready() == 1  # the word to who made it, and nothing else
    stopped = await ScheduleStore(database).get(5)
    assert stopped is not None
    assert (stopped.state, stopped.reason) == (State.STOPPED, f"refused with {code}")
    clock.move(days=3)
    publisher.failing.clear()
    assert await deliveries.deliver_ready() == 0
    [(_, notice)] = publisher.told
    assert notice == Notice(
        key=publisher.asked[-1], person_id=7, channel_id=5, reason=f"refused with {code}"
    )
    assert publisher.sent == []
    assert await counts(database) == {DeliveryState.SENT: 1}  # its papers are the next edition's
    assert await database.one("SELECT 1 FROM brought") is None
    resumed = await Schedules(
        ScheduleStore(database), DeliveryLedger(database), WordTopics(), UTC_ZONE
    ).resume(5, clock())
    assert resumed.next_run <= clock()


@pytest.mark.parametrize("refusal", [refused(0, 403), refused(0, 404), refused(50035, 403)])
async def test_another_refusal_stops_nothing(
    database: Database,
    deliveries: Deliveries,
    publisher: FakePublisher,
    caplog: pytest.LogCaptureFixture,
    refusal: DeliveryRefused,
) -> None:
    [key] = await plan(database)
    publisher.failure = refusal
    await deliveries.deliver_ready()
    going = await ScheduleStore(database).get(5)
    assert going is not None
    assert going.state is State.ACTIVE
    [alarm] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert key in alarm.getMessage()


async def test_what_has_no_answer_stays_claimed_and_is_not_sent_again(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    await plan(database, parts=2)
    publisher.failing["1"] = DeliveryUncertain("Discord answered 502.")
    assert await deliveries.deliver_ready() == 0
    publisher.failing.clear()
    for _ in range(3):
        clock.move(hours=9)
        assert await deliveries.deliver_ready() == 0
    assert len(publisher.asked) == 1
    assert await counts(database) == {DeliveryState.CLAIMED: 1, DeliveryState.PLANNED: 1}
    claimed = (await DeliveryLedger(database).unsettled(1))[0]
    assert (claimed.state, claimed.error) == (DeliveryState.CLAIMED, "Discord answered 502.")


async def test_a_fault_in_one_delivery_does_not_stop_the_others(
    database: Database,
    deliveries: Deliveries,
    publisher: FakePublisher,
    caplog: pytest.LogCaptureFixture,
) -> None:
    keys = [key for channel in range(5, 12) for key in await plan(database, channel)]
    publisher.failing[7] = ZeroDivisionError("a fault of ours")
    publisher.failing[9] = refused()
    publisher.failing[10] = DeliveryUncertain("no answer")
    assert await deliveries.deliver_ready() == 4
    assert sorted(publisher.keys) == [keys[n] for n in (0, 1, 3, 6)]
    assert await counts(database) == {
        DeliveryState.SENT: 4,
        DeliveryState.CLAIMED: 2,
        DeliveryState.REFUSED: 1,
    }
    assert [one.message for one in caplog.records if one.exc_info] == [f"Delivery {keys[2]} failed"]


async def test_a_great_many_are_delivered_in_one_call_though_some_fail(
    database: Database, deliveries: Deliveries, publisher: FakePublisher
) -> None:
    for channel in range(100, 150):
        await plan(database, channel)
    publisher.failing |= dict.fromkeys(range(100, 140), refused())
    sent = await deliveries.deliver_ready()
    sent += await deliveries.deliver_ready()
    assert sent == 10


async def test_a_delivery_that_is_cancelled_while_it_is_sent_stays_claimed(
    database: Database, deliveries: Deliveries, publisher: FakePublisher
) -> None:
    await plan(database)
    publisher.gate = asyncio.Event()
    task = asyncio.create_task(deliveries.deliver_ready())
    await until_asked(publisher)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await counts(database) == {DeliveryState.CLAIMED: 1}
    publisher.gate = None
    assert await deliveries.deliver_ready() == 0
    assert publisher.sent == []


async def test_a_second_look_at_what_is_under_way_does_not_send_it(
    database: Database, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    await plan(database)
    publisher.gate = asyncio.Event()
    first = asyncio.create_task(deliveries.deliver_ready())
    await until_asked(publisher)
    clock.now += timedelta(minutes=5)
    assert await deliveries.deliver_ready() == 0
    publisher.gate.set()
    assert await first == 1
    assert len(publisher.sent) == 1
