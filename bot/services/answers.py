"""Answers to searches, made in one go over the index: ranked, with reasons, a page at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.searches import Found, Hit, Match, Search, Sort
from bot.search.analysis import stems
from bot.search.ranking import Scored
from bot.search.trends import WEEK, WEEKS_BEFORE, Dated, trending
from bot.services.advising import advise, unknown
from bot.services.correcting import corrected
from bot.services.reasons import Looked, why
from bot.services.retrieval import MOST_EXACT, Look, nearest, papers_stored, retrieve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.domain.papers import ArxivId
    from bot.domain.queries import Query
    from bot.domain.searches import Passage
    from bot.services.retrieval import Retrieved
    from bot.services.vocabulary import Words
    from bot.storage.search_reading import Indexed, Scope, SearchReader

_KEYWORD = "keyword"
_WEEK_ONLY = "Days and order go with a topic; without one it is the last week, most wanted first."


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is looked at, from 0, and how many papers stand on one."""

    page: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """Everything that was found, and what says why, before a page of it is looked at."""

    exact: Sequence[Scored] = ()
    close: Sequence[Scored] = ()
    matching: int | None = None
    reason: Callable[[Scored, Indexed, Match], tuple[Passage | None, str | None]]


class Answers:
    """Answers over one reading of the index."""

    def __init__(self, reader: SearchReader, words: Words) -> None:
        self._reader = reader
        self._words = words

    def matching(self, asked: Search, query: Query, scope: Scope, window: Window) -> Found:
        """Return a page of what matches a query, and then of what is close to it.

        Where nothing matches a word that is spelled nearly like a known one, that is looked for.
        """
        note = None
        look = Look(scope, asked.sort, max(MOST_EXACT, window.size))
        found = retrieve(self._reader, query.tree, self._words.forms, look)
        if not found.matching and (other := corrected(query, found.lexicon, self._words)):
            again = retrieve(self._reader, other.tree, self._words.forms, look)
            if again.matching:
                note = f"Nothing has “{query.text}”; this is for “{other.text}”."
                query, found = other, again
        ranked = self._titled_first(_by_words(found), query.text, scope)
        advice = None
        if not ranked.exact:
            advice = advise(self._reader, query, found.lexicon, scope)
        return replace(self._page(asked, ranked, window), note=note, advice=advice)

    def _titled_first(self, ranked: _Ranked, title: str, scope: Scope) -> _Ranked:
        """Put papers with exactly this title before all others: titles are pasted."""
        nos = self._reader.within(self._reader.titled(stems(title)), scope)
        known = {one.no for one in ranked.exact}
        return replace(
            ranked,
            exact=[
                *(Scored(no, 1.0) for no in nos),
                *(one for one in ranked.exact if one.no not in nos),
            ],
            close=[one for one in ranked.close if one.no not in nos],
            matching=max(ranked.matching or 0, len(known.union(nos))),
        )

    def named(self, asked: Search, paper_id: ArxivId, window: Window) -> Found:
        """Return the paper that was asked for by its name, and what is like it."""
        no = self._reader.number(paper_id)
        if no is None:
            nothing = self._page(asked, _Ranked(reason=_no_reason), window)
            return replace(nothing, advice=unknown(paper_id))
        alike = _by_words(nearest(self._reader, no))

        def reason(one: Scored, paper: Indexed, match: Match) -> tuple[Passage | None, str | None]:
            named = one.no == no
            return (None, "The paper that you named.") if named else alike.reason(one, paper, match)

        ranked = replace(alike, exact=(Scored(no, 1.0),), matching=1, reason=reason)
        return self._page(Search(topic=asked.topic), ranked, window)

    def titled(self, title: str) -> ArxivId | None:
        """Return the paper that has exactly this title, None if there is none."""
        nos = self._reader.titled(stems(title))[:1]
        return next((one.paper.id for one in self._reader.papers(nos).values()), None)

    def related(self, paper_id: ArxivId, window: Window) -> Found | None:
        """Return a page of the papers nearest to one; None if that is not stored."""
        no = self._reader.number(paper_id)
        if no is None:
            return None
        found = self._page(Search(), _by_words(nearest(self._reader, no)), window)
        return replace(found, about=self._reader.papers([no])[no].paper)

    def trending(self, asked: Search, scope: Scope, today: date, window: Window) -> Found:
        """Return a page of the week's papers, most wanted first, and the topics that rise.

        It is the week that ends with the last list: there is none on a weekend or a holiday.
        """
        last = self._reader.last_day(today) or today
        first = last - WEEK * (WEEKS_BEFORE + 1)
        recent = [
            Dated(no=one.no, day=one.day, upvotes=one.upvotes, topics=one.topics)
            for one in self._reader.recent(_KEYWORD, first, last)
        ]
        now = trending(recent, last)
        upvotes = {one.no: one.upvotes for one in recent}
        shown = [one for one in now.papers if upvotes[one.no] >= scope.min_upvotes]
        ranked = _Ranked(exact=shown, reason=lambda one, *_: (None, now.reasons[one.no]))
        found = self._page(asked, ranked, window)
        ignored = asked.days is not None or asked.sort is not Sort.RELEVANCE
        return replace(found, trends=now.trends, note=_WEEK_ONLY if ignored else None)

    def _page(self, asked: Search, ranked: _Ranked, window: Window) -> Found:
        matched = [(Match.EXACT, one) for one in ranked.exact]
        everything = [*matched, *((Match.CLOSE, one) for one in ranked.close)]
        pages = max(1, -(-len(everything) // window.size))
        page = min(max(window.page, 0), pages - 1)
        start = page * window.size
        here = everything[start : start + window.size]
        papers = self._reader.papers([one.no for _, one in here])
        hits = []
        for place, (match, one) in enumerate(here, start=start + 1):
            paper = papers[one.no]
            passage, reason = ranked.reason(one, paper, match)
            hits.append(
                Hit(
                    place=place,
                    paper=paper.paper,
                    day=paper.day,
                    summary=paper.summary,
                    match=match,
                    score=None if math.isnan(one.score) else round(one.score, 4),
                    why=passage,
                    reason=reason,
                )
            )
        return Found(
            asked=asked,
            hits=tuple(hits),
            page=page,
            pages=pages,
            exact=len(ranked.exact) if ranked.matching is None else ranked.matching,
            close=len(ranked.close),
            listed=len(everything),
            papers=papers_stored(self._reader),
        )


def _by_words(found: Retrieved) -> _Ranked:
    looked = Looked.of(found)
    return _Ranked(
        exact=found.exact,
        close=found.close,
        matching=found.matching,
        reason=lambda _, paper, match: why(paper, match, looked),
    )


def _no_reason(*_: object) -> tuple[None, None]:
    return None, None
