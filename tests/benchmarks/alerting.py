"""The process whose pass is timed: ``python -m tests.benchmarks.alerting DATABASE``.

It holds nothing but the matcher, so that its memory is the matcher's, and prints its figures as
JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.search.documents import PaperAnalyst
from bot.search.expression import expression
from bot.search.packing import unpack
from bot.search.patterns import COLUMNS
from bot.services.standing import StandingMatcher
from bot.services.vocabulary import Vocabulary
from bot.storage.database import Database
from bot.storage.search_reading import ask
from bot.storage.standing_queries import StandingQueries
from tests.benchmarks.corpus import SEED
from tests.benchmarks.editions import Ticker
from tests.benchmarks.memory import peak, resident
from tests.benchmarks.searching import quantiles
from tests.recorded.corpus import END

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary

    Numbered = tuple[int, Paper, Summary | None]

PAPERS = 100
ADDED = 200
LOOPED = 10_000
"""Alerts that the loop looks for, out of all."""

ASKED = 2_000
"""Queries that FTS5 is asked, of those that matched and of all."""


async def main(path: Path) -> None:
    """Measure everything over one database."""
    async with Database.open(path) as database:
        papers = await _newest(database)
        matcher = StandingMatcher(database, Vocabulary(database))
        figures = {"memory before": resident(os.getpid())}
        async with Ticker() as ticker:
            await asyncio.sleep(0.05)
            started, began = time.perf_counter(), time.process_time()
            found = await matcher.matching(papers)
            figures["seconds"] = time.perf_counter() - started
            figures["worked"] = time.process_time() - began
        figures |= {"memory peak": peak(os.getpid()), "block": max(ticker.late)}
        figures |= await _hits(database, found)
        figures |= await _changed(database, matcher)
    with closing(sqlite3.connect(path)) as connection:
        figures |= _looped(connection, papers)
        figures |= _asked(connection, papers, found)
    sys.stdout.write(json.dumps(figures))


async def _newest(database: Database) -> list[Numbered]:
    rows = await database.all(
        "SELECT paper_no FROM search_papers ORDER BY day DESC, paper_no DESC LIMIT :papers",
        {"papers": PAPERS},
    )
    told = await ask(database, lambda reader: reader.papers([row["paper_no"] for row in rows]))
    return [(no, one.paper, one.summary) for no, one in sorted(told.items())]


async def _hits(database: Database, found: Sequence[tuple[int, int]]) -> dict[str, float]:
    rows = await database.all("SELECT no, users FROM standing_queries")
    users = {row["no"]: row["users"] for row in rows}
    return {"hits": len(found), "alert hits": sum(users[no] for no, _ in found)}


async def _changed(database: Database, matcher: StandingMatcher) -> dict[str, float]:
    """Time adding alerts that nobody has, each its own transaction, and removing them."""
    store, added, removed, numbers = StandingQueries(database), [], [], []
    await matcher.compiled("video", END)  # which reads the vocabulary, as once an hour
    rows = await database.all("SELECT text FROM standing_queries ORDER BY no LIMIT 9999")
    texts = random.Random(SEED).sample([row["text"] for row in rows], ADDED)  # noqa: S311
    for number, text in enumerate(texts):
        started = time.perf_counter()
        compiled = await matcher.compiled(f"({text}) -nobody{number}", END)
        async with database.transaction() as connection:
            numbers.append(await store.enter(connection, compiled, END))
        added.append(time.perf_counter() - started)
    for number in numbers:
        started = time.perf_counter()
        async with database.transaction() as connection:
            await store.leave(connection, number)
        removed.append(time.perf_counter() - started)
    return quantiles("add", added) | quantiles("remove", removed)


def _looped(connection: sqlite3.Connection, papers: Sequence[Numbered]) -> dict[str, float]:
    """Time what other bots do: each alert's text, in small letters, looked for in each paper."""
    alerts = connection.execute("SELECT sum(users) FROM standing_queries").fetchone()[0]
    rows = connection.execute("SELECT text, users FROM standing_queries").fetchall()
    weights = [users for _, users in rows]
    some = random.Random(SEED).choices([text for text, _ in rows], weights, k=LOOPED)  # noqa: S311
    texts = [_text(paper).lower() for _, paper, _ in papers]
    began, hits = time.process_time(), 0
    for text in some:
        sought = text.lower()
        for told in texts:
            hits += sought in told
    worked = time.process_time() - began
    return {"alerts": alerts, "loop": worked * alerts / LOOPED, "loop hits": hits}


def _text(paper: Paper) -> str:
    names = (author.name for author in paper.authors)
    return "\n".join((paper.title, paper.abstract, *paper.ai_keywords, *names))


def _asked(
    connection: sqlite3.Connection, papers: Sequence[Numbered], found: Sequence[tuple[int, int]]
) -> dict[str, float]:
    """Ask FTS5 for a share of the queries, and hold what it says against what was found."""
    index = sqlite3.connect(":memory:")
    index.execute(f"CREATE VIRTUAL TABLE t USING fts5 ({', '.join(COLUMNS)}, tokenize = 'ascii')")
    for no, paper, summary in papers:
        entry = PaperAnalyst().entry(paper, summary).columns
        index.execute(
            f"INSERT INTO t (rowid, {', '.join(COLUMNS)}) "  # noqa: S608 - our own names
            f"VALUES (?, {', '.join('?' * len(COLUMNS))})",
            [no, *(entry[name] for name in COLUMNS)],
        )
    reported: dict[int, set[int]] = {}
    for query, paper_no in found:
        reported.setdefault(query, set()).add(paper_no)
    chance = random.Random(SEED)  # noqa: S311
    most = connection.execute("SELECT max(no) FROM standing_queries").fetchone()[0]
    some = chance.sample(range(1, most + 1), min(ASKED, most))
    hit = chance.sample(sorted(reported), min(ASKED, len(reported)))
    seconds, wrong = _held_against(connection, index, some, reported)
    _, also_wrong = _held_against(connection, index, hit, reported)
    return {"fts": seconds * most / len(some), "wrong": wrong + also_wrong, "held": len(some + hit)}


def _held_against(
    connection: sqlite3.Connection,
    index: sqlite3.Connection,
    queries: Iterable[int],
    reported: dict[int, set[int]],
) -> tuple[float, int]:
    worked, wrong = 0.0, 0
    for no in queries:
        row = connection.execute("SELECT pattern FROM standing_queries WHERE no = ?", [no])
        asked = expression(unpack(row.fetchone()[0]))
        began = time.process_time()
        rows = index.execute("SELECT rowid FROM t WHERE t MATCH ?", [asked]).fetchall()
        worked += time.process_time() - began
        wrong += {one for (one,) in rows} != reported.get(no, set())
    return worked, wrong


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
