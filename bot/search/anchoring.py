"""Where a standing query is noticed: the few keys of which every paper that it matches has one.

A key is a run of up to three stems that stand side by side (``video diffus``), or the first letters
of a word (``quant*``); before names it has an ``@``, before categories a ``#``. No stem has any of
these signs. With a key goes a rest: further keys, of each group of which a paper must have one
(``model|network``), or none (``-survey``). So most queries are decided by a paper's keys alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.standing import Anchor
from bot.search.expansion import EVERY_PAPER
from bot.search.patterns import AUTHORS, BOUNDARY, CATEGORIES, TEXTS, Either, Every, OneOf

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.search.lexicon import Lexicon
    from bot.search.patterns import Pattern, Wanted

LONGEST_RUN = 3
"""Stems of a key: with a fourth a paper would have a third more of them, and hardly one rarer."""

LONGEST_BEGINNING = 6
"""Letters of a key that is only a beginning."""

_MARKS = {AUTHORS: "@", CATEGORIES: "#"}
_WHOLE = {"": frozenset(TEXTS), "@": frozenset((AUTHORS,)), "#": frozenset((CATEGORIES,))}
_CATEGORY_SHARE = 4  # nobody counts categories: the large ones are of a quarter of all papers


_GROUP, _OR, _NOT = "\t", "|", "-"
_LARGEST_GROUP = 8  # keys; with more, the pattern is looked at instead


def anchors(wanted: Wanted, lexicon: Lexicon) -> frozenset[Anchor]:
    """Return keys of which every matching paper has one, those that the fewest papers have.

    What can match nothing has none. ``lexicon`` must know the stems that are looked for.
    """
    return frozenset(
        Anchor(key, _GROUP.join(sorted(found.rest)), found.sure)
        for key, found in _anchors(wanted, lexicon)[1].items()
    )


def holding(rest: str, having: Mapping[str, int], papers: int) -> int:
    """Return those of some papers that have an anchor's rest.

    A set of papers is a number in which each has its bit, and ``having`` the set of each key.
    """
    for group in rest.split(_GROUP) if rest else ():
        some = 0
        for key in group.removeprefix(_NOT).split(_OR):
            some |= having.get(key, 0)
        papers &= ~some if group[0] == _NOT else some
        if not papers:
            break
    return papers


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


@dataclass(frozen=True, slots=True)
class _Found:
    """What goes with a key: the groups of its rest, and whether it decides with them."""

    rest: frozenset[str]
    sure: bool

    @property
    def alone(self) -> bool:
        """Whether every paper with the key matches."""
        return self.sure and not self.rest


_Anchors: TypeAlias = "tuple[int, dict[str, _Found]]"
"""In how many papers some of the keys may stand, and the keys."""


def _anchors(wanted: Wanted, lexicon: Lexicon) -> _Anchors:
    match wanted:
        case OneOf():
            return _together([_key(*one, lexicon) for one in _sought(wanted)])
        case Either(parts):
            return _together([_anchors(part, lexicon) for part in parts])
        case Every(parts, unwanted):
            return _narrowed(
                [_anchors(part, lexicon) for part in parts],
                [_anchors(part, lexicon)[1] for part in unwanted],
            )


def _together(parts: Sequence[_Anchors]) -> _Anchors:
    found: dict[str, _Found] = {}
    for _, some in parts:
        for key, one in some.items():
            other = found.setdefault(key, one)
            if other != one and not other.alone:  # either rest will do
                found[key] = one if one.alone else _Found(one.rest & other.rest, sure=False)
    return sum(papers for papers, _ in parts), found


def _narrowed(parts: Sequence[_Anchors], unwanted: Sequence[dict[str, _Found]]) -> _Anchors:
    """Return the keys of the rarest part, and as their rest what the others say."""
    rarest = min(range(len(parts)), key=lambda at: (parts[at][0], len(parts[at][1])))
    rest, sure = set[str](), True
    for at, (_, found) in enumerate(parts):
        if at != rarest:
            sure &= _add(rest, "", found.keys())
            sure &= all(one.alone for one in found.values())
    for found in unwanted:
        certain = [key for key, one in found.items() if one.alone]
        sure &= _add(rest, _NOT, certain) and len(certain) == len(found)
    papers, found = parts[rarest]
    return papers, {
        key: _Found(one.rest | rest, sure=one.sure and sure) for key, one in found.items()
    }


def _add(rest: set[str], sign: str, some: Collection[str]) -> bool:
    """Add a group to a rest, and say whether it has room; one that excludes nothing is none."""
    if len(some) > _LARGEST_GROUP:
        return False
    if some:
        rest.add(sign + _OR.join(sorted(some)))
    return True


def _sought(wanted: OneOf) -> Iterator[tuple[Pattern, str, bool]]:
    """Yield each pattern that a paper can have, the mark of where, and whether it is anywhere."""
    columns = frozenset(wanted.columns)
    for mark in dict.fromkeys(_MARKS.get(name, "") for name in wanted.columns):
        for pattern in wanted.patterns:
            if all(pattern.stems):  # no word has no letters
                yield pattern, mark, _WHOLE[mark] <= columns


def _key(pattern: Pattern, mark: str, anywhere: bool, lexicon: Lexicon) -> _Anchors:
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
    return papers, {key: _Found(frozenset(), sure=sure and anywhere)}


def _papers(run: Sequence[str], mark: str, lexicon: Lexicon) -> int:
    """Return in how many papers a run stands at the most: its rarest stem's."""
    if mark == "#":
        return lexicon.papers(EVERY_PAPER) // _CATEGORY_SHARE
    return min(map(lexicon.names if mark else lexicon.papers, run))
