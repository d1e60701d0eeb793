"""Which papers a standing query matches: the topic of a schedule."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.errors import QueryMistake
from bot.search.documents import columns
from bot.search.expansion import expand
from bot.search.matching import matches
from bot.search.parsing import parse
from bot.services.retrieval import lexicon_for
from bot.storage.search_reading import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.queries import Node
    from bot.domain.summaries import Summary
    from bot.search.patterns import Wanted
    from bot.services.vocabulary import Vocabulary
    from bot.storage.database import Database
    from bot.storage.search_reading import SearchReader

_PAPERS_KEPT = 1000  # of the lists that channels are brought


class Topics:
    """Says which papers match a query, as a search for it says."""

    def __init__(
        self, database: Database, vocabulary: Vocabulary, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._vocabulary = vocabulary
        self._now = now

    def check(self, text: str) -> None:
        """Refuse a topic that does not parse.

        Raises:
            QueryMistake: says where the mistake is.
        """
        parse(text)

    async def matching(
        self, text: str, papers: Sequence[tuple[Paper, Summary | None]]
    ) -> frozenset[ArxivId]:
        """Return which of the papers match the topic; one that no longer parses matches all."""
        try:
            tree = parse(text).tree
        except QueryMistake:
            return frozenset(paper.id for paper, _ in papers)
        wanted = await self.wanted({text: tree})
        return await asyncio.to_thread(_matching, wanted[text], papers)

    async def wanted(self, trees: Mapping[str, Node]) -> dict[str, Wanted]:
        """Return what queries look for, as a search for them would at this moment."""
        words = await self._vocabulary.words(self._now())

        def expanded(reader: SearchReader) -> dict[str, Wanted]:
            return {
                text: expand(tree, lexicon_for(reader, tree, words.forms))
                for text, tree in trees.items()
            }

        return await ask(self._database, expanded)


def _matching(wanted: Wanted, papers: Sequence[tuple[Paper, Summary | None]]) -> frozenset[ArxivId]:
    return frozenset(
        paper.id for paper, summary in papers if matches(wanted, _columns(paper, summary))
    )


@lru_cache(maxsize=_PAPERS_KEPT)
def _columns(paper: Paper, summary: Summary | None) -> dict[str, list[str]]:
    """Return a paper's words; the topics of a round are asked about the same papers."""
    return columns(paper, summary)
