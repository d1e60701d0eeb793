"""Servers that the bot has left: what is stored of them goes after thirty days."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.storage.departures import DepartureStore

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long a server's rows wait for its return."""


class Departures:
    """Who left, who is back, and what goes."""

    def __init__(self, store: DepartureStore) -> None:
        self._store = store

    async def left(self, guild_id: int, now: datetime) -> None:
        """Write down that a server was left now."""
        await self._store.left([guild_id], now)

    async def back(self, guild_id: int) -> None:
        """Forget that a server was left: the bot is there."""
        await self._store.back([guild_id])

    async def compare(
        self, there: Collection[int], ours: Callable[[int], bool], now: datetime
    ) -> None:
        """Put right what was missed while nobody listened.

        Args:
            there: the servers in which the bot is, those included that an outage hides.
            ours: says whether a server is one of those that this process would hear of.
            now: when the others are taken to have been left.
        """
        departed, there = set(await self._store.departed()), set(there)
        stored = set(await self._store.servers())
        gone = [one for one in stored - there - departed if ours(one)]
        if gone:
            await self._store.left(gone, now)
            log.info("Servers that were left meanwhile: %d", len(gone))
        if returned := departed & there:
            await self._store.back(returned)
            log.info("Servers that are back: %d", len(returned))

    async def erase(self, now: datetime) -> int:
        """Erase the rows of servers that were left thirty days ago; return how many servers."""
        servers = await self._store.departed(now - KEPT)
        for guild_id in servers:
            rows = 0
            while some := await self._store.erase_some(guild_id, now - KEPT):
                rows += some
            log.info("Erased %d rows of server %d, which was left long ago", rows, guild_id)
        return len(servers)
