"""Alerts that go for good: what they found goes with them, and a query that nobody else has.

Every function works inside its caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiosqlite

_HITS = "DELETE FROM alert_hits WHERE alert_no IN (SELECT no FROM alerts WHERE {which})"

# Whatever the count says: a query that an alert still has is not taken from under it.
_UNUSED = "users <= 0 AND NOT EXISTS (SELECT 1 FROM alerts WHERE query_no = standing_queries.no)"


async def erase_alerts(
    connection: aiosqlite.Connection, which: str, told: Mapping[str, object]
) -> int:
    """Delete the alerts that a condition names; return how many there were.

    Args:
        connection: the caller's, within its transaction.
        which: a condition on the table, of our own making.
        told: the condition's parameters.
    """
    await connection.execute(_HITS.format(which=which), dict(told))
    async with connection.execute(
        f"DELETE FROM alerts WHERE {which} RETURNING query_no", dict(told)
    ) as cursor:
        queries = [row["query_no"] for row in await cursor.fetchall()]
    for query_no in queries:
        await _leave(connection, query_no)
    return len(queries)


async def _leave(connection: aiosqlite.Connection, query_no: int) -> None:
    """Count one alert less for a standing query, and forget the query after the last."""
    told = {"query": query_no}
    await connection.execute(
        "UPDATE standing_queries SET users = users - 1 WHERE no = :query", told
    )
    await connection.execute(
        "DELETE FROM alert_anchors WHERE query_no IN "
        f"(SELECT no FROM standing_queries WHERE no = :query AND {_UNUSED})",
        told,
    )
    await connection.execute(f"DELETE FROM standing_queries WHERE no = :query AND {_UNUSED}", told)
