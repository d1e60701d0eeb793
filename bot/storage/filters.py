"""What channels asked for before: a day that has closed is judged by what was asked for then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import cells

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database


class FilterStore:
    """What a channel asked for until it asked for something else."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[int, list[tuple[datetime, int]]]:
        """Return what minimum which channel asked for until when, the earliest first."""
        rows = await self._database.all("SELECT * FROM filters ORDER BY channel_id, until")
        asked: dict[int, list[tuple[datetime, int]]] = {}
        for row in rows:
            told = (cells.moment(row["until"]), row["min_upvotes"])
            asked.setdefault(row["channel_id"], []).append(told)
        return asked

    async def forget(self, before: datetime) -> None:
        """Forget what was asked for until a moment: its days have been decided for long."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM filters WHERE until < :before", {"before": cells.moment_cell(before)}
            )
