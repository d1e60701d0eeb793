"""Summaries by a model: the newest papers first, each once, and nobody waits for them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.domain.papers import list_date
from bot.domain.summaries import AI_SUMMARY, EXTRACTIVE, FULL_TEXT, SourceText
from bot.errors import BudgetSpent, ModelUnreachable, SourceError, SummaryError
from bot.summaries.aside import aside
from bot.summaries.injection import instructions, without_instructions
from bot.summaries.prompt import PROMPT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from datetime import datetime
    from typing import Any

    from bot.domain.papers import ArxivId, FullTexts, Paper
    from bot.domain.summaries import Summarizer, Summary
    from bot.services.budget import Budget
    from bot.storage.papers import PaperStore
    from bot.storage.summaries import SummaryStore

log = logging.getLogger(__name__)

T = TypeVar("T")

RECENT = timedelta(days=3)
"""How far back the bot has summaries written by itself: over a weekend."""

AT_ONCE = 4
"""Papers that are being written at a time."""

ATTEMPTS = 2
"""So often the models may fail at one paper before they are asked for it no more."""

APART = timedelta(hours=1)
"""So far apart are attempts: a model that is out of its mind for a while costs no paper."""

GIVE_UP_AFTER = 2
"""So many papers in a row without any answer mean that the endpoint is down."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=30)


_KEPT = 2 * AT_ONCE  # texts that are kept for another attempt
_TO_WRITE = frozenset((EXTRACTIVE, AI_SUMMARY))  # an imported digest's stays as it was


class Writing:
    """Has a model write what is only an extract yet; without one there is nothing to do.

    ``trouble`` says why the models write nothing at present, None while they do.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the composition root alone calls it
        self,
        summarizer: Summarizer | None,
        texts: FullTexts | None,
        papers: PaperStore,
        store: SummaryStore,
        budget: Budget,
        now: Callable[[], datetime],
    ) -> None:
        self._summarizer = summarizer
        self._texts = texts
        self._papers = papers
        self._store = store
        self._now = now
        self._silent = self._pauses = 0
        self._not_before: datetime | None = None
        self._sources: dict[ArxivId, SourceText] = {}
        self.budget = budget
        self.trouble: str | None = None

    @property
    def active(self) -> bool:
        """Whether there is a model."""
        return self._summarizer is not None

    async def awaited(self) -> frozenset[ArxivId]:
        """Return the papers whose summaries may come any minute."""
        return frozenset() if self._resting() else await self.outstanding()

    async def outstanding(self) -> frozenset[ArxivId]:
        """Return the papers that are still to be summarised today, be it in an hour."""
        if not self.active or await self.budget.spent():
            return frozenset()
        return frozenset(await self._unwritten())

    async def missing(self, ids: Sequence[ArxivId]) -> list[ArxivId]:
        """Return which of these papers a model could summarise and none has, none without one."""
        if not self.active:
            return []
        known = await self._store.many(ids)
        return [one for one in ids if one in known and known[one].model in _TO_WRITE]

    async def round(self) -> int:
        """Write what is missing of the last days, the newest first; return how many were written.

        It ends when all is written, the day's tokens are spent, or the models do not answer.
        """
        if not self.active or self._resting() or await self.budget.spent():
            return 0
        written = 0
        tried: set[ArxivId] = set()
        while batch := [one for one in await self._unwritten() if one not in tried][: 2 * AT_ONCE]:
            tried.update(batch)
            written += await self.write(batch)
            if self._resting() or await self.budget.spent():
                break
        return written

    async def write(
        self, ids: Sequence[ArxivId], progress: Callable[[ArxivId], None] = lambda _: None
    ) -> int:
        """Have these papers summarised, whatever they have; return how many were.

        One that fails keeps what it has. When the tokens are spent, or the models do not answer,
        the others are left.
        """
        if self._summarizer is None:
            return 0
        papers = await self._papers.many(ids)
        waiting = iter([papers[one] for one in ids if one in papers and papers[one].abstract])
        self._silent = written = 0
        ended = False

        async def work() -> None:
            nonlocal written, ended
            for paper in waiting:
                if ended or await self.budget.spent():
                    return  # before arXiv is asked for a text that nobody may read
                [result] = await asyncio.gather(self._write(paper), return_exceptions=True)
                match result:
                    case BudgetSpent() | ModelUnreachable():
                        ended = self._ends(result) or ended
                    case BaseException():
                        await self._failed(paper, result)
                    case done:
                        written += done
                progress(paper.id)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
        if self._silent:
            self._rest()
        return written

    async def _failed(self, paper: Paper, error: BaseException) -> None:
        """Count an attempt at a paper; one that fails in a way nobody knew of holds up no other."""
        if isinstance(error, SummaryError):
            self._answered()
            log.warning("No model summarised %s: %s", paper.id, error)
        else:
            log.error("The summary of %s failed", paper.id, exc_info=error)
        await self._store.give_up(paper.id, PROMPT, str(error), self._now())

    async def _write(self, paper: Paper) -> bool:
        assert self._summarizer is not None  # noqa: S101 - for the type checker: write() has looked
        source = self._sources.pop(paper.id, None) or await self.source(paper)
        try:
            summary = await self._summarizer.summarize(paper, source, self._now(), self.budget)
        except (BudgetSpent, ModelUnreachable):
            if len(self._sources) < _KEPT:  # arXiv is not to be asked again for the next attempt
                self._sources[paper.id] = source
            raise
        self._answered()
        # An edition that went out while it was being written is older than it.
        await finished(self._keep(paper.id, replace(summary, written_at=self._now())))
        log.info("%s summarised %s by its %s", summary.model, paper.id, summary.source)
        return True

    async def source(self, paper: Paper) -> SourceText:
        """Return what a paper's summary is written from, without what speaks to a model."""
        abstract, found = await aside(without_instructions, paper.abstract)
        found = (*found, *instructions(paper.title))
        only = SourceText(abstract=abstract, text=abstract, instructions=found)
        if self._texts is None:
            return only
        try:
            whole = await self._texts.read(paper.id)
        except SourceError as error:
            log.info("The abstract of %s has to do: %s", paper.id, error)
            return only
        text, more = await aside(without_instructions, whole.text)
        return SourceText(
            abstract=abstract,
            text=text,
            kind=FULL_TEXT,
            instructions=tuple(dict.fromkeys((*found, *more))),
            hidden=whole.hidden,
        )

    async def _keep(self, paper_id: ArxivId, summary: Summary) -> None:
        await self._store.save({paper_id: summary})
        await self.budget.wrote(summary.model)

    async def _unwritten(self) -> list[ArxivId]:
        now = self._now()
        since, tried = list_date(now) - RECENT, now - APART
        return await self._store.unwritten(since, PROMPT, ATTEMPTS, tried)

    def _answered(self) -> None:
        self._silent = self._pauses = 0
        self.trouble = None

    def _ends(self, error: SummaryError) -> bool:
        """Note what went wrong; say whether it is no use to go on with other papers."""
        if isinstance(error, BudgetSpent):
            log.info("%s Summaries are extracts until %s", error, self.budget.renewed_at)
            return True
        self._silent += 1
        self.trouble = str(error)
        return self._silent >= GIVE_UP_AFTER

    def _rest(self) -> None:
        """Leave the models alone for a while: the last papers had no answer."""
        pause = min(FIRST_PAUSE * (1 << min(self._pauses, 10)), LONGEST_PAUSE)
        self._pauses += 1
        self._not_before = self._now() + pause
        log.warning("No model answers, and none is asked for %s: %s", pause, self.trouble)

    def _resting(self) -> bool:
        if self._not_before is None:
            return False
        left = self._not_before - self._now()
        return timedelta(0) < left <= LONGEST_PAUSE  # longer ones are of a clock that was wrong


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Do something to its end even if one is cancelled meanwhile: it was paid for."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
