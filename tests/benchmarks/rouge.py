"""How much two texts have in common: ROUGE (Lin 2004), and TextRank's sentences (Mihalcea 2004)."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUGE = ("ROUGE-1", "ROUGE-2", "ROUGE-L")
_WORD = re.compile(r"[a-z0-9]+")
_DAMPING, _ROUNDS = 0.85, 50


def rouge(told: str, expected: str) -> tuple[float, float, float]:
    """Return the F1 of words, of pairs of words, and of the longest common subsequence.

    Words are runs of letters and digits in lower case, not stemmed.
    """
    ours, theirs = words(told), words(expected)
    return (
        _f1(_common(ours, theirs, 1), len(ours), len(theirs)),
        _f1(_common(ours, theirs, 2), len(ours) - 1, len(theirs) - 1),
        _f1(_subsequence(ours, theirs), len(ours), len(theirs)),
    )


def words(text: str) -> list[str]:
    """Return a text's words in lower case."""
    return _WORD.findall(text.lower())


def textrank(sentences: Sequence[str]) -> list[int]:
    """Return the places of the sentences, the most central first.

    As Mihalcea and Tarau 2004: an undirected graph whose edges weigh the words that two sentences
    share over the sum of their lengths' logarithms, ranked with a damping of 0.85.
    """
    count = len(sentences)
    said = [words(sentence) for sentence in sentences]
    weights = [[0.0] * count for _ in range(count)]
    for one, other in combinations(range(count), 2):
        length = math.log(max(len(said[one]), 1)) + math.log(max(len(said[other]), 1))
        shared = len(set(said[one]) & set(said[other]))
        weights[one][other] = weights[other][one] = shared / length if length else 0.0
    sums = [sum(row) or 1.0 for row in weights]
    ranks = [1.0] * count
    for _ in range(_ROUNDS):
        ranks = [
            1 - _DAMPING + _DAMPING * sum(weights[j][i] / sums[j] * ranks[j] for j in range(count))
            for i in range(count)
        ]
    return sorted(range(count), key=lambda place: -ranks[place])


def _common(ours: Sequence[str], theirs: Sequence[str], length: int) -> int:
    counts = (
        Counter(zip(*(said[start:] for start in range(length)), strict=False))
        for said in (ours, theirs)
    )
    one, other = counts
    return (one & other).total()


def _f1(common: int, ours: int, theirs: int) -> float:
    return 2 * common / (ours + theirs) if common else 0.0


def _subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """Return the length of the longest common subsequence, a row of bits a word (Hyyrö 2004)."""
    places: Counter[str] = Counter()
    for place, word in enumerate(ours):
        places[word] += 1 << place
    full = (1 << len(ours)) - 1
    row = full
    for word in theirs:
        hits = row & places[word]
        row = ((row + hits) | (row - hits)) & full
    return len(ours) - row.bit_count()
