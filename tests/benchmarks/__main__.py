"""``python -m tests.benchmarks [--only NAME]``: run the benchmarks and print their tables."""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks import (
    alerts,
    day,
    editions,
    fanout,
    grounding,
    memory,
    search,
    search_speed,
    summaries,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

BENCHMARKS: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
    "day": day.measure,
    "memory": memory.measure,
    "editions": editions.measure,
    "fanout": fanout.measure,
    "summaries": summaries.measure,
    "grounding": grounding.measure,
    "search": search.measure,
    "search-speed": search_speed.measure,
    "alerts": alerts.measure,
}


def out(text: str) -> None:
    """Write a line to standard output at once, so that a long run shows how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the benchmarks asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", choices=BENCHMARKS, help="run this one alone")
    chosen = parser.parse_args().only
    out(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    for name, measure in BENCHMARKS.items():
        if chosen in {None, name}:
            sys.stderr.write(f"{name}: measuring\n")
            started = time.perf_counter()
            table = asyncio.run(measure())
            out(f"\n{table}\n({time.perf_counter() - started:.0f} s in all)")


if __name__ == "__main__":
    main()
