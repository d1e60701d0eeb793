"""What the clock starts: collect, make what is due, deliver, tidy up."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.services.editions import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.schedules import Schedule
    from bot.services.collect import Collector
    from bot.services.delivery import Deliveries
    from bot.services.editions import Editions, Recent
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

CONTENT_KEPT = timedelta(days=30)
"""How long the text of a sent message is kept."""

_BATCH = 8  # made at a time: more would take one turn of the loop together and hold it


class Daily:
    """The rounds that the clock starts; each may run twice and nothing happens twice."""

    def __init__(
        self,
        collector: Collector,
        schedules: ScheduleStore,
        editions: Editions,
        deliveries: Deliveries,
        ledger: DeliveryLedger,
    ) -> None:
        self._collector = collector
        self._schedules = schedules
        self._editions = editions
        self._deliveries = deliveries
        self._ledger = ledger

    async def collect(self, now: datetime) -> None:
        """Read every day that may have changed.

        Raises:
            SourceError: the source could not be read; what was read before is stored.
        """
        # The earliest first: an edition must not pass over a day that a failure left unread.
        days = await self._collector.wanted(now)
        await self._collector.collect(list(reversed(days)), now)

    async def run_due(self, now: datetime) -> int:
        """Make the editions whose time has come, deliver what is planned; return how many made.

        A run that comes late, after the loop was busy or the bot was down, makes them all the
        same: what is due is a row with a time in the past, not an event that can be missed.
        """
        made = stuck = 0
        tried: set[int] = set()
        recent = await self._editions.recent(now)
        while True:
            most = stuck + _BATCH
            due = await self._schedules.due(now, most)
            fresh = [one for one in due if one.channel_id not in tried]
            if not fresh and len(due) < most:
                break
            stuck = len(due) - len(fresh)  # tried, and due all the same: look past them
            tried.update(one.channel_id for one in fresh)
            made += await self._make(fresh, recent, now)
        await self._deliveries.deliver_ready()
        return made

    async def _make(self, due: Sequence[Schedule], recent: Recent, now: datetime) -> int:
        """Make editions, each by itself: one that fails stays due and holds up no other."""
        results = await asyncio.gather(
            *(self._editions.make(one, now, recent=recent) for one in due), return_exceptions=True
        )
        made = 0
        for schedule, result in zip(due, results, strict=True):
            if isinstance(result, BaseException):
                log.error("The edition of channel %d failed", schedule.channel_id, exc_info=result)
            else:
                made += result.outcome is Outcome.DELIVERED
        return made

    async def settle(self) -> int:
        """Find out how the deliveries went that have no answer; return how many were settled."""
        return await self._deliveries.settle()

    async def upkeep(self, now: datetime) -> None:
        """Forget the text of messages that were sent long ago."""
        forgotten = await self._ledger.forget_content(now - CONTENT_KEPT)
        log.info("Upkeep: dropped the text of %d old messages", forgotten)
