"""What whoever watches the bot is shown, with a real database and a bot that stands still."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.deliveries import DeliveryState
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.records import Collection, CollectionLog
from bot.storage.schedules import ScheduleStore
from bot.ui.traffic import Traffic
from bot.watch import Watch
from tests.builders import NOW, FakePublisher, edition, entry, paper, schedule

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock

HALF_AN_HOUR = timedelta(minutes=30)


class StillBot:
    """The client as far as it is looked at."""

    def __init__(self) -> None:
        self.ready = True
        self.latency = 0.04
        self.guilds = [1, 2, 3]
        self.shards = {0: SimpleNamespace(is_closed=lambda: False)}

    def is_ready(self) -> bool:
        return self.ready


@pytest.fixture
def bot() -> StillBot:
    return StillBot()


@pytest.fixture
def traffic(clock: Clock) -> Traffic:
    return Traffic(clock)


@pytest.fixture
def watch(database: Database, bot: StillBot, traffic: Traffic) -> Watch:
    still: Any = bot
    return Watch(still, traffic, database, HALF_AN_HOUR)


async def plan(database: Database) -> None:
    await PaperStore(database).save([paper(1)], NOW)
    await ScheduleStore(database).save(order := schedule(5))
    parts = FakePublisher().split(edition(entry(1)))
    assert await EditionStore(database).plan(order, order, parts, [], NOW)


async def collected(database: Database, clock: Clock) -> None:
    await CollectionLog(database).add(Collection(source="huggingface", began_at=clock()))


async def test_a_fresh_start_is_healthy(watch: Watch) -> None:
    assert await watch.health() == []


async def test_a_lost_connection_is_told(watch: Watch, bot: StillBot) -> None:
    bot.shards[1] = SimpleNamespace(is_closed=lambda: True)
    assert await watch.health() == ["1 of 2 gateway connections are closed."]
    bot.ready = False
    assert await watch.health() == ["It is not connected to Discord."]


async def test_three_missed_collections_are_told(
    watch: Watch, database: Database, clock: Clock
) -> None:
    clock.move(minutes=90)
    assert await watch.health() == []
    clock.move(minutes=1)
    assert await watch.health() == ["No list was read since 2025-02-12 09:00 UTC."]
    await collected(database, clock)
    assert await watch.health() == []


async def test_a_message_that_waits_for_a_quarter_of_an_hour_is_told(
    watch: Watch, database: Database, clock: Clock
) -> None:
    await plan(database)
    clock.move(minutes=15)
    assert await watch.health() == []
    clock.move(minutes=1)
    assert await watch.health() == ["A message waits to be sent since 2025-02-12 09:00 UTC."]


async def test_the_time_that_the_bot_was_down_is_no_fault_of_its_queue(
    bot: StillBot, traffic: Traffic, database: Database, clock: Clock
) -> None:
    await plan(database)
    clock.move(hours=20)
    still: Any = bot
    watch = Watch(still, traffic, database, HALF_AN_HOUR)
    assert await watch.health() == []
    assert (await watch.gauges()).queue_age == timedelta(hours=20)


async def test_a_wrong_clock_is_told(watch: Watch, traffic: Traffic) -> None:
    traffic._time.offset = timedelta(seconds=-7)
    assert await watch.health() == ["This machine's clock is 7 seconds off Discord's."]


async def test_the_gauges_are_read_from_where_things_stand(
    watch: Watch, database: Database, clock: Clock
) -> None:
    await plan(database)
    await collected(database, clock)
    clock.move(minutes=2)
    gauges = await watch.gauges()
    assert gauges.deliveries == {
        state: int(state == "planned") for state in DeliveryState if state != "sent"
    }
    assert gauges.queue_age == timedelta(minutes=2)
    assert (gauges.servers, gauges.latency, gauges.last_collected) == (3, 0.04, NOW)
    assert (gauges.database_bytes or 0) > 4096


async def test_a_refused_message_waits_only_since_its_rest_is_over(
    database: Database, clock: Clock
) -> None:
    await plan(database)
    ledger = DeliveryLedger(database)
    [delivery] = await ledger.ready(NOW, 1)
    assert await ledger.claim(delivery.key, NOW)
    assert await ledger.waiting_since(NOW) is None
    rest = NOW + timedelta(minutes=5)
    await ledger.refuse(delivery.key, error="no", code=0, not_before=rest)
    assert await ledger.waiting_since(NOW) is None
    assert await ledger.waiting_since(NOW + HALF_AN_HOUR) == rest
