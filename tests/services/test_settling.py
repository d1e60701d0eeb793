"""Settling: what died between the claim and Discord's answer is looked for, never guessed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.deliveries import DeliveryState
from bot.domain.editions import Sighting
from bot.errors import DeliveryUncertain
from bot.services.delivery import LOOK_AFTER, LOOK_BACK, Deliveries
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, FakePublisher, edition, entry, paper, schedule

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock

KEY = "e.e1.1"


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


@pytest.fixture
async def deliveries(database: Database, publisher: FakePublisher, clock: Clock) -> Deliveries:
    """Give one planned message, whose first try has no answer."""
    await PaperStore(database).save([paper()], NOW)
    schedules = ScheduleStore(database)
    await schedules.save(schedule())
    parts = publisher.split(edition(entry()))
    assert await EditionStore(database).plan(schedule(), schedule(), parts, [], NOW)
    made = Deliveries(DeliveryLedger(database), schedules, publisher, clock)
    publisher.failure = DeliveryUncertain("The connection broke.")
    assert await made.deliver_ready() == 0
    publisher.failure = None
    return made


async def state(database: Database) -> DeliveryState:
    counts = await DeliveryLedger(database).counts()
    assert len(counts) == 1
    return next(iter(counts))


async def test_a_message_that_is_there_is_sent(
    deliveries: Deliveries, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = Sighting(message_id=77)
    clock.now += LOOK_AFTER + timedelta(seconds=1)
    assert await deliveries.settle() == 1
    assert await state(database) is DeliveryState.SENT
    assert publisher.sent == []
    assert publisher.looked == [(5, KEY, NOW - LOOK_BACK)]


async def test_a_message_that_is_certainly_absent_is_sent_again_once(
    deliveries: Deliveries, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = Sighting(certain=True)
    clock.now += LOOK_AFTER + timedelta(seconds=1)
    assert await deliveries.settle() == 1
    assert await deliveries.deliver_ready() == 1
    assert publisher.keys == [KEY]
    assert await state(database) is DeliveryState.SENT
    clock.move(hours=1)
    assert await deliveries.settle() == 0


async def test_an_absence_that_is_not_certain_sends_nothing(
    deliveries: Deliveries, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    clock.move(hours=1)
    assert await deliveries.settle() == 0
    assert await deliveries.deliver_ready() == 0
    assert await state(database) is DeliveryState.CLAIMED
    (unsettled,) = await DeliveryLedger(database).unsettled(1)
    assert "Read Message History" in (unsettled.error or "")


async def test_discord_is_given_time_to_make_the_message(
    deliveries: Deliveries, publisher: FakePublisher, clock: Clock
) -> None:
    clock.now += LOOK_AFTER - timedelta(seconds=1)
    assert await deliveries.settle() == 0
    assert publisher.looked == []


async def test_a_message_on_its_way_is_not_looked_for(
    deliveries: Deliveries, database: Database, publisher: FakePublisher, clock: Clock
) -> None:
    publisher.sightings[KEY] = Sighting(certain=True)
    clock.move(minutes=1)
    assert await deliveries.settle() == 1
    publisher.gate = asyncio.Event()
    sending = asyncio.create_task(deliveries.deliver_ready())
    while publisher.asked.count(KEY) < 2:  # noqa: ASYNC110 - turns of the loop, no time
        await asyncio.sleep(0)
    clock.move(minutes=5)
    publisher.looked.clear()
    assert await deliveries.settle() == 0
    assert publisher.looked == []
    publisher.gate.set()
    assert await sending == 1


async def test_a_delivery_that_moved_on_meanwhile_is_not_released(
    deliveries: Deliveries, database: Database, clock: Clock
) -> None:
    ledger = DeliveryLedger(database)
    clock.move(minutes=1)
    (claim,) = await ledger.claimed(clock())
    await ledger.settle(KEY, 77, clock())
    assert not await ledger.release(claim)
    assert await state(database) is DeliveryState.SENT
