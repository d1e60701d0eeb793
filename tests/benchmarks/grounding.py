"""How many changed numbers are found: true summaries, one number of each changed at random."""

from __future__ import annotations

import os
import re
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.summaries.grounding import Source
from tests.benchmarks import Measure, Table
from tests.recorded import true_numbers

if TYPE_CHECKING:
    from tests.recorded.true_numbers import Pair

MUTATIONS = 20_000
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


async def measure() -> Table | str:
    """Change numbers, and count how many of the changes are found."""
    folder = os.environ.get("PAPERBOY_RECORDED")
    if not folder:
        return "The grounding benchmark needs the recorded data: set PAPERBOY_RECORDED."
    recorded = Path(folder)
    abstracts = true_numbers.corpus(recorded)
    pairs = list(true_numbers.true_sentences(recorded, abstracts))
    sources = {source: Source(source) for _, source, _ in pairs}
    digits = {source: _digits(source) for _, source, _ in pairs}
    changed = list(islice(true_numbers.mutations(pairs), MUTATIONS))
    started = time.perf_counter()
    found = sum(bool(sources[one.source].ungrounded(one.told)) for one in changed)
    seconds = time.perf_counter() - started
    naive = sum(not _same_digits(one, digits[one.source]) for one in changed)
    own = list(true_numbers.own_sentences(abstracts))
    refused = sum(bool(Source(source).ungrounded(told)) for told, source, _ in own)
    refused_naively = sum(not _same_digits(one, _digits(one.source)) for one in own)
    return Table(
        title=f"{len(pairs):,} true sentences with numbers, {MUTATIONS:,} of them with one changed",
        baseline="every run of digits of the sentence is one of the source's",
        measures=(
            Measure(
                what="changed numbers found",
                value=100 * found / MUTATIONS,
                unit="%",
                baseline=100 * naive / MUTATIONS,
                goal=">= 99.5 %",
            ),
            Measure(
                what="an abstract's own sentences refused",
                value=100 * refused / len(own),
                unit="%",
                baseline=100 * refused_naively / len(own),
            ),
            Measure(what="a sentence checked in", value=1e6 * seconds / MUTATIONS, unit="µs"),
        ),
    )


def _digits(text: str) -> frozenset[str]:
    return frozenset(_DIGITS.findall(text))


def _same_digits(one: Pair, known: frozenset[str]) -> bool:
    return known.issuperset(_DIGITS.findall(one.told))
