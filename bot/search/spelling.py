"""Known words that are spelled nearly like one that is not."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from heapq import nsmallest
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHORTEST = 4  # letters: of shorter words every other one is a neighbour
_TWO_MISTAKES = 7  # letters from which two mistakes still leave the word that was meant
_LONGEST = 40  # letters; nobody means a longer one by mistake
_FEW = 5
_SLIP = 0.02  # of the commonest word's papers: what is rarer beside it is a slip of the pen itself


class Spelling:
    """Known words, each with how often it occurs, to find the one that somebody meant.

    Plain Python is fast enough for it: one mistake is looked up, with every letter in every place
    (Norvig, 2007, "How to write a spelling corrector"); two are measured against words of like
    length with the same first letter, which are seldom mistaken.
    """

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._sorted = sorted(known)
        self._alike: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
        for word in known:
            if word:
                self._alike[word[0], len(word)].append((_letters(word), word))

    def nearest(self, word: str, limit: int = _FEW) -> tuple[str, ...]:
        """Return known words with a mistake less, commonest first; then those with two less.

        None is one that is rarer than the word itself.
        """
        if not _SHORTEST <= len(word) <= _LONGEST:
            return ()
        once = {one for one in _mistakes(word) if one in self._known}
        found = self._commonest(word, once, limit)
        if not found and len(word) >= _TWO_MISTAKES:
            found = self._commonest(word, set(self._two_away(word)), limit)
        return found

    def beginnings(self, typed: str, limit: int = _FEW) -> tuple[str, ...]:
        """Return corrected beginnings of known words, the likeliest first: ``difus`` is ``diffus``.

        None is returned for one that begins words itself, slips of the pen aside.
        """
        if not _SHORTEST <= len(typed) <= _LONGEST:
            return ()
        own = self._count(typed)
        counts = {one: self._count(one) for one in _mistakes(typed)}
        return _likeliest({one: n for one, n in counts.items() if n * _SLIP > own}, limit)

    def _commonest(self, word: str, found: set[str], limit: int) -> tuple[str, ...]:
        own = self._known.get(word, 0)
        return _likeliest({one: n for one in found if (n := self._known[one]) > own}, limit)

    def _two_away(self, word: str) -> Iterator[str]:
        letters = _letters(word)
        for length in range(len(word) - 2, len(word) + 3):
            for others, other in self._alike.get((word[0], length), ()):
                # A mistake takes one letter and gives one, or does half of that and changes the
                # length: to compare sets of letters first spares most of the measuring.
                longer = length - len(word)
                if (
                    (letters & ~others).bit_count() <= 2 - max(0, longer)
                    and (others & ~letters).bit_count() <= 2 - max(0, -longer)
                    and _within(word, other, 2)
                ):
                    yield other

    def _count(self, beginning: str) -> int:
        """Return how often words occur that begin so."""
        total = 0
        for at in range(bisect_left(self._sorted, beginning), len(self._sorted)):
            word = self._sorted[at]
            if not word.startswith(beginning):
                break
            total += self._known[word]
        return total


def _likeliest(counts: Mapping[str, int], limit: int) -> tuple[str, ...]:
    least = max(1, max(counts.values(), default=0) * _SLIP)
    meant = [one for one, count in counts.items() if count >= least]
    return tuple(nsmallest(limit, meant, key=lambda one: (-counts[one], one)))


def _letters(word: str) -> int:
    """Return which letters a word has, a bit each; other signs share the bits by chance."""
    found = 0
    for sign in word:
        found |= 1 << (ord(sign) & 63)
    return found


def _mistakes(word: str) -> set[str]:
    """Return what a word may be with one letter taken out, put in or changed, or two swapped."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in ascii_lowercase:
        found |= {left + letter + right for left, right in cuts}
        found |= {left + letter + right[1:] for left, right in cuts if right}
    found.discard(word)
    return found


def _within(one: str, other: str, mistakes: int) -> bool:
    """Say whether at most so many mistakes make one word of the other."""
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    if not one or not other:
        return len(one) + len(other) <= mistakes
    if not mistakes:
        return False
    left = mistakes - 1
    return (
        _within(one[1:], other[1:], left)
        or _within(one[1:], other, left)
        or _within(one, other[1:], left)
        or (one[1::-1] == other[:2] and _within(one[2:], other[2:], left))
    )
