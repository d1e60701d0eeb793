"""Late papers: brought by an edit of the edition that has had their day."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.domain.revisions import part_late, recounted, revise
from bot.services.drafts import day_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.deliveries import Publisher
    from bot.domain.editions import Part
    from bot.domain.papers import DayList
    from bot.domain.revisions import Revision
    from bot.domain.schedules import Schedule
    from bot.services.drafts import Drafts
    from bot.services.matches import Matches
    from bot.services.recent import Recent
    from bot.storage.editions import EditionStore
    from bot.storage.standing import StandingStore

log = logging.getLogger(__name__)

_BATCH = 100  # channels looked at in one statement: about 20 ms, in which others cannot read


class LatePapers:
    """Adds what came late to the editions of the days read just now."""

    def __init__(
        self,
        drafts: Drafts,
        matches: Matches,
        standing: StandingStore,
        store: EditionStore,
        publisher: Publisher,
    ) -> None:
        self._drafts = drafts
        self._matches = matches
        self._standing = standing
        self._store = store
        self._publisher = publisher

    async def add(self, read: Sequence[date], now: datetime) -> int:
        """Plan the edits for late papers of the days that were read; return how many editions.

        Called once a collection, which makes one edit a message a collection at the most.
        """
        if not read:
            return 0
        recent = await self._drafts.recent(now)
        lists = (await self._drafts.lists(read, recent)).values()
        revised = after = 0
        while topics := await self._standing.active(after, _BATCH):
            first, after = min(topics), max(topics)
            asked = {topic for topic in topics.values() if topic is not None}
            matching = await self._matches.of_each(asked, lists, recent, now)
            for schedule in await self._standing.late(read, first, after, matching):
                revised += await self._try(schedule, recent, now)
        return revised

    async def _try(self, schedule: Schedule, recent: Recent, now: datetime) -> bool:
        """Add to one edition; one that fails keeps no other from its papers."""
        [result] = await asyncio.gather(self._add(schedule, recent, now), return_exceptions=True)
        if isinstance(result, BaseException):
            log.error(
                "The late papers of channel %d cannot be added",
                schedule.channel_id, exc_info=result,
            )  # fmt: skip
            return False
        return result

    async def _add(self, schedule: Schedule, recent: Recent, now: datetime) -> bool:
        await asyncio.sleep(0)  # thousands of channels must not hold the loop
        edition_id = schedule.edition_id or ""
        parts = await self._store.parts(edition_id)
        found = await self._store.days(edition_id)
        if not parts or found is None:
            return False
        lists = await self._drafts.lists(found[1], recent)
        revision = await self._revision(schedule, parts, lists, recent, now)
        if revision is None or not await self._store.revise(schedule, revision, now):
            return False
        log.info(
            "Edition %s of channel %d takes %d late papers",
            edition_id, schedule.channel_id, len(revision.late) + len(revision.more),
            extra={"edition": edition_id},
        )  # fmt: skip
        return True

    async def _revision(
        self,
        schedule: Schedule,
        parts: Sequence[Part],
        lists: Mapping[date, DayList],
        recent: Recent,
        now: datetime,
    ) -> Revision | None:
        choice = await self._drafts.choice(schedule, lists, recent, now)
        if choice.empty:
            return None
        shown, _ = part_late(choice, schedule.limit, parts[-1].receipt.shown)
        place = parts[-1].entries[-1].place + 1
        entries = await self._drafts.entries(shown, place, recent, now)
        upvotes = {one.paper.id: one.upvotes for day in lists.values() for one in day.listed}
        return revise(
            [recounted(part, upvotes) for part in parts],
            choice,
            entries,
            tuple(map(day_state, lists.values())),
            self._publisher.extend,
        )
