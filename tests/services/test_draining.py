"""A stop waits for the messages that are on their way, and begins none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.deliveries import DeliveryState
from bot.services.delivery import Deliveries
from bot.storage.alert_stops import AlertStops
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, FakePublisher, edition, entry, paper, schedule

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock


async def planned(database: Database, publisher: FakePublisher, clock: Clock) -> Deliveries:
    """Plan an edition of two parts."""
    await PaperStore(database).save([paper(n) for n in (1, 2)], NOW)
    order = schedule(5)
    await ScheduleStore(database).save(order)
    parts = publisher.split(edition(entry(1, 1), entry(2, 2)))
    assert await EditionStore(database).plan(order, order, parts, [], NOW)
    return Deliveries(
        DeliveryLedger(database), ScheduleStore(database), AlertStops(database), publisher, clock
    )


async def on_its_way(publisher: FakePublisher) -> None:
    async with asyncio.timeout(5):
        while not publisher.asked:  # noqa: ASYNC110 - the publisher has no event for it
            await asyncio.sleep(0)


async def test_what_is_on_its_way_is_settled_and_nothing_follows(
    database: Database, clock: Clock
) -> None:
    publisher = FakePublisher(papers_a_part=1)
    publisher.gate = asyncio.Event()
    deliveries = await planned(database, publisher, clock)
    round_ = asyncio.create_task(deliveries.deliver_ready())
    await on_its_way(publisher)
    drained = asyncio.create_task(deliveries.drain(5))
    await asyncio.sleep(0)
    publisher.gate.set()
    assert await drained == 0
    assert await round_ == 1
    assert await DeliveryLedger(database).counts() == {
        DeliveryState.SENT: 1, DeliveryState.PLANNED: 1,
    }  # fmt: skip
    assert await deliveries.deliver_ready() == 0
    assert publisher.keys == ["e.e1.1"]


async def test_what_takes_too_long_is_left_claimed(database: Database, clock: Clock) -> None:
    publisher = FakePublisher(papers_a_part=1)
    publisher.gate = asyncio.Event()
    deliveries = await planned(database, publisher, clock)
    round_ = asyncio.create_task(deliveries.deliver_ready())
    await on_its_way(publisher)
    assert await deliveries.drain(0.05) == 1
    round_.cancel()
    await asyncio.wait((round_,))
    assert (await DeliveryLedger(database).counts())[DeliveryState.CLAIMED] == 1


async def test_where_nothing_is_on_its_way_a_stop_waits_for_nothing(
    database: Database, clock: Clock
) -> None:
    deliveries = await planned(database, FakePublisher(), clock)
    async with asyncio.timeout(1):
        assert await deliveries.drain(60) == 0
