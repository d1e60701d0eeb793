"""What runs by the clock; the only importer of APScheduler."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from typing_extensions import override

from bot.errors import PaperboyError
from bot.services.clockwork import Jumps

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from apscheduler.job import Job

    from bot.services.clockwork import Clockwork
    from bot.services.daily import Daily

log = logging.getLogger(__name__)

UPKEEP_EVERY = timedelta(hours=24)
FIRST_RETRY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the clock's jobs look, and how long after the start they begin."""

    collect_every: timedelta = timedelta(minutes=30)
    due_every: timedelta = timedelta(seconds=20)
    settle_every: timedelta = timedelta(seconds=60)
    mend_every: timedelta = timedelta(hours=1)
    probe_every: timedelta = timedelta(minutes=10)
    begin_after: timedelta = timedelta(seconds=5)


class Jobs:
    """The few global jobs; schedules are rows in the database, not jobs.

    Every job may come late and is never skipped for it: APScheduler's ``misfire_grace_time``
    of one second would drop what a busy loop delayed.

    APScheduler goes by the machine's clock, and would sleep through the year that it was set back
    by; so that is watched. Services go by ``now``, and what it wrote while it was wrong is mended
    before anything is decided by it. ``probe``, if there is one, asks Discord for something small
    now and then, so that its time is known on a quiet server.
    """

    def __init__(
        self,
        daily: Daily,
        clockwork: Clockwork,
        now: Callable[[], datetime],
        pace: Pace,
        probe: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._daily = daily
        self._clockwork = clockwork
        self._now = now
        self._pace = pace
        self._mended = False
        self._mending = asyncio.Lock()
        self._jumps = Jumps(now)
        self._machine = Jumps(lambda: datetime.now(UTC))
        self._watching: asyncio.Task[None] | None = None
        self._probe = probe
        self._resting = False
        self._failures = 0
        self._looked = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._collecting: Job | None = None
        self._delivering: Job | None = None
        self._alerting: Job | None = None
        self._at_work: list[asyncio.Lock] = []

    async def __aenter__(self) -> Self:
        """Return the jobs, not yet started."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the clock, and wait until the jobs that it cancels have let go of everything."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # APScheduler stops in the loop's next turn
            for one in self._at_work:
                async with one:
                    pass

    def start(self) -> None:
        """Start the clock, beginning with a collection; a second call changes nothing."""
        if self._scheduler.running or self._resting:
            return
        pace, later = self._pace, timedelta(minutes=10)
        self._collecting = self._add(self.collect, pace.collect_every, timedelta(0))
        self._add(self.run_due, pace.due_every, pace.begin_after)
        self._delivering = self._add(self.deliver, pace.due_every, pace.begin_after)
        self._alerting = self._add(self.alert, pace.due_every, pace.begin_after)
        self._add(self.write, pace.due_every, pace.begin_after)
        self._add(self.index, pace.due_every, pace.begin_after)
        self._add(self.settle, pace.settle_every, pace.begin_after)
        self._add(self.mend, pace.mend_every, pace.mend_every)
        self._add(self.renew_alerts, pace.settle_every, later)
        self._add(self.upkeep, UPKEEP_EVERY, later)
        if self._probe is not None:
            self._add(self._probe, pace.probe_every, pace.probe_every)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(), name="watch the clock")

    def rest(self) -> None:
        """Start nothing new from now on; what is at work goes on."""
        self._resting = True
        if self._scheduler.running:
            self._scheduler.pause()

    def _add(self, job: Callable[[], Awaitable[None]], every: timedelta, after: timedelta) -> Job:
        name = getattr(job, "__name__", None)
        at_work, safe = asyncio.Lock(), guarded(job)
        self._at_work.append(at_work)

        async def run() -> None:
            async with at_work:
                await safe()

        return self._scheduler.add_job(
            run,
            Every(seconds=every.total_seconds()),
            id=name,
            name=name,
            next_run_time=datetime.now(UTC) + after,
        )

    async def collect(self) -> None:
        """Read the days that may have changed; after a failure, again sooner than usual."""
        try:
            await self._mend_first()
            await self._daily.read(self._now())
        except PaperboyError:
            self._retry_sooner()
            raise
        finally:
            self._looked = True
        self._failures = 0
        if self._alerting is not None:  # what came comes at once
            self._alerting.modify(next_run_time=datetime.now(UTC))

    def _retry_sooner(self) -> None:
        wait = min(FIRST_RETRY * (1 << min(self._failures, 10)), self._pace.collect_every)
        self._failures += 1
        if self._collecting is not None:
            self._collecting.modify(next_run_time=datetime.now(UTC) + wait)

    async def run_due(self) -> None:
        """Make what is due, once the sources have been asked after the start.

        A bot that was down would else find yesterday's lists missing and call it no papers.
        """
        if not self._looked:
            return
        await self._mend_first()
        if await self._daily.make_due(self._now()):
            self._deliver_now()

    async def alert(self) -> None:
        """Let alerts look at what is new, by themselves: however much it is, nothing waits."""
        if await self._daily.alert(self._now()):
            self._deliver_now()

    async def deliver(self) -> None:
        """Deliver what is planned, by itself: a slow Discord keeps nothing from being made."""
        await self._daily.deliver()

    async def write(self) -> None:
        """Have a model write summaries, by itself: nothing waits for a slow model."""
        if self._looked and await self._daily.write(self._now):
            self._deliver_now()

    async def index(self) -> None:
        """Index what an upgrade or a large import has left, by itself and off the loop."""
        await self._daily.index()

    def _deliver_now(self) -> None:
        """Let what was planned just now not wait for the next round."""
        if self._delivering is not None:
            self._delivering.modify(next_run_time=datetime.now(UTC))

    async def renew_alerts(self) -> None:
        """Look for what alerts want by what is known of words by now."""
        await self._daily.renew_alerts(self._now())

    async def settle(self) -> None:
        """Look for the messages of which nobody knows whether they arrived."""
        await self._daily.settle()

    async def mend(self) -> None:
        """Put right what a wrong clock wrote."""
        await self._clockwork.mend(self._now())

    async def _mend_first(self) -> None:
        """Mend at the start and after the clock was set, whichever job comes first.

        It counts as done once begun: if it fails, that costs one round and not all of them.
        """
        async with self._mending:
            jump = self._jumps.by()
            if jump or not self._mended:
                self._mended = True
                await self._clockwork.mend(self._now(), jump)

    async def _watch(self) -> None:
        """Run every job anew when the machine's clock was set, as their times are the old one's."""
        while True:
            await asyncio.sleep(self._pace.due_every.total_seconds())  # by the monotonic clock
            if jump := self._machine.by():
                log.warning(
                    "The machine's clock was set by %+.0f seconds; every job runs now",
                    jump.total_seconds(),
                )
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))

    async def upkeep(self) -> None:
        """Tidy up."""
        await self._daily.upkeep(self._now())


class Every(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types
    """An interval after each run.

    IntervalTrigger counts on from the last one: of a clock that is set a year ahead, APScheduler
    would list a million runs that it missed, and hold the loop for it, to make but one of them.
    """

    @override
    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the moment of the next run."""
        following: datetime = now + self.interval
        return following


def guarded(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Return a job that logs what goes wrong and lives on for its next run."""

    async def run() -> None:
        name = getattr(job, "__name__", "job")
        try:
            await job()
        except asyncio.CancelledError:  # the end of its task, and no error for APScheduler to log
            log.info("The job %s was stopped", name)
        except PaperboyError as error:
            log.warning("The job %s failed and will run again: %s", name, error)
        except Exception:
            log.exception("The job %s failed and will run again", name)

    return run
