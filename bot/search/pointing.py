"""A caret under the place of a mistake, on a screen as narrow as a phone's."""

from __future__ import annotations

import unicodedata

COLUMNS = 58
"""What is shown of a query at most; an ellipsis at either end comes to it."""

_BLANKS = ("", " ", "\N{IDEOGRAPHIC SPACE}")  # by the columns that they take


def pointed(query: str, at: int) -> str:
    """Return the part of a query round a column, and a caret under it on a second line.

    ``query`` is on one line, as `QueryMistake.text` is; ``at`` may be its length, for what is
    missing at the end. Each line is at most 60 columns wide.
    """
    while 0 < at < len(query) and not _columns(query[at]):
        at -= 1  # an accent is pointed at with its letter
    behind, ahead = query[:at][::-1], query[at:] or " "
    right = _fitting(ahead, COLUMNS // 3)
    left = _fitting(behind, COLUMNS - _width(ahead[:right]))
    while 0 < left < len(behind) and not _columns(behind[left - 1]):
        left -= 1  # nor does one stand without it after the ellipsis
    right = _fitting(ahead, COLUMNS - _width(behind[:left]))
    shown = behind[:left][::-1]
    before = "…" if left < len(behind) else ""
    after = "…" if right < len(ahead) else ""
    indent = " " * len(before) + "".join(_BLANKS[_columns(each)] for each in shown)
    return f"{before}{shown}{ahead[:right]}{after}\n{indent}^"


def _fitting(text: str, columns: int) -> int:
    """Return how many characters of a text fit into so many columns."""
    taken = 0
    for count, each in enumerate(text):
        taken += _columns(each)
        if taken > columns:
            return count
    return len(text)


def _width(text: str) -> int:
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    """Return how many columns a character takes in a fixed-width font."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
