"""What is known of single papers and whole days, fetched first where it is not stored."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.domain.editions import by_upvotes
from bot.domain.papers import arxiv_id, closes_at, list_date
from bot.errors import SourceError, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.papers import ArxivId, DayList, Paper, PaperSource
    from bot.domain.summaries import Summary
    from bot.services.collect import Collector
    from bot.services.search import PaperSearch
    from bot.services.summarize import Summaries
    from bot.storage.days import DayStore
    from bot.storage.papers import PaperStore

_MANY = 20

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=30)
"""An open list that was read longer ago is read again for somebody who asks for it."""

FIRST_DAY = date(2023, 5, 4)
"""Hugging Face's first daily list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One paper with what a card says of it: the day it was listed, if any, and its summary."""

    paper: Paper
    day: date | None
    summary: Summary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDigest:
    """One whole day, most upvoted first, with every paper's summary.

    ``stale`` is the sentence that says why the list could not be read again just now.
    """

    day: DayList
    cards: tuple[Card, ...]
    stale: str | None = None


class Library:
    """Papers and days by name."""

    def __init__(  # noqa: PLR0913, PLR0917 - it joins what is known of papers
        self,
        papers: PaperStore,
        days: DayStore,
        summaries: Summaries,
        collector: Collector,
        sources: Sequence[PaperSource],
        search: PaperSearch,
    ) -> None:
        self._papers = papers
        self._days = days
        self._summaries = summaries
        self._collector = collector
        self._sources = sources
        self._search = search

    async def card(self, text: str, now: datetime) -> Card:
        """Return the card of the paper that a person named by id, link or title.

        A paper that is not stored is fetched from the first source that has it, and kept.

        Raises:
            UserError: the text names no paper, or no source has it.
            SourceError: a source that might have it could not be asked.
        """
        paper_id = arxiv_id(text) or await self._by_title(text)
        paper = await self._papers.get(paper_id) or await self._fetch(paper_id, now)
        summaries = await self._summaries.ensure([paper_id], now)
        # The summary just written may rest on a record that others have merged meanwhile.
        return Card(
            paper=paper, day=await self._days.day_of(paper_id), summary=summaries.get(paper_id)
        )

    async def cards(self, ids: Sequence[ArxivId], now: datetime) -> list[Card]:
        """Return the cards of stored papers, in the order given; others are left out."""
        papers = await self._papers.many(ids)
        summaries = await self._summaries.ensure(ids, now)
        return [
            Card(paper=papers[one], day=None, summary=summaries.get(one))
            for one in ids
            if one in papers
        ]

    async def digest(self, day: date | None, now: datetime) -> DayDigest:
        """Return a day's digest, reading its list first if it was not read since it closed.

        Without a day it is the latest that has papers.

        Raises:
            UserError: the day has no list yet, or never had one.
            SourceError: the list was never read, and cannot be read now.
        """
        if day is not None:
            check_day(day, now)
            stale = await self._refresh([day], now)
        else:
            stale = await self._refresh(await self._collector.wanted(now), now)
            day = await self._days.latest_day(list_date(now)) or list_date(now)
        stored = await self._days.day(day)
        if stale is not None and stored.read_at is None:
            raise stale
        ordered = by_upvotes(stored.listed)
        summaries = await self._summaries.ensure([one.paper.id for one in ordered], now)
        return DayDigest(
            day=stored,
            cards=tuple(
                Card(
                    paper=replace(one.paper, upvotes=one.upvotes),
                    day=day,
                    summary=summaries.get(one.paper.id),
                )
                for one in ordered
            ),
            stale=None if stale is None else str(stale),
        )

    async def known_days(self, limit: int) -> list[tuple[date, int]]:
        """Return the latest days that have papers, and how many."""
        return await self._days.days_with_papers(limit)

    async def _refresh(self, days: Sequence[date], now: datetime) -> SourceError | None:
        unread = []
        for day in days:
            stored = await self._days.day(day)
            if stored.read_at is None or (
                not stored.complete and (now >= closes_at(day) or now - stored.read_at > FRESH)
            ):
                unread.append(day)
        try:
            if unread:
                await self._collector.collect(unread, now)
        except SourceError as error:
            log.info("The list of %s could not be read: %s", unread[0], error)
            return error
        return None

    async def _by_title(self, text: str) -> ArxivId:
        wanted = text.strip().casefold()
        found = await self._search.papers(text.strip(), _MANY) if wanted else []
        exact = [paper for paper in found if paper.title.casefold() == wanted]
        if len(exact or found) == 1:
            return (exact or found)[0].id
        if found:
            raise UserError(
                f"“{text}” fits {'many' if len(found) == _MANY else len(found)} papers; pick one "
                "from the list while you type, or give its arXiv id."
            )
        raise UserError(
            f"“{text}” is not an arXiv id, a link to arXiv or Hugging Face, or a title that I "
            "know; write it like 2502.06782, or pick one from the list while you type."
        )

    async def _fetch(self, paper_id: ArxivId, now: datetime) -> Paper:
        failure: SourceError | None = None
        for source in self._sources:
            try:
                paper = await source.paper(paper_id)
            except SourceError as error:
                failure = error
                continue
            if paper is not None:
                await self._papers.save([paper], now)
                return paper
        if failure is not None:
            raise failure
        raise UserError(f"There is no paper {paper_id} on Hugging Face or arXiv; check the id.")


def check_day(day: date, now: datetime) -> None:
    """Refuse a day that can have no list.

    Raises:
        UserError: the day is in the future, or before the first list.
    """
    if day > list_date(now):
        raise UserError(f"{day} is still to come; the latest list is {list_date(now)}'s (UTC).")
    if day < FIRST_DAY:
        raise UserError(f"There are no lists before {FIRST_DAY}, so none for {day}.")
