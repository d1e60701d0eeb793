"""The recorded corpus as a database of Paperboy's, made once for everything that searches it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.papers import ArxivId, Author, Paper, Source
from bot.search.documents import PaperAnalyst
from bot.services.indexing import Indexing
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from tests.builders import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.storage.database import Database

END = datetime(2026, 8, 28, 12, tzinfo=UTC)
"""The day after the corpus ends."""


def papers_of(folder: Path) -> Iterator[tuple[Paper, date | None]]:
    """Yield each paper of the corpus, and the last list that it stood on."""
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            told: dict[str, Any] = json.loads(line)
            day = max(map(date.fromisoformat, told["daily_dates"]), default=None)
            number = told["arxiv_id"]
            yield (
                Paper(
                    id=ArxivId(number),
                    title=" ".join(told["title"].split()),
                    abstract=" ".join(told["abstract"].split()),
                    authors=tuple(Author(name=name) for name in told["authors"]),
                    source=Source.HUGGING_FACE,
                    published=datetime(2000 + int(number[:2]), int(number[2:4]), 1, tzinfo=UTC),
                    upvotes=told["upvotes"],
                    ai_keywords=tuple(told["ai_keywords"]),
                    categories=tuple(told["categories"]),
                ),
                day,
            )


async def load(database: Database, folder: Path) -> SearchIndex:
    """Store and index the whole corpus; return its index."""
    index = SearchIndex(database, PaperAnalyst())
    database.follow = None  # a whole corpus is quicker in large pieces
    days: dict[date, list[Paper]] = {}
    others: list[Paper] = []
    for paper, day in papers_of(folder):
        (others if day is None else days.setdefault(day, [])).append(paper)
    await PaperStore(database).save(others, END)
    for day, papers in days.items():
        await DayStore(database).save_reading(reading(*papers, day=day, read_at=END))
    await Indexing(index).catch_up()
    return index
