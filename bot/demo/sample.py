"""The sample day: real papers of 2025-02-11, with summaries written for this project."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib import resources
from typing import TYPE_CHECKING, Any

from bot.domain.papers import (
    ArxivId,
    Author,
    DayReading,
    Listed,
    Paper,
    Source,
)
from bot.domain.summaries import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DAY = date(2025, 2, 11)
NOW = datetime(2025, 2, 12, 9, tzinfo=UTC)
"""The morning after: the sample's list is closed, and its edition is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDay:
    """The bundled day as a source of papers: no network, no other day."""

    listed: tuple[Listed, ...]
    summaries: Mapping[ArxivId, Summary]
    now: Callable[[], datetime] = lambda: NOW

    async def day(self, day: date) -> DayReading:
        """Return the sample for its own date and an empty list for any other."""
        listed = self.listed if day == DAY else ()
        return DayReading(day=day, listed=listed, read_at=self.now())

    async def paper(self, paper_id: ArxivId) -> Paper | None:
        """Return one of the sample's papers, or None."""
        return next((one.paper for one in self.listed if one.paper.id == paper_id), None)


def load(now: Callable[[], datetime] = lambda: NOW) -> SampleDay:
    """Read the sample out of the package; ``now`` is the time of its readings."""
    text = (resources.files("bot.demo") / "sample" / "2025-02-11.json").read_text("utf-8")
    records = json.loads(text)["papers"]
    listed = tuple(
        Listed(paper=_paper(record), rank=rank, upvotes=record["upvotes"])
        for rank, record in enumerate(records, start=1)
    )
    return SampleDay(
        listed=listed,
        summaries={ArxivId(record["id"]): _summary(record) for record in records},
        now=now,
    )


def _paper(record: Mapping[str, Any]) -> Paper:
    return Paper(
        id=ArxivId(record["id"]),
        title=record["title"],
        authors=tuple(Author(name=name) for name in record["authors"]),
        source=Source.HUGGING_FACE,
        submitted=datetime.combine(DAY, time(1), tzinfo=UTC),
        upvotes=record["upvotes"],
        ai_keywords=tuple(record["keywords"]),
        github_repo=record["github"],
        project_page=record["project"],
    )


def _summary(record: Mapping[str, Any]) -> Summary:
    return Summary(
        **record["summary"],
        model="the Paperboy developers",
        source="full text",
        prompt=0,
        grounded=None,
        sought=True,
        written_at=NOW,
    )
