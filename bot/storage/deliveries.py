"""The ledger: every message has a row before it is sent, and one claim decides who sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.deliveries import Delivery, DeliveryState
from bot.storage import cells
from bot.storage.editions import part_from

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database, Row

# A part waits for every earlier part of its edition to be sent, so that an edition is read in
# order and goes on at the first part that is not confirmed.
_READY = """
    SELECT d.* FROM deliveries AS d
    WHERE d.state IN ('planned', 'refused')
      AND d.state <> 'sent'  -- says to SQLite that the index of what waits will do
      AND (:edition IS NULL OR d.edition_id = :edition)
      AND (d.not_before IS NULL OR d.not_before <= :now)
      AND NOT EXISTS (
          SELECT 1 FROM deliveries AS e
          WHERE e.edition_id = d.edition_id AND e.number < d.number AND e.state <> 'sent')
      AND EXISTS (
          SELECT 1 FROM schedules AS s WHERE s.channel_id = d.channel_id
          AND (s.state = 'active' OR (s.state = 'paused' AND :edition IS NOT NULL)))
    ORDER BY d.planned_at, d.key LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A delivery that did not arrive (yet), as ``/status`` tells it."""

    key: str
    channel_id: int
    state: DeliveryState
    planned_at: datetime
    attempts: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that somebody began to send."""

    key: str
    channel_id: int
    claimed_at: datetime


class DeliveryLedger:
    """Deliveries by their key."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ready(
        self, now: datetime, limit: int, edition_id: str | None = None
    ) -> list[Delivery]:
        """Return the deliveries (of one edition) that may be tried now, the oldest first."""
        rows = await self._database.all(
            _READY, {"now": cells.moment_cell(now), "limit": limit, "edition": edition_id}
        )
        return [_delivery_from(row) for row in rows]

    async def arrived(self, edition_id: str) -> bool:
        """Say whether every part of an edition was sent."""
        row = await self._database.one(
            "SELECT 1 FROM deliveries WHERE edition_id = :edition AND state <> 'sent'",
            {"edition": edition_id},
        )
        return row is None

    async def claim(self, key: str, now: datetime) -> bool:
        """Take a delivery for sending; False if somebody else has it or it is sent."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'claimed', claimed_at = :now, "
                "attempts = attempts + 1 WHERE key = :key AND state IN ('planned', 'refused')",
                {"key": key, "now": cells.moment_cell(now)},
            )
            return cursor.rowcount == 1

    async def claimed(self, before: datetime) -> list[Claim]:
        """Return the deliveries claimed before a moment of which nobody knows how they went."""
        rows = await self._database.all(
            "SELECT key, channel_id, claimed_at FROM deliveries "
            "WHERE state = 'claimed' AND state <> 'sent' AND claimed_at < :before "
            "ORDER BY claimed_at, key",
            {"before": cells.moment_cell(before)},
        )
        return [
            Claim(
                key=row["key"],
                channel_id=row["channel_id"],
                claimed_at=cells.moment(row["claimed_at"]),
            )
            for row in rows
        ]

    async def release(self, claim: Claim) -> bool:
        """Plan a claimed delivery again, as no message was made; False if it has moved on."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET state = 'planned', error = NULL "
                "WHERE key = :key AND state = 'claimed' AND claimed_at = :claimed_at",
                {"key": claim.key, "claimed_at": cells.moment_cell(claim.claimed_at)},
            )
            return cursor.rowcount == 1

    async def settle(self, key: str, message_id: int, now: datetime) -> None:
        """Write down that Discord has the message."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE deliveries SET state = 'sent', message_id = :message, settled_at = :now, "
                "error = NULL, code = NULL WHERE key = :key AND state = 'claimed'",
                {"key": key, "message": message_id, "now": cells.moment_cell(now)},
            )

    async def refuse(self, key: str, *, error: str, code: int, not_before: datetime) -> None:
        """Write down that Discord made no message, and when to try again."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE deliveries SET state = 'refused', error = :error, code = :code, "
                "not_before = :not_before WHERE key = :key AND state = 'claimed'",
                {
                    "key": key,
                    "error": error,
                    "code": code,
                    "not_before": cells.moment_cell(not_before),
                },
            )

    async def note(self, key: str, error: str) -> None:
        """Write beside a claimed delivery why nobody knows how it went."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE deliveries SET error = :error WHERE key = :key AND state = 'claimed'",
                {"key": key, "error": error},
            )

    async def unsettled(self, guild_id: int) -> list[Unsettled]:
        """Return what a server's channels have not got, the oldest first."""
        rows = await self._database.all(
            "SELECT d.* FROM deliveries AS d JOIN schedules AS s USING (channel_id) "
            "WHERE d.state <> 'sent' AND s.guild_id = :guild ORDER BY d.planned_at, d.key",
            {"guild": guild_id},
        )
        return [
            Unsettled(
                key=row["key"],
                channel_id=row["channel_id"],
                state=DeliveryState(row["state"]),
                planned_at=cells.moment(row["planned_at"]),
                attempts=row["attempts"],
                error=row["error"],
            )
            for row in rows
        ]

    async def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries stand in each state."""
        rows = await self._database.all(
            "SELECT state, count(*) AS n FROM deliveries GROUP BY state"
        )
        return {DeliveryState(row["state"]): row["n"] for row in rows}

    async def forget_content(self, before: datetime) -> int:
        """Drop the text of messages sent before a moment; their rows stay."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE deliveries SET part = '' "
                "WHERE state = 'sent' AND settled_at < :before AND part <> ''",
                {"before": cells.moment_cell(before)},
            )
            return cursor.rowcount


def _delivery_from(row: Row) -> Delivery:
    return Delivery(
        key=row["key"],
        part=part_from(row["part"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        not_before=cells.optional_moment(row["not_before"]),
        error=row["error"],
    )
