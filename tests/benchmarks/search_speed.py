"""How fast the search is, over the recorded papers and over a larger store mixed from them.

Needs the recorded data. A store is built once, and kept under ``PAPERBOY_BENCH_CACHE`` (by default
in the system's folder for temporary files), where the next run finds it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.search.documents import PaperAnalyst
from bot.services.indexing import Indexing
from bot.storage.database import Database, migrations
from bot.storage.search_index import SearchIndex
from tests.benchmarks import Measure, Table, corpus

ROOT = Path(__file__).parents[2]
SIZES = tuple(map(int, os.environ.get("PAPERBOY_SEARCHED", "13006,200000").split(",")))
GOALS = {13_006: (2, 20), 200_000: (20, 150)}
"""Milliseconds within which half of the searches, and 99 of 100, are answered, by papers stored."""

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Store:
    """A database with its index, and in how many seconds that was built."""

    path: Path
    papers: int
    seconds: float
    worked: float
    """Seconds of processor time."""

    index: float
    """Bytes of the index, without the papers."""


async def measure() -> str:
    """Build the stores that are missing, and search each in a process of its own."""
    if corpus.folder() is None:
        return corpus.WITHOUT_DATA.format("search's speed")
    tables = []
    for size in SIZES:
        store = await _built(size)
        figures = await _measured("searching", store) | await _measured("commanding", store)
        tables.append(str(_table(store, figures)))
    return "\n\n".join(tables)


async def _measured(module: str, store: Store) -> dict[str, float]:
    """Return the figures that a process of its own prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.benchmarks.{module}", str(store.path)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert not process.returncode
    figures: dict[str, float] = json.loads(told)
    return figures


async def _built(count: int) -> Store:
    """Return the store with so many papers, built if it is not there by today's rules."""
    cache = Path(os.environ.get("PAPERBOY_BENCH_CACHE") or tempfile.gettempdir())
    rules = "".join((*migrations(), str(PaperAnalyst.version), str(corpus.SEED)))
    name = f"paperboy-search-{count}-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"
    path, notes = cache / f"{name}.db", cache / f"{name}.json"
    if not notes.exists():
        cache.mkdir(parents=True, exist_ok=True)
        for old in cache.glob(f"{name}.db*"):  # half built, and its side files
            old.unlink()
        notes.write_text(json.dumps(await _build(path, count)), encoding="utf-8")
    return Store(path, count, **json.loads(notes.read_text(encoding="utf-8")))


async def _build(path: Path, count: int) -> dict[str, float]:
    recorded = corpus.folder()
    assert recorded is not None
    async with Database.open(path) as database:
        await corpus.store(database, corpus.enlarged(corpus.corpus(recorded), count))
        indexing, done = Indexing(SearchIndex(database, PaperAnalyst())), 0

        def advance(indexed: int) -> None:
            nonlocal done
            done += indexed
            sys.stderr.write(f"\rsearch-speed: {done:,} of {count:,} papers indexed")

        started, began = time.perf_counter(), time.process_time()
        await indexing.catch_up(advance)
        seconds, worked = time.perf_counter() - started, time.process_time() - began
        sys.stderr.write("\n")
        row = await database.one(
            "SELECT sum(pgsize) AS size FROM dbstat WHERE name GLOB 'search_*'"
        )
        assert row is not None
        return {"seconds": seconds, "worked": worked, "index": row["size"]}


def _table(store: Store, found: dict[str, float]) -> Table:
    half, most = (f"< {goal} ms" for goal in GOALS.get(store.papers, (20, 150)))

    def both(what: str, name: str, goals: tuple[str, str], baseline: str = "") -> list[Measure]:
        return [
            Measure(
                what=f"{what}, {share} within",
                value=found[f"{name} {share}"] * 1000,
                unit="ms",
                baseline=found[f"{baseline} {share}"] * 1000 if baseline else None,
                goal=goal,
            )
            for share, goal in zip(("50 %", "99 %"), goals, strict=True)
        ]

    return Table(
        title=f"Search over {store.papers:,} papers, in one process; {os.cpu_count()} processors, "
        f"on which {os.getloadavg()[1]:.1f} processes ran in the last five minutes",
        baseline="LIKE '%words%' over title and abstract, or what stands in brackets: a scan in "
        "Python of papers in memory, counting words as arxiv-sanity-lite does; the command /help",
        measures=(
            *both("a search", "find", (half, most), "like"),
            *both("a search (a scan)", "find", ("", ""), "scan"),
            *both("a search's processor time", "find, processor", ("", "")),
            *both("topics while one types", "topics", ("", "< 20 ms")),
            *both("papers while one types", "papers", ("", "< 20 ms")),
            *both("related papers", "related", ("", "")),
            *both("/papers in a simulated Discord (/help)", "/papers", ("", ""), "/help"),
            Measure(what="50 searches at once", value=found["storm"] * 1000, unit="ms"),
            Measure(
                what="longest block of the loop then", value=found["block"] * 1000, unit="ms",
                goal="< 50 ms",
            ),
            Measure(what="the vocabulary, read each hour", value=found["vocabulary"], unit="s"),
            Measure(what="the index built in", value=store.seconds, unit="s"),
            Measure(what="the same, processor time", value=store.worked, unit="s"),
            Measure(what="the index's size", value=store.index / MIB, unit="MiB"),
            Measure(what="memory before", value=found["memory before"], unit="MiB"),
            Measure(what="memory after all searches", value=found["memory after"], unit="MiB"),
            Measure(
                what="most memory ever", value=found["memory peak"], unit="MiB", goal="< 400 MB"
            ),
        ),
    )  # fmt: skip
