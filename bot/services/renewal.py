"""Summaries of the past written again, because somebody asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.summaries import extractive, prompt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from bot.domain.papers import ArxivId
    from bot.services.summarize import Summaries
    from bot.services.writing import Writing
    from bot.storage.summaries import SummaryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """How many summaries were out of date, and how many of them a model wrote again.

    ``left`` says why not all of those that a model should have written are.
    """

    papers: int
    extracts: int
    by_model: int
    left: str | None = None


class Renewal:
    """Writes again what an older prompt wrote, and what is an extract though there is a model."""

    def __init__(self, summaries: Summaries, writing: Writing, store: SummaryStore) -> None:
        self._summaries = summaries
        self._writing = writing
        self._store = store

    async def outdated(self, since: date) -> list[ArxivId]:
        """Return the papers listed from a day on whose summary can be written again."""
        version = prompt.PROMPT if self._writing.active else None
        return await self._store.outdated(since, extractive.PROMPT, version)

    async def renew(
        self,
        ids: Sequence[ArxivId],
        now: datetime,
        progress: Callable[[object], None] = lambda _: None,
    ) -> Renewed:
        """Write these papers' summaries again: extracts at once, then by the model if there is one.

        One that the model cannot write keeps what it has.
        """
        extracts = await self._summaries.renew(ids, now)
        if not self._writing.active:
            for one in ids:
                progress(one)
            return Renewed(papers=len(ids), extracts=extracts, by_model=0)
        written = await self._writing.write(ids, progress)
        left = None
        if written < len(ids):
            left = self._writing.trouble
            if left is None and await self._writing.budget.spent():
                left = "The day's tokens are spent (LLM_DAILY_TOKENS)."
        return Renewed(papers=len(ids), extracts=extracts, by_model=written, left=left)
