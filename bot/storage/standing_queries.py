"""The queries of all alerts: each stored once, and found by the anchors that a paper has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.domain.standing import Anchor, Outdated
from bot.storage import cells

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import aiosqlite

    from bot.domain.standing import Compiled
    from bot.storage.database import Database

Told = TypeVar("Told")

_ENTER = """
    INSERT INTO standing_queries (form, text, pattern, users, compiled_at)
    VALUES (:form, :text, :pattern, 1, :now)
    ON CONFLICT (form) DO UPDATE
    SET users = users + 1, pattern = excluded.pattern, compiled_at = excluded.compiled_at
    RETURNING no, users"""
_LEAVE = "UPDATE standing_queries SET users = users - 1 WHERE no = :no RETURNING users"
_RENEW = """
    UPDATE standing_queries SET pattern = coalesce(:pattern, pattern), compiled_at = :now
    WHERE no = :no"""
_ANCHORS = """
    SELECT a.query_no, a.anchor, a.rest, a.sure
    FROM json_each(:nos) AS wanted CROSS JOIN alert_anchors AS a ON a.query_no = wanted.value"""
_ANCHOR = """
    INSERT INTO alert_anchors (anchor, query_no, rest, sure)
    SELECT :anchor, no, :rest, :sure FROM standing_queries WHERE no = :no"""

# CROSS: each key is looked up in the anchors, and never the other way round.
_NOTICED = """
    SELECT key.key, a.query_no, a.rest, a.sure
    FROM json_each(:keys) AS key CROSS JOIN alert_anchors AS a ON a.anchor = key.value"""
_PATTERNS = """
    SELECT q.no, q.pattern
    FROM json_each(:nos) AS wanted CROSS JOIN standing_queries AS q ON q.no = wanted.value"""


class StandingQueries:
    """Stores the queries of alerts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(
        self, connection: aiosqlite.Connection, compiled: Compiled, now: datetime
    ) -> int:
        """Add one to those who have a query, inside the caller's transaction; return its number.

        It is known from now on by what is known of its words now.
        """
        cell = cells.moment_cell(now)
        told = {"form": compiled.form, "text": compiled.text, "pattern": compiled.pattern}
        async with connection.execute(_ENTER, told | {"now": cell}) as cursor:
            row = await cursor.fetchone()
        assert row is not None  # noqa: S101 - an upsert returns its row
        no: int = row["no"]
        await _anchor(connection, {no: compiled.anchors})
        return no

    async def leave(self, connection: aiosqlite.Connection, query_no: int) -> None:
        """Take one off those who have a query, inside the caller's transaction.

        With the last one the query goes, and its anchors; nothing may refer to it any more.
        """
        async with connection.execute(_LEAVE, {"no": query_no}) as cursor:
            row = await cursor.fetchone()
        if row is not None and row["users"] <= 0:
            await connection.execute(
                "DELETE FROM standing_queries WHERE no = :no", {"no": query_no}
            )

    async def outdated(self, before: datetime, now: datetime, limit: int) -> list[Outdated]:
        """Return queries that were compiled before a moment, those longest ago first.

        And those compiled after ``now``, by a clock that was wrong.
        """
        rows = await self._database.all(
            "SELECT no, text FROM standing_queries WHERE compiled_at < :before "
            "OR compiled_at > :now "
            "ORDER BY compiled_at, no LIMIT :limit",
            {
                "before": cells.moment_cell(before),
                "now": cells.moment_cell(now),
                "limit": limit,
            },
        )
        return [Outdated(no=row["no"], text=row["text"]) for row in rows]

    async def read(self, work: Callable[[StandingReader], Told]) -> Told:
        """Run reading in a thread, all of one moment, and return what it makes of it."""
        return await self._database.aside(lambda connection: work(StandingReader(connection)))

    async def renew(self, compiled: Mapping[int, Compiled | None], now: datetime) -> int:
        """Store queries as they were compiled anew, by number, in one transaction.

        One that could not be compiled (None) stays as it is, and has its turn again when the
        others have; one that is gone by now stays gone. Returns how many look for something else
        than before.
        """
        cell = cells.moment_cell(now)
        rows = [
            {"no": no, "pattern": one and one.pattern, "now": cell} for no, one in compiled.items()
        ]
        async with self._database.transaction() as connection:
            before = await connection.execute_fetchall(
                _PATTERNS, {"nos": cells.json_cell(list(compiled))}
            )
            await connection.executemany(_RENEW, rows)
            await _anchor(connection, {no: one.anchors for no, one in compiled.items() if one})
        anew = {no: one.pattern for no, one in compiled.items() if one}
        return sum(anew.get(row["no"], row["pattern"]) != row["pattern"] for row in before)


async def _anchor(
    connection: aiosqlite.Connection, anchors: Mapping[int, frozenset[Anchor]]
) -> None:
    """Enter queries under their anchors and no others; mostly they are what they were."""
    rows = await connection.execute_fetchall(_ANCHORS, {"nos": cells.json_cell(list(anchors))})
    stored: dict[int, set[Anchor]] = {no: set() for no in anchors}
    for row in rows:
        stored[row["query_no"]].add(Anchor(row["anchor"], row["rest"], bool(row["sure"])))
    changed = [no for no in anchors if stored[no] != anchors[no]]
    await connection.executemany(
        "DELETE FROM alert_anchors WHERE query_no = :no", [{"no": no} for no in changed]
    )
    await connection.executemany(
        _ANCHOR,
        [
            {"no": no, "anchor": one.key, "rest": one.rest, "sure": one.sure}
            for no in changed
            for one in anchors[no]
        ],
    )


class StandingReader:
    """Finds the queries that a paper's keys point to, in the thread of the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def noticed(self, keys: Sequence[str]) -> Iterator[tuple[int, int, str, bool]]:
        """Yield the place of a key, and of a query that has it: number, rest, and if it is sure."""
        rows = self._connection.execute(_NOTICED, {"keys": cells.json_cell(keys)})
        rows.row_factory = None
        yield from rows

    def patterns(self, nos: Iterable[int]) -> Iterator[tuple[int, str]]:
        """Yield queries by their numbers, each with its packed pattern."""
        rows = self._connection.execute(_PATTERNS, {"nos": cells.json_cell(list(nos))})
        rows.row_factory = None
        yield from rows
