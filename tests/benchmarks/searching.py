"""The process whose searches are timed: ``python -m tests.benchmarks.searching DATABASE``.

It holds nothing but the search, so that its memory is the search's, and prints its figures as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.domain.papers import ArxivId
from bot.domain.searches import Search
from bot.errors import UserError
from bot.services.search import PaperSearch
from bot.services.vocabulary import Vocabulary
from bot.storage.database import Database
from bot.storage.searches import SearchStore
from tests.benchmarks.corpus import SEED
from tests.benchmarks.editions import Ticker
from tests.benchmarks.memory import peak, resident
from tests.recorded.asked import ASKED
from tests.recorded.corpus import END

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

Given = TypeVar("Given")

BROAD = ("llm", "language model", "diffusion", "agents", "large language models", "video")
TIMES, STORM, CHOICES = 3, 50, 25
RELATED, SCANNED = 100, 20
"""Papers whose relatives are looked for, and queries that are asked of what scans every paper."""

_TYPED = (1, 2, 4, 7, 12)
"""Characters after which a person who types is offered something."""

_LIKE = r"""
    SELECT no FROM papers WHERE title LIKE :words ESCAPE '\' OR abstract LIKE :words ESCAPE '\'
    ORDER BY upvotes DESC LIMIT 5"""


async def main(path: Path) -> None:
    """Measure everything over one database."""
    async with Database.open(path) as database:
        search = PaperSearch(database, SearchStore(database), Vocabulary(database))
        figures = {"memory before": resident(os.getpid())}
        queries = await answered(search)
        started = time.perf_counter()
        await Vocabulary(database).words(END)
        figures["vocabulary"] = time.perf_counter() - started
        figures |= await _searched(search, queries)
        figures |= await _offered(search, queries)
        figures |= await _related(database, search)
        figures |= await _storm(search, queries)
        figures |= {"memory after": resident(os.getpid()), "memory peak": peak(os.getpid())}
        figures |= _scanned(path, queries)
    sys.stdout.write(json.dumps(figures))


async def answered(search: PaperSearch) -> list[str]:
    """Return the queries that are no mistakes; the first of them has the vocabulary read."""
    kept = []
    for query in dict.fromkeys((*(one.query for one in ASKED), *BROAD)):
        try:
            await search.find(Search(topic=query), 0, END)
        except UserError:
            continue
        kept.append(query)
    return kept


async def _searched(search: PaperSearch, queries: Sequence[str]) -> dict[str, float]:
    worked: list[float] = []

    async def find(query: str) -> None:
        began = time.process_time()
        await search.find(Search(topic=query), 0, END)
        worked.append(time.process_time() - began)

    taken = await timed(find, queries)
    return quantiles("find", taken) | quantiles("find, processor", worked)


async def _offered(search: PaperSearch, queries: Sequence[str]) -> dict[str, float]:
    typed = {query[:length] for query in queries for length in _TYPED}
    topics = await timed(lambda one: search.topics(one, CHOICES), sorted(typed))
    papers = await timed(lambda one: search.papers(one, CHOICES), sorted(typed))
    return quantiles("topics", topics) | quantiles("papers", papers)


async def _related(database: Database, search: PaperSearch) -> dict[str, float]:
    rows = await database.all("SELECT id FROM papers ORDER BY id")
    ids = [ArxivId(row["id"]) for row in random.Random(SEED).sample(rows, RELATED)]  # noqa: S311
    return quantiles("related", await timed(lambda one: search.related(one, 0, END), ids))


async def _storm(search: PaperSearch, queries: Sequence[str]) -> dict[str, float]:
    """Return how late a task comes while many people search at once, and how long it takes."""
    asked = random.Random(SEED).sample(queries, STORM)  # noqa: S311
    async with Ticker() as ticker:
        await asyncio.sleep(0.05)
        started = time.perf_counter()
        await asyncio.gather(*(search.find(Search(topic=query), 0, END) for query in asked))
        seconds = time.perf_counter() - started
    return {"storm": seconds, "block": max(ticker.late)}


def _scanned(path: Path, queries: Sequence[str]) -> dict[str, float]:
    """Time what looks at every paper: LIKE, and counting words as arxiv-sanity-lite does."""
    connection = sqlite3.connect(path)  # the database's own breaks long reading off
    some = random.Random(SEED).sample(queries, SCANNED)  # noqa: S311
    like = []
    for query in some:
        escaped = query.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        started = time.perf_counter()
        connection.execute(_LIKE, {"words": f"%{escaped}%"}).fetchall()
        like.append(time.perf_counter() - started)
    papers = connection.execute("SELECT no, title, authors, abstract FROM papers").fetchall()
    connection.close()
    scan = []
    for query in some:
        started = time.perf_counter()
        _counted(papers, query)
        scan.append(time.perf_counter() - started)
    return quantiles("like", like) | quantiles("scan", scan)


def _counted(papers: Iterable[tuple[int, str, str, str]], query: str) -> list[int]:
    """Rank by how often the query's words stand in authors (5), title (10) and abstract (1).

    https://github.com/karpathy/arxiv-sanity-lite/blob/13a1d5f/serve.py#L156: there every search
    reads the papers from the disk besides; here they are in memory.
    """
    asked = query.lower().split()
    scored = []
    for no, title, authors, abstract in papers:
        score = sum(
            weight * text.lower().count(word)
            for text, weight in ((authors, 5), (title, 10), (abstract, 1))
            for word in asked
        )
        if score:
            scored.append((score, no))
    return [no for _, no in sorted(scored, reverse=True)[:5]]


async def timed(work: Callable[[Given], Awaitable[object]], asked: Iterable[Given]) -> list[float]:
    """Return how many seconds each took, every one several times and in mixed order."""
    runs = [one for one in asked for _ in range(TIMES)]
    random.Random(SEED).shuffle(runs)  # noqa: S311 - the same order each time
    taken = []
    for one in runs:
        started = time.perf_counter()
        await work(one)
        taken.append(time.perf_counter() - started)
    return taken


def quantiles(what: str, seconds: Sequence[float]) -> dict[str, float]:
    """Return within how many seconds half of some was done, and 99 of 100."""
    return {
        f"{what} 50 %": statistics.median(seconds),
        f"{what} 99 %": statistics.quantiles(seconds, n=100, method="inclusive")[-1],
    }


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
