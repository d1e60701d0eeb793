"""``paperboy run`` in this process: what stops its start, and a clean stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from bot import running
from bot.errors import DatabaseError, PaperboyError, SettingsError
from bot.jobs import Pace
from bot.settings import Settings
from bot.storage.database import Database, running_lock
from bot.storage.deliveries import DeliveryLedger
from bot.storage.schedules import ScheduleStore
from bot.ui.traffic import REFUSED
from tests.builders import schedule
from tests.local_hf import local_hugging_face
from tests.process import faults
from tests.process.conftest import item, until
from tests.process.discord_data import FIRST_CHANNEL, GUILD
from tests.process.local_discord import TOKEN, LocalDiscord, local_discord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

MESSAGES = "/channels/*/messages"
QUICK = Pace(
    due_every=timedelta(milliseconds=100),
    settle_every=timedelta(milliseconds=100),
    begin_after=timedelta(milliseconds=50),
)


@pytest.fixture(autouse=True)
def as_before(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level("INFO")
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    handlers = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    for name, handler in handlers.items():
        signal.signal(name, handler)


@pytest.fixture
async def there() -> AsyncIterator[LocalDiscord]:
    async with local_discord() as served:
        yield served


@pytest.fixture
async def hugging_face() -> AsyncIterator[str]:
    today = datetime.now(UTC).date()
    async with local_hugging_face({today: [item(1, today)]}) as served:
        yield served.url


@pytest.fixture
def settings(tmp_path: Path, there: LocalDiscord, hugging_face: str) -> Settings:
    return Settings(
        _env_file=None,
        discord_token=SecretStr(TOKEN),
        discord_api_url=there.url,
        database_path=tmp_path / "paperboy.db",
        hf_base_url=hugging_face,
        arxiv_api_url="http://127.0.0.1:9/api/query",
    )


def changed(settings: Settings, **told: Any) -> Settings:
    return settings.model_copy(update=told)


@asynccontextmanager
async def started(
    settings: Settings, pace: Pace | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """Run the bot until the block ends, which must have stopped it."""
    bot = asyncio.create_task(running.run(settings, pace))
    try:
        yield bot
    finally:
        bot.cancel()
        await asyncio.wait((bot,))


async def stopped(bot: asyncio.Task[None], *, again: int = 0) -> float:
    """Ask the bot to stop, as often as told, and return how long it took."""
    began = time.monotonic()
    for _ in range(1 + again):
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.02)
    await asyncio.wait_for(bot, 10)
    return time.monotonic() - began


async def due(settings: Settings) -> None:
    """Let an edition be due in the one channel."""
    async with Database.open(settings.database_path) as database:
        moment = datetime.now(UTC) - timedelta(minutes=1)
        await ScheduleStore(database).save(schedule(FIRST_CHANNEL, guild_id=GUILD, next_run=moment))


async def states(settings: Settings) -> dict[str, int]:
    async with Database.open(settings.database_path) as database:
        return {state.value: n for state, n in (await DeliveryLedger(database).counts()).items()}


# what stops the start


async def test_run_without_a_token_is_refused_before_anything_is_opened(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="DISCORD_TOKEN is not set"):
        await running.run(changed(settings, discord_token=None))
    assert not list(tmp_path.iterdir())


async def test_a_second_run_on_one_database_is_refused(settings: Settings) -> None:
    with (
        running_lock(settings.database_path),
        pytest.raises(DatabaseError, match="Another Paperboy is running"),
    ):
        await running.run(settings)


async def test_a_database_that_cannot_be_made_is_one_sentence(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be taken"):
        await running.run(changed(settings, database_path=tmp_path / "file" / "paperboy.db"))


async def test_a_metrics_port_in_use_stops_the_start(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SettingsError, match=f"METRICS_PORT asks for {address}"):
            await running.run(changed(settings, metrics_port=address))


async def test_a_token_that_discord_refuses_is_one_sentence(settings: Settings) -> None:
    with pytest.raises(SettingsError) as caught:
        await running.run(changed(settings, discord_token=SecretStr("another")))
    assert str(caught.value) == REFUSED


# what stops it later


async def test_a_token_that_is_changed_while_the_bot_runs_stops_it(
    settings: Settings, there: LocalDiscord
) -> None:
    await due(settings)
    there.fail("POST", MESSAGES, faults.unauthorized)
    async with started(settings, QUICK) as bot:
        with pytest.raises(SettingsError) as caught:
            await asyncio.wait_for(bot, 20)
    assert str(caught.value) == REFUSED
    assert await states(settings) in ({"claimed": 1}, {"refused": 1})


async def test_a_gateway_that_is_not_there_can_be_stopped_too(
    settings: Settings, there: LocalDiscord
) -> None:
    there.gateway.url = there.gateway.url.replace("/gateway", "/nowhere")
    async with started(settings) as bot:
        await until(lambda: there.asked("GET", "/gateway/bot"), "the bot asks for the gateway")
        await asyncio.sleep(0.2)
        assert await stopped(bot) < 9


# a clean stop


async def test_a_message_on_its_way_is_settled_before_the_bot_stops(
    settings: Settings, there: LocalDiscord
) -> None:
    await due(settings)
    held = faults.Held()
    there.fail("POST", MESSAGES, held)
    async with started(settings, QUICK) as bot:
        await asyncio.wait_for(held.arrived.wait(), 20)
        stopping = asyncio.create_task(stopped(bot, again=2))
        await asyncio.sleep(0.3)
        assert not bot.done()
        held.released.set()
        await stopping
    assert await states(settings) == {"sent": 1}


async def test_a_message_without_an_answer_is_left_claimed_and_settled_by_the_next_start(
    settings: Settings, there: LocalDiscord, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(running, "DRAINING", 0.2)
    monkeypatch.setattr("bot.services.settling.LOOK_AFTER", timedelta(0))
    await due(settings)
    there.fail("POST", MESSAGES, held := faults.Held())
    async with started(settings, QUICK) as bot:
        await asyncio.wait_for(held.arrived.wait(), 20)
        assert await stopped(bot) < 5
    assert "Left 1 message without an answer" in caplog.text
    assert await states(settings) == {"claimed": 1}
    async with started(settings, QUICK) as bot:
        await until(lambda: "had arrived after all" in caplog.text, "the message is found")
        await stopped(bot)
    assert await states(settings) == {"sent": 1}
    assert len(there.messages[FIRST_CHANNEL]) == 1


async def test_a_gateway_that_does_not_say_goodbye_holds_nothing_up(
    settings: Settings, there: LocalDiscord, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(running, "CLOSING", 0.2)
    async with started(settings) as bot:
        await until(lambda: "Connected as" in caplog.text, "the bot is connected")
        for session in there.gateway.sessions.values():
            transport = session.socket._req.transport  # type: ignore[union-attr]
            transport.pause_reading()  # type: ignore[union-attr]
        assert await stopped(bot) < 5


# what is served meanwhile


async def test_the_running_bot_is_watched(
    settings: Settings, there: LocalDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    await due(settings)
    async with (
        started(changed(settings, metrics_port=f"127.0.0.1:{port}"), QUICK) as bot,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        await until(lambda: "Delivered" in caplog.text, "the edition is delivered")
        health = await http.get("/healthz")
        text = (await http.get("/metrics")).text
        await stopped(bot)
    assert (health.status_code, health.json()["wrong"]) == (200, [])
    lines = text.splitlines()
    for line in (
        'paperboy_delivery_outcomes_total{outcome="sent"} 1.0',
        'paperboy_deliveries{state="planned"} 0.0',
        "paperboy_queue_age_seconds 0.0",
        "paperboy_servers 1.0",
        "paperboy_invalid_requests 0.0",
        "paperboy_clock_offset_seconds 0.0",
    ):
        assert line in lines
    assert "paperboy_last_collection_timestamp_seconds NaN" not in lines
    assert 'paperboy_discord_requests_total{status="2xx"}' in text


def test_a_stop_leaves_the_messages_time_within_ten_seconds() -> None:
    assert running.DRAINING + running.CLOSING + running.LETTING_GO < 9


def test_an_error_that_is_a_sentence_already_stays_one() -> None:
    error = PaperboyError("It is so.")
    with pytest.raises(PaperboyError) as caught, running._explained():
        raise error
    assert caught.value is error
