"""Editions: what a channel gets now, decided and written in one step."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.deliveries import Line, Silence
from bot.domain.schedules import next_run
from bot.errors import UserError
from bot.services.drafts import Outcome, new_edition_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.domain.deliveries import Publisher
    from bot.domain.editions import Choice, DayState, Edition, Part
    from bot.domain.papers import ArxivId
    from bot.domain.schedules import Schedule
    from bot.services.drafts import Draft, Drafts
    from bot.services.library import Card, Library
    from bot.services.recent import Recent
    from bot.storage.editions import EditionStore

log = logging.getLogger(__name__)

WAIT_FOR_A_LIST = timedelta(hours=1)
"""How long an occasion with nothing to bring waits for a past day that was never read."""


WAIT_FOR_A_MODEL = timedelta(minutes=2)
"""How long an edition waits for the summaries that a model is writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What came of an occasion: the outcome, the edition if there is one, and the lists' state."""

    outcome: Outcome
    edition: Edition | None = None
    days: tuple[DayState, ...] = ()
    listed: int = 0
    waits_for: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeEdition:
    """Every paper that an edition covers, and its days."""

    days: Sequence[date]
    cards: Sequence[Card]


class Editions:
    """Makes one channel's editions."""

    def __init__(
        self, drafts: Drafts, store: EditionStore, publisher: Publisher, library: Library
    ) -> None:
        self._drafts = drafts
        self._store = store
        self._publisher = publisher
        self._library = library

    async def recent(self, now: datetime) -> Recent:
        """Read the last days' lists once, for all the channels whose editions are made now."""
        return await self._drafts.recent(now)

    async def preview(
        self, schedule: Schedule, now: datetime, recent: Recent | None = None
    ) -> Draft:
        """Return what ``make`` would decide now; nothing is written."""
        return await self._drafts.draft(schedule, now, recent)

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
        channel meanwhile, and ``Outcome.WAITING`` or ``Outcome.WRITING``, where a past day was
        never read yet, or a model is writing, and the schedule stays due for a while. An edition
        for which a quiet line stands takes its place.
        """
        recent = recent or await self.recent(now)
        draft = await self.preview(schedule, now, recent)
        if not by_hand and _waits_for_model(schedule, draft, recent, now):
            return replace(_made(draft), outcome=Outcome.WRITING)
        waits = draft.outcome is Outcome.WAITING and now - schedule.next_run < WAIT_FOR_A_LIST
        if draft.edition is None and (by_hand or waits):
            return _made(draft)
        if schedule.quiet_id is not None and await self._store.take_back_line(schedule):
            schedule = replace(schedule, quiet_id=None)  # nobody saw it
        draft, parts = self._cut(schedule, draft)
        if not await self._write(
            schedule, _after(schedule, draft, now, by_hand), draft, parts, now
        ):
            log.info("The edition of channel %d was decided elsewhere", schedule.channel_id)
            return Made(outcome=Outcome.RACED)
        log.info(
            "Edition of channel %d: %s, %d shown of %d",
            schedule.channel_id, draft.outcome.value, sum(len(part.entries) for part in parts),
            draft.listed, extra=_ids(draft),
        )  # fmt: skip
        return _made(draft)

    async def stand_in(
        self, schedule: Schedule, unread_since: datetime | None, now: datetime
    ) -> bool:
        """Let a quiet line stand where the edition would, as the lists cannot be read.

        One line, however long it lasts: while it stands nothing is posted. False where somebody
        else was first.
        """
        line = None
        if schedule.quiet_id is None:
            line = Line(
                edition_id=new_edition_id(),
                channel_id=schedule.channel_id,
                silence=Silence.UNREAD,
                since=unread_since,
            )
        since = "" if unread_since is None else f" {unread_since.isoformat()}"
        after = replace(
            schedule,
            next_run=_next(schedule, now),
            last_run=now,
            last_outcome=f"{Outcome.UNREAD.value}{since}",
            quiet_id=schedule.quiet_id if line is None else line.edition_id,
        )
        return await self._store.pass_over(schedule, after, now, line)

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

    def _cut(self, schedule: Schedule, draft: Draft) -> tuple[Draft, tuple[Part, ...]]:
        """Cut an edition into messages; more than ten messages' worth is left to browse all."""
        if draft.edition is None:
            return draft, ()
        edition = replace(draft.edition, id=schedule.quiet_id or draft.edition.id)
        parts = self._publisher.split(edition)
        return replace(draft, edition=replace(edition, receipt=parts[0].receipt)), parts

    async def _write(
        self,
        before: Schedule,
        after: Schedule,
        draft: Draft,
        parts: Sequence[Part],
        now: datetime,
    ) -> bool:
        if not parts:
            line = None
            if before.quiet_id is not None:
                line = Line(
                    edition_id=before.quiet_id,
                    channel_id=before.channel_id,
                    silence=Silence.NOTHING,
                )
            return await self._store.pass_over(before, after, now, line)
        return await self._store.plan(before, after, parts, _more(draft.choice, parts), now)


def _waits_for_model(schedule: Schedule, draft: Draft, recent: Recent, now: datetime) -> bool:
    """Say whether it is worth a moment: an edition on time with a paper that is being written."""
    late = now - schedule.next_run
    return (
        timedelta(0) <= late < WAIT_FOR_A_MODEL
        and draft.edition is not None
        and any(one.id in recent.awaited for one in draft.edition.entries)
    )


def _more(choice: Choice, parts: Sequence[Part]) -> list[ArxivId]:
    placed = {one.id for part in parts for one in part.entries}
    matching = (*choice.shown, *choice.more)
    return [one.paper.id for one in matching if one.paper.id not in placed]


def _after(schedule: Schedule, draft: Draft, now: datetime, by_hand: bool) -> Schedule:
    """Return the schedule as the occasion leaves it; before its time the next run stays."""
    keeps_time = by_hand or schedule.next_run > now
    return replace(
        schedule,
        next_run=schedule.next_run if keeps_time else _next(schedule, now),
        since=draft.since or schedule.since,
        last_run=now,
        last_outcome=_told(schedule, draft),
        decided_at=now,
        edition_id=schedule.edition_id if draft.edition is None else draft.edition.id,
        quiet_id=None,
    )


def _next(schedule: Schedule, now: datetime) -> datetime:
    return next_run(schedule.at, schedule.zone, schedule.weekdays, now)


def _made(draft: Draft) -> Made:
    return Made(
        outcome=draft.outcome,
        edition=draft.edition,
        days=draft.days,
        listed=draft.listed,
        waits_for=draft.waits_for,
    )


def _ids(draft: Draft) -> dict[str, str]:
    return {} if draft.edition is None else {"edition": draft.edition.id}


def _told(schedule: Schedule, draft: Draft) -> str:
    match draft.outcome:
        case Outcome.NO_MATCH:
            told = f"{draft.outcome.value} of {draft.listed}"
            if schedule.topic is None:
                return told
            first, last = draft.days[0].day, draft.days[-1].day
            return f"{told} on {first} {last} {schedule.min_upvotes} {schedule.topic}"
        case Outcome.DELIVERED if draft.edition is not None:
            return f"{draft.outcome.value} {draft.edition.receipt.shown}"
        case Outcome.WAITING:
            return waiting_for(draft.waits_for)
    return draft.outcome.value


def waiting_for(day: date | None) -> str:
    """Say for ``/status`` which list an occasion waits for, or went without."""
    return f"{Outcome.WAITING.value} {day}"
