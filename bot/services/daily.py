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
    from bot.services.alert_rounds import AlertRounds
    from bot.services.collect import Collector
    from bot.services.delivery import Deliveries
    from bot.services.departures import Departures
    from bot.services.editions import Editions
    from bot.services.indexing import Indexing
    from bot.services.late import LatePapers
    from bot.services.matches import Matches
    from bot.services.recent import Recent
    from bot.services.rewording import Rewording
    from bot.services.settling import Settling
    from bot.services.writing import Writing
    from bot.storage.days import DayStore
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore
    from bot.storage.standing import StandingStore

log = logging.getLogger(__name__)

CONTENT_KEPT = timedelta(days=30)
"""How long a sent message is kept, and what was asked for before."""

BATCHES_KEPT = timedelta(days=2)
"""How long a sent message of alerts is kept: until it is surely settled."""

OVERTAKEN = timedelta(minutes=30)
"""An edition that waits for so long when the next one is due comes with that one."""

QUIET_AFTER = 2
"""Intervals without a reading of any open list, after which a quiet line stands in."""

_BATCH = 8  # made at a time: more would take one turn of the loop together and hold it


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """The services that the clock's rounds go through, and what only they ask of the database."""

    collector: Collector
    editions: Editions
    late: LatePapers
    deliveries: Deliveries
    settling: Settling
    writing: Writing
    rewording: Rewording
    indexing: Indexing
    matches: Matches
    standing: StandingStore
    departures: Departures
    alerts: AlertRounds
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
        self._writing = rounds.writing
        self._rewording = rounds.rewording
        self._indexing = rounds.indexing
        self._standing = rounds.standing
        self._matches = rounds.matches
        self._departures = rounds.departures
        self._alerts = rounds.alerts
        self._metrics = rounds.metrics
        self._days = days
        self._schedules = schedules
        self._ledger = ledger
        self._interval = interval

    async def index(self) -> None:
        """Index the papers that no transaction has."""
        await self._indexing.catch_up()

    async def renew_alerts(self, now: datetime) -> None:
        """Look for what alerts want by what is known of words by now."""
        await self._alerts.renew(now)

    async def collect(self, now: datetime) -> None:
        """Read every day that may have changed, and bring what came late.

        Raises:
            SourceError: the source could not be read; what was read before is stored.
        """
        try:
            await self.read(now)
        except SourceError:
            await self._bring(now)
            raise
        await self._bring(now)

    async def read(self, now: datetime) -> None:
        """Read every day that may have changed, and plan the edits for what came late.

        Raises:
            SourceError: the source could not be read; what was read before is stored.
        """
        # The earliest first: an edition must not pass over a day that a failure left unread.
        days = await self._collector.wanted(now)
        read: list[date] = []
        try:
            collected = await self._collector.collect(list(reversed(days)), now, read.append)
        except SourceError:
            self._metrics.collected(SOURCE, ok=False, papers=0)
            await self._revise(read, now)
            raise
        self._metrics.collected(SOURCE, ok=True, papers=collected.papers)
        await self._revise(read, now)

    async def _revise(self, read: Sequence[date], now: datetime) -> None:
        await self._matches.close(read, now)
        await self._late.add(read, now)
        await self._rewording.add(now, whatever_comes=True)

    async def alert(self, now: datetime) -> int:
        """Let alerts look at what is new, and plan what is due of them; return the messages.

        By itself: however much it is, no edition waits for it.
        """
        planned = 0
        for work in (self._alerts.look, self._alerts.run_due):
            try:
                planned += await work(now)
            except Exception:
                log.exception("Alerts could not be looked after, and will be")
        return planned

    async def write(self, now: Callable[[], datetime]) -> int:
        """Have a model write what summaries are missing, and plan the edits that show them.

        It may take many minutes, so it asks what the time is; returns how many editions get
        better words.
        """
        await self._writing.round()
        return await self._rewording.add(now())

    async def deliver(self) -> int:
        """Deliver what is planned; return how many messages were sent."""
        return await self._deliveries.deliver_ready()

    async def run_due(self, now: datetime) -> int:
        """Make the editions whose time has come, and deliver them; return how many were made."""
        made = await self.make_due(now)
        await self._bring(now)
        return made

    async def _bring(self, now: datetime) -> None:
        """Let alerts have their turn, and deliver what is planned."""
        await self.alert(now)
        await self.deliver()

    async def make_due(self, now: datetime) -> int:
        """Make the editions whose time has come; return how many were made.

        While no open list can be read a quiet line stands in for each edition, which takes the
        line's place as soon as one can.
        """
        for channel_id in await self._schedules.take_back_overtaken(now, now - OVERTAKEN):
            log.info("What channel %d has not got comes with its next edition", channel_id)
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
        """Make every due schedule's edition, each once, whether or not it stays due."""
        made = 0
        last: Schedule | None = None
        while due := await self._schedules.due(now, _BATCH, last):
            last = due[-1]
            made += await _each(due, make)
        return made

    async def _replace_lines(self, make: Callable[[Schedule], Awaitable[bool]]) -> int:
        """Make the editions for which quiet lines stand, now that the lists can be read."""
        made = after = 0
        while standing := await self._standing.quiet(after, _BATCH):
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
        """Forget messages that were sent long ago, what was asked for before, and servers left."""
        forgotten = await self._ledger.forget_sent(now - CONTENT_KEPT, now - BATCHES_KEPT)
        await self._matches.forget(now - CONTENT_KEPT)
        await self._writing.budget.forget(CONTENT_KEPT)
        await self._departures.erase(now)
        await self._alerts.tidy(now)
        log.info("Upkeep: forgot %d old messages", forgotten)


async def _each(schedules: Sequence[Schedule], make: Callable[[Schedule], Awaitable[bool]]) -> int:
    """Make editions, each by itself: one that fails stays due and holds up no other."""
    results = await asyncio.gather(*map(make, schedules), return_exceptions=True)
    for schedule, result in zip(schedules, results, strict=True):
        if isinstance(result, BaseException):
            log.error("The edition of channel %d failed", schedule.channel_id, exc_info=result)
    return sum(result is True for result in results)
