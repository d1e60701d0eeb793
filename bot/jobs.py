"""What runs by the clock; the only importer of APScheduler."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import PaperboyError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from apscheduler.job import Job

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
    begin_after: timedelta = timedelta(seconds=5)


class Jobs:
    """The few global jobs; schedules are rows in the database, not jobs.

    Every job may come late and is never skipped for it: APScheduler's ``misfire_grace_time``
    of one second would drop what a busy loop delayed.
    """

    def __init__(self, daily: Daily, now: Callable[[], datetime], pace: Pace) -> None:
        self._daily = daily
        self._now = now
        self._pace = pace
        self._failures = 0
        self._looked = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._collecting: Job | None = None
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
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            await asyncio.sleep(0)  # APScheduler stops in the loop's next turn
            for one in self._at_work:
                async with one:
                    pass

    def start(self) -> None:
        """Start the clock, beginning with a collection; a second call changes nothing."""
        if self._scheduler.running:
            return
        pace, later = self._pace, timedelta(minutes=10)
        self._collecting = self._add(self.collect, pace.collect_every, timedelta(0))
        self._add(self.run_due, pace.due_every, pace.begin_after)
        self._add(self.settle, pace.settle_every, pace.begin_after)
        self._add(self.upkeep, UPKEEP_EVERY, later)
        self._scheduler.start()

    def _add(self, job: Callable[[], Awaitable[None]], every: timedelta, after: timedelta) -> Job:
        name = getattr(job, "__name__", None)
        at_work, safe = asyncio.Lock(), guarded(job)
        self._at_work.append(at_work)

        async def run() -> None:
            async with at_work:
                await safe()

        return self._scheduler.add_job(
            run,
            IntervalTrigger(seconds=every.total_seconds()),
            id=name,
            name=name,
            next_run_time=datetime.now(UTC) + after,
        )

    async def collect(self) -> None:
        """Read the days that may have changed; after a failure, again sooner than usual."""
        try:
            await self._daily.collect(self._now())
        except PaperboyError:
            self._retry_sooner()
            raise
        finally:
            self._looked = True
        self._failures = 0

    def _retry_sooner(self) -> None:
        wait = min(FIRST_RETRY * (1 << min(self._failures, 10)), self._pace.collect_every)
        self._failures += 1
        if self._collecting is not None:
            self._collecting.modify(next_run_time=datetime.now(UTC) + wait)

    async def run_due(self) -> None:
        """Make and deliver what is due, once the sources have been asked after the start.

        A bot that was down would else find yesterday's lists missing and call it no papers.
        """
        if not self._looked:
            return
        await self._daily.run_due(self._now())

    async def settle(self) -> None:
        """Look for the messages of which nobody knows whether they arrived."""
        await self._daily.settle()

    async def upkeep(self) -> None:
        """Tidy up."""
        await self._daily.upkeep(self._now())


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
