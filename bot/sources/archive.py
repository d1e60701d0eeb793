"""Digest archives: one Markdown table a day, read with every defect that real ones have."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from bot.domain.archives import BARE_PIPE, ArchiveDay, ArchiveRow, one_line
from bot.domain.papers import arxiv_id
from bot.errors import ArchiveError

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId

_COLUMNS = ["title", "authors", "summary"]
_WITH_LINK = [*_COLUMNS, "link"]  # the layout of the oldest files
_HEADING = re.compile(r"#+ *Papers for +(\S+)\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s()\[\]|]+")

# The links that end a title's cell, as they are written now; and where they begin in older and in
# damaged files (" - read more on", one of the two missing, no brackets).
_LINKS = re.compile(
    r" \(Read more on \[arXiv\]\(https://arxiv\.org/abs/([^()\s|]+)\)"
    r" or \[HuggingFace\]\(https://huggingface\.co/papers/\1\)\)$"
)
_LOOSE_LINKS = re.compile(r"(?:\s\(|\s- |\s\[|\s)read more\b", re.IGNORECASE)

_MOST_IN_TITLE = 20  # cells that bare pipes may have made of one title

_HEAD = """

## Papers for {day}

| Title | Authors | Summary |
|-------|---------|---------|
"""


def parse_archive(text: str, name: str) -> ArchiveDay:
    """Read the one digest that ``text`` holds; ``name`` is what the file is called.

    Raises:
        ArchiveError: it is no digest, or more than one: a file holds one day, and which of two
            was meant nobody can say.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    day, start = _heading(lines, name)
    linked_last, body = _table(lines[start:], name)
    read = _row_with_link_column if linked_last else _row
    records = enumerate(_records(body), start=1)
    return ArchiveDay(day=day, rows=tuple(read(position, cells) for position, cells in records))


def render_archive(day: ArchiveDay) -> str:
    """Write one day's digest in the archive's format; a defect of its source is not repeated."""
    return _HEAD.format(day=day.day.isoformat()) + "".join(map(_line, day.rows))


def _line(row: ArchiveRow) -> str:
    links = " "
    if row.paper_id is not None:
        links = (
            f" (Read more on [arXiv](https://arxiv.org/abs/{row.paper_id})"
            f" or [HuggingFace](https://huggingface.co/papers/{row.paper_id}))"
        )
    return f"| {row.title}{links}| {row.authors} | {row.summary} |\n"


def _heading(lines: list[str], name: str) -> tuple[date, int]:
    """Return the day of the one heading and the line after it."""
    found = [(n, match[1]) for n, line in enumerate(lines) if (match := _HEADING.fullmatch(line))]
    if not found:
        raise ArchiveError(
            f"{name} is not a digest: it has no line '## Papers for YYYY-MM-DD', which was expected"
        )
    if len(found) > 1:
        days = " and ".join(day for _, day in found)
        raise ArchiveError(f"{name} holds {len(found)} digests ({days}); one a file was expected")
    [(number, day)] = found
    try:
        return date.fromisoformat(day), number + 1
    except ValueError as error:
        raise ArchiveError(
            f"{name} is for '{day}', which is no date; '## Papers for YYYY-MM-DD' was expected"
        ) from error


def _table(lines: list[str], name: str) -> tuple[bool, list[str]]:
    """Return whether the table's last column has the links, and the lines under its head."""
    number, head = next(((n, line) for n, line in enumerate(lines) if line.strip()), (0, ""))
    columns = [cell.strip().lower() for cell in BARE_PIPE.split(head.strip().strip("|"))]
    if columns not in (_COLUMNS, _WITH_LINK):
        found = f"'{head[:60]}'" if head else "nothing"
        raise ArchiveError(
            f"{name} has {found} under its heading; a table "
            "'| Title | Authors | Summary |' was expected"
        )
    body = lines[number + 1 :]
    if body and "-" in body[0] and not body[0].strip(" |:-\t"):
        body = body[1:]
    return columns == _WITH_LINK, body


def _records(lines: list[str]) -> list[list[str]]:
    """Return the cells of each row, whatever number of lines it was broken over."""
    records: list[str] = []
    for chunk in _chunks(lines):
        if not records or _closed(records[-1]) or (_linked(records[-1]) and _linked(chunk)):
            records.append(chunk)
        else:
            records[-1] += "\n" + chunk
    return [_cells(record) for record in records]


def _chunks(lines: list[str]) -> list[str]:
    """Join to each line with a leading ``|`` the lines without one that go on with it.

    A line goes on with a row that is not closed, and with one that it closes again; a blank line
    ends a row that has its link, since only titles have been seen broken.
    """
    chunks: list[str] = []
    after_blank = False
    for line in lines:
        if line.startswith("|"):
            chunks.append(line)
        elif chunks and line.strip():
            open_still = not _closed(chunks[-1]) and not (after_blank and _linked(chunks[-1]))
            if open_still or (not after_blank and _ends(line)):
                chunks[-1] += "\n" + line
        after_blank = not line.strip()
    return chunks


def _cells(record: str) -> list[str]:
    inner = one_line(record.rstrip()).removeprefix("|")
    return BARE_PIPE.split(inner[:-1] if _ends(inner) else inner)


def _closed(record: str) -> bool:
    """Say whether a row ends with a ``|`` and has as many as a row must."""
    return _ends(record) and len(BARE_PIPE.findall(record)) > len(_COLUMNS)


def _ends(record: str) -> bool:
    record = record.rstrip()
    return record.endswith("|") and not record.endswith("\\|")


def _linked(record: str) -> bool:
    return _paper_id(record) is not None


def _paper_id(text: str) -> ArxivId | None:
    """Return the paper that the first readable link in ``text`` leads to."""
    ids = map(arxiv_id, _ADDRESS.findall(text))
    return next((found for found in ids if found is not None), None)


def _row(position: int, cells: list[str]) -> ArchiveRow:
    """Read a row whose links stand at the end of the title's cell.

    With a cell too many, or too few, the links say where the title ends.
    """
    titles = 1
    if len(cells) != len(_COLUMNS):
        upto = range(1, min(len(cells), _MOST_IN_TITLE) + 1)
        titles = next((n for n in upto if _title("|".join(cells[:n]))[1] is not None), 1)
    title, paper_id = _title("|".join(cells[:titles]))
    authors, summary = _authors_and_summary(cells[titles:])
    return ArchiveRow(
        position=position, paper_id=paper_id, title=title, authors=authors, summary=summary
    )


def _row_with_link_column(position: int, cells: list[str]) -> ArchiveRow:
    """Read a row of the oldest layout, whose last cell is the link."""
    *others, link = cells
    paper_id = _paper_id(link)
    title, *rest = others if others and (paper_id or len(cells) > len(_COLUMNS)) else cells
    authors, summary = _authors_and_summary(rest)
    return ArchiveRow(
        position=position,
        paper_id=paper_id,
        title=_unpadded(title),
        authors=authors,
        summary=summary,
    )


def _title(cell: str) -> tuple[str, ArxivId | None]:
    """Part a title's cell into the title and the paper that its links lead to."""
    if (links := _LINKS.search(cell)) and (paper_id := arxiv_id(links[1])):
        return cell[: links.start()].removeprefix(" "), paper_id
    starts = [match.start() for match in _LOOSE_LINKS.finditer(cell)]
    if starts and (paper_id := _paper_id(cell[starts[-1] :])):
        return cell[: starts[-1]].removeprefix(" "), paper_id
    return _unpadded(cell), None


def _authors_and_summary(cells: list[str]) -> tuple[str, str]:
    """Read what follows the title; a lone cell is the summary, and pipes too many are its own."""
    if len(cells) < 2:  # noqa: PLR2004 - the two that are returned
        return "", _unpadded("".join(cells))
    return _unpadded(cells[0]), _unpadded("|".join(cells[1:]))


def _unpadded(cell: str) -> str:
    return cell.removeprefix(" ").removesuffix(" ")
