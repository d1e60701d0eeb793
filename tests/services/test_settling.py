"""Settling: what died between the claim and Discord's answer is looked for, never guessed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.deliveries import DeliveryState
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.services.delivery import Deliveries
from bot.services.schedules import Schedules
from bot.services.settling import LOOK_AFTER, LOOK_BACK, Settling
from bot.storage.alert_stops import AlertStops
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import (
    ABSENT,
    FOUND,
    NOW,
    UNREADABLE,
    FakePublisher,
    edition,
    entry,
    paper,
    schedule,
)
from tests.services.topics import WordTopics

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock

KEY = "e.e1.1"


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
def deliveries(database: Database, publisher: FakePublisher, clock: Clock) -> Deliveries:
    return Deliveries(
        DeliveryLedger(database), ScheduleStore(database), AlertStops(database), publisher, clock
    )


@pytest.fixture
async def settling(
    deliveries: Deliveries, database: Database, publisher: FakePublisher, clock: Clock
) -> Settling:
    """Give one planned message, whose first try has no answer."""
    await PaperStore(database).save([paper()], NOW)
    schedules = ScheduleStore(database)
    await schedules.save(schedule())
    parts = publisher.split(edition(entry()))
    assert await EditionStore(database).plan(schedule(), schedule(), parts, [], NOW)
    publisher.failure = DeliveryUncertain("The connection broke.")
    assert await deliveries.deliver_ready() == 0
    publisher.failure = None
    return Settling(DeliveryLedger(database), deliveries, publisher, clock)


async def state(database: Database) -> DeliveryState:
    counts = await DeliveryLedger(database).counts()
    assert len(counts) == 1
    return next(iter(counts))


async def test_a_message_that_is_there_is_sent(
    settling: Settling,
    deliveries: Deliveries,
    database: Database,
    publisher: FakePublisher,
    clock: Clock,
) -> None:
    publisher.sightings[KEY] = FOUND
    clock.now += LOOK_AFTER + timedelta(seconds=1)
    assert await settling.settle() == 1
    assert await state(database) is DeliveryState.SENT
    assert publisher.sent == []
    assert publisher.looked == [(5, KEY, NOW - LOOK_BACK)]


async def test_a_message_that_is_certainly_absent_is_sent_again_once(
    settling: Settling,
    deliveries: Deliveries,
    database: Database,
    publisher: FakePublisher,
    clock: Clock,
) -> None:
    publisher.sightings[KEY] = ABSENT
    clock.now += LOOK_AFTER + timedelta(seconds=1)
    assert await settling.settle() == 1
    assert await deliveries.deliver_ready() == 1
    assert publisher.keys == [KEY]
    assert await state(database) is DeliveryState.SENT
    clock.move(hours=1)
    assert await settling.settle() == 0


async def test_where_nobody_can_look_the_nonce_is_trusted_for_two_minutes(
    settling: Settling, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = UNREADABLE
    publisher.failure = DeliveryUncertain("The connection broke again.")
    clock.move(seconds=31)
    assert await settling.settle() == 0
    assert publisher.asked == [KEY, KEY]
    publisher.failure = None
    clock.move(seconds=88)  # 119 s after the first claim, which is the one that counts
    assert await settling.settle() == 1
    assert publisher.keys == [KEY]
    assert await state(database) is DeliveryState.SENT


async def test_after_that_nobody_can_know_and_nothing_is_sent_until_a_person_says(
    settling: Settling,
    deliveries: Deliveries,
    database: Database,
    publisher: FakePublisher,
    clock: Clock,
) -> None:
    publisher.sightings[KEY] = UNREADABLE
    publisher.failure = DeliveryUncertain("The connection broke again.")
    clock.move(seconds=31)
    await settling.settle()
    publisher.failure = None
    clock.move(seconds=89)
    for _ in range(3):
        assert await settling.settle() == 0
        assert await deliveries.deliver_ready() == 0
        clock.move(hours=1)
    assert publisher.asked == [KEY, KEY]
    assert await state(database) is DeliveryState.UNKNOWN
    (unsettled,) = await DeliveryLedger(database).unsettled(1)
    assert "Read Message History" in (unsettled.error or "")


async def test_a_refusal_of_the_second_send_says_nothing_of_the_first(
    settling: Settling, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = UNREADABLE
    publisher.failure = DeliveryRefused("No.", status=400, code=50035)
    clock.move(seconds=31)
    assert await settling.settle() == 0
    assert await state(database) is DeliveryState.CLAIMED
    publisher.sightings[KEY] = FOUND
    clock.move(seconds=31)
    assert await settling.settle() == 1
    assert await state(database) is DeliveryState.SENT


async def test_a_discord_that_cannot_be_asked_leaves_everything_as_it_is(
    settling: Settling, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    clock.move(hours=1)
    assert await settling.settle() == 0
    assert await state(database) is DeliveryState.CLAIMED
    assert publisher.asked == [KEY]


@pytest.mark.parametrize("there", [True, False])
async def test_the_word_of_a_person_counts_once_and_in_their_own_server(
    settling: Settling,
    deliveries: Deliveries,
    database: Database,
    publisher: FakePublisher,
    clock: Clock,
    *,
    there: bool,
) -> None:
    publisher.sightings[KEY] = UNREADABLE
    clock.move(seconds=121)
    await settling.settle()
    ledger = DeliveryLedger(database)
    assert not await ledger.decide(KEY, 2, there=there, now=clock())
    assert await ledger.decide(KEY, 1, there=there, now=clock())
    assert not await ledger.decide(KEY, 1, there=not there, now=clock())
    assert await deliveries.deliver_ready() == (0 if there else 1)
    assert await state(database) is DeliveryState.SENT
    assert publisher.keys == ([] if there else [KEY])


async def test_what_is_unknown_is_looked_for_again_when_the_history_opens(
    settling: Settling, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = UNREADABLE
    clock.move(seconds=121)
    await settling.settle()
    assert await state(database) is DeliveryState.UNKNOWN
    ledger = DeliveryLedger(database)
    schedules = Schedules(ScheduleStore(database), ledger, WordTopics(), schedule().zone)
    assert await schedules.wake(1, lambda _: False, clock()) == []
    assert await state(database) is DeliveryState.UNKNOWN
    assert await schedules.wake(1, lambda _: True, clock()) == []  # it was not stopped
    publisher.sightings[KEY] = FOUND
    assert await settling.settle() == 1
    assert await state(database) is DeliveryState.SENT


async def test_discord_is_given_time_to_make_the_message(
    settling: Settling, deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    clock.now += LOOK_AFTER - timedelta(seconds=1)
    assert await settling.settle() == 0
    assert publisher.looked == []


async def test_a_message_on_its_way_is_not_looked_for(
    settling: Settling,
    deliveries: Deliveries,
    database: Database,
    publisher: FakePublisher,
    clock: Clock,
) -> None:
    publisher.sightings[KEY] = ABSENT
    clock.move(minutes=1)
    assert await settling.settle() == 1
    publisher.gate = asyncio.Event()
    sending = asyncio.create_task(deliveries.deliver_ready())
    while publisher.asked.count(KEY) < 2:  # noqa: ASYNC110 - turns of the loop, no time
        await asyncio.sleep(0)
    clock.move(minutes=5)
    publisher.looked.clear()
    assert await settling.settle() == 0
    assert publisher.looked == []
    publisher.gate.set()
    assert await sending == 1


async def test_a_delivery_that_moved_on_meanwhile_is_not_released(
    settling: Settling, deliveries: Deliveries, database: Database, clock: Clock
) -> None:
    ledger = DeliveryLedger(database)
    clock.move(minutes=1)
    (claim,) = await ledger.claimed(clock(), clock())
    await ledger.settle(KEY, 77, clock())
    assert not await ledger.release(claim)
    assert await state(database) is DeliveryState.SENT
