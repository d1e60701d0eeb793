"""Servers that the bot has left: since when, and what goes once that is long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import cells
from bot.storage.leaving import erase_alerts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import aiosqlite

    from bot.storage.database import Database
    from bot.storage.standing_queries import StandingQueries

STEP = 1000
"""Rows that one transaction erases at the most: others wait for the writer meanwhile."""

# From one server to the next: SQLite would read all of the index for DISTINCT.
_SERVERS = """
    WITH RECURSIVE servers (id) AS (
        SELECT min(guild_id) FROM channels
        UNION ALL
        SELECT (SELECT min(guild_id) FROM channels WHERE guild_id > servers.id)
        FROM servers WHERE servers.id IS NOT NULL)
    SELECT id FROM servers WHERE id IS NOT NULL"""

_LEFT = """
    INSERT OR IGNORE INTO departures (guild_id, left_at)
    SELECT :guild, :now WHERE EXISTS (SELECT 1 FROM channels WHERE guild_id = :guild)"""

# Nothing is to be found for a server while the rest of it goes.
_STOP = """
    UPDATE alerts SET state = 'stopped', reason = 'The server is gone.'
    WHERE guild_id = :guild AND state <> 'stopped'"""

_FOUND = """
    DELETE FROM alert_hits WHERE (alert_no, paper_no) IN (
        SELECT h.alert_no, h.paper_no
        FROM alerts AS a CROSS JOIN alert_hits AS h ON h.alert_no = a.no
        WHERE a.guild_id = :guild LIMIT :most)"""

_SOME_ALERTS = "no IN (SELECT no FROM alerts WHERE guild_id = :guild ORDER BY no LIMIT :most)"

# The schedules go first, so that nothing new is made meanwhile. Each table by its key.
_OF_CHANNELS = tuple(
    f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE channel_id IN "
    "(SELECT channel_id FROM channels WHERE guild_id = :guild) LIMIT :most)"
    for table, key in (
        ("schedules", "channel_id"),
        ("filters", "channel_id, until"),
        ("deliveries", "key"),
        ("brought", "channel_id, paper_no"),
        ("editions", "id"),
    )
)


class DepartureStore:
    """Servers that the bot has left, by their id, and which servers have anything stored."""

    def __init__(self, database: Database, queries: StandingQueries) -> None:
        self._database = database
        self._queries = queries

    async def left(self, guild_ids: Iterable[int], now: datetime) -> None:
        """Write down that servers were left now, if anything is stored of them.

        One that was left already keeps its moment.
        """
        told = [{"guild": one, "now": cells.moment_cell(now)} for one in guild_ids]
        async with self._database.transaction() as connection:
            await connection.executemany(_LEFT, told)

    async def back(self, guild_ids: Iterable[int]) -> None:
        """Forget that servers were left."""
        told = [{"guild": one} for one in guild_ids]
        async with self._database.transaction() as connection:
            await connection.executemany("DELETE FROM departures WHERE guild_id = :guild", told)

    async def departed(self, before: datetime | None = None) -> list[int]:
        """Return the servers that were left, all of them or ``before`` a moment, in that order."""
        rows = await self._database.all(
            "SELECT guild_id FROM departures WHERE :before IS NULL OR left_at < :before "
            "ORDER BY left_at, guild_id",
            {"before": cells.optional_moment_cell(before)},
        )
        return [row["guild_id"] for row in rows]

    async def servers(self) -> list[int]:
        """Return every server of which anything is stored."""
        return [row["id"] for row in await self._database.all(_SERVERS)]

    async def erase_some(self, guild_id: int, before: datetime) -> int:
        """Erase some rows of a server that was left ``before`` a moment; return how many.

        0 says that nothing is left of it, or that it is no longer among those.
        """
        told = {"guild": guild_id, "before": cells.moment_cell(before)}
        async with self._database.transaction() as connection:
            async with connection.execute(
                "SELECT 1 FROM departures WHERE guild_id = :guild AND left_at < :before", told
            ) as cursor:
                if await cursor.fetchone() is None:
                    return 0
            erased = await self._erase_some(connection, guild_id)
            if erased < STEP:
                await connection.execute("DELETE FROM channels WHERE guild_id = :guild", told)
                await connection.execute("DELETE FROM departures WHERE guild_id = :guild", told)
            return erased

    async def _erase_some(self, connection: aiosqlite.Connection, guild_id: int) -> int:
        told = {"guild": guild_id}
        await connection.execute(_STOP, told)
        erased = (await connection.execute(_FOUND, told | {"most": STEP})).rowcount
        if erased < STEP:  # else they have found more, which would be left to nobody
            some = told | {"most": STEP - erased}
            erased += await erase_alerts(connection, self._queries, _SOME_ALERTS, some)
        for statement in _OF_CHANNELS:
            cursor = await connection.execute(statement, told | {"most": STEP - erased})
            erased += cursor.rowcount
        return erased
