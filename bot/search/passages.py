"""Why a paper was found: the sentence in which what was looked for stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.searches import Passage
from bot.search.analysis import stems, words
from bot.search.matching import spans, stands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.search.patterns import Pattern


def passage(patterns: Sequence[Pattern], sentences: Iterable[str]) -> Passage | None:
    """Return the sentence in which most of the patterns stand, the first of equals.

    None if none stands in any; its spans are those of all patterns in it.
    """
    best, most = "", 0
    for sentence in sentences:
        stands = _standing(patterns, sentence)
        if len(stands) > most:
            best, most = sentence, len(stands)
    if not most:
        return None
    return Passage(text=best, matched=spans(patterns, list(words(best))))


def _standing(patterns: Sequence[Pattern], sentence: str) -> list[Pattern]:
    """Return the patterns that stand in a sentence; where they do is not looked at yet."""
    told = stems(sentence)
    known = frozenset(told)
    likely = [one for one in patterns if one.prefix or known.issuperset(one.stems)]
    return [one for one in likely if stands(one, told)]
