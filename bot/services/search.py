"""Search: what a person asks, answered from the index; its interface, to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.searches import Found, Search
    from bot.domain.summaries import Summary


class PaperSearch:
    """Finds papers by what they are about."""

    async def find(self, asked: Search, page: int, now: datetime) -> Found:
        """Return one page of what was asked for; without a topic, of what is trending.

        Raises:
            UserError: the topic does not parse; the text holds the query and a caret, two lines
                in a code block after its first line.
        """
        raise NotImplementedError

    async def related(self, paper_id: ArxivId, page: int, now: datetime) -> Found:
        """Return one page of the papers nearest to a stored one, which is left out itself.

        Raises:
            UserError: the paper is not stored.
        """
        raise NotImplementedError

    async def remember(self, asked: Search, now: datetime) -> str:
        """Keep what was asked for thirty days; return its short id, ten of [a-z2-7]."""
        raise NotImplementedError

    async def recall(self, name: str, now: datetime) -> Search | None:
        """Return what was asked by its short id; None if it is older than thirty days."""
        raise NotImplementedError

    async def topics(self, typed: str, limit: int) -> list[str]:
        """Return queries that what was typed so far may become, the likeliest first."""
        raise NotImplementedError

    async def papers(self, typed: str, limit: int) -> list[Paper]:
        """Return stored papers that what was typed so far may mean, by title or id."""
        raise NotImplementedError


class Topics:
    """Says which papers a topic's query matches, for schedules (and, later, alerts)."""

    def check(self, text: str) -> None:
        """Refuse a topic that does not parse.

        Raises:
            UserError: says where the mistake is.
        """
        raise NotImplementedError

    async def matching(
        self, text: str, papers: Sequence[tuple[Paper, Summary | None]]
    ) -> frozenset[ArxivId]:
        """Return which of the papers match the topic; a topic that no longer parses matches all."""
        raise NotImplementedError
