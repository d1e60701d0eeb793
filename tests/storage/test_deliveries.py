from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.deliveries import Claim, Delivery, DeliveryState, Notice
from bot.domain.editions import Part
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, FakePublisher, edition, entry, paper, schedule

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId
    from bot.storage.database import Database

SOON = NOW + timedelta(minutes=1)
ONE, TWO = "e.e1.1", "e.e1.2"


@pytest.fixture
async def ledger(database: Database) -> DeliveryLedger:
    """Give a ledger with one edition of two parts."""
    await PaperStore(database).save([paper(n) for n in range(1, 5)], NOW)
    await plan(database, 5, "e1", 1, 2)
    return DeliveryLedger(database)


async def plan(database: Database, channel: int, name: str, *numbers: int) -> None:
    await ScheduleStore(database).save(schedule(channel))
    entries = [entry(n, place) for place, n in enumerate(numbers, start=1)]
    whole = edition(*entries, edition_id=name, channel_id=channel)
    parts = FakePublisher(papers_a_part=1).split(whole)
    order = schedule(channel)
    assert await EditionStore(database).plan(order, order, parts, [], NOW)


def parts(delivery: Delivery) -> list[ArxivId]:
    assert isinstance(delivery.content, Part)
    return [one.id for one in delivery.content.entries]


async def ready(ledger: DeliveryLedger, edition_id: str | None = None) -> list[str]:
    return [one.key for one in await ledger.ready(SOON, 10, edition_id)]


async def test_a_part_waits_for_the_one_before_it(ledger: DeliveryLedger) -> None:
    assert await ready(ledger) == [ONE]
    assert await ledger.claim(ONE, NOW)
    assert await ready(ledger) == []
    await ledger.settle(ONE, 77, NOW)
    assert await ready(ledger) == [TWO]
    assert not await ledger.arrived("e1")
    assert await ledger.claim(TWO, NOW)
    await ledger.settle(TWO, 78, NOW)
    assert await ledger.arrived("e1")
    assert await ledger.counts() == {DeliveryState.SENT: 2}


async def test_of_many_claims_one_wins(ledger: DeliveryLedger) -> None:
    won = await asyncio.gather(*(ledger.claim(ONE, NOW) for _ in range(20)))
    assert sorted(won) == [False] * 19 + [True]
    [row] = [one for one in await ledger.unsettled(1) if one.key == ONE]
    assert (row.state, row.attempts) == (DeliveryState.CLAIMED, 1)


async def test_what_is_sent_is_never_claimed_again(ledger: DeliveryLedger) -> None:
    await ledger.claim(ONE, NOW)
    await ledger.settle(ONE, 77, NOW)
    assert not await ledger.claim(ONE, SOON)
    await ledger.refuse(ONE, error="no", code=1, not_before=NOW)
    await ledger.note(ONE, "no")
    assert (await ledger.counts())[DeliveryState.SENT] == 1
    assert not await ledger.claim("e.none.1", NOW)


async def test_only_a_claimed_delivery_is_settled_or_refused(ledger: DeliveryLedger) -> None:
    await ledger.settle(ONE, 77, NOW)
    await ledger.refuse(ONE, error="no", code=1, not_before=NOW)
    await ledger.note(ONE, "no")
    assert await ledger.counts() == {DeliveryState.PLANNED: 2}
    assert [one.error for one in await ledger.unsettled(1)] == [None, None]


async def test_a_refused_delivery_rests_and_is_ready_again(ledger: DeliveryLedger) -> None:
    await ledger.claim(ONE, NOW)
    await ledger.refuse(ONE, error="slow mode", code=20016, not_before=SOON)
    assert await ledger.ready(SOON - timedelta(seconds=1), 10) == []
    [again] = await ledger.ready(SOON, 10)
    assert (again.state, again.attempts) == (DeliveryState.REFUSED, 1)
    assert (await ledger.unsettled(1))[0].error == "slow mode"
    assert await ledger.claim(ONE, SOON)
    await ledger.settle(ONE, 77, SOON)
    assert [one.key for one in await ledger.unsettled(1)] == [TWO]


async def test_the_deliveries_of_a_stopped_or_paused_schedule_wait(
    ledger: DeliveryLedger, database: Database
) -> None:
    schedules = ScheduleStore(database)
    await schedules.pause(5)
    assert await ready(ledger) == []
    assert await ready(ledger, "e1") == [ONE]  # asked for by hand
    notice = Notice(key="n.1", person_id=7, channel_id=5, reason="gone")
    assert await schedules.stop(5, "gone", notice, NOW)
    assert await ready(ledger) == ["n.1"]  # the word to who made it; the rest is taken back
    assert await ready(ledger, "e1") == []
    assert not await schedules.stop(5, "gone", notice, NOW)


async def test_what_was_not_sent_goes_with_its_schedule_and_its_papers_come_again(
    ledger: DeliveryLedger, database: Database
) -> None:
    schedules = ScheduleStore(database)
    assert await database.one("SELECT 1 FROM brought WHERE channel_id = 5")
    await schedules.remove(5)
    await schedules.save(schedule())
    assert await ready(ledger) == []
    assert await database.one("SELECT 1 FROM brought WHERE channel_id = 5") is None


async def test_one_editions_deliveries_can_be_asked_for_alone(
    ledger: DeliveryLedger, database: Database
) -> None:
    await plan(database, 6, "e2", 3)
    assert await ready(ledger) == [ONE, "e.e2.1"]
    assert await ready(ledger, "e2") == ["e.e2.1"]
    assert [one.key for one in await ledger.ready(NOW, 1)] == [ONE]


async def test_a_claim_without_an_answer_is_known_and_can_be_given_back_once(
    ledger: DeliveryLedger,
) -> None:
    await ledger.claim(ONE, NOW)
    await ledger.note(ONE, "The connection broke.")
    assert await ledger.claimed(NOW, NOW) == []
    [claim] = await ledger.claimed(SOON, SOON)
    assert claim == Claim(key=ONE, channel_id=5, claimed_at=NOW, doubtful_since=NOW, planned_at=NOW)
    assert await ledger.release(claim)
    assert not await ledger.release(claim)
    assert await ledger.claim(ONE, SOON)
    assert not await ledger.release(claim)  # an older claim than the one that stands


async def test_what_did_not_arrive_is_told_to_its_own_server_the_oldest_first(
    ledger: DeliveryLedger, database: Database
) -> None:
    await plan(database, 6, "e0", 3)
    await ledger.claim(ONE, NOW)
    await ledger.note(ONE, "The connection broke.")
    told = await ledger.unsettled(1)
    assert [one.key for one in told] == ["e.e0.1", ONE, TWO]
    assert [one.error for one in told] == [None, "The connection broke.", None]
    assert await ledger.unsettled(2) == []


async def test_only_what_was_sent_long_ago_is_forgotten(
    ledger: DeliveryLedger, database: Database
) -> None:
    await ledger.claim(ONE, NOW)
    await ledger.settle(ONE, 77, NOW)
    assert await ledger.forget_sent(NOW, NOW) == 0
    assert await ledger.forget_sent(SOON, SOON) == 1
    assert await ledger.forget_sent(SOON, SOON) == 0
    assert await ledger.counts() == await ledger.waiting() == {DeliveryState.PLANNED: 1}
    assert [parts(one)[0] for one in await ledger.ready(SOON, 10)] == [paper(2).id]
