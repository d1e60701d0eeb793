"""Summaries: every paper gets one, once, and a better one when its source says more."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.domain.summaries import AI_SUMMARY, EXTRACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.summaries import Summary
    from bot.storage.papers import PaperStore
    from bot.storage.summaries import SummaryStore
    from bot.summaries.extractive import Extractive

log = logging.getLogger(__name__)

_EXTRACTS = frozenset((EXTRACTIVE, AI_SUMMARY))
_BATCH = 200


class Summaries:
    """Writes what is missing and reads what is there."""

    def __init__(self, summarizer: Extractive, papers: PaperStore, store: SummaryStore) -> None:
        self._summarizer = summarizer
        self._papers = papers
        self._store = store

    async def ensure(self, ids: Iterable[ArxivId], now: datetime) -> dict[ArxivId, Summary]:
        """Return these papers' summaries, writing those that are missing or can be better.

        One taken from the abstract is written again once Hugging Face has its ``ai_summary``,
        which comes late for half of a day's papers.
        """
        wanted = list(dict.fromkeys(ids))
        known: dict[ArxivId, Summary] = {}
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            stored = await self._store.many(batch)
            papers = await self._papers.many(
                [one for one in batch if one not in stored or stored[one].model == EXTRACTIVE]
            )
            written: dict[ArxivId, Summary] = {}
            for paper in papers.values():
                if not _due(paper, stored.get(paper.id)):
                    continue
                summary = self._summarizer.summarize(paper, now)
                if paper.id in stored and summary.model == stored[paper.id].model:
                    continue
                written[paper.id] = summary
                await asyncio.sleep(0)  # a day of a hundred papers must not hold the loop
            if written:
                await self._store.save(written)
                log.debug("Summarised %d papers", len(written))
            known |= stored | written
        return known

    async def renew(self, ids: Iterable[ArxivId], now: datetime) -> int:
        """Write again what is an extract by older rules; return how many were."""
        wanted = list(dict.fromkeys(ids))
        renewed = 0
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            stored = await self._store.many(batch)
            papers = await self._papers.many(
                [one for one, told in stored.items() if told.model in _EXTRACTS]
            )
            written: dict[ArxivId, Summary] = {}
            for paper in papers.values():
                summary = self._summarizer.summarize(paper, now)
                if summary.prompt > stored[paper.id].prompt:
                    written[paper.id] = summary
                await asyncio.sleep(0)
            await self._store.save(written)
            renewed += len(written)
        return renewed


def _due(paper: Paper, stored: Summary | None) -> bool:
    if not (paper.abstract or paper.ai_summary):
        return False
    return stored is None or (stored.model == EXTRACTIVE and paper.ai_summary is not None)
