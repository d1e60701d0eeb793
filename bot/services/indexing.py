"""The search index kept whole: what no transaction has indexed yet, a few papers at a time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.storage.search_index import SearchIndex

MUCH = 1000
"""Papers indexed at a time after which the pieces of the index are merged."""

PAUSE = 0.15
"""Seconds between two steps; a process that waits for the database looks every 0.1 seconds."""

log = logging.getLogger(__name__)


class Indexing:
    """Builds what is missing of the index, beside everything else that goes on."""

    def __init__(
        self, index: SearchIndex, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._index = index
        self._pause = pause
        self._looked = False

    async def missing(self) -> int:
        """Return how many papers are still to be indexed, by today's rules."""
        if not self._looked:
            self._looked = True
            return await self._index.renew()
        return await self._index.pending()

    async def catch_up(self, advance: Callable[[int], object] = lambda _: None) -> int:
        """Index what is missing; return how many papers that were.

        ``advance`` hears how many have been indexed, each time that some are.
        """
        wanted = left = await self.missing()
        while left:
            before, left = left, await self._index.catch_up()
            advance(max(0, before - left))
            await self._let_others(more=left > 0)
        while await self._index.weigh():
            await self._let_others(more=True)
        if wanted >= MUCH:
            while await self._index.merge():
                await self._let_others(more=True)
        if wanted:
            log.info("Indexed %d papers", wanted)
        return wanted

    async def _let_others(self, *, more: bool) -> None:
        """Leave the database to others before the next step: SQLite keeps no queue for it."""
        if more:
            await self._pause(PAUSE)

    async def restart(self) -> int:
        """Have every paper indexed again by ``catch_up``; return how many there are."""
        self._looked = True
        return await self._index.restart()
