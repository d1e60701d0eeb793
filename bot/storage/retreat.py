"""Taking back what was planned and cannot be sent: its papers are the next edition's again.

Every function works inside its caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.deliveries import edit_key
from bot.storage.contents import LINE, PART

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aiosqlite

    from bot.storage.database import Row

SERVED = """(
    SELECT guild_id, channel_id FROM schedules UNION
    SELECT guild_id, channel_id FROM alerts WHERE guild_id IS NOT NULL)"""
"""The channels that something is brought to, with their servers."""

# An edit that may have been made is not taken back: its papers may stand in the message.
_UNSENT = (
    "state IN ('planned', 'refused') AND kind NOT IN ('notice', 'batch') "
    "AND (edits IS NULL OR doubtful_since IS NULL)"
)

_UNBRING_ENTRIES = """
    DELETE FROM brought WHERE channel_id = :channel AND edition_id = :edition AND paper_no IN (
        SELECT p.no FROM deliveries AS d, json_each(d.content, '$.entries') AS one
        JOIN papers AS p ON p.id = json_extract(one.value, '$.id') WHERE d.key = :key)"""

_UNBRING_LATE = """
    DELETE FROM brought WHERE channel_id = :channel AND edition_id = :edition AND paper_no IN (
        SELECT p.no FROM deliveries AS d, json_each(d.late) AS one
        JOIN papers AS p ON p.id = one.value WHERE d.key = :key)"""

# Those under browse all stay brought while a message stands that ends the edition: it has the
# button. A part that late papers were to add after it takes nothing with it.
_UNBRING_OTHERS = """
    DELETE FROM brought WHERE channel_id = :channel AND edition_id = :edition AND place = 0
      AND NOT EXISTS (
          SELECT 1 FROM deliveries AS d WHERE d.edition_id = :edition AND d.state = 'sent'
          AND CASE WHEN d.kind = 'part' AND d.content <> '' THEN
              json_extract(d.content, '$.number') = json_extract(d.content, '$.of') END)"""

_LINE_STANDS = """
    UPDATE schedules SET quiet_id = coalesce(quiet_id, :edition) WHERE channel_id = :channel"""

# Its papers are as undecided as they were before it. min() of NULL, never decided, is NULL.
_UNDECIDE = """
    UPDATE schedules SET decided_at = min(decided_at, (
        SELECT decided_before FROM editions WHERE id = :edition))
    WHERE channel_id = :channel AND EXISTS (SELECT 1 FROM editions WHERE id = :edition)"""

_START_EARLIER = """
    UPDATE schedules SET since = min(since, (
        SELECT min(one.value) FROM editions AS e, json_each(e.days) AS one WHERE e.id = :edition))
    WHERE channel_id = :channel AND EXISTS (
        SELECT 1 FROM editions AS e, json_each(e.days) WHERE e.id = :edition)"""


async def take_back(connection: aiosqlite.Connection, channel_id: int) -> bool:
    """Take back every message of a channel that was not sent; True if there were any.

    What is claimed stays, since its message may be there.
    """
    rows = await _rows(
        connection,
        f"SELECT * FROM deliveries WHERE channel_id = :channel AND state <> 'sent' AND {_UNSENT}",
        {"channel": channel_id},
    )
    await _take_back(connection, rows)
    return bool(rows)


async def take_back_row(
    connection: aiosqlite.Connection, key: str, *, unless_scheduled: bool
) -> None:
    """Take back one message that was not sent, ``unless_scheduled`` its channel still waits."""
    rows = await _rows(
        connection,
        f"SELECT * FROM deliveries WHERE key = :key AND {_UNSENT} AND NOT (:unless AND "
        "channel_id IN (SELECT channel_id FROM schedules))",
        {"key": key, "unless": unless_scheduled},
    )
    await _take_back(connection, rows)


async def give_back(connection: aiosqlite.Connection, key: str) -> None:
    """Give up an edit or a notice, whatever its state.

    The late papers that the edit brings are left to the next edition, and the edition takes no
    more of them. Where a quiet line was to become an edition, all of the edition is taken back.
    """
    for row in await _rows(connection, "SELECT * FROM deliveries WHERE key = :key", {"key": key}):
        if await _edited_kind(connection, row) == LINE:
            await _take_back(connection, [row])
            rest = await _rows(
                connection,
                f"SELECT * FROM deliveries WHERE edition_id = :edition AND {_UNSENT}",
                {"edition": row["edition_id"]},
            )
            await _take_back(connection, rest)
            await connection.execute(  # what the line promised is due at once, without it
                "UPDATE schedules SET next_run = min(next_run, :planned), "
                "quiet_id = nullif(quiet_id, :edition) WHERE channel_id = :channel",
                _names(row) | {"planned": row["planned_at"]},
            )
        else:
            await _give_back_late(connection, row)
            await _delete(connection, row)


async def let_go(connection: aiosqlite.Connection, key: str) -> None:
    """Let nothing wait for a message of which nobody can know.

    An edition that was to take a quiet line's place is given back, and the line forgotten. So is
    any message whose channel has no schedule any more: there is nobody to ask.
    """
    edits = await _rows(
        connection, "SELECT * FROM deliveries WHERE key = :key", {"key": edit_key(key)}
    )
    for row in edits:
        await give_back(connection, row["key"])
        await connection.execute("DELETE FROM deliveries WHERE key = :key", {"key": key})
        await _forget_edition(connection, row)
    await connection.execute(
        "DELETE FROM deliveries WHERE key = :key "
        f"AND channel_id NOT IN (SELECT channel_id FROM {SERVED})",
        {"key": key},
    )


async def _take_back(connection: aiosqlite.Connection, rows: Iterable[Row]) -> None:
    for row in rows:
        edited = await _edited_kind(connection, row)
        if edited == PART:
            await _give_back_late(connection, row)
        else:
            told = _names(row)
            if edited == LINE:  # the line still stands, and becomes the next edition
                await connection.execute(_LINE_STANDS, told)
            await connection.execute(_UNBRING_ENTRIES, told)
            await connection.execute(_UNBRING_OTHERS, told)
            await connection.execute(_UNDECIDE, told)
            await _start_earlier(connection, row)
        await _delete(connection, row)
        await _forget_edition(connection, row)


async def _edited_kind(connection: aiosqlite.Connection, row: Row) -> str | None:
    """Return what stands in the message that a row edits, None if it is a message of its own."""
    found = await _rows(
        connection, "SELECT kind FROM deliveries WHERE key = :key", {"key": row["edits"]}
    )
    return found[0]["kind"] if found else None


async def _give_back_late(connection: aiosqlite.Connection, row: Row) -> None:
    await connection.execute(_UNBRING_LATE, _names(row))
    await _start_earlier(connection, row)


async def _start_earlier(connection: aiosqlite.Connection, row: Row) -> None:
    told = {"edition": row["edition_id"], "channel": row["channel_id"]}
    await connection.execute(_START_EARLIER, told)
    await connection.execute("UPDATE editions SET frozen = 1 WHERE id = :edition", told)


async def _delete(connection: aiosqlite.Connection, row: Row) -> None:
    await connection.execute("DELETE FROM deliveries WHERE key = :key", {"key": row["key"]})


async def _forget_edition(connection: aiosqlite.Connection, row: Row) -> None:
    """Forget an edition of which nothing is left in the ledger."""
    told = {"edition": row["edition_id"], "channel": row["channel_id"]}
    gone = "NOT EXISTS (SELECT 1 FROM deliveries WHERE edition_id = :edition)"
    await connection.execute(f"DELETE FROM editions WHERE id = :edition AND {gone}", told)
    await connection.execute(
        "UPDATE schedules SET quiet_id = NULL "
        f"WHERE channel_id = :channel AND quiet_id = :edition AND {gone}", told
    )  # fmt: skip


async def _rows(connection: aiosqlite.Connection, sql: str, told: dict[str, object]) -> list[Row]:
    async with connection.execute(sql, told) as cursor:
        return list(await cursor.fetchall())


def _names(row: Row) -> dict[str, object]:
    return {"channel": row["channel_id"], "edition": row["edition_id"], "key": row["key"]}
