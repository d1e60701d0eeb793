"""What whoever watches the bot is shown: the gauges, and what is wrong just now."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.deliveries import DeliveryState
from bot.metrics import Gauges
from bot.storage.deliveries import DeliveryLedger
from bot.storage.records import CollectionLog

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from bot.client import Paperboy
    from bot.metrics import Metrics
    from bot.storage.database import Database
    from bot.ui.traffic import Traffic

QUEUE_AGE = timedelta(minutes=15)
INTERVALS = 3
"""How many collections may be missed."""


class Watch:
    """Reads a running bot; ``every`` is the time between two collections."""

    def __init__(
        self, bot: Paperboy, traffic: Traffic, database: Database, every: timedelta
    ) -> None:
        self._bot = bot
        self._traffic = traffic
        self._database = database
        self._ledger = DeliveryLedger(database)
        self._collections = CollectionLog(database)
        self._every = every
        self._since = traffic.now()

    @asynccontextmanager
    async def served(
        self, address: tuple[str, int] | None, metrics: Metrics
    ) -> AsyncIterator[None]:
        """Serve the metrics at that address, if there is one."""
        if address is None:
            yield
            return
        async with metrics.serve(*address, self.health, self.gauges):
            yield

    async def gauges(self) -> Gauges:
        """Read what is not counted."""
        now = self._traffic.now()
        counts = await self._ledger.waiting()
        waiting = await self._ledger.waiting_since(now)
        return Gauges(
            deliveries={
                state.value: counts.get(state, 0)
                for state in DeliveryState
                if state is not DeliveryState.SENT
            },
            queue_age=timedelta(0) if waiting is None else max(now - waiting, timedelta(0)),
            invalid_requests=self._traffic.invalid,
            servers=len(self._bot.guilds),
            latency=self._bot.latency,
            last_collected=await self._collected(),
            database_bytes=_size(self._database.path),
            clock_offset=self._traffic.offset,
        )

    async def health(self) -> list[str]:
        """Say what is wrong, a sentence each; time before the start is nobody's fault now."""
        now, wrong = self._traffic.now(), []
        shards = self._bot.shards.values()
        if not self._bot.is_ready():
            wrong.append("It is not connected to Discord.")
        elif closed := sum(shard.is_closed() for shard in shards):
            wrong.append(f"{closed} of {len(shards)} gateway connections are closed.")
        collected = max(await self._collected() or self._since, self._since)
        if now - collected > INTERVALS * self._every:
            wrong.append(f"No list was read since {collected:%Y-%m-%d %H:%M} UTC.")
        waiting = await self._ledger.waiting_since(now)
        if waiting is not None and now - max(waiting, self._since) > QUEUE_AGE:
            wrong.append(f"A message waits to be sent since {waiting:%Y-%m-%d %H:%M} UTC.")
        if offset := self._traffic.offset:
            seconds = abs(offset.total_seconds())
            wrong.append(f"This machine's clock is {seconds:.0f} seconds off Discord's.")
        return wrong

    async def _collected(self) -> datetime | None:
        read = await self._collections.last(successful=True)
        return max((one.began_at for one in read), default=None)


def _size(path: Path) -> int:
    """Add up a database's file and its write-ahead log, which may not be there."""
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
