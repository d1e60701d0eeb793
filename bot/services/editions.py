"""Editions: what a channel gets now, decided and written in one step."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.editions import DayState, Edition, Order, Receipt, choose, entry
from bot.domain.papers import closes_at, list_date
from bot.domain.schedules import next_run
from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.editions import Choice, Part, Publisher
    from bot.domain.papers import DayList, Listed
    from bot.domain.schedules import Schedule
    from bot.services.library import Card, Library
    from bot.services.summarize import Summaries
    from bot.storage.days import DayStore
    from bot.storage.editions import EditionStore

log = logging.getLogger(__name__)


RECENT_DAYS = timedelta(days=4)
"""How far back almost every channel's edition reaches: over a weekend."""


class Outcome(StrEnum):
    """How a channel's occasion ended; stored with the schedule for ``/status``."""

    DELIVERED = "delivered"
    NO_PAPERS = "no papers"
    NO_MATCH = "none matched"
    RACED = "raced"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of an occasion: the outcome, the edition if there is one, and the lists' state."""

    outcome: Outcome
    edition: Edition | None = None
    days: tuple[DayState, ...] = ()
    listed: int = 0


class Editions:
    """Makes one channel's editions."""

    def __init__(
        self,
        days: DayStore,
        summaries: Summaries,
        store: EditionStore,
        publisher: Publisher,
        library: Library,
    ) -> None:
        self._library = library
        self._days = days
        self._summaries = summaries
        self._store = store
        self._publisher = publisher

    async def recent(self, now: datetime) -> Recent:
        """Read the last days' lists once, for all the channels whose editions are made now."""
        until = list_date(now)
        first = until - RECENT_DAYS
        return Recent(first=first, lists=await self._days.days_between(first, until))

    async def make(
        self,
        schedule: Schedule,
        now: datetime,
        *,
        by_hand: bool = False,
        recent: Recent | None = None,
    ) -> Made:
        """Decide what the channel gets now and write it down with its deliveries, all or none.

        By hand the next regular run stays where it is, and nothing is written when there is
        nothing to bring. Nor is it after ``Outcome.RACED``, where somebody else decided for this
        channel meanwhile, and ``Outcome.WAITING``, where a past day was never read yet and the
        schedule stays due.
        """
        draft = await self.preview(schedule, now, recent)
        if draft.edition is None and (by_hand or draft.outcome is Outcome.WAITING):
            return Made(outcome=draft.outcome, days=draft.days, listed=draft.listed)
        parts: tuple[Part, ...] = ()
        if draft.edition is not None:  # more than ten messages' worth is left to browse all
            parts = self._publisher.split(draft.edition)
            draft = replace(draft, edition=replace(draft.edition, receipt=parts[0].receipt))
        after = replace(
            schedule,
            next_run=schedule.next_run if by_hand else _next(schedule, now),
            since=draft.since or schedule.since,
            last_run=now,
            last_outcome=_told(draft),
        )
        if not await self._write(schedule, after, parts, draft.choice, now):
            log.info("The edition of channel %d was decided elsewhere", schedule.channel_id)
            return Made(outcome=Outcome.RACED)
        log.info(
            "Edition of channel %d: %s, %d shown of %d",
            schedule.channel_id, draft.outcome.value, sum(len(part.entries) for part in parts),
            draft.listed,
        )  # fmt: skip
        return Made(
            outcome=draft.outcome, edition=draft.edition, days=draft.days, listed=draft.listed
        )

    async def _write(
        self,
        before: Schedule,
        after: Schedule,
        parts: Sequence[Part],
        choice: Choice,
        now: datetime,
    ) -> bool:
        if not parts:
            return await self._store.pass_over(before, after)
        placed = {one.id for part in parts for one in part.entries}
        matching = (*choice.shown, *choice.more)
        more = [one.paper.id for one in matching if one.paper.id not in placed]
        return await self._store.plan(before, after, parts, more, now)

    async def preview(
        self, schedule: Schedule, now: datetime, recent: Recent | None = None
    ) -> Draft:
        """Return what ``make`` would decide now; nothing is written."""
        until = list_date(now)
        since = schedule.since or await self._days.latest_day(until)
        if since is None:
            return Draft(outcome=Outcome.NO_PAPERS, since=None, choice=_NOTHING)
        # The lists are read once, and first: a reading that is stored meanwhile must not make a
        # day look settled whose last papers were not seen here.
        if recent is not None and recent.first <= since:
            lists = {day: one for day, one in recent.lists.items() if day >= since}
        else:
            lists = await self._days.days_between(since, until)
        brought = await self._days.brought(schedule.channel_id, since, until)
        undecided = [
            one for day in lists.values() for one in day.listed if one.paper.id not in brought
        ]
        order = Order(limit=schedule.limit, min_upvotes=schedule.min_upvotes)
        choice = choose(undecided, order)
        draft = Draft(
            outcome=_empty_outcome(choice, lists, since, until),
            since=_unsettled(lists, since, until),
            choice=choice,
            days=_states(lists, undecided),
            listed=len(choice.shown) + len(choice.more) + len(choice.rest),
        )
        if choice.empty:
            return draft
        edition = await self._edition(schedule, draft, now)
        return replace(draft, outcome=Outcome.DELIVERED, edition=edition)

    async def whole(self, edition_id: str, channel_id: int, now: datetime) -> WholeEdition:
        """Return every paper that an edition covers, those shown first.

        Raises:
            UserError: the edition is not known, or not of this channel.
        """
        found = await self._store.days(edition_id)
        if found is None or found[0] != channel_id:
            raise UserError("That edition is no longer known; /digest show has the day's papers.")
        ids = await self._store.papers(edition_id, channel_id)
        return WholeEdition(days=found[1], cards=await self._library.cards(ids, now))

    async def _edition(self, schedule: Schedule, draft: Draft, now: datetime) -> Edition:
        choice = draft.choice
        summaries = await self._summaries.ensure([one.paper.id for one in choice.shown], now)
        return Edition(
            id=secrets.token_hex(6),
            channel_id=schedule.channel_id,
            made_at=now,
            style=schedule.style,
            mention_role=schedule.mention_role,
            filter=order_text(schedule.min_upvotes),
            entries=tuple(
                entry(one.paper, place, one.upvotes, summaries.get(one.paper.id))
                for place, one in enumerate(choice.shown, start=1)
            ),
            receipt=Receipt(
                shown=len(choice.shown),
                matching=len(choice.shown) + len(choice.more),
                listed=draft.listed,
                days=draft.days,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The lists from ``first`` on, as they were at one moment."""

    first: date
    lists: Mapping[date, DayList]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeEdition:
    """Every paper that an edition covers, and its days."""

    days: Sequence[date]
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An occasion thought through: what would be brought, and where the next one starts."""

    outcome: Outcome
    since: date | None
    choice: Choice
    days: tuple[DayState, ...] = ()
    listed: int = 0
    edition: Edition | None = None


_NOTHING = choose((), Order())


def order_text(min_upvotes: int) -> str | None:
    """Say in words which papers a channel asked for, None when it takes all."""
    return f"at least {min_upvotes} upvotes" if min_upvotes else None


def _next(schedule: Schedule, now: datetime) -> datetime:
    return next_run(schedule.at, schedule.zone, schedule.weekdays, now)


def _empty_outcome(
    choice: Choice, lists: Mapping[date, DayList], since: date, until: date
) -> Outcome:
    """Say why nothing would be brought; a past day that was never read leaves it open."""
    if choice.rest:
        return Outcome.NO_MATCH
    past = (since + timedelta(days=n) for n in range((until - since).days))
    return Outcome.NO_PAPERS if all(day in lists for day in past) else Outcome.WAITING


def _told(draft: Draft) -> str:
    if draft.outcome is Outcome.NO_MATCH:
        return f"{draft.outcome.value} of {draft.listed}"
    if draft.outcome is Outcome.DELIVERED and draft.edition is not None:
        return f"{draft.outcome.value} {draft.edition.receipt.shown}"
    return draft.outcome.value


def _unsettled(lists: Mapping[date, DayList], since: date, until: date) -> date:
    """Return the first day from ``since`` whose list may still change; at the latest tomorrow."""
    day = since
    while day <= until and day in lists and lists[day].settled:
        day += timedelta(days=1)
    return day


def _states(lists: Mapping[date, DayList], undecided: Sequence[Listed]) -> tuple[DayState, ...]:
    """Return the state of each day that has something to decide, in order."""
    fresh = {one.paper.id for one in undecided}
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
