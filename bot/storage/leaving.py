"""Alerts that go for good, many at a time; it works inside its caller's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiosqlite

    from bot.storage.standing_queries import StandingQueries


async def erase_alerts(
    connection: aiosqlite.Connection,
    queries: StandingQueries,
    which: str,
    told: Mapping[str, object],
) -> int:
    """Delete the alerts that a condition of ours names, and what they found; return how many.

    Their queries lose a user each, and go with the last one.
    """
    await connection.execute(
        f"DELETE FROM alert_hits WHERE alert_no IN (SELECT no FROM alerts WHERE {which})",
        dict(told),
    )
    async with connection.execute(
        f"DELETE FROM alerts WHERE {which} RETURNING query_no", dict(told)
    ) as cursor:
        left = [row["query_no"] for row in await cursor.fetchall()]
    for query_no in left:
        await queries.leave(connection, query_no)
    return len(left)
