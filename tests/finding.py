"""What searches find, for tests: small data, and a search over papers kept in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from bot.domain.papers import arxiv_id
from bot.domain.searches import RESULTS_A_PAGE, Found, Hit, Match, Passage, Search, Sort
from bot.errors import QueryMistake, UserError
from bot.services.search import PaperSearch
from tests.builders import DAY, paper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.searches import Advice, Trend

_KEPT = timedelta(days=30)


def hit(number: int = 1, place: int = 1, **told: Any) -> Hit:
    """Return ``paper(number)`` as a search finds it."""
    usual: dict[str, Any] = {
        "place": place,
        "paper": paper(number),
        "day": DAY,
        "summary": None,
        "match": Match.EXACT,
        "score": 1.0,
    }
    return Hit(**usual | told)


def found(*hits: Hit, **told: Any) -> Found:
    """Return a page that holds all that was found for ``thing``."""
    close = sum(one.match is Match.CLOSE for one in hits)
    usual: dict[str, Any] = {
        "asked": Search(topic="thing"),
        "hits": hits,
        "exact": len(hits) - close,
        "close": close,
        "papers": 13_006,
    }
    return Found(**usual | told)


def passage(text: str, *words: str) -> Passage:
    """Return a passage in which these words matched, each where it first stands."""
    return Passage(
        text=text, matched=tuple((text.index(one), text.index(one) + len(one)) for one in words)
    )


class SearchInMemory(PaperSearch):
    """Finds the papers whose title has every word; a ``(`` that nothing closes is a mistake.

    ``asked`` keeps what was looked for; ``advice`` is given where nothing is found.
    """

    def __init__(self, papers: Sequence[Paper] = (), page_size: int = RESULTS_A_PAGE) -> None:
        self.stored = list(papers)
        self.page_size = page_size
        self.asked: list[tuple[Search, int]] = []
        self.advice: Advice | None = None
        self.trends: tuple[Trend, ...] = ()
        self.known: list[str] = []
        self.failure: Exception | None = None
        self._kept: dict[str, tuple[Search, datetime]] = {}

    @override
    async def find(
        self, asked: Search, page: int, now: datetime, size: int = RESULTS_A_PAGE
    ) -> Found:
        self.asked.append((asked, page))
        if self.failure is not None:
            raise self.failure
        if asked.topic is None:
            return replace(self._page(asked, self.stored, page), trends=self.trends)
        if "(" in asked.topic:
            at = asked.topic.index("(")
            raise QueryMistake(
                "This “(” is never closed; I expected a “)”.",
                text=asked.topic,
                at=at,
                expected="a “)”",
            )
        words = asked.topic.casefold().split()
        fitting = [
            one
            for one in self.stored
            if all(word in one.title.casefold().split() for word in words)
            and (one.upvotes or 0) >= asked.min_upvotes
        ]
        if asked.sort is Sort.UPVOTES:
            fitting.sort(key=lambda one: -(one.upvotes or 0))
        page_found = self._page(asked, fitting, page)
        return page_found if fitting else replace(page_found, advice=self.advice)

    @override
    async def related(self, paper_id: ArxivId, page: int, now: datetime) -> Found:
        about = next((one for one in self.stored if one.id == paper_id), None)
        if about is None:
            raise UserError(f"There is no paper {paper_id} here.")
        others = [one for one in self.stored if one.id != paper_id]
        return replace(self._page(Search(), others, page), about=about)

    def _page(self, asked: Search, papers: Sequence[Paper], page: int) -> Found:
        start = page * self.page_size
        return Found(
            asked=asked,
            hits=tuple(
                hit(place=place, paper=one)
                for place, one in enumerate(papers[start:][: self.page_size], start=start + 1)
            ),
            page=page,
            pages=max(1, -(-len(papers) // self.page_size)),
            exact=len(papers),
            papers=len(self.stored),
        )

    @override
    async def remember(self, asked: Search, now: datetime) -> str:
        name = f"{len(self._kept):010b}".translate({ord("0"): "a", ord("1"): "b"})
        self._kept[name] = (asked, now)
        return name

    @override
    async def recall(self, name: str, now: datetime) -> Search | None:
        asked, since = self._kept[name]
        return asked if now - since <= _KEPT else None

    @override
    async def topics(self, typed: str, limit: int) -> list[str]:
        if self.failure is not None:
            raise self.failure
        return [one for one in self.known if typed.casefold() in one.casefold()]

    @override
    async def papers(self, typed: str, limit: int) -> list[Paper]:
        if self.failure is not None:
            raise self.failure
        named = arxiv_id(typed)
        return [
            one
            for one in self.stored
            if typed.casefold() in f"{one.id} {one.title}".casefold() or one.id == named
        ]
