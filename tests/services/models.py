"""A model and whole papers that tests can tell what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.papers import FullText
from bot.domain.summaries import Summary

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.summaries import Purse, SourceText
    from bot.errors import SourceError, SummaryError


class FakeModel:
    """A model that writes of each paper once, or fails as it is told to.

    ``failing`` holds what it raises by the paper's number, ``failure`` what it raises for all;
    ``gate`` holds every answer back until it is set.
    """

    def __init__(self, *, tokens: int = 1000, word: str = "Better") -> None:
        self.tokens = tokens
        self.word = word
        self.words: dict[int, str] = {}
        self.asked: list[int] = []
        self.sources: dict[int, SourceText] = {}
        self.failing: dict[int, Exception] = {}
        self.failure: SummaryError | None = None
        self.gate: asyncio.Event | None = None
        self.at_once = self.most_at_once = 0

    async def summarize(
        self, paper: Paper, source: SourceText, now: datetime, purse: Purse
    ) -> Summary:
        """Write a summary, or raise what one was told to."""
        number = int(paper.id[-5:])
        self.asked.append(number)
        self.sources[number] = source
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            async with purse.spending("gpt-x", self.tokens) as usage:
                usage.requests, usage.read = 1, self.tokens
                if self.gate is not None:
                    await self.gate.wait()
                if error := self.failing.get(number, self.failure):
                    raise error
        finally:
            self.at_once -= 1
        return Summary(
            tldr=f"{self.words.get(number, self.word)} words on thing {number}.",
            results=f"It reaches {number}%.",
            model="gpt-x",
            source=source.kind,
            prompt=1,
            grounded=True,
            sought=True,
            written_at=now,
            suspicious=source.suspicious,
        )


class FakeTexts:
    """Whole papers by their number, or a source that has none."""

    def __init__(self, texts: dict[int, str] | None = None) -> None:
        self.texts = texts or {}
        self.failure: SourceError | None = None
        self.asked: list[ArxivId] = []

    async def read(self, paper_id: ArxivId) -> FullText:
        """Return a whole paper, or raise what one was told to."""
        self.asked.append(paper_id)
        if self.failure is not None:
            raise self.failure
        return FullText(text=self.texts[int(paper_id[-5:])], form="html")
