"""The recorded corpus as the bot would have stored it, and a larger one mixed from its papers."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.archives import one_line
from bot.domain.papers import ArxivId, Author, DayReading, Listed, Paper, Source
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.storage.database import Database

WITHOUT_DATA = "The benchmark of {} needs the recorded data: PAPERBOY_RECORDED names no folder."
SEED = 5
A_DAY = 100
"""Made-up papers on a day's list, as many as the busiest days have."""

_LONGEST_TITLE = 175
_MADE_UP = 90_000  # arXiv has never numbered so many papers a month


@dataclass(frozen=True, slots=True)
class Dated:
    """A paper and the days whose lists it stood on."""

    paper: Paper
    days: tuple[date, ...]


def folder() -> Path | None:
    """Return where the recorded data lie, None where nothing says so."""
    told = os.environ.get("PAPERBOY_RECORDED")
    return Path(told) if told else None


def corpus(recorded: Path) -> list[Dated]:
    """Read the recorded papers."""
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [_dated(json.loads(line)) for line in lines]


def _dated(record: dict[str, Any]) -> Dated:
    paper = Paper(
        id=ArxivId(record["arxiv_id"]),
        title=one_line(record["title"]),
        abstract=one_line(record["abstract"]),
        authors=tuple(Author(name=name) for name in record["authors"]),
        source=Source.HUGGING_FACE,
        upvotes=record["upvotes"],
        ai_keywords=tuple(record["ai_keywords"]),
        categories=tuple(record["categories"]),
    )
    return Dated(paper, tuple(map(date.fromisoformat, record["daily_dates"])))


def enlarged(papers: Sequence[Dated], count: int) -> Iterator[Dated]:
    """Yield the papers, and as many made up of two of them each as make ``count``.

    A made-up paper has half of the sentences and keywords of each of the two, so that no two have
    the same text while every word is as common as it was. They stand on days before the first.
    """
    yield from papers
    rng = random.Random(SEED)  # noqa: S311 - the same papers each time
    sentences = [split_sentences(one.paper.abstract) for one in papers]
    day = min(day for one in papers for day in one.days)
    for number in range(count - len(papers)):
        if number % A_DAY == 0:
            day -= timedelta(days=1)
        first, second = rng.sample(range(len(papers)), 2)
        told = [*_half(rng, sentences[first]), *_half(rng, sentences[second])]
        one, other = papers[first].paper, papers[second].paper
        paper = Paper(
            id=ArxivId(f"{day:%y%m}.{_MADE_UP + day.day * A_DAY + number % A_DAY}"),
            title=_crossed(one.title, other.title),
            abstract=" ".join(told),
            authors=other.authors,
            source=Source.HUGGING_FACE,
            upvotes=one.upvotes,
            ai_keywords=tuple(
                dict.fromkeys(_half(rng, one.ai_keywords) + _half(rng, other.ai_keywords))
            ),
            categories=one.categories,
        )
        yield Dated(paper, (day,))


def _half(rng: random.Random, told: Sequence[str]) -> list[str]:
    kept = sorted(rng.sample(range(len(told)), -(-len(told) // 2)))
    return [told[at] for at in kept]


def _crossed(one: str, other: str) -> str:
    """Return the first half of a title and the second of another."""
    first, second = one.split(), other.split()
    crossed = " ".join([*first[: -(-len(first) // 2)], *second[len(second) // 2 :]])
    return crossed[:_LONGEST_TITLE]


def after(papers: Iterable[Dated]) -> datetime:
    """Return the morning after the last day that has a list."""
    last = max(day for one in papers for day in one.days)
    return datetime.combine(last + timedelta(days=1), time(9), UTC)


async def store(database: Database, papers: Iterable[Dated]) -> int:
    """Store each day's list as it was collected on the next morning, and the rest; count them.

    Where no index follows the database, every paper is left for it to catch up with.
    """
    days = defaultdict[date, list[Paper]](list)
    undated: list[Paper] = []
    count = 0
    for one in papers:
        count += 1
        for day in one.days:
            days[day].append(one.paper)
        if not one.days:
            undated.append(one.paper)
    lists = DayStore(database)
    for day in sorted(days):
        await lists.save_reading(_reading(day, days[day]))
    await PaperStore(database).save(undated, datetime.combine(max(days), time(9), UTC))
    return count


def _reading(day: date, papers: Sequence[Paper]) -> DayReading:
    ranked = sorted(papers, key=lambda one: -(one.upvotes or 0))
    return DayReading(
        day=day,
        listed=tuple(
            Listed(paper=one, rank=rank, upvotes=one.upvotes or 0)
            for rank, one in enumerate(ranked, start=1)
        ),
        read_at=datetime.combine(day + timedelta(days=1), time(9), UTC),
    )
