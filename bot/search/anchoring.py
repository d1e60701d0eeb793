"""Where a standing query is noticed: the few keys of which every paper that it matches has one.

A key is a run of up to three stems that stand side by side (``video diffus``), or the first letters
of a word (``quant*``); before names it has an ``@``, before categories a ``#``. No stem has any of
these signs.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.search.expansion import EVERY_PAPER
from bot.search.patterns import AUTHORS, BOUNDARY, CATEGORIES, TEXTS, Either, Every, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.search.lexicon import Lexicon
    from bot.search.patterns import Pattern, Wanted

LONGEST_RUN = 3
"""Stems of a key: with a fourth a paper would have a third more of them, and hardly one rarer."""

LONGEST_BEGINNING = 6
"""Letters of a key that is only a beginning."""

_MARKS = {AUTHORS: "@", CATEGORIES: "#"}
_WHOLE = {"": frozenset(TEXTS), "@": frozenset((AUTHORS,)), "#": frozenset((CATEGORIES,))}
_CATEGORY_SHARE = 4  # nobody counts categories: the large ones are of a quarter of all papers


def anchors(wanted: Wanted, lexicon: Lexicon) -> dict[str, bool]:
    """Return keys of which every matching paper has one, those that the fewest papers have.

    Each says whether it is sure: whether every paper that has it matches. What can match nothing
    has none. ``lexicon`` must know the stems that are looked for.
    """
    return _anchors(wanted, lexicon)[1]


def keys(columns: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the keys of a paper, given as the stems of each column."""
    found: set[str] = set()
    for name, stems in columns.items():
        mark = _MARKS.get(name, "")
        for row in _rows(stems):
            found.update(mark + one for one in _runs(row))
            found.update(
                f"{mark}{one[:length]}*"
                for one in set(row)
                for length in range(1, min(len(one), LONGEST_BEGINNING) + 1)
            )
    return found


def _rows(stems: Sequence[str]) -> Iterator[list[str]]:
    """Yield the stems between two boundaries, which no pattern reaches across."""
    for bounded, row in groupby(stems, BOUNDARY.__eq__):
        if not bounded:
            yield list(row)


def _runs(row: Sequence[str]) -> Iterator[str]:
    yield from row
    for length in range(2, LONGEST_RUN + 1):
        yield from map(" ".join, zip(*(row[at:] for at in range(length)), strict=False))


def _anchors(wanted: Wanted, lexicon: Lexicon) -> tuple[int, dict[str, bool]]:
    """Return in how many papers some of the keys may stand, and the keys."""
    match wanted:
        case OneOf():
            return _together([_key(*one, lexicon) for one in _sought(wanted)])
        case Either(parts):
            return _together([_anchors(part, lexicon) for part in parts])
        case Every(parts, unwanted):
            papers, rarest = min(
                (_anchors(part, lexicon) for part in parts),
                key=lambda told: (told[0], len(told[1])),
            )
            alone = len(parts) == 1 and not unwanted
            return papers, rarest if alone else dict.fromkeys(rarest, False)


def _together(parts: Sequence[tuple[int, dict[str, bool]]]) -> tuple[int, dict[str, bool]]:
    found: dict[str, bool] = {}
    for _, some in parts:
        for key, sure in some.items():
            found[key] = found.get(key, False) or sure
    return sum(papers for papers, _ in parts), found


def _sought(wanted: OneOf) -> Iterator[tuple[Pattern, str, bool]]:
    """Yield each pattern that a paper can have, the mark of where, and whether it is anywhere."""
    columns = frozenset(wanted.columns)
    for mark in dict.fromkeys(_MARKS.get(name, "") for name in wanted.columns):
        for pattern in wanted.patterns:
            if all(pattern.stems):  # no word has no letters
                yield pattern, mark, _WHOLE[mark] <= columns


def _key(
    pattern: Pattern, mark: str, anywhere: bool, lexicon: Lexicon
) -> tuple[int, dict[str, bool]]:
    """Return the rarest key of a pattern, and in how many papers it may stand."""
    whole = pattern.stems[:-1] if pattern.prefix else pattern.stems
    runs = [whole[at : at + LONGEST_RUN] for at in range(max(1, len(whole) - LONGEST_RUN + 1))]
    found = [
        (_papers(run, mark, lexicon), -len(run), mark + " ".join(run), run == pattern.stems)
        for run in runs
        if run
    ]
    if pattern.prefix:
        begun = pattern.stems[-1]
        length = min(len(begun), LONGEST_BEGINNING)
        # How many words begin so is not known: the fewer, the more letters there are.
        papers = lexicon.papers(EVERY_PAPER) // length
        sure = len(pattern.stems) == 1 and length == len(begun)
        found.append((papers, -1, f"{mark}{begun[:length]}*", sure))
    papers, _, key, sure = min(found)
    return papers, {key: sure and anywhere}


def _papers(run: Sequence[str], mark: str, lexicon: Lexicon) -> int:
    """Return in how many papers a run stands at the most: its rarest stem's."""
    if mark == "#":
        return lexicon.papers(EVERY_PAPER) // _CATEGORY_SHARE
    return min(map(lexicon.names if mark else lexicon.papers, run))
