"""Which of all standing queries match the papers that came: one pass over the papers."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.standing import Compiled
from bot.errors import QueryMistake
from bot.search.anchoring import anchors, holding, keys
from bot.search.documents import columns
from bot.search.expansion import expand
from bot.search.matching import says
from bot.search.normal_form import form
from bot.search.packing import pack, unpack
from bot.search.parsing import parse
from bot.search.patterns import leaves
from bot.services.retrieval import lexicon_for
from bot.storage.search_reading import ask
from bot.storage.standing_queries import StandingQueries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.papers import Paper
    from bot.domain.queries import Query
    from bot.domain.standing import Outdated
    from bot.domain.summaries import Summary
    from bot.search.lexicon import Forms
    from bot.services.vocabulary import Vocabulary
    from bot.storage.database import Database
    from bot.storage.search_reading import SearchReader
    from bot.storage.standing_queries import StandingReader

    Numbered = tuple[int, Paper, Summary | None]

log = logging.getLogger(__name__)

RENEWED_AFTER = timedelta(days=1)
"""For how long a query is matched by what was known of its words: counts grow, and acronyms."""

_PAPERS_AT_ONCE = 50  # so that searches have their turn in between, and a pass holds little
_KEYS_AT_ONCE = 2_000
_MOST_HELD = 20_000  # queries that may match; a firehose is looked through in pieces
_RENEWED_AT_ONCE = 100


class StandingMatcher:
    """Says which standing queries match new papers, as a search for each would say."""

    def __init__(self, database: Database, vocabulary: Vocabulary) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._store = StandingQueries(database)

    async def compiled(self, text: str, now: datetime) -> Compiled:
        """Return a query as it is stored, by what is known of its words now.

        Raises:
            QueryMistake: it does not parse.
        """
        query = parse(text)
        words = await self._vocabulary.words(now)
        return await ask(
            self._database, lambda reader: compiled(reader, query, words.forms), quick=True
        )

    async def matching(self, papers: Sequence[Numbered]) -> list[tuple[int, int]]:
        """Return the number of each query that matches a paper, and the paper's.

        ``papers`` have numbers of the caller's. The work is in a thread, a few papers at a time.

        Raises:
            UserError: the threads that read are overrun; nothing is lost by asking again.
        """
        found: list[tuple[int, int]] = []
        for start in range(0, len(papers), _PAPERS_AT_ONCE):
            some = papers[start : start + _PAPERS_AT_ONCE]
            found += await self._store.read(partial(_matching, papers=some))
        return found

    async def renew(self, now: datetime, most: int) -> int:
        """Compile anew what was compiled over a day ago, the oldest first.

        A query that no longer parses is matched as before. Each transaction is short. Returns how
        many look for something else than before.
        """
        words = await self._vocabulary.words(now)
        tried = changed = 0
        while some := await self._store.outdated(
            now - RENEWED_AFTER, now, min(_RENEWED_AT_ONCE, most - tried)
        ):
            anew = await ask(self._database, partial(_anew, queries=some, forms=words.forms))
            changed += await self._store.renew(anew, now)
            tried += len(anew)
        return changed


def compiled(reader: SearchReader, query: Query, forms: Forms) -> Compiled:
    """Return a query as it is stored, by what the index and the acronyms tell of its words."""
    lexicon = lexicon_for(reader, query.tree, forms)
    wanted = expand(query.tree, lexicon)
    stems = {stem for leaf in leaves(wanted) for pattern in leaf.patterns for stem in pattern.stems}
    if unknown := stems - lexicon.known.keys():  # of long forms
        lexicon = lexicon.with_papers(reader.words(unknown))
    return Compiled(
        form=form(query.tree),
        text=query.text,
        pattern=pack(wanted),
        anchors=anchors(wanted, lexicon),
    )


def _anew(
    reader: SearchReader, queries: Sequence[Outdated], forms: Forms
) -> dict[int, Compiled | None]:
    """Return queries as they are understood today; None for one that does not parse any more."""
    anew: dict[int, Compiled | None] = {}
    for one in queries:
        try:
            anew[one.no] = compiled(reader, parse(one.text), forms)
        except QueryMistake:
            log.warning("Query %d no longer parses; it is matched as before", one.no, exc_info=True)
            anew[one.no] = None
    return anew


def _matching(reader: StandingReader, papers: Sequence[Numbered]) -> list[tuple[int, int]]:
    batch = _Batch(papers)
    sought = sorted(batch.having)  # neighbours among the anchors are read together
    for start in range(0, len(sought), _KEYS_AT_ONCE):
        some = sought[start : start + _KEYS_AT_ONCE]
        for place, no, rest, sure in reader.noticed(some):
            batch.notice(no, some[place], rest, sure=sure)
            if len(batch.possible) >= _MOST_HELD:
                batch.decide(reader)
    batch.decide(reader)
    return list(batch.found())


class _Batch:
    """A few papers with all of their keys, and the queries that were noticed by them.

    A set of papers is a number in which each has its bit: of each query there is one.
    """

    def __init__(self, papers: Sequence[Numbered]) -> None:
        self._nos = [no for no, _, _ in papers]
        self._texts: list[Mapping[str, str]] = []
        self.having = defaultdict[str, int](int)
        self.possible: dict[int, int] = {}
        self._certain: dict[int, int] = {}
        for place, (_, paper, summary) in enumerate(papers):
            told = columns(paper, summary)
            self._texts.append({name: f" {' '.join(row)} " for name, row in told.items() if row})
            for key in keys(told):
                self.having[key] |= 1 << place

    def notice(self, no: int, key: str, rest: str, *, sure: bool) -> None:
        """Take the papers that have a key and the rest for what a query matches, or may match."""
        papers = self.having[key]
        if rest:
            papers = holding(rest, self.having, papers)
        if papers:
            which = self._certain if sure else self.possible
            which[no] = which.get(no, 0) | papers

    def decide(self, reader: StandingReader) -> None:
        """Look at each paper that a query may match."""
        open_ = {
            no: left
            for no, papers in self.possible.items()
            if (left := papers & ~self._certain.get(no, 0))
        }
        self.possible.clear()
        for no, packed in reader.patterns(sorted(open_)):
            try:
                wanted = unpack(packed)
            except ValueError:  # until it is compiled anew
                log.exception("The pattern of query %d cannot be read", no)
                continue
            for place in _places(open_[no]):
                if says(wanted, self._texts[place]):
                    self._certain[no] = self._certain.get(no, 0) | 1 << place

    def found(self) -> Iterator[tuple[int, int]]:
        """Yield each query and each paper that match."""
        for no, papers in self._certain.items():
            for place in _places(papers):
                yield no, self._nos[place]


def _places(papers: int) -> Iterator[int]:
    """Yield the places of the bits in a set of papers."""
    while papers:
        yield (papers & -papers).bit_length() - 1
        papers &= papers - 1
