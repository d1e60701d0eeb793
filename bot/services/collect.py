"""Collecting: which days to read, reading them whole, and storing each as it was read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.papers import list_date, settles_at
from bot.errors import SourceError, UnexpectedAnswer
from bot.storage.records import Collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from bot.domain.papers import DailySource
    from bot.services.summarize import Summaries
    from bot.storage.days import DayStore
    from bot.storage.records import CollectionLog
    from bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

SOURCE = "Hugging Face"
LOOK_BACK = timedelta(days=7)
"""How far back a first start reads: past a weekend and the holidays beside it."""

GIVE_UP_AFTER = 2
"""So many days in a row without an answer mean that the source is down."""

LONGEST_GAP = timedelta(days=400)
"""How far back a bot that was away reads for a channel that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one round read: the days, their papers, and how many of these were new."""

    days: tuple[date, ...]
    papers: int
    fresh: int


class Collector:
    """Reads Hugging Face's days into the database."""

    def __init__(
        self,
        source: DailySource,
        days: DayStore,
        schedules: ScheduleStore,
        summaries: Summaries,
        collections: CollectionLog,
    ) -> None:
        self._source = source
        self._days = days
        self._schedules = schedules
        self._summaries = summaries
        self._collections = collections

    async def wanted(self, now: datetime) -> list[date]:
        """Return the days to read at ``now``: those not yet read after closing, latest first.

        They go back a week, or as far as some channel still waits for a day.
        """
        today = list_date(now)
        first = min(await self._schedules.earliest_unsettled() or today, today - LOOK_BACK)
        first = max(first, today - LONGEST_GAP)
        return await self.unread(first, today)

    async def unread(self, first: date, last: date) -> list[date]:
        """Return the days of a range that were not read after they closed, the latest first."""
        read_at = await self._days.readings(first, last)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            day for day in reversed(days) if day not in read_at or read_at[day] < settles_at(day)
        ]

    async def collect(
        self,
        days: Sequence[date],
        now: datetime,
        progress: Callable[[date], None] = lambda _: None,
    ) -> Collected:
        """Read these days whole and store them, each by itself; the round is written down.

        A day that cannot be read is left out, and two in a row without an answer end the round.
        Either raises in the end, and what was read stays stored, so that the same call later goes
        on where this one stopped.

        Raises:
            SourceError: the source could not be read; says which day.
        """
        done: list[date] = []
        papers = fresh = 0
        error: SourceError | None = None
        silent = 0
        for day in days:
            try:
                reading = await self._source.day(day)
            except SourceError as failure:
                # One day that cannot be read must not keep the others away for ever, but a
                # source that is down is not asked for each.
                error = error or failure
                silent += not isinstance(failure, UnexpectedAnswer)
                if silent == GIVE_UP_AFTER:
                    break
                continue
            silent = 0
            fresh += await self._days.save_reading(reading)
            papers += len(reading.listed)
            await self._summaries.ensure([one.paper.id for one in reading.listed], now)
            done.append(day)
            progress(day)
        await self._write_down(now, done, papers, fresh, error)
        if error is not None:
            raise error
        return Collected(days=tuple(done), papers=papers, fresh=fresh)

    async def _write_down(
        self,
        now: datetime,
        days: Iterable[date],
        papers: int,
        fresh: int,
        error: SourceError | None,
    ) -> None:
        read = tuple(days)
        await self._collections.add(
            Collection(
                source=SOURCE,
                began_at=now,
                days=read,
                papers=papers,
                fresh=fresh,
                error=None if error is None else str(error),
            )
        )
        log.info("Read %d day(s) of %s: %d papers, %d new", len(read), SOURCE, papers, fresh)
