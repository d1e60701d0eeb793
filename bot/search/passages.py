"""Why a paper was found: the sentence in which what was looked for stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.searches import Passage
from bot.search.analysis import words
from bot.search.matching import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.search.patterns import Pattern


def passage(patterns: Sequence[Pattern], sentences: Iterable[str]) -> Passage | None:
    """Return the sentence in which most of the patterns stand, the first of equals.

    None if none stands in any; its spans are those of all patterns in it.
    """
    best: Passage | None = None
    most = 0
    for sentence in sentences:
        told = list(words(sentence))
        stems = {word.stem for word in told}
        likely = [one for one in patterns if one.prefix or stems.issuperset(one.stems)]
        found = [places for one in likely if (places := spans((one,), told))]
        if len(found) > most:
            most, best = len(found), Passage(text=sentence, matched=spans(likely, told))
    return best
