"""Words run together and taken apart: text-to-3d, text to 3d, textto3d."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from bot.search.analysis import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PIECE = re.compile(r"[0-9]+|[^0-9]+")
_LONGEST_JOIN = 5
_LONGEST_BETWEEN = 4  # with, from
_LONG_ENOUGH = 3
# What looks like a word of its own, and only ends one.
_ENDINGS = frozenset(
    """
    able al als ed er ers es ful ing ings ion ions ism ist ity ive ized izer less ly ment ness ous
    tion ual
    """.split()  # noqa: SIM905 - endings read better so
)


def pieces(typed: Sequence[str]) -> list[str]:
    """Return words with letters and digits apart: qwen2 5vl is qwen 2 5 vl."""
    return [piece for word in typed for piece in _PIECE.findall(word)]


def joinings(parts: Sequence[str]) -> Iterator[list[str]]:
    """Yield every way to run parts next to each other together, among them none and all."""
    gaps = range(1, len(parts))
    if len(parts) > _LONGEST_JOIN:
        yield list(parts)
        for at in gaps:
            yield [*parts[: at - 1], parts[at - 1] + parts[at], *parts[at + 1 :]]
        return
    for kept in range(len(parts)):
        for between in combinations(gaps, kept):
            yield ["".join(parts[a:b]) for a, b in pairwise([0, *between, len(parts)])]


def runs(parts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the parts next to each other that ``joinings`` runs together."""
    longest = _LONGEST_JOIN if len(parts) <= _LONGEST_JOIN else 2
    for start, end in combinations(range(len(parts) + 1), 2):
        if 1 < end - start <= longest:
            yield parts[start:end]


@lru_cache(maxsize=1_000)
def cuts(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the ways to take letters apart in two words, or in two with a stop word between."""
    return tuple(_cuts(word))


def _cuts(word: str) -> Iterator[tuple[str, ...]]:
    for at in range(1, len(word)):
        first, second = word[:at], word[at:]
        if first in STOP_WORDS or not _can_stand(first, second):
            continue
        if second not in STOP_WORDS | _ENDINGS and _can_stand(second, first):
            yield first, second
        for length in range(2, _LONGEST_BETWEEN + 1):  # textto3d, mixtureofexperts
            between, last = second[:length], second[length:]
            if between in STOP_WORDS and len(first) > 1 < len(last) and last not in STOP_WORDS:
                yield first, between, last


def _can_stand(part: str, beside: str) -> bool:
    """Say whether a part of a word may be a word: a letter beside a whole one, as in U-Net."""
    return len(part) > 1 or part.isdigit() or beside.isdigit() or len(beside) >= _LONG_ENOUGH
