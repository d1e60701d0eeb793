"""The ledger: every message has a row before it is sent, and one claim decides who sends it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.domain.deliveries import DeliveryState
from bot.storage import cells
from bot.storage.delivery_rows import (
    READY,
    READY_OF_AN_EDITION,
    asked,
    claim_cells,
    claim_from,
    delivery_from,
    unsettled_from,
)
from bot.storage.retreat import SERVED, give_back, let_go, take_back_row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.deliveries import Claim, Delivery
    from bot.storage.database import Database
    from bot.storage.delivery_rows import Unsettled


log = logging.getLogger(__name__)

CLAIMED_AT_ONCE = 2_000
"""Claims that are settled in one round: an outage may leave a hundred thousand."""


class DeliveryLedger:
    """Deliveries by their key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ready(
        self, now: datetime, limit: int, edition_id: str | None = None
    ) -> list[Delivery]:
        """Return the deliveries (of one edition) that may be tried now, the oldest first."""
        sql = READY if edition_id is None else READY_OF_AN_EDITION
        rows = await self._database.all(sql, asked(now, limit, edition_id))
        ready = []
        for row in rows:
            try:
                ready.append(delivery_from(row))
            except (ValueError, LookupError, TypeError, AttributeError):
                log.exception("The delivery %s cannot be read and is set aside", row["key"])
                await self._changed(
                    "UPDATE deliveries SET state = 'unknown', error = 'It cannot be read.' "
                    "WHERE key = :key",
                    {"key": row["key"]},
                )
        return ready

    async def waiting_since(self, now: datetime) -> datetime | None:
        """Return since when the oldest delivery is ready and not sent; None if none is."""
        row = await self._database.one(READY, asked(now, 1))  # the longest waiting comes first
        if row is None:
            return None
        return cells.moment(max(row["planned_at"], row["not_before"] or ""))

    async def arrived(self, edition_id: str) -> bool:
        """Say whether every part of an edition was sent, and none was taken back."""
        row = await self._database.one(
            "SELECT 1 FROM editions AS e WHERE id = :edition AND NOT frozen AND NOT EXISTS "
            "(SELECT 1 FROM deliveries WHERE edition_id = e.id AND state <> 'sent')",
            {"edition": edition_id},
        )
        return row is not None

    async def claim(self, key: str, now: datetime) -> bool:
        """Take a delivery for sending; False if somebody else has it or it is sent."""
        return await self._changed(
            "UPDATE deliveries SET state = 'claimed', claimed_at = :now, "
            "attempts = attempts + 1 WHERE key = :key AND state IN ('planned', 'refused')",
            {"key": key, "now": cells.moment_cell(now)},
        )

    async def claim_again(self, claim: Claim, now: datetime) -> bool:
        """Take a claimed delivery for a second send, if it is as it was and still waited for."""
        return await self._changed(
            "UPDATE deliveries SET doubtful_since = coalesce(doubtful_since, claimed_at), "
            "claimed_at = :now, attempts = attempts + 1 "
            "WHERE key = :key AND state = 'claimed' AND claimed_at = :claimed_at "
            "AND (kind = 'batch' OR channel_id IN (SELECT channel_id FROM schedules))",
            claim_cells(claim) | {"now": cells.moment_cell(now)},
        )

    async def claimed(self, before: datetime, now: datetime) -> list[Claim]:
        """Return the deliveries claimed before a moment of which nobody knows how they went.

        And those claimed after ``now``, by a clock that was wrong. At most ``CLAIMED_AT_ONCE``,
        those claimed longest ago first.
        """
        rows = await self._database.all(
            "SELECT * FROM deliveries WHERE state = 'claimed' AND state <> 'sent' "
            "AND (claimed_at < :before OR claimed_at > :now) ORDER BY claimed_at, key LIMIT :limit",
            {
                "before": cells.moment_cell(before),
                "now": cells.moment_cell(now),
                "limit": CLAIMED_AT_ONCE,
            },
        )
        return [claim_from(row) for row in rows]

    async def delivery(self, key: str) -> Delivery | None:
        """Return a row of the ledger, or None."""
        row = await self._database.one(
            "SELECT d.*, t.message_id AS target FROM deliveries AS d "
            "LEFT JOIN deliveries AS t ON t.key = d.edits WHERE d.key = :key",
            {"key": key},
        )
        return None if row is None else delivery_from(row)

    async def release(self, claim: Claim) -> bool:
        """Plan a claimed delivery again, as no message was made; False if it has moved on.

        Where the channel has no schedule any more nobody waits for it: it is taken back.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'planned', error = NULL, doubtful_since = "
                "CASE WHEN edits IS NOT NULL THEN coalesce(doubtful_since, claimed_at) END "
                "WHERE key = :key AND state = 'claimed' AND claimed_at = :claimed_at",
                claim_cells(claim),
            )
            if cursor.rowcount == 1:
                await take_back_row(connection, claim.key, unless_scheduled=True)
            return cursor.rowcount == 1

    async def settle(self, key: str, message_id: int | None, now: datetime) -> None:
        """Write down that Discord has the message; an edit becomes what its message says."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'sent', message_id = :message, settled_at = :now, "
                "error = NULL, code = NULL, doubtful_since = NULL "
                "WHERE key = :key AND state = 'claimed'",
                {"key": key, "message": message_id, "now": cells.moment_cell(now)},
            )
            if cursor.rowcount:
                await connection.execute(
                    "UPDATE deliveries AS d SET (kind, content, settled_at) = (SELECT kind, "
                    "content, settled_at FROM deliveries WHERE key = :key) WHERE d.key = "
                    "(SELECT edits FROM deliveries WHERE key = :key)",
                    {"key": key},
                )
                await connection.execute(
                    "DELETE FROM deliveries WHERE key = :key AND edits IS NOT NULL", {"key": key}
                )

    async def refuse(self, key: str, *, error: str, code: int, not_before: datetime) -> bool:
        """Write down that Discord made no message, and when to try again.

        Returns False, and leaves the row claimed, where an earlier claim of it is in doubt: that
        this send made no message does not say that the one before made none.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET error = :error, code = :code, not_before = :not_before, "
                "state = CASE WHEN doubtful_since IS NULL OR edits IS NOT NULL "
                "THEN 'refused' ELSE state END "
                "WHERE key = :key AND state = 'claimed' RETURNING state",
                {
                    "key": key, "error": error, "code": code,
                    "not_before": cells.moment_cell(not_before),
                },
            )  # fmt: skip
            row = await cursor.fetchone()
            if row is None or row["state"] != DeliveryState.REFUSED:
                return False
            await take_back_row(connection, key, unless_scheduled=True)
            return True

    async def drop(self, key: str) -> None:
        """Give up an edit or a notice; the papers of an edit are left to the next edition."""
        async with self._database.transaction() as connection:
            await give_back(connection, key)

    async def doubt(self, claim: Claim) -> bool:
        """Write down that nobody can know how a claimed delivery went; False if it moved on."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'unknown' "
                "WHERE key = :key AND state = 'claimed' AND claimed_at = :claimed_at",
                claim_cells(claim),
            )
            if cursor.rowcount == 1:
                await let_go(connection, claim.key)
            return cursor.rowcount == 1

    async def decide(self, key: str, guild_id: int, *, there: bool, now: datetime) -> bool:
        """Take a person's word for an unknown delivery of their server; False if it moved on."""
        state = DeliveryState.SENT if there else DeliveryState.PLANNED
        return await self._changed(
            "UPDATE deliveries SET state = :state, doubtful_since = NULL, error = NULL, "
            "not_before = NULL, settled_at = CASE :state WHEN 'sent' THEN :now END "
            "WHERE key = :key AND state = 'unknown' AND channel_id IN "
            f"(SELECT channel_id FROM {SERVED} WHERE guild_id = :guild)",
            {
                "key": key, "guild": guild_id, "state": state.value, "now": cells.moment_cell(now),
            },
        )  # fmt: skip

    async def look_again(self, channel_id: int) -> bool:
        """Let the unknown deliveries of a channel be looked for; True if there are any."""
        return await self._changed(
            "UPDATE deliveries SET state = 'claimed' "
            "WHERE channel_id = :channel AND state = 'unknown' AND state <> 'sent'",
            {"channel": channel_id},
        )

    async def unknown_in(self, guild_id: int) -> list[int]:
        """Return the channels of a server that have unknown deliveries."""
        rows = await self._database.all(
            f"SELECT DISTINCT channel_id FROM deliveries JOIN {SERVED} AS s USING (channel_id) "
            "WHERE deliveries.state = 'unknown' AND deliveries.state <> 'sent' "
            "AND s.guild_id = :guild",
            {"guild": guild_id},
        )
        return [row["channel_id"] for row in rows]

    async def note(self, key: str, error: str) -> None:
        """Write beside a claimed delivery why nobody knows how it went."""
        await self._changed(
            "UPDATE deliveries SET error = :error WHERE key = :key AND state = 'claimed'",
            {"key": key, "error": error},
        )

    async def unsettled(self, guild_id: int) -> list[Unsettled]:
        """Return what a server's channels have not got, the oldest first."""
        rows = await self._database.all(
            f"SELECT d.* FROM deliveries AS d JOIN {SERVED} AS s USING (channel_id) "
            "WHERE d.state <> 'sent' AND d.kind <> 'notice' AND s.guild_id = :guild "
            "ORDER BY d.planned_at, d.key",
            {"guild": guild_id},
        )
        return [unsettled_from(row) for row in rows]

    async def waiting(self) -> dict[DeliveryState, int]:
        """Return how many deliveries that are not sent stand in each state."""
        rows = await self._database.all(
            "SELECT state, count(*) AS n FROM deliveries WHERE state <> 'sent' GROUP BY state"
        )
        return {DeliveryState(row["state"]): row["n"] for row in rows}

    async def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries stand in each state."""
        rows = await self._database.all(
            "SELECT state, count(*) AS n FROM deliveries GROUP BY state"
        )
        return {DeliveryState(row["state"]): row["n"] for row in rows}

    async def forget_sent(self, before: datetime, batches_before: datetime) -> int:
        """Forget the messages sent before a moment: a channel's editions and papers stay known.

        Those of alerts are forgotten sooner: there may be very many, and what they brought is
        known without them.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "DELETE FROM deliveries WHERE state = 'sent' "
                "AND settled_at < CASE kind WHEN 'batch' THEN :batches ELSE :before END "
                "AND kind <> 'line' AND key NOT IN "
                "(SELECT edits FROM deliveries WHERE edits IS NOT NULL AND state <> 'sent')",
                {
                    "before": cells.moment_cell(before),
                    "batches": cells.moment_cell(batches_before),
                },
            )
            return cursor.rowcount

    async def _changed(self, sql: str, told: Mapping[str, object]) -> bool:
        async with self._database.transaction() as connection:
            cursor = await connection.execute(sql, dict(told))
            return cursor.rowcount > 0
