"""The table of papers: one record each, by arXiv id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.papers import ArxivId, Author, Paper, Source, merge
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import aiosqlite

    from bot.storage.database import Database, Row

_COLUMNS = (
    "title", "abstract", "authors", "source", "published", "submitted", "submitter", "upvotes",
    "comments", "ai_summary", "ai_keywords", "categories", "github_repo", "github_stars",
    "project_page", "organization", "thumbnail", "media",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO papers (id, {', '.join(_COLUMNS)}, first_seen, changed_at) "
    f"VALUES (:id, {', '.join(':' + name for name in _COLUMNS)}, :now, :now)"
)
_UPDATE = (
    f"UPDATE papers SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)}, changed_at = :now "
    "WHERE id = :id"
)


class PaperStore:
    """Papers by their arXiv id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, paper_id: ArxivId) -> Paper | None:
        """Return one paper, or None."""
        row = await self._database.one("SELECT * FROM papers WHERE id = :id", {"id": paper_id})
        return None if row is None else paper_from(row)

    async def many(self, ids: Iterable[ArxivId]) -> dict[ArxivId, Paper]:
        """Return the papers of these ids that are stored."""
        rows = await self._database.all(
            "SELECT * FROM papers WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": cells.json_cell(list(ids))},
        )
        return {paper.id: paper for paper in map(paper_from, rows)}

    async def save(self, papers: Iterable[Paper], now: datetime) -> int:
        """Merge papers into what is known of them; return how many are new."""
        async with self._database.transaction() as connection:
            return await merge_in(connection, list(papers), now)

    async def count(self) -> int:
        """Return how many papers are stored."""
        row = await self._database.one("SELECT count(*) AS papers FROM papers")
        return 0 if row is None else int(row["papers"])


async def merge_in(connection: aiosqlite.Connection, papers: Sequence[Paper], now: datetime) -> int:
    """Merge papers into their records within a transaction; return how many are new."""
    async with connection.execute(
        "SELECT * FROM papers WHERE id IN (SELECT value FROM json_each(:ids))",
        {"ids": cells.json_cell([paper.id for paper in papers])},
    ) as cursor:
        known = {paper.id: paper for paper in map(paper_from, await cursor.fetchall())}
    added: dict[ArxivId, Paper] = {}
    changed: dict[ArxivId, Paper] = {}
    for told in papers:
        old = added.get(told.id) or changed.get(told.id) or known.get(told.id)
        if old is None or told.id in added:
            added[told.id] = told if old is None else merge(old, told)
        elif (merged := merge(old, told)) != old:
            changed[told.id] = merged
    at = cells.moment_cell(now)
    await connection.executemany(_INSERT, [_cells_of(paper, at) for paper in added.values()])
    await connection.executemany(_UPDATE, [_cells_of(paper, at) for paper in changed.values()])
    return len(added)


def _cells_of(paper: Paper, now: str) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(paper, name) for name in _COLUMNS}
    row["authors"] = cells.json_cell([[one.name, one.username] for one in paper.authors])
    row["source"] = paper.source.value
    for name in ("published", "submitted"):
        row[name] = cells.optional_moment_cell(row[name])
    for name in ("ai_keywords", "categories", "media"):
        row[name] = cells.json_cell(row[name])
    return row | {"id": paper.id, "now": now}


def paper_from(row: Row) -> Paper:
    """Return the paper of a row of the table."""
    told: dict[str, Any] = {name: row[name] for name in _COLUMNS}
    told["authors"] = tuple(
        Author(name=name, username=username) for name, username in cells.from_json(row["authors"])
    )
    told["source"] = Source(row["source"])
    for name in ("published", "submitted"):
        told[name] = cells.optional_moment(row[name])
    for name in ("ai_keywords", "categories", "media"):
        told[name] = tuple(cells.from_json(row[name]))
    return Paper(id=ArxivId(row["id"]), **told)
