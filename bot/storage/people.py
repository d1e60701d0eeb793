"""What the tables hold of a person: given out whole, and erased in one transaction."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.domain.people import NOBODY, Holdings, Kept
from bot.storage import cells
from bot.storage.leaving import erase_alerts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator

    import aiosqlite

    from bot.domain.people import Record
    from bot.storage.database import Database, Row
    from bot.storage.standing_queries import StandingQueries

_OWN = "person_id = :person AND guild_id IS NULL"

_HOLDINGS = f"""
    SELECT
        (SELECT count(*) FROM alerts WHERE {_OWN}) AS alerts,
        (SELECT count(*) FROM alerts AS a CROSS JOIN alert_hits AS h ON h.alert_no = a.no
         WHERE {_OWN}) AS papers,
        (SELECT count(*) FROM alert_drafts WHERE person_id = :person) AS drafts,
        (SELECT count(*) FROM people WHERE person_id = :person) AS zones,
        (SELECT count(*) FROM deliveries WHERE person_id = :person) AS messages,
        (SELECT count(*) FROM deliveries
         WHERE person_id = :person AND state <> 'sent') AS unsent,
        (SELECT count(*) FROM alerts
         WHERE person_id = :person AND guild_id IS NOT NULL) AS channel_alerts,
        (SELECT count(*) FROM schedules WHERE created_by = :person) AS schedules"""

# Discord's ids are given out as text, as Discord does: most readers of JSON round such numbers.
_ALERTS = """
    SELECT no, CAST(guild_id AS TEXT) AS server, CAST(channel_id AS TEXT) AS channel, query,
           at AS time, zone AS timezone, CAST(mention_role AS TEXT) AS mention, state, reason,
           since, next_run
    FROM alerts WHERE person_id = :person ORDER BY no"""

_FOUND = """
    SELECT p.id AS paper, h.found_at, nullif(h.batch, '') AS message
    FROM alert_hits AS h CROSS JOIN papers AS p ON p.no = h.paper_no
    WHERE h.alert_no = :alert ORDER BY h.found_at, p.id"""

_DRAFTS = """
    SELECT id, made_at, wanted FROM alert_drafts WHERE person_id = :person ORDER BY made_at, id"""

_SCHEDULES = """
    SELECT CAST(guild_id AS TEXT) AS server, CAST(channel_id AS TEXT) AS channel, at AS time,
           zone AS timezone, weekdays, topic, show AS "limit", min_upvotes, style,
           CAST(mention_role AS TEXT) AS mention, state, reason, next_run
    FROM schedules WHERE created_by = :person ORDER BY guild_id, channel_id"""

_MESSAGES = """
    SELECT key, kind, CAST(channel_id AS TEXT) AS channel, state, attempts, planned_at,
           claimed_at, settled_at, CAST(message_id AS TEXT) AS message_id, error, content
    FROM deliveries WHERE person_id = :person ORDER BY planned_at, key"""

_ERASE = (
    "DELETE FROM alert_drafts WHERE person_id = :person",
    "DELETE FROM people WHERE person_id = :person",
    # What is being sent just now too: its answer finds no row, and nothing is sent again.
    "DELETE FROM deliveries WHERE person_id = :person",
    f"UPDATE alerts SET person_id = {NOBODY} WHERE person_id = :person",
    f"UPDATE schedules SET created_by = {NOBODY} WHERE created_by = :person",
)


class PeopleStore:
    """What is stored of people, by Discord's id of a person."""

    def __init__(self, database: Database, queries: StandingQueries) -> None:
        self._database = database
        self._queries = queries

    async def holdings(self, person_id: int) -> Holdings:
        """Count what is stored of a person."""
        return _holdings(await self._database.one(_HOLDINGS, {"person": person_id}))

    async def kept(self, person_id: int) -> Kept:
        """Return all that is stored of a person, as of one moment.

        Raises:
            UserError: it takes too long, or too many others read.
        """
        told = {"person": person_id}

        def read(connection: sqlite3.Connection) -> Kept:
            def records(sql: str, wanted: dict[str, int]) -> tuple[Record, ...]:
                return tuple(dict(row) for row in connection.execute(sql, wanted))

            zone = connection.execute("SELECT zone FROM people WHERE person_id = :person", told)
            named: Row | None = zone.fetchone()
            return Kept(
                holdings=_holdings(connection.execute(_HOLDINGS, told).fetchone()),
                zone=None if named is None else named["zone"],
                alerts=tuple(
                    {**one, "papers": records(_FOUND, {"alert": one["no"]})}
                    for one in map(dict, connection.execute(_ALERTS, told))
                ),
                drafts=tuple(_told(one, "wanted") for one in records(_DRAFTS, told)),
                schedules=records(_SCHEDULES, told),
                messages=tuple(_told(one, "content") for one in records(_MESSAGES, told)),
            )

        return await self._database.aside(read)

    async def erase(self, person_id: int) -> Holdings:
        """Erase what is a person's own, in one transaction; return what there was.

        What they made for a server stays and forgets them.
        """
        told = {"person": person_id}
        async with self._database.transaction() as connection, _overwriting(connection):
            async with connection.execute(_HOLDINGS, told) as cursor:
                held = _holdings(await cursor.fetchone())
            await erase_alerts(connection, self._queries, _OWN, told)
            for statement in _ERASE:
                await connection.execute(statement, told)
        return held


@asynccontextmanager
async def _overwriting(connection: aiosqlite.Connection) -> AsyncIterator[None]:
    """Write zeros over what the block deletes; else it stays in the file until its place is used.

    https://www.sqlite.org/pragma.html#pragma_secure_delete
    """
    before = await _secure_delete(connection, "secure_delete")
    await _secure_delete(connection, "secure_delete = ON")
    try:
        yield
    finally:
        await _secure_delete(connection, f"secure_delete = {before}")


async def _secure_delete(connection: aiosqlite.Connection, pragma: str) -> int:
    async with connection.execute(f"PRAGMA {pragma}") as cursor:
        return sum(row[0] for row in await cursor.fetchall())


def _holdings(row: Row | None) -> Holdings:
    return Holdings() if row is None else Holdings(**dict(row))


def _told(record: Record, name: str) -> Record:
    """Return a record with the JSON of one of its cells read; an empty cell is null."""
    cell = record[name]
    return {**record, name: cells.from_json(str(cell)) if cell else None}
