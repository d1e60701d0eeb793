"""Better summaries, edited into the editions that went out before them."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.revisions import Revision, reword

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.domain.deliveries import Publisher
    from bot.domain.papers import ArxivId
    from bot.domain.schedules import Schedule
    from bot.domain.summaries import Summary
    from bot.services.writing import Writing
    from bot.storage.editions import EditionStore
    from bot.storage.rewording import RewordingStore
    from bot.storage.summaries import SummaryStore

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(hours=24)
"""For so long better summaries are edited into an edition: later nobody reads it any more."""

_BATCH = 50


class Rewording:
    """Plans the edits that put a model's summaries in the place of extracts."""

    def __init__(
        self,
        writing: Writing,
        summaries: SummaryStore,
        store: EditionStore,
        overtaken: RewordingStore,
        publisher: Publisher,
    ) -> None:
        self._writing = writing
        self._summaries = summaries
        self._store = store
        self._overtaken = overtaken
        self._publisher = publisher

    async def add(self, now: datetime, *, whatever_comes: bool = False) -> int:
        """Plan the edits for editions that can be worded better; return how many editions.

        One all of whose summaries are there, so that its messages are edited once; with
        ``whatever_comes``, once a collection, also one for which more may come.
        """
        if not self._writing.active:
            return 0
        awaited = frozenset() if whatever_comes else await self._writing.outstanding()
        known: dict[ArxivId, Summary] = {}
        planned = after = 0
        while found := await self._overtaken.overtaken(now - OPEN_FOR, after, _BATCH):
            after = found[-1].channel_id
            for schedule in found:
                planned += await self._try(schedule, awaited, known, now)
        return planned

    async def _try(
        self,
        schedule: Schedule,
        awaited: AbstractSet[ArxivId],
        known: dict[ArxivId, Summary],
        now: datetime,
    ) -> bool:
        """Reword one edition; one that fails keeps no other from it."""
        work = self._reword(schedule, awaited, known, now)
        [result] = await asyncio.gather(work, return_exceptions=True)
        if isinstance(result, BaseException):
            log.error(
                "The summaries of channel %d cannot be edited in",
                schedule.channel_id, exc_info=result,
            )  # fmt: skip
            await self._overtaken.worded(schedule.edition_id or "", now)  # once is enough
            return False
        return result

    async def _reword(
        self,
        schedule: Schedule,
        awaited: AbstractSet[ArxivId],
        known: dict[ArxivId, Summary],
        now: datetime,
    ) -> bool:
        await asyncio.sleep(0)  # thousands of channels must not hold the loop
        edition_id = schedule.edition_id or ""
        parts = await self._store.parts(edition_id)
        shown = [one.id for part in parts for one in part.entries]
        if not awaited.isdisjoint(shown):
            return False
        if missing := [one for one in shown if one not in known]:
            known |= await self._summaries.many(missing)
        edits = reword(parts, known, self._publisher.fits) if parts else ()
        if edits:
            revision = Revision(edits=edits, parts=(), late=(), more=())
            if not await self._store.revise(schedule, revision, now):
                return False
            log.info(
                "Edition %s of channel %d gets better summaries", edition_id, schedule.channel_id,
                extra={"edition": edition_id},
            )  # fmt: skip
        await self._overtaken.worded(edition_id, now)
        return bool(edits)
