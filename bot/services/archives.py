"""Digest archives in and out: what was imported comes back as it was."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.archives import ArchiveDay, ArchiveRow, plain_text
from bot.domain.editions import by_upvotes
from bot.domain.papers import Author, Paper, Source
from bot.errors import ArchiveError
from bot.sources.archive import parse_archive, render_archive
from bot.summaries.imported import split_imported

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from bot.domain.papers import DayList
    from bot.domain.summaries import Summary
    from bot.storage.archives import ArchiveStore
    from bot.storage.days import DayStore
    from bot.storage.papers import PaperStore
    from bot.storage.summaries import SummaryStore

log = logging.getLogger(__name__)

AUTHORS_A_ROW = 5
_FILE = re.compile(r"(?:\d{4}[/\\]\d{2}[/\\]\d{2}|\d{4}-\d{2}-\d{2})\.md")


class Archives:
    """Reads digest files into the database, and writes them from it."""

    def __init__(
        self, store: ArchiveStore, papers: PaperStore, days: DayStore, summaries: SummaryStore
    ) -> None:
        self._store = store
        self._papers = papers
        self._days = days
        self._summaries = summaries

    async def load(self, path: Path, now: datetime) -> ArchiveDay:
        """Import one file; return the day that it held.

        Raises:
            ArchiveError: the file cannot be read or is no digest; nothing of it is stored.
        """
        day = await asyncio.to_thread(_read, path)
        papers = {row.paper_id: _paper(row) for row in day.rows if row.paper_id is not None}
        await self._papers.save([paper for paper in papers.values() if paper is not None], now)
        await self._store.save(day)
        stored = await self._summaries.many([one for one in papers if one is not None])
        await self._summaries.save(
            {
                row.paper_id: split_imported(plain_text(row.summary), now)
                for row in day.rows
                if row.paper_id is not None and _better(row, stored.get(row.paper_id))
            }
        )
        log.info("Imported %d rows of %s", len(day.rows), day.day)
        return day

    async def dump(
        self,
        folder: Path,
        first: date,
        last: date,
        progress: Callable[[date], None] = lambda _: None,
    ) -> int:
        """Write ``YYYY/MM/DD.md`` for every day of a range; return how many files.

        A day is what was imported for it, then the papers of its list that the archive lacks; a
        list without papers gets no file.

        Raises:
            ArchiveError: a file cannot be written; those before it are whole.
        """
        lists = await self._days.days_between(first, last)
        imported = await self._store.days(first, last)
        written = 0
        for day in sorted({*imported, *lists}):
            archive = await self._with_listed(await self._store.day(day), lists.get(day))
            if archive.rows or day in imported:
                await asyncio.to_thread(_write, folder, archive)
                written += 1
            progress(day)
        return written

    async def _with_listed(self, archive: ArchiveDay, listed: DayList | None) -> ArchiveDay:
        if listed is None:
            return archive
        there = {row.paper_id for row in archive.rows}
        missing = [one.paper for one in by_upvotes(listed.listed) if one.paper.id not in there]
        summaries = await self._summaries.many([paper.id for paper in missing])
        rows = [
            _row(position, paper, summaries.get(paper.id))
            for position, paper in enumerate(missing, start=len(archive.rows) + 1)
        ]
        return replace(archive, rows=(*archive.rows, *rows))


def archive_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and the digests (``YYYY/MM/DD.md``) in the folders named.

    Raises:
        ArchiveError: a path is not there, or a folder holds no digest.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*.md") if _FILE.search(str(file.resolve())))
            if not found:
                raise ArchiveError(f"{path} holds no digests; they are named YYYY/MM/DD.md.")
            files += found
        elif path.exists():
            files.append(path)
        else:
            raise ArchiveError(f"{path} is not there; name a digest file or a folder of them.")
    return files


def _read(path: Path) -> ArchiveDay:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{path} is not UTF-8 text, so it is no digest.") from error
    return parse_archive(text, str(path))


def _write(folder: Path, archive: ArchiveDay) -> None:
    """Write a day's file whole or not at all."""
    day = archive.day
    path = folder / f"{day:%Y}" / f"{day:%m}" / f"{day:%d}.md"
    partial = path.with_suffix(".md.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(render_archive(archive).encode())
        partial.replace(path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror}.") from error


def _paper(row: ArchiveRow) -> Paper | None:
    title = plain_text(row.title)
    if row.paper_id is None or not title:
        return None
    names = [name.strip() for name in plain_text(row.authors).split(",")]
    return Paper(
        id=row.paper_id,
        title=title,
        authors=tuple(Author(name=name) for name in names if name),
        source=Source.ARCHIVE,
    )


def _better(row: ArchiveRow, stored: Summary | None) -> bool:
    return bool(plain_text(row.summary)) and (stored is None or not stored.sought)


def _row(position: int, paper: Paper, summary: Summary | None) -> ArchiveRow:
    parts = [] if summary is None else [text for _, text in summary.parts() if text]
    return ArchiveRow(
        position=position,
        paper_id=paper.id,
        title=paper.title,
        authors=", ".join(author.name for author in paper.authors[:AUTHORS_A_ROW]),
        summary=" ".join([*parts, ""]),  # the format's second space before the closing bar
    )
