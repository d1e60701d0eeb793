"""The recorded corpus as the bot would have stored it, and a larger one mixed from its papers."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.papers import ArxivId, Paper
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.summaries.sentences import split_sentences
from tests.builders import reading
from tests.recorded.corpus import papers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.storage.database import Database

Dated: TypeAlias = "tuple[Paper, date | None]"
"""A paper, and the last list that it stood on."""

WITHOUT_DATA = "The benchmark of {} needs the recorded data: PAPERBOY_RECORDED names no folder."
SEED = 5
A_DAY = 100
"""Made-up papers on a day's list, as many as the busiest days have."""

_LONGEST_TITLE = 175
_MADE_UP = 90_000  # arXiv has never numbered so many papers a month


def folder() -> Path | None:
    """Return where the recorded data lie, None where nothing says so."""
    told = os.environ.get("PAPERBOY_RECORDED")
    return Path(told) if told else None


def corpus(recorded: Path) -> list[Dated]:
    """Read the recorded papers, each with the last list that it stood on."""
    return list(papers_of(recorded))


def enlarged(papers: Sequence[Dated], count: int) -> Iterator[Dated]:
    """Yield the papers, and as many made up of two of them each as make ``count``.

    A made-up paper has half of the sentences and keywords of each of the two, so that no two have
    the same text while every word is as common as it was. They stand on days before the first.
    """
    yield from papers
    rng = random.Random(SEED)  # noqa: S311 - the same papers each time
    sentences = [split_sentences(paper.abstract) for paper, _ in papers]
    day = min(day for _, day in papers if day is not None)
    for number in range(count - len(papers)):
        if number % A_DAY == 0:
            day -= timedelta(days=1)
        first, second = rng.sample(range(len(papers)), 2)
        one, other = papers[first][0], papers[second][0]
        paper = replace(
            one,
            id=ArxivId(f"{day:%y%m}.{_MADE_UP + day.day * A_DAY + number % A_DAY}"),
            title=_crossed(one.title, other.title),
            abstract=" ".join(_half(rng, sentences[first]) + _half(rng, sentences[second])),
            authors=other.authors,
            published=datetime.combine(day, time(), UTC),
            ai_keywords=tuple(
                dict.fromkeys(_half(rng, one.ai_keywords) + _half(rng, other.ai_keywords))
            ),
        )
        yield paper, day


def _half(rng: random.Random, told: Sequence[str]) -> list[str]:
    kept = sorted(rng.sample(range(len(told)), -(-len(told) // 2)))
    return [told[at] for at in kept]


def _crossed(one: str, other: str) -> str:
    """Return the first half of a title and the second of another."""
    first, second = one.split(), other.split()
    crossed = " ".join([*first[: -(-len(first) // 2)], *second[len(second) // 2 :]])
    return crossed[:_LONGEST_TITLE]


async def store(database: Database, papers: Iterable[Dated]) -> None:
    """Store each day's list as it was collected on the next morning, and the rest before.

    Where no index follows the database, every paper is left for it to catch up with.
    """
    days = defaultdict[date, list[Paper]](list)
    undated: list[Paper] = []
    for paper, day in papers:
        (undated if day is None else days[day]).append(paper)
    await PaperStore(database).save(undated, _next_morning(min(days)))
    for day in sorted(days):
        await DayStore(database).save_reading(
            reading(*days[day], day=day, read_at=_next_morning(day))
        )


def _next_morning(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(9), UTC)
