"""Search: what a person asks, answered from the index, with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.domain.papers import arxiv_id, list_date
from bot.domain.searches import RESULTS_A_PAGE
from bot.errors import QueryMistake, UserError
from bot.search.parsing import parse
from bot.services.answers import Answers, Window
from bot.services.suggesting import suggested, typed_papers
from bot.storage.search_reading import Scope, ask

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.searches import Found, Search
    from bot.services.vocabulary import Vocabulary
    from bot.storage.database import Database
    from bot.storage.searches import SearchStore

LONGEST_PERIOD = 3650
"""Days that a search looks back at the most, if it does not look at everything."""

Told = TypeVar("Told")


class PaperSearch:
    """Finds papers by what they are about; every answer is made in one go, off the event loop."""

    def __init__(self, database: Database, searches: SearchStore, vocabulary: Vocabulary) -> None:
        self._database = database
        self._searches = searches
        self._vocabulary = vocabulary

    async def find(
        self, asked: Search, page: int, now: datetime, size: int = RESULTS_A_PAGE
    ) -> Found:
        """Return one page of what was asked for; without a topic, of what is trending.

        Raises:
            QueryMistake: the topic does not parse.
        """
        scope, window = _scope(asked, now), Window(page, size)
        topic = (asked.topic or "").strip()
        asked = replace(asked, topic=topic or None)
        if not topic:
            today = list_date(now)
            return await self._answer(now, lambda to: to.trending(asked, scope, today, window))
        if (paper_id := arxiv_id(topic)) is not None:
            return await self._answer(now, lambda to: to.named(asked, paper_id, window))
        try:
            query = parse(topic)
        except QueryMistake:
            # Titles and links are pasted, and some of them are no queries.
            linked = next(filter(None, map(_linked, topic.split())), None)
            titled = linked or await self._answer(now, lambda to: to.titled(topic))
            if titled is None:
                raise
            return await self._answer(now, lambda to: to.named(asked, titled, window))
        return await self._answer(now, lambda to: to.matching(asked, query, scope, window))

    async def related(self, paper_id: ArxivId, page: int, now: datetime) -> Found:
        """Return one page of the papers nearest to a stored one, which is left out itself.

        Raises:
            UserError: the paper is not stored.
        """
        window = Window(page, RESULTS_A_PAGE)
        found = await self._answer(now, lambda to: to.related(paper_id, window))
        if found is None:
            raise UserError(f"Paper {paper_id} is not stored; /paper {paper_id} fetches it.")
        return found

    async def remember(self, asked: Search, now: datetime) -> str:
        """Keep what was asked for thirty days; return its short id, ten of [a-z2-7]."""
        return await self._searches.remember(asked, now)

    async def recall(self, name: str, now: datetime) -> Search | None:
        """Return what was asked by its short id; None if it is older than thirty days."""
        return await self._searches.recall(name, now)

    async def topics(self, typed: str, limit: int) -> list[str]:
        """Return queries that what was typed so far may become, the likeliest first."""
        return await ask(self._database, lambda reader: suggested(reader, typed, limit), quick=True)

    async def papers(self, typed: str, limit: int) -> list[Paper]:
        """Return stored papers that what was typed so far may mean, by title or id."""
        return await ask(
            self._database, lambda reader: typed_papers(reader, typed, limit), quick=True
        )

    async def _answer(self, now: datetime, say: Callable[[Answers], Told]) -> Told:
        words = await self._vocabulary.words(now)
        return await ask(self._database, lambda reader: say(Answers(reader, words)))


def _scope(asked: Search, now: datetime) -> Scope:
    if asked.days is None:
        return Scope(None, asked.min_upvotes)
    days = min(asked.days, LONGEST_PERIOD)
    return Scope(list_date(now) - timedelta(days=days - 1), asked.min_upvotes)


def _linked(word: str) -> ArxivId | None:
    """Return the paper that a link inside a text leads to."""
    return arxiv_id(word.strip("()<>[],.;!?")) if "/" in word else None
