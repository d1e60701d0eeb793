"""What a person is given of themself, and what an erasure leaves to the ledger."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.services.delivery import Deliveries
from bot.services.privacy import Privacy
from bot.services.settling import LOOK_AFTER, Settling
from bot.storage import people
from bot.storage.alert_stops import AlertStops
from bot.storage.deliveries import DeliveryLedger
from bot.storage.people import PeopleStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing_queries import StandingQueries
from tests.builders import ABSENT, FOUND, NOW, FakePublisher, schedule
from tests.people import EVE, GRACE, SERVER, alert, everything, notice

if TYPE_CHECKING:
    from bot.domain.deliveries import Sighting
    from bot.storage.database import Database
    from tests.builders import Clock


@pytest.fixture
def privacy(database: Database) -> Privacy:
    return Privacy(PeopleStore(database, StandingQueries(database)))


def deliveries_of(database: Database, clock: Clock, publisher: FakePublisher) -> Deliveries:
    ledger, schedules = DeliveryLedger(database), ScheduleStore(database)
    return Deliveries(ledger, schedules, AlertStops(database), publisher, clock)


async def test_the_document_has_every_key_whether_or_not_anything_is_stored(
    database: Database, privacy: Privacy
) -> None:
    keys = ["person", "exported_at", "time_zone", "alerts", "drafts", "schedules", "messages"]
    empty = json.loads((await privacy.export(GRACE, NOW)).document)
    assert list(empty) == keys
    assert empty == {key: [] for key in keys[3:]} | {
        "person": str(GRACE), "exported_at": "2025-02-12T09:00:00+00:00", "time_zone": None,
    }  # fmt: skip
    await everything(database, GRACE)
    full = json.loads((await privacy.export(GRACE, NOW)).document)
    assert list(full) == keys
    assert all(full[key] for key in keys)
    assert list(full["alerts"][0]) == [
        "no", "server", "channel", "query", "time", "timezone", "mention", "state", "reason",
        "since", "next_run", "papers",
    ]  # fmt: skip
    assert list(full["schedules"][0]) == [
        "server", "channel", "time", "timezone", "weekdays", "topic", "limit", "min_upvotes",
        "style", "mention", "state", "reason", "next_run",
    ]  # fmt: skip


async def test_the_document_is_readable_by_a_person_in_any_script(
    database: Database, privacy: Privacy
) -> None:
    await alert(database, GRACE, query="扩散 模型")
    document = (await privacy.export(GRACE, NOW)).document.decode()
    assert '\n      "query": "扩散 模型",\n' in document


async def test_neither_the_reading_nor_the_writing_of_an_export_holds_the_loop(
    database: Database, privacy: Privacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await everything(database, GRACE)
    threads: set[int] = set()

    def on_which(function: Any) -> Any:
        def run(*told: Any, **named: Any) -> Any:
            threads.add(threading.get_ident())
            return function(*told, **named)

        return run

    monkeypatch.setattr("bot.storage.people._told", on_which(people._told))
    monkeypatch.setattr("bot.services.privacy.json.dumps", on_which(json.dumps))
    await privacy.export(GRACE, NOW)
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_nobody_is_named_in_the_log_of_an_erasure(
    database: Database, privacy: Privacy, caplog: pytest.LogCaptureFixture
) -> None:
    await everything(database, GRACE)
    with caplog.at_level(logging.DEBUG, logger="bot"):
        await privacy.erase(GRACE)
    assert "2 alerts, 2 messages" in caplog.text
    assert str(GRACE) not in caplog.text


@pytest.mark.parametrize(
    "failure",
    [
        None,
        DeliveryRefused("No.", status=403, code=50007),
        DeliveryRefused("Later.", status=429),
        DeliveryUncertain("No answer."),
    ],
)
async def test_a_message_that_is_being_sent_meanwhile_harms_nothing(
    database: Database, clock: Clock, privacy: Privacy, failure: Exception | None
) -> None:
    await notice(database, GRACE, key="n.grace", state="planned")
    await notice(database, EVE, key="n.eve", state="planned")
    publisher = FakePublisher()
    publisher.gate = asyncio.Event()
    if failure is not None:
        publisher.failing["n.grace"] = failure
    deliveries = deliveries_of(database, clock, publisher)
    sending = asyncio.create_task(deliveries.deliver_ready())
    async with asyncio.timeout(5):
        while len(publisher.asked) < 2:  # noqa: ASYNC110 - the publisher is asked, and tells nobody
            await asyncio.sleep(0.001)
    assert (await privacy.erase(GRACE)).unsent == 1
    publisher.gate.set()
    assert await sending == (2 if failure is None else 1)
    (row,) = await database.all("SELECT key, state FROM deliveries")
    assert tuple(row) == ("n.eve", "sent")
    clock.move(hours=2)
    assert await deliveries.deliver_ready() == 0
    assert publisher.asked.count("n.grace") == 1


@pytest.mark.parametrize("sighting", [FOUND, ABSENT])
async def test_what_has_no_answer_is_not_looked_for_after_an_erasure(
    database: Database, clock: Clock, privacy: Privacy, sighting: Sighting
) -> None:
    await notice(database, GRACE, key="n.1", state="planned")
    publisher = FakePublisher()
    publisher.failure = DeliveryUncertain("No answer.")
    deliveries = deliveries_of(database, clock, publisher)
    await deliveries.deliver_ready()
    clock.now += 2 * LOOK_AFTER
    ledger = DeliveryLedger(database)
    (claim,) = await ledger.claimed(clock(), clock())
    await privacy.erase(GRACE)
    publisher.sightings["n.1"] = sighting
    settling = Settling(ledger, deliveries, publisher, clock)
    assert await settling.settle() == 0
    assert publisher.looked == []
    # The one that had been read before it was erased goes nowhere either.
    assert not await deliveries.send_again(claim)
    assert not await ledger.release(claim)
    assert await database.all("SELECT 1 FROM deliveries") == []


async def test_an_alert_of_one_who_was_forgotten_stops_without_a_word(
    database: Database, privacy: Privacy
) -> None:
    await alert(database, GRACE, guild=SERVER, channel=70)
    await privacy.erase(GRACE)
    assert await AlertStops(database).stop(70, "Paperboy cannot see the channel.", NOW) == 1
    assert await database.all("SELECT 1 FROM deliveries") == []


async def test_a_schedule_of_one_who_was_forgotten_stops_without_a_word(
    database: Database, clock: Clock, privacy: Privacy
) -> None:
    await ScheduleStore(database).save(schedule(5, created_by=GRACE))
    await privacy.erase(GRACE)
    deliveries = deliveries_of(database, clock, publisher := FakePublisher())
    await deliveries._stop(5, "Paperboy cannot see the channel.")
    clock.move(hours=2)
    assert await deliveries.deliver_ready() == 0
    assert publisher.asked == []
