"""What the bot remembers of its own doings: collections, and a few named facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, timedelta

    from bot.storage.database import Database

_KEPT = 1000
_ARXIV_SLOT = "arxiv.next_slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One round of reading a source: what was read, what was new, what went wrong."""

    source: str
    began_at: datetime
    days: tuple[date, ...] = ()
    papers: int = 0
    fresh: int = 0
    error: str | None = None


class CollectionLog:
    """The last thousand collections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, collection: Collection) -> None:
        """Write a collection down and forget the oldest."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO collections (source, began_at, days, papers, fresh, error) "
                "VALUES (:source, :began_at, :days, :papers, :fresh, :error)",
                {
                    "source": collection.source,
                    "began_at": cells.moment_cell(collection.began_at),
                    "days": cells.json_cell([day.isoformat() for day in collection.days]),
                    "papers": collection.papers,
                    "fresh": collection.fresh,
                    "error": collection.error,
                },
            )
            await connection.execute(
                "DELETE FROM collections WHERE no <= "
                "(SELECT max(no) FROM collections) - :kept", {"kept": _KEPT}
            )  # fmt: skip

    async def last(self, *, successful: bool | None = None) -> Sequence[Collection]:
        """Return each source's last collection: any, or the last that did (or did not) succeed."""
        wanted = {None: "", True: "WHERE error IS NULL", False: "WHERE error IS NOT NULL"}
        rows = await self._database.all(
            "SELECT * FROM collections WHERE no IN "
            f"(SELECT max(no) FROM collections {wanted[successful]} GROUP BY source) "
            "ORDER BY source"
        )
        return [
            Collection(
                source=row["source"],
                began_at=cells.moment(row["began_at"]),
                days=tuple(cells.day(text) for text in cells.from_json(row["days"])),
                papers=row["papers"],
                fresh=row["fresh"],
                error=row["error"],
            )
            for row in rows
        ]


class FactStore:
    """Single values by name, and the queue before arXiv's door."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """Return a fact, or None."""
        row = await self._database.one("SELECT value FROM facts WHERE name = :name", {"name": name})
        return None if row is None else str(row["value"])

    async def set(self, name: str, value: str) -> None:
        """Write a fact down."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT OR REPLACE INTO facts VALUES (:name, :value)",
                {"name": name, "value": value},
            )

    async def reserve_arxiv_slot(self, now: datetime, apart: timedelta) -> timedelta:
        """Take the next free moment to ask arXiv, and return how far off it is.

        The moments lie ``apart`` from one another over every process that shares the database:
        https://info.arxiv.org/help/api/tou.html allows one request every three seconds.
        """
        async with self._database.transaction() as connection:
            async with connection.execute(
                "SELECT value FROM facts WHERE name = :name", {"name": _ARXIV_SLOT}
            ) as cursor:
                row = await cursor.fetchone()
            slot = now if row is None else max(now, cells.moment(row["value"]))
            if slot > now + apart * 100:  # a clock set back must not close the door for so long
                slot = now
            await connection.execute(
                "INSERT OR REPLACE INTO facts VALUES (:name, :value)",
                {"name": _ARXIV_SLOT, "value": cells.moment_cell(slot + apart)},
            )
        return slot - now
