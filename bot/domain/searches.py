"""What was asked of the search, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary


RESULTS_A_PAGE = 5
"""Papers on one page: two screens of a phone, and room in one message whatever they hold."""

MOST_COUNTED = 5_000
"""Papers up to which those that match are counted: nobody reads so many."""


class Sort(StrEnum):
    """The order of what was found."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    UPVOTES = "upvotes"


class Match(StrEnum):
    """How a paper answers a query: by its words, or by what it is about."""

    EXACT = "exact"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was asked; ``days`` None looks at everything, ``topic`` None at what is trending."""

    topic: str | None = None
    days: int | None = None
    sort: Sort = Sort.RELEVANCE
    min_upvotes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence of a paper, and the half-open spans of its characters that matched."""

    text: str
    matched: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One paper that was found, and why.

    ``place`` counts from 1 over all pages; ``day`` is the last list that it stood on; ``why`` is
    the sentence that matched; ``reason`` is said instead where no sentence can show it. One that
    is not among the best, in another order than theirs, has no ``score``.
    """

    place: int
    paper: Paper
    day: date | None
    summary: Summary | None
    match: Match
    score: float | None
    why: Passage | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to try where nothing was found.

    ``understood`` says the query in words; ``topics`` are the nearest known ones; ``without`` is
    the query without its rarest term, and ``finds`` how many papers match that.
    """

    understood: str
    topics: tuple[str, ...] = ()
    rarest: str | None = None
    without: str | None = None
    finds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A topic that is rising: its papers of the last week, and those of a usual week before."""

    topic: str
    papers: int
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what a search found.

    ``exact`` and ``close`` count what was found over all pages, ``exact`` up to
    ``MOST_COUNTED``; ``page`` counts from 0. ``about``
    is the paper whose relatives these are. ``note`` is a sentence about how it was understood, a
    corrected spelling say. ``papers`` is how many were searched, and ``listed`` how many stand on
    the pages, where that is not all that were found.
    """

    asked: Search
    hits: tuple[Hit, ...]
    page: int = 0
    pages: int = 1
    exact: int = 0
    close: int = 0
    papers: int = 0
    listed: int | None = None
    about: Paper | None = None
    note: str | None = None
    advice: Advice | None = None
    trends: tuple[Trend, ...] = ()
