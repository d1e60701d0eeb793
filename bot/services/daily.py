"""What the clock starts: collect, make what is due, deliver, settle, tidy up."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.papers import open_days
from bot.errors import SourceError
from bot.services.collect import SOURCE
from bot.services.drafts import Outcome
from bot.services.editions import waiting_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date, datetime

    from bot.domain.schedules import Schedule
    from bot.metrics import Metrics
    from bot.services.collect import Collector
    from bot.services.delivery import Deliveries
    from bot.services.drafts import Recent
    from bot.services.editions import Editions
    from bot.services.late import LatePapers
    from bot.services.settling import Settling
    from bot.storage.days import DayStore
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

CONTENT_KEPT = timedelta(days=30)
"""How long the text of a sent message is kept, and what was asked for before."""

QUIET_AFTER = 2
"""Intervals without a reading of any open list, after which a quiet line stands in."""

_HEAD_START = 0.5  # seconds of making before the first look at what can be sent
_BATCH = 8  # made at a time: more would take one turn of the loop together and hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """The services that the clock's rounds go through."""

    collector: Collector
    editions: Editions
    late: LatePapers
    deliveries: Deliveries
    settling: Settling
    metrics: Metrics


class Daily:
    """The rounds that the clock starts; each may run twice and nothing happens twice.

    ``interval`` is the time between two collections: editions wait for lists that were not read
    for longer than two of them. None lets them go out with what is stored, however old.
    """

    def __init__(
        self,
        rounds: Rounds,
        days: DayStore,
        schedules: ScheduleStore,
        ledger: DeliveryLedger,
        interval: timedelta | None = None,
    ) -> None:
        self._collector = rounds.collector
        self._editions = rounds.editions
        self._late = rounds.late
        self._deliveries = rounds.deliveries
        self._settling = rounds.settling
        self._metrics = rounds.metrics
        self._days = days
        self._schedules = schedules
        self._ledger = ledger
        self._interval = interval

    async def collect(self, now: datetime) -> None:
        """Read every day that may have changed, and bring what came late.

        Raises:
            SourceError: the source could not be read; what was read before is stored.
        """
        # The earliest first: an edition must not pass over a day that a failure left unread.
        days = await self._collector.wanted(now)
        read: list[date] = []
        try:
            collected = await self._collector.collect(list(reversed(days)), now, read.append)
            self._metrics.collected(SOURCE, ok=True, papers=collected.papers)
        except SourceError:
            self._metrics.collected(SOURCE, ok=False, papers=0)
            raise
        finally:
            await self._late.add(read, now)
            await self._deliveries.deliver_ready()

    async def run_due(self, now: datetime) -> int:
        """Make the editions whose time has come, deliver what is planned; return how many made.

        While no open list can be read a quiet line stands in for each edition, which takes the
        line's place as soon as one can.
        """
        making = asyncio.create_task(self._make_due(now))
        try:
            while not making.done():  # the first editions need not wait for the last to be made
                await asyncio.wait({making}, timeout=_HEAD_START)
                await self._deliveries.deliver_ready()
        finally:
            making.cancel()
            await asyncio.wait({making})
        return making.result()

    async def _make_due(self, now: datetime) -> int:
        unread, since = await self._unread(now)
        if unread:
            return await self._all_due(now, lambda one: self._editions.stand_in(one, since, now))
        recent = await self._editions.recent(now)

        async def make(schedule: Schedule) -> bool:
            return await self._make(schedule, recent, now)

        return await self._replace_lines(make) + await self._all_due(now, make)

    async def _unread(self, now: datetime) -> tuple[bool, datetime | None]:
        """Say whether no open list was read in the last two intervals, and since when."""
        if self._interval is None:
            return False, None
        days = open_days(now)
        readings = await self._days.readings(days[0], days[-1])
        if any(now - at <= QUIET_AFTER * self._interval for at in readings.values()):
            return False, None
        return True, await self._days.last_reading()

    async def _all_due(self, now: datetime, make: Callable[[Schedule], Awaitable[bool]]) -> int:
        """Make every due schedule's edition, each once, those that stay due looked past."""
        made = stuck = 0
        tried: set[int] = set()
        while True:
            most = stuck + _BATCH
            due = await self._schedules.due(now, most)
            fresh = [one for one in due if one.channel_id not in tried]
            if not fresh and len(due) < most:
                return made
            stuck = len(due) - len(fresh)
            tried.update(one.channel_id for one in fresh)
            made += await _each(fresh, make)

    async def _replace_lines(self, make: Callable[[Schedule], Awaitable[bool]]) -> int:
        """Make the editions for which quiet lines stand, now that the lists can be read."""
        made = after = 0
        while standing := await self._schedules.quiet(after, _BATCH):
            after = standing[-1].channel_id
            made += await _each(standing, make)
        return made

    async def _make(self, schedule: Schedule, recent: Recent, now: datetime) -> bool:
        made = await self._editions.make(schedule, now, recent=recent)
        self._metrics.edition(made.outcome)
        if made.outcome is Outcome.WAITING:
            await self._schedules.say(schedule, waiting_for(made.waits_for))
        return made.outcome is Outcome.DELIVERED

    async def settle(self) -> int:
        """Find out how the deliveries went that have no answer; return how many were settled."""
        return await self._settling.settle()

    async def upkeep(self, now: datetime) -> None:
        """Forget the text of messages that were sent long ago."""
        forgotten = await self._ledger.forget_content(now - CONTENT_KEPT)
        await self._schedules.forget_filters(now - CONTENT_KEPT)
        log.info("Upkeep: dropped the text of %d old messages", forgotten)


async def _each(schedules: Sequence[Schedule], make: Callable[[Schedule], Awaitable[bool]]) -> int:
    """Make editions, each by itself: one that fails stays due and holds up no other."""
    results = await asyncio.gather(*map(make, schedules), return_exceptions=True)
    for schedule, result in zip(schedules, results, strict=True):
        if isinstance(result, BaseException):
            log.error("The edition of channel %d failed", schedule.channel_id, exc_info=result)
    return sum(result is True for result in results)
