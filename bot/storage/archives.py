"""The tables of imported digests: each row's cells as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.archives import ArchiveDay, ArchiveRow
from bot.domain.papers import ArxivId
from bot.storage import cells

if TYPE_CHECKING:
    from datetime import date

    from bot.storage.database import Database


class ArchiveStore:
    """Imported digests by their day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, day: ArchiveDay) -> None:
        """Store a day's digest in place of what was imported for it before."""
        name = day.day.isoformat()
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT OR IGNORE INTO archive_days VALUES (:day)", {"day": name}
            )
            await connection.execute("DELETE FROM archive_rows WHERE day = :day", {"day": name})
            await connection.executemany(
                "INSERT INTO archive_rows "
                "VALUES (:day, :position, :paper, :title, :authors, :summary)",
                [
                    {
                        "day": name,
                        "position": row.position,
                        "paper": row.paper_id,
                        "title": row.title,
                        "authors": row.authors,
                        "summary": row.summary,
                    }
                    for row in day.rows
                ],
            )

    async def days(self, first: date, last: date) -> list[date]:
        """Return the days of a range that were imported, in order."""
        rows = await self._database.all(
            "SELECT day FROM archive_days WHERE day BETWEEN :first AND :last ORDER BY day",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return [cells.day(row["day"]) for row in rows]

    async def day(self, day: date) -> ArchiveDay:
        """Return a day's digest as it was imported; no rows if it was not."""
        rows = await self._database.all(
            "SELECT * FROM archive_rows WHERE day = :day ORDER BY position",
            {"day": day.isoformat()},
        )
        return ArchiveDay(
            day=day,
            rows=tuple(
                ArchiveRow(
                    position=row["position"],
                    paper_id=None if row["paper_id"] is None else ArxivId(row["paper_id"]),
                    title=row["title"],
                    authors=row["authors"],
                    summary=row["summary"],
                )
                for row in rows
            ),
        )
