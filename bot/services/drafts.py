"""An occasion thought through: what a channel would be brought now, and why not."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
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
    shortened,
    undecided,
)
from bot.domain.papers import closes_at, list_date
from bot.services.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.editions import Choice, Entry
    from bot.domain.papers import DayList, Listed
    from bot.domain.schedules import Schedule
    from bot.services.matches import Matches
    from bot.services.summarize import Summaries
    from bot.services.writing import Writing
    from bot.storage.days import DayStore
    from bot.storage.filters import FilterStore

RECENT_DAYS = timedelta(days=4)
"""How far back almost every channel's edition reaches: over a weekend."""

TOPIC_LENGTH = 80
"""Characters of a topic that an edition's header has room for."""


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
        self,
        days: DayStore,
        filters: FilterStore,
        matches: Matches,
        summaries: Summaries,
        writing: Writing,
    ) -> None:
        self._days = days
        self._filters = filters
        self._matches = matches
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
        choice = await self.choice(schedule, lists, recent, now)
        waits_for = _never_read(lists, since, until)
        draft = Draft(
            outcome=_empty_outcome(choice, waits_for),
            since=_unsettled(lists, since, until),
            choice=choice,
            days=states(lists, choice),
            listed=len(choice.papers),
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

    async def choice(
        self,
        schedule: Schedule,
        lists: Mapping[date, DayList],
        recent: Recent,
        now: datetime,
    ) -> Choice:
        """Part the papers of these lists that are still to be decided for a channel."""
        if not lists:
            return _NOTHING
        days = lists.values()
        order = await self._matches.order(order_of(schedule), days, recent, now)
        first = min(lists)
        decided = Decided(
            brought=await self._days.brought(schedule.channel_id, first, max(lists)),
            at=schedule.decided_at,
            filters=tuple(
                [
                    (until, await self._matches.order(asked, days, recent, now))
                    for until, asked in recent.filters.get(schedule.channel_id, ())
                    if until > closes_at(first)
                ]
            ),
        )
        return choose(undecided(days, decided, order), order)

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
        filter=order_text(order_of(schedule)),
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
    """Return what a channel asks for today; which papers match its topic is to be found out."""
    return Order(limit=schedule.limit, min_upvotes=schedule.min_upvotes, topic=schedule.topic)


def order_text(order: Order) -> str | None:
    """Say in words which papers a channel asked for, None when it takes all."""
    facts = []
    if order.topic is not None:
        facts.append(f"matching “{shortened(order.topic, TOPIC_LENGTH)}”")
    if order.min_upvotes:
        facts.append(f"at least {order.min_upvotes} upvotes")
    return " · ".join(facts) or None


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


def states(lists: Mapping[date, DayList], choice: Choice) -> tuple[DayState, ...]:
    """Return the state of each day that has something to decide, in order."""
    fresh = {one.paper.id for one in choice.papers}
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
