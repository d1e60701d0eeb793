"""A search of one's own: a topic matches where all of its words stand in a paper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.errors import UserError
from bot.services.topics import Topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.summaries import Summary


class WordTopics(Topics):
    """Reads words in titles, abstracts, keywords and one-line summaries; keeps what it was asked.

    A topic in ``broken`` cannot be matched, as if the search had a fault.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.broken: set[str] = set()

    @override
    def check(self, text: str) -> None:
        """Refuse a topic without a word, or with a quotation mark that is not closed."""
        if not _words(text) or text.count('"') % 2:
            raise UserError(f"That is no topic:\n{text}\n^")

    @override
    async def matching(
        self, text: str, papers: Sequence[tuple[Paper, Summary | None]]
    ) -> frozenset[ArxivId]:
        """Return the papers that have every word."""
        self.asked.append((text, len(papers)))
        if text in self.broken:
            raise RecursionError(text)
        wanted = _words(text)
        return frozenset(paper.id for paper, told in papers if wanted <= _words(_text(paper, told)))


def _text(paper: Paper, summary: Summary | None) -> str:
    told = (summary.tldr if summary is not None else None) or ""
    return " ".join([paper.title, paper.abstract, *paper.ai_keywords, told])


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
