"""Why a paper was found: the sentence that matched, with the words that did in bold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.ui.text import escaped, readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.searches import Passage

# The words are marked before LaTeX is read away, since nobody knows afterwards where they went.
# The marks must be printable to come through; no paper writes these, and ours are told from theirs.
_OPEN, _CLOSE = "⁅", "⁆"
_FOREIGN_MARKS = str.maketrans({_OPEN: "[", _CLOSE: "]"})
_MARK = re.compile(f"([{_OPEN}{_CLOSE}])")
_SENTENCE = 2000
"""Characters of a passage that are looked at; a longer "sentence" is a text without full stops."""

_BETWEEN = frozenset({"", " ", "-"})
"""What may stand between two words that are one bold piece."""


def marked(passage: Passage, length: int) -> str:
    """Return a passage safe to show, matched words in bold, cut to ``length`` around them."""
    text, spans = _read(passage)
    start, end = _window(text, spans, length)
    pieces = ["…"] if start else []
    at = start
    for first, last in spans:
        begin = max(first, start)
        if word := text[begin : max(begin, min(last, end))].rstrip():
            pieces += [escaped(text[at:begin]), f"**{escaped(word)}**"]
            at = begin + len(word)
    pieces.append(escaped(text[at:end]))
    return "".join(pieces) + ("…" if end < len(text) else "")


def _read(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """Return the passage as people read it, and the spans of what matched in that."""
    raw, spans = _near(passage)
    pieces, at = [], 0
    for first, last in spans:
        pieces += [raw[at:first], _OPEN, raw[first:last], _CLOSE]
        at = last
    pieces.append(raw[at:])
    found: list[tuple[int, int]] = []
    text = ""
    opened: int | None = None
    for piece in _MARK.split(readable("".join(pieces))):
        if piece == _OPEN:
            opened = len(text)
        elif piece == _CLOSE and opened is not None:  # LaTeX can swallow one of the two
            found.append((opened, len(text)))
            opened = None
        elif piece != _CLOSE:
            text += piece
    return text, list(_joined(text, found))


def _near(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """Return what stands about the first match, and the spans in it: apart and in their order."""
    spans = sorted(passage.matched)
    begin = max(0, spans[0][0] - _SENTENCE // 2) if spans else 0
    raw = passage.text[begin : begin + _SENTENCE].translate(_FOREIGN_MARKS)
    if begin:
        raw = "…" + raw[1:]
    if begin + _SENTENCE < len(passage.text):
        raw = raw[:-1] + "…"
    kept, at = [], 0
    for first, last in spans:
        start, end = max(first - begin, at), min(last - begin, len(raw))
        word = raw[start:end].strip() if start < end else ""
        if word:
            start = raw.index(word, start)
            kept.append((start, start + len(word)))
            at = start + len(word)
    return raw, kept


def _joined(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Make one of spans with nothing but a space or a hyphen between them."""
    before: tuple[int, int] | None = None
    for first, last in spans:
        if before is not None and text[before[1] : first] in _BETWEEN:
            before = (before[0], last)
            continue
        if before is not None:
            yield before
        before = (first, last)
    if before is not None:
        yield before


def _window(text: str, spans: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Return which part of a text to show: all of it, or the one with the most matches in it."""
    if len(text) <= length:
        return 0, len(text)
    room = max(length - 2, 1)  # an ellipsis before, and one after
    first, last = _densest(spans, room)
    if last <= room:
        start = 0  # a sentence reads best from its beginning
    elif len(text) - first <= room:
        start = len(text) - room
    else:
        start = first - max(room - (last - first), 0) // 2
    end = start + room
    # The edges go to the next space, unless a "word" is so long (Chinese) that it is cut inside.
    if start and 0 <= (space := text.find(" ", start, first)) - start <= room // 3:
        start = space + 1
    if end < len(text) and 0 <= end - (space := text.rfind(" ", last, end)) <= room // 3:
        end = space
    return start, end


def _densest(spans: Sequence[tuple[int, int]], room: int) -> tuple[int, int]:
    """Return the beginning and the end of the first run of most spans within ``room``."""
    best, most, left = (0, 0), 0, 0
    for right, (_, last) in enumerate(spans):
        while left < right and last - spans[left][0] > room:
            left += 1
        if right - left + 1 > most:
            best, most = (spans[left][0], last), right - left + 1
    return best
