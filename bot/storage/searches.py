"""What people asked for, kept for thirty days under the short id that their buttons carry."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.searches import Search, Sort
from bot.storage import cells

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database

KEPT = timedelta(days=30)

_NAME_LENGTH = 10


class SearchStore:
    """Searches by their short id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, asked: Search, now: datetime) -> str:
        """Keep what was asked for thirty days from now; return its id: the same for the same.

        What is older is forgotten.
        """
        told = cells.json_cell(
            {
                "topic": asked.topic,
                "days": asked.days,
                "sort": asked.sort.value,
                "min_upvotes": asked.min_upvotes,
            }
        )
        name = b32encode(hashlib.sha256(told.encode()).digest()).decode()[:_NAME_LENGTH].lower()
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM searches WHERE asked_at < :old",
                {"old": cells.moment_cell(now - KEPT)},
            )
            await connection.execute(
                "INSERT INTO searches (id, asked, asked_at) VALUES (:id, :asked, :now) "
                "ON CONFLICT (id) DO UPDATE SET asked_at = :now",
                {"id": name, "asked": told, "now": cells.moment_cell(now)},
            )
        return name

    async def recall(self, name: str, now: datetime) -> Search | None:
        """Return what was asked, None if that is older than thirty days or never was."""
        row = await self._database.one(
            "SELECT asked FROM searches WHERE id = :id AND asked_at >= :old",
            {"id": name, "old": cells.moment_cell(now - KEPT)},
        )
        if row is None:
            return None
        told = cells.from_json(row["asked"])
        return Search(
            topic=told["topic"],
            days=told["days"],
            sort=Sort(told["sort"]),
            min_upvotes=told["min_upvotes"],
        )
