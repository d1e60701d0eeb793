"""What channels asked for before, and what that matched: closed days are judged by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.editions import Order
from bot.domain.papers import ArxivId
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.papers import DayList
    from bot.storage.database import Database

_KEEP = """
    INSERT INTO closed_matches (topic, day, read_at, papers)
    VALUES (:topic, :day, :read_at, :papers)
    ON CONFLICT (topic, day) DO UPDATE SET read_at = :read_at, papers = :papers"""

_TOPICS = """
    SELECT topic FROM schedules WHERE topic IS NOT NULL
    UNION
    SELECT topic FROM filters WHERE topic IS NOT NULL AND until > :since"""


class FilterStore:
    """What a channel asked for until it asked for something else, and closed days' matches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> dict[int, list[tuple[datetime, Order]]]:
        """Return which papers which channel asked for until when, the earliest first."""
        rows = await self._database.all("SELECT * FROM filters ORDER BY channel_id, until")
        asked: dict[int, list[tuple[datetime, Order]]] = {}
        for row in rows:
            order = Order(min_upvotes=row["min_upvotes"], topic=row["topic"])
            asked.setdefault(row["channel_id"], []).append((cells.moment(row["until"]), order))
        return asked

    async def topics(self, since: datetime) -> list[str]:
        """Return every topic that a channel asks for, or asked for after a moment."""
        rows = await self._database.all(_TOPICS, {"since": cells.moment_cell(since)})
        return [row["topic"] for row in rows]

    async def keep(
        self, matching: Mapping[str, Collection[ArxivId]], lists: Sequence[DayList]
    ) -> None:
        """Keep which papers of these lists match each topic, as of the readings they are of."""
        rows = [
            {
                "topic": topic,
                "day": one.day.isoformat(),
                "read_at": cells.optional_moment_cell(one.read_at),
                "papers": cells.json_cell(
                    [listed.paper.id for listed in one.listed if listed.paper.id in papers]
                ),
            }
            for topic, papers in matching.items()
            for one in lists
        ]
        async with self._database.transaction() as connection:
            await connection.executemany(_KEEP, rows)

    async def kept(self, topic: str, lists: Sequence[DayList]) -> dict[date, frozenset[ArxivId]]:
        """Return what was kept of a topic, by day, for those of these lists as they were then."""
        read_at = {one.day: one.read_at for one in lists}
        rows = await self._database.all(
            "SELECT day, read_at, papers FROM closed_matches WHERE topic = :topic "
            "AND day IN (SELECT value FROM json_each(:days))",
            {"topic": topic, "days": cells.json_cell([day.isoformat() for day in read_at])},
        )
        return {
            day: frozenset(map(ArxivId, cells.from_json(row["papers"])))
            for row in rows
            if read_at[day := cells.day(row["day"])] == cells.moment(row["read_at"])
        }

    async def forget(self, before: datetime) -> None:
        """Forget what was asked for until a moment: its days have been decided for long."""
        until = {"before": cells.moment_cell(before)}
        async with self._database.transaction() as connection:
            await connection.execute("DELETE FROM filters WHERE until < :before", until)
            await connection.execute("DELETE FROM closed_matches WHERE read_at < :before", until)
