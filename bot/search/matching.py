"""Whether a paper matches, and where: what the index says of a query, said of one paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.search.patterns import Either, Every, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.search.analysis import Word
    from bot.search.patterns import Pattern, Wanted


def matches(wanted: Wanted, columns: Mapping[str, Sequence[str]]) -> bool:
    """Say whether a paper, as the stems of each column, is what is wanted."""
    match wanted:
        case OneOf(patterns, names):
            return any(
                stands(pattern, columns.get(name, ())) for name in names for pattern in patterns
            )
        case Either(parts):
            return any(matches(part, columns) for part in parts)
        case Every(parts, unwanted):
            return all(matches(part, columns) for part in parts) and not any(
                matches(part, columns) for part in unwanted
            )


def says(wanted: Wanted, texts: Mapping[str, str]) -> bool:
    """Say what ``matches`` says, of columns whose stems have a space before, between and after."""
    match wanted:
        case OneOf(patterns, names):
            sought = [f" {' '.join(one.stems)}{'' if one.prefix else ' '}" for one in patterns]
            return any(one in texts.get(name, "") for name in names for one in sought)
        case Either(parts):
            return any(says(part, texts) for part in parts)
        case Every(parts, unwanted):
            return all(says(part, texts) for part in parts) and not any(
                says(part, texts) for part in unwanted
            )


def stands(pattern: Pattern, stems: Sequence[str]) -> bool:
    """Say whether a pattern stands anywhere in a row of stems."""
    return next(_places(pattern, stems), None) is not None


def spans(patterns: Iterable[Pattern], text: Sequence[Word]) -> tuple[tuple[int, int], ...]:
    """Return where the patterns stand in a text's words, as spans of its characters.

    Spans are in order, and those that overlap are made one.
    """
    stems = [word.stem for word in text]
    found = sorted(
        (text[start].start, text[end - 1].end)
        for pattern in patterns
        for start, end in _places(pattern, stems)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _places(pattern: Pattern, stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    *firsts, last = pattern.stems
    length = len(pattern.stems)
    for end in range(length, len(stems) + 1):
        stem = stems[end - 1]
        if not (stem.startswith(last) if pattern.prefix else stem == last):
            continue
        if all(stems[end - length + at] == first for at, first in enumerate(firsts)):
            yield end - length, end
