"""Clockwork: a clock that was wrong for a while, noticed, and what it wrote put right."""

from __future__ import annotations

import asyncio
import logging
import time as machine
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.papers import list_date, settles_at
from bot.domain.schedules import next_run, parse_weekdays
from bot.errors import UserError
from bot.services.collect import LOOK_BACK
from bot.storage.clockwork import Again

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bot.storage.clockwork import ClockworkStore, Standing

log = logging.getLogger(__name__)

CLOSE_ENOUGH = timedelta(hours=1)
"""A clock so far ahead does no harm: lists are read once more an hour after they close, and an
edition that was made so early was the one of its occasion."""

JUMP = timedelta(minutes=1)
"""A clock that gains or loses so much between two looks was set; a busy loop is no reason."""

REACH = timedelta(days=31)
"""How far back channels start again: a clock that was wrong for longer would have been noticed."""

_LONGEST_DAY = timedelta(hours=26)  # between two times of a daily alert, whatever its zone does
_ALERTS_AT_ONCE = 200  # moved in one transaction
_BATCH = 64  # schedules looked at in one turn of the loop: well under a millisecond
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """How many days are read again, channels start again, and schedules run at another time."""

    days: int = 0
    channels: int = 0
    runs: int = 0


class Jumps:
    """Notices that a clock was set: it and the monotonic one have gone on by different times."""

    def __init__(
        self, now: Callable[[], datetime], monotonic: Callable[[], float] = machine.monotonic
    ) -> None:
        self._now = now
        self._monotonic = monotonic
        self._began = self._beginning()

    def by(self) -> timedelta:
        """Return how far the clock was set since this was last asked, zero if it was not."""
        before, self._began = self._began, self._beginning()
        jump = self._began - before
        return jump if abs(jump) > JUMP else timedelta(0)

    def _beginning(self) -> datetime:
        return self._now() - timedelta(seconds=self._monotonic())


class Clockwork:
    """Finds what a wrong clock wrote and puts it right; where nothing is wrong it only looks.

    What the clock itself says is believed. While it is behind, what the right clock wrote looks
    as if it came from the future and is put right too: that costs some reading and, at the worst,
    an early edition, but no paper, and is put right again once the clock is.
    """

    def __init__(self, store: ClockworkStore) -> None:
        self._store = store

    async def mend(self, now: datetime, set_by: timedelta = timedelta(0)) -> Mended:
        """Put right the lists, where the channels have got to, and when they run next.

        ``set_by`` is how far the clock was set just now, if it was: set forward, it was behind, and
        schedules may stand at an occasion that they had before it was.
        """
        days, channels = await self._start_again(now)
        runs = await self._move_runs(now, was_behind=set_by > timedelta(0))
        if runs:
            log.warning(
                "After a wrong clock or new time-zone data %d schedule(s) waited for a wrong time",
                runs,
            )
        if alerts := await self._move_alerts(now):
            log.warning("After a wrong clock %d alert(s) waited for a wrong time", alerts)
        return Mended(days=days, channels=channels, runs=runs)

    async def _move_alerts(self, now: datetime) -> int:
        """Let the alerts begin now that would begin later, and come daily by the right clock."""
        moved = 0
        begin, latest = now + CLOSE_ENOUGH, now + _LONGEST_DAY
        while ahead := await self._store.alerts_ahead(begin, latest, _ALERTS_AT_ONCE):
            await self._store.move_alerts(ahead, now)
            moved += len(ahead)
        return moved

    async def _start_again(self, now: datetime) -> tuple[int, int]:
        """Make doubtful days unread, and let the channels that had got past them start again.

        A channel that has run since before the first doubtful day goes back to that day: all that
        is listed from there on was brought to it, which is never brought again, or was decided by
        lists that are read again, or was missed. A new channel is owed nothing from before its
        first edition, so it goes back no further than the first day of which it was brought a
        paper; one that was never brought anything, no further than a first start reads, a week.
        """
        today = list_date(now)
        week_ago = today - LOOK_BACK
        doubtful = doubtful_days(await self._store.readings(week_ago, now + CLOSE_ENOUGH), now)
        begun = [day for day in doubtful if day <= today]
        if not doubtful and not await self._store.beyond(today + _DAY):
            return 0, 0
        first = max(min(begun, default=week_ago), today - REACH)
        channels = await self._store.start_again(
            doubtful,
            {day: min(now, datetime.combine(day, time(), tzinfo=UTC)) for day in doubtful},
            Again(first=first, week_ago=week_ago, later_than=first if begun else today + _DAY),
        )
        if doubtful:
            log.warning(
                "A wrong clock had read %d day(s), the first %s; they count as not read",
                len(doubtful), min(doubtful),
            )  # fmt: skip
        if channels:
            log.warning(
                "After a wrong clock %d channel(s) start again, at the earliest from %s",
                channels, first,
            )  # fmt: skip
        return len(doubtful), channels

    async def _move_runs(self, now: datetime, *, was_behind: bool) -> int:
        """Let the schedules that stand at a wrong time run at their next regular one.

        All that are not due are looked at, and not those alone that wait for long: new time-zone
        data moves a run by an hour. Many share one order, which is worked out once.
        """
        upcoming: dict[tuple[str, str, str], _Order | None] = {}
        moved = last = 0
        while standing := await self._store.standing(now, last, _BATCH):
            moves = []
            for one in standing:
                if one.order not in upcoming:
                    upcoming[one.order] = _order(one, now)
                    await asyncio.sleep(0)  # a zone may have to be read from the disk
                order = upcoming[one.order]
                run = (
                    one.next_run if order is None else order.right(one, now, was_behind=was_behind)
                )
                if run != one.next_run:
                    moves.append((one, run))
            if moves:
                moved += await self._store.move(moves)
            last = standing[-1].channel_id
        return moved


def doubtful_days(readings: Mapping[date, datetime], now: datetime) -> dict[date, datetime]:
    """Return the readings that a wrong clock made, or may have made.

    Those are the ones from the future. If they show that the clock was ahead by less than a week,
    then in the days before it may also have taken a list for settled that was still open, at a
    time that is past by now.
    """
    ahead = max((read_at - now for read_at in readings.values()), default=timedelta(0))
    if ahead <= CLOSE_ENOUGH:
        return {}
    early = ahead if ahead <= LOOK_BACK else timedelta(0)
    return {
        day: read_at
        for day, read_at in readings.items()
        if read_at > now + CLOSE_ENOUGH or settles_at(day) <= read_at < settles_at(day) + early
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """When schedules run that share a time, a zone and weekdays, and when they do next."""

    at: time
    zone: ZoneInfo
    weekdays: frozenset[int]
    upcoming: datetime

    def right(self, one: Standing, now: datetime, *, was_behind: bool) -> datetime:
        """Return when a schedule is to run next; an occasion that was had is not had again."""
        run = self.upcoming
        if _done(one, run, now):
            run = next_run(self.at, self.zone, self.weekdays, run)
        # Unless the clock was behind, it is an edition made by hand that came after this one.
        had = (
            was_behind
            and one.last_run is not None
            and one.next_run <= one.last_run <= now + CLOSE_ENOUGH
        )
        return run if had or one.next_run > run else one.next_run


def _order(one: Standing, now: datetime) -> _Order | None:
    """Read an order; one that cannot be read is told and stopped when it is due."""
    at, zone, weekdays = one.order
    try:
        told = time.fromisoformat(at), ZoneInfo(zone), parse_weekdays(weekdays)
    except (ValueError, UserError, ZoneInfoNotFoundError):
        return None
    return _Order(at=told[0], zone=told[1], weekdays=told[2], upcoming=next_run(*told, after=now))


def _done(one: Standing, occasion: datetime, now: datetime) -> bool:
    """Say whether the last edition was made at an occasion, by a clock that was close enough."""
    if one.last_run is None or one.last_run > now + CLOSE_ENOUGH:
        return False
    return occasion <= one.last_run < occasion + CLOSE_ENOUGH
