"""A text as one would read it aloud: broken words joined, every letter in its plainest form."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.summaries.characters import plain_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

# What a line broke or an author spaced out: "instruc-\ntions", "i g n o r e".
_CUT = re.compile(
    r"-(?<=[^\W\d_]-)[ \t]{0,8}\r?\n[ \t]{0,8}(?=[^\W\d_])"
    r"|\b(?P<letters>[^\W\d_](?:[ .*_\u00a0\u00b7-]{1,3}[^\W\d_]){7,})\b"
)
_SEPARATORS = re.compile(r"[ .*_\u00a0\u00b7-]{1,3}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with broken words joined, as written (``whole``) and in plain letters (``plain``).

    The two are of one length; `place` finds in the text what was found in them.
    """

    whole: str
    plain: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def place(self, index: int) -> int:
        """Return where in the text a character of the reading stands."""
        return index + self.shifts[bisect_right(self.starts, index) - 1]


def read(text: str) -> Reading:
    """Read a text: join what a hyphen at a line's end or space between letters breaks."""
    cuts = list(_cuts(text))
    ends = [0, *(end for _, end in cuts)]
    pieces = list(zip(ends, [*(start for start, _ in cuts), len(text)], strict=True))
    starts = tuple(accumulate((end - start for start, end in pieces[:-1]), initial=0))
    shifts = tuple(end - start for end, start in zip(ends, starts, strict=True))
    whole = "".join(text[start:end] for start, end in pieces)
    return Reading(whole, plain_letters(whole), starts, shifts)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Yield what stands within words; a wider gap between spaced letters parts two words."""
    for match in _CUT.finditer(text):
        if not match["letters"]:
            yield match.span()
            continue
        for gap in _SEPARATORS.finditer(text, *match.span()):
            if len(gap[0]) == 1:
                yield gap.span()
