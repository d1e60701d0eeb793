"""One day of a digest archive: its rows as they stand in the table, cell by cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.papers import ArxivId

_LINE_END = re.compile(r"[\r\n]+")
BARE_PIPE = re.compile(r"(?<!\\)\|")
"""A ``|`` that parts two cells of a row."""


def one_line(text: str) -> str:
    """Return ``text`` on one line: a line end, with the white space round it, is one space."""
    first, *others = _LINE_END.split(text)
    if not others:
        return text
    *between, last = others
    inner = [line for other in between if (line := other.strip())]
    return " ".join([first.rstrip(), *inner, last.lstrip()])


def cell_text(text: str) -> str:
    r"""Return ``text`` as a table can hold it: on one line, every bare ``|`` as ``\|``.

    The text of a well-formed cell comes back unchanged.
    """
    return BARE_PIPE.sub(r"\\|", one_line(text))


def plain_text(cell: str) -> str:
    r"""Return the text that a cell shows: trimmed, and ``\|`` as ``|``."""
    return cell.strip().replace("\\|", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    r"""One row of a day's table, kept cell by cell so that it can be written byte for byte.

    ``position`` counts from 1; ``paper_id`` is None where the row has no readable link. The
    cells lack only the space on either side and, in ``title``, the links: a ``summary`` written
    as ``| …  |`` ends with a space. Whatever they are made from, they are held as a table can
    hold them (see `cell_text`); `plain_text` gives what a reader sees.
    """

    position: int
    paper_id: ArxivId | None
    title: str
    authors: str
    summary: str

    def __post_init__(self) -> None:
        """Hold every cell as a table can hold it."""
        for name in ("title", "authors", "summary"):
            object.__setattr__(self, name, cell_text(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveDay:
    """One day's digest as a file of an archive holds it, its rows in the file's order."""

    day: date
    rows: tuple[ArchiveRow, ...]
