"""An occasion thought through: what a channel would be brought now, and why not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.editions import (
    DayState,
    Decided,
    Edition,
    Order,
    Receipt,
    choose,
    entry,
    undecided,
)
from bot.domain.papers import closes_at, list_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.editions import Choice, Entry
    from bot.domain.papers import ArxivId, DayList, Listed
    from bot.domain.schedules import Schedule
    from bot.domain.summaries import Summary
    from bot.services.summarize import Summaries
    from bot.services.writing import Writing
    from bot.storage.days import DayStore
    from bot.storage.filters import FilterStore

RECENT_DAYS = timedelta(days=4)
"""How far back almost every channel's edition reaches: over a weekend."""


class Outcome(StrEnum):
    """How a channel's occasion ended; stored with the schedule for ``/status``."""

    DELIVERED = "delivered"
    NO_PAPERS = "no papers"
    NO_MATCH = "none matched"
    RACED = "raced"
    WAITING = "waiting"
    UNREAD = "unread"
    WRITING = "writing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """What the channels of one round share: the lists from ``first`` on, all of one moment.

    ``filters`` are what channels asked for before; ``summaries`` fills up as the round goes on.
    ``awaited`` are the papers that a model is about to summarise, and ``extracts`` says that the
    day's tokens for one are spent.
    """

    first: date
    lists: Mapping[date, DayList]
    filters: Mapping[int, Sequence[tuple[datetime, int]]]
    summaries: dict[ArxivId, Summary] = field(default_factory=dict)
    awaited: frozenset[ArxivId] = frozenset()
    extracts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An occasion thought through: what would be brought, and where the next one starts.

    ``waits_for`` is the first past day that was never read.
    """

    outcome: Outcome
    since: date | None
    choice: Choice
    days: tuple[DayState, ...] = ()
    listed: int = 0
    waits_for: date | None = None
    edition: Edition | None = None


class Drafts:
    """Thinks a channel's occasion through; nothing is written."""

    def __init__(
        self, days: DayStore, filters: FilterStore, summaries: Summaries, writing: Writing
    ) -> None:
        self._days = days
        self._filters = filters
        self._summaries = summaries
        self._writing = writing

    async def recent(self, now: datetime) -> Recent:
        """Read the last days' lists once, for all the channels whose editions are made now."""
        until = list_date(now)
        first = until - RECENT_DAYS
        return Recent(
            first=first,
            lists=await self._days.days_between(first, until),
            filters=await self._filters.all(),
            awaited=await self._writing.awaited(),
            extracts=self._writing.active and await self._writing.budget.spent(),
        )

    async def draft(self, schedule: Schedule, now: datetime, recent: Recent | None = None) -> Draft:
        """Return what a channel would get now."""
        recent = recent or await self.recent(now)
        until = list_date(now)
        since = schedule.since or await self._days.latest_day(until)
        if since is None:
            return Draft(outcome=Outcome.NO_PAPERS, since=None, choice=_NOTHING)
        # The lists are read once, and first: a reading that is stored meanwhile must not make a
        # day look settled whose last papers were not seen here.
        if recent.first <= since:
            lists = {day: one for day, one in recent.lists.items() if day >= since}
        else:
            lists = await self._days.days_between(since, until)
        left = await self.left(schedule, lists, recent)
        choice = choose(left, order_of(schedule))
        waits_for = _never_read(lists, since, until)
        draft = Draft(
            outcome=_empty_outcome(choice, waits_for),
            since=_unsettled(lists, since, until),
            choice=choice,
            days=states(lists, left),
            listed=len(choice.shown) + len(choice.more) + len(choice.rest),
            waits_for=waits_for,
        )
        if choice.empty:
            return draft
        entries = await self.entries(choice.shown, 1, recent, now)
        extracts = recent.extracts and not all(
            one.id in recent.summaries and recent.summaries[one.id].by_model for one in entries
        )
        edition = _edition(schedule, draft, entries, now, extracts=extracts)
        return replace(draft, outcome=Outcome.DELIVERED, edition=edition)

    async def left(
        self, schedule: Schedule, lists: Mapping[date, DayList], recent: Recent
    ) -> list[Listed]:
        """Return the papers of these lists that are still to be decided for a channel."""
        if not lists:
            return []
        filters = recent.filters.get(schedule.channel_id, ())
        decided = Decided(
            brought=await self._days.brought(schedule.channel_id, min(lists), max(lists)),
            at=schedule.decided_at,
            filters=tuple((until, Order(min_upvotes=least)) for until, least in filters),
        )
        return undecided(lists.values(), decided, order_of(schedule))

    async def lists(self, days: Sequence[date], recent: Recent) -> dict[date, DayList]:
        """Return the lists of an edition's days, as they are now."""
        known = recent.lists
        if min(days) < recent.first:
            known = await self._days.days_between(min(days), max(days))
        return {day: known[day] for day in days if day in known}

    async def entries(
        self, papers: Sequence[Listed], first_place: int, recent: Recent, now: datetime
    ) -> tuple[Entry, ...]:
        """Return what an edition shows of these papers, numbered on from ``first_place``."""
        summaries = recent.summaries
        if missing := [one.paper.id for one in papers if one.paper.id not in summaries]:
            summaries |= await self._summaries.ensure(missing, now)
        return tuple(
            entry(one.paper, place, one.upvotes, summaries.get(one.paper.id))
            for place, one in enumerate(papers, start=first_place)
        )


def _edition(
    schedule: Schedule, draft: Draft, entries: tuple[Entry, ...], now: datetime, *, extracts: bool
) -> Edition:
    choice = draft.choice
    return Edition(
        id=new_edition_id(),
        channel_id=schedule.channel_id,
        made_at=now,
        style=schedule.style,
        mention_role=schedule.mention_role,
        filter=order_text(schedule.min_upvotes),
        entries=entries,
        receipt=Receipt(
            shown=len(choice.shown),
            matching=len(choice.shown) + len(choice.more),
            listed=draft.listed,
            days=draft.days,
            extracts=extracts,
        ),
    )


_NOTHING = choose((), Order())


def new_edition_id() -> str:
    """Return an id that no other edition has."""
    return secrets.token_hex(6)


def order_of(schedule: Schedule) -> Order:
    """Return what a channel asks for today."""
    return Order(limit=schedule.limit, min_upvotes=schedule.min_upvotes)


def order_text(min_upvotes: int) -> str | None:
    """Say in words which papers a channel asked for, None when it takes all."""
    return f"at least {min_upvotes} upvotes" if min_upvotes else None


def _never_read(lists: Mapping[date, DayList], since: date, until: date) -> date | None:
    past = (since + timedelta(days=n) for n in range((until - since).days))
    return next((day for day in past if day not in lists), None)


def _empty_outcome(choice: Choice, waits_for: date | None) -> Outcome:
    """Say why nothing would be brought; a past day that was never read leaves it open."""
    if choice.rest:
        return Outcome.NO_MATCH
    return Outcome.NO_PAPERS if waits_for is None else Outcome.WAITING


def _unsettled(lists: Mapping[date, DayList], since: date, until: date) -> date:
    """Return the first day from ``since`` whose list may still change; at the latest tomorrow."""
    day = since
    while day <= until and day in lists and lists[day].settled:
        day += timedelta(days=1)
    return day


def states(lists: Mapping[date, DayList], left: Sequence[Listed]) -> tuple[DayState, ...]:
    """Return the state of each day that has something to decide, in order."""
    fresh = {one.paper.id for one in left}
    return tuple(
        day_state(listed)
        for listed in lists.values()
        if any(one.paper.id in fresh for one in listed.listed)
    )


def day_state(listed: DayList) -> DayState:
    """Return what a receipt says of a day."""
    return DayState(
        day=listed.day,
        papers=len(listed.listed),
        read_at=listed.read_at,
        closes_at=closes_at(listed.day),
        complete=listed.complete,
    )
