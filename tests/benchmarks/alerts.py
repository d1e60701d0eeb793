"""How long a pass of all alerts over new papers takes, beside what other bots do.

Needs the recorded data. The stores are built once, and kept as those of the search's speed are.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bot.search.documents import PaperAnalyst
from bot.storage.database import Database, migrations
from tests.benchmarks import Measure, Table, alert_queries, alerting, corpus, search_speed

SIZES = tuple(map(int, os.environ.get("PAPERBOY_ALERTS", "10000,100000,1000000").split(",")))
_PAPERS = 13_006
_MIB = 1024 * 1024


async def measure() -> str:
    """Build the stores that are missing, and pass over each in a process of its own."""
    recorded = corpus.folder()
    if recorded is None:
        return corpus.WITHOUT_DATA.format("alerts")
    tables = []
    for size in SIZES:
        path, built = await _built(recorded, size)
        tables.append(str(_table(size, built | await _measured(path))))
    return "\n\n".join(tables)


async def _built(recorded: Path, count: int) -> tuple[Path, dict[str, float]]:
    """Return the store with so many alerts, built if it is not there by today's rules."""
    base = (await search_speed._built(_PAPERS)).path
    cache = Path(os.environ.get("PAPERBOY_BENCH_CACHE") or tempfile.gettempdir())
    drawing = Path(alert_queries.__file__).read_text("utf-8")
    rules = "".join((*migrations(), str(PaperAnalyst.version), str(corpus.SEED), drawing))
    name = f"paperboy-alerts-{count}-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"
    path, notes = cache / f"{name}.db", cache / f"{name}.json"
    if not notes.exists():
        for old in cache.glob(f"{name}.db*"):  # half built, and its side files
            old.unlink()
        async with Database.open(base):
            pass  # nothing is left beside the file by who opened it last
        shutil.copy(base, path)
        papers = [paper for paper, _ in corpus.corpus(recorded)]
        built = await alert_queries.keep(path, alert_queries.drawn(papers, count))
        notes.write_text(json.dumps(built), encoding="utf-8")
    return path, json.loads(notes.read_text(encoding="utf-8"))


async def _measured(path: Path) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.alerting", str(path)),
        cwd=search_speed.ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert not process.returncode
    figures: dict[str, float] = json.loads(told)
    return figures


def _table(size: int, found: dict[str, float]) -> Table:
    return Table(
        title=f"{size:,} alerts ({found['queries']:,} different queries) × {alerting.PAPERS} new "
        f"papers; {os.cpu_count()} processors, on which {os.getloadavg()[1]:.1f} processes ran in "
        "the last five minutes",
        baseline="processor time of a loop, each alert's text in small letters `in` each paper's; "
        "in the second line, of one FTS5 query for each different query over those papers. Both "
        f"were measured on a share, {alerting.LOOPED:,} alerts and {alerting.ASKED:,} queries, "
        "and multiplied up to all",
        measures=(
            Measure(
                what="a pass, processor time (the loop)", value=found["worked"], unit="s",
                baseline=found["loop"], goal="< 5 s, 1/100",
            ),
            Measure(
                what="the same (FTS5)", value=found["worked"], unit="s", baseline=found["fts"]
            ),
            Measure(what="a pass", value=found["seconds"], unit="s"),
            Measure(
                what="more memory at the peak", unit="MiB", goal="< 300 MB",
                value=found["memory peak"] - found["memory before"],
            ),
            Measure(
                what="longest block of the loop", value=found["block"] * 1000, unit="ms",
                goal="< 50 ms",
            ),
            Measure(what="an add, 50 % within", value=found["add 50 %"] * 1000, unit="ms",
                    goal="< 5 ms"),
            Measure(what="an add, 99 % within", value=found["add 99 %"] * 1000, unit="ms"),
            Measure(what="a removal, 50 % within", value=found["remove 50 %"] * 1000, unit="ms"),
            Measure(what="a removal, 99 % within", value=found["remove 99 %"] * 1000, unit="ms"),
            Measure(what="queries × papers that matched", value=found["hits"], unit=""),
            Measure(what="alerts × papers that matched", value=found["alert hits"], unit=""),
            Measure(
                what=f"queries of {found['held']:,} on which FTS5 says otherwise",
                value=found["wrong"], unit="", goal="0",
            ),
            Measure(what="the tables' size", value=found["size"] / _MIB, unit="MiB"),
            Measure(what="the tables built in", value=found["seconds to build"], unit="s"),
        ),
    )  # fmt: skip
