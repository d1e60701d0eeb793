"""A thousand channels due at once: made, planned, claimed, delivered and settled."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from typing_extensions import override

from bot.app import furnish
from bot.domain.schedules import Schedule
from bot.running import rest_collector
from bot.settings import Settings
from bot.sources.huggingface import reading
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from bot.ui.publisher import view_of
from bot.ui.split import split
from tests.benchmarks import DAY, NOW, Measure, Table, items
from tests.builders import FakePublisher, FakeSource
from tests.services.topics import WordTopics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from bot.domain.deliveries import Content
    from bot.domain.editions import Edition, Part
    from bot.services.daily import Daily

CHANNELS, PAPERS = int(os.environ.get("PAPERBOY_CHANNELS", "1000")), 30
_WORDS = ("long", "context", "planning", "system", "method", "accuracy", "benchmark", "variant")
TOPICS = [" ".join(words) for words in islice(permutations(_WORDS, 3), 200)]
"""As many as a morning may have, and every paper has all of their words."""


class RenderingPublisher(FakePublisher):
    """Cuts and renders as the bot does, and sends nothing anywhere."""

    @override
    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition into messages that Discord takes."""
        return split(edition)

    @override
    async def publish(self, content: Content, key: str) -> int:
        """Render a message as it would be sent, and keep it."""
        json.dumps(view_of(content).to_components())
        await asyncio.sleep(0)
        return await super().publish(content, key)


@dataclass
class Ticker:
    """A task that wants to run every millisecond, and notes by how much it came late."""

    late: list[float] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start ticking."""
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop ticking."""
        assert self._task is not None
        self._task.cancel()

    async def _tick(self) -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            self.late.append(now - before - 0.001)
            before = now


async def measure() -> Table:
    """Time one round of the clock's job with every channel due, without topics and with many."""
    plain, asked = await _round([None]), await _round(TOPICS)
    late = sorted(plain.late)
    worst, usual = late[-1] * 1000, late[int(len(late) * 0.99)] * 1000
    return Table(
        title=f"{CHANNELS:,} channels due at once, {PAPERS} papers, ten of them shown",
        baseline="rows a second that plain INSERTs, each its own transaction, put into that file",
        measures=(
            Measure(
                what="delivered", value=plain.rate, unit="channels/s", baseline=plain.inserts
            ),
            Measure(
                what=f"delivered, each with one of {len(TOPICS)} topics", value=asked.rate,
                unit="channels/s", baseline=asked.inserts,
            ),
            Measure(what="longest block of the loop", value=worst, unit="ms", goal="< 50 ms"),
            Measure(what="with topics", value=max(asked.late) * 1000, unit="ms", goal="< 50 ms"),
            Measure(what="99 % of the ticks came late by", value=usual, unit="ms"),
        ),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Round:
    """What a round was like: its pace, the loop meanwhile, and what the disk could have taken."""

    rate: float
    late: list[float]
    inserts: float


async def _round(topics: Sequence[str | None]) -> Round:
    """Make and deliver every channel's edition; each channel has one of the topics."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paperboy.db"
        async with Database.open(path) as database:
            daily, publisher = await _furnished(database, topics)
            rest_collector()
            await asyncio.sleep(0.1)
            async with Ticker() as ticker:
                await asyncio.sleep(0.05)
                started = time.perf_counter()
                await daily.run_due(NOW)
                seconds = time.perf_counter() - started
        inserts = _insert_rate(path)
    assert len(set(publisher.keys)) == CHANNELS
    return Round(rate=CHANNELS / seconds, late=ticker.late, inserts=inserts)


async def _furnished(
    database: Database, topics: Sequence[str | None]
) -> tuple[Daily, RenderingPublisher]:
    """Collect a day, store the schedules, and wire the bot's services to a fake publisher."""
    settings = Settings(_env_file=None, database_path=database.path)
    source, publisher = FakeSource(reading(items(PAPERS), DAY, NOW)), RenderingPublisher()
    house = furnish(
        database, settings, source, (source,), now=lambda: NOW, publisher=publisher,
        topics=WordTopics(),
    )  # fmt: skip
    await house.collector.collect([DAY], NOW)
    schedules = ScheduleStore(database)
    for channel in range(1, CHANNELS + 1):
        await schedules.save(_due(channel, topics[channel % len(topics)]))
    return house.services.daily, publisher


def _due(channel: int, topic: str | None) -> Schedule:
    zone = ZoneInfo("UTC")
    return Schedule(
        channel_id=channel, guild_id=1, at=NOW.time(), zone=zone, created_by=7, next_run=NOW,
        topic=topic,
    )  # fmt: skip


def _insert_rate(path: Path) -> float:
    """Return how many one-row transactions a second the same file takes, as safely written."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE plain (no INTEGER PRIMARY KEY, text TEXT)")
    started = time.perf_counter()
    for number in range(CHANNELS):
        connection.execute("INSERT INTO plain VALUES (?, ?)", (number, "a message's text" * 100))
    seconds = time.perf_counter() - started
    connection.close()
    return CHANNELS / seconds
