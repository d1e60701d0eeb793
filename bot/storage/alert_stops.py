"""Alerts that Discord does not take any more: stopped, and said once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.deliveries import Notice
from bot.storage import cells
from bot.storage.alert_rows import alert_from
from bot.storage.contents import content_cell

if TYPE_CHECKING:
    from datetime import datetime

    import aiosqlite

    from bot.domain.alerts import Alert
    from bot.storage.database import Database

# What waits for the next message never comes: nothing piles up for those who do not get it.
GIVE_UP = "UPDATE alert_hits SET batch = '' WHERE batch IS NULL AND alert_no = :no"

_NOTICE = """
    INSERT INTO deliveries
        (key, kind, edition_id, number, channel_id, person_id, content, state, planned_at)
    VALUES (:key, 'notice', 'alerts', 1, :channel, :person, :content, 'planned', :now)"""

# What may have arrived is settled first; of what is only planned nothing is left.
UNPLAN = """
    DELETE FROM deliveries WHERE channel_id = :channel AND kind = 'batch' AND state <> 'sent'
    AND state IN ('planned', 'refused', 'unknown')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A channel whose alerts are stopped: how many, one of them, and why."""

    channel_id: int
    alert_no: int
    alerts: int
    reason: str


class AlertStops:
    """Stops the alerts of channels."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stop(self, channel_id: int, reason: str, now: datetime) -> int:
        """Stop a channel's alerts, saying why; return how many were stopped.

        What was not sent is dropped. Whoever made the alerts of a server's channel is told once.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE alerts SET state = 'stopped', reason = :reason "
                "WHERE channel_id = :channel AND state = 'active' RETURNING *",
                {"channel": channel_id, "reason": reason},
            )
            stopped = [alert_from(row) for row in await cursor.fetchall()]
            for alert in stopped:
                await connection.execute(GIVE_UP, {"no": alert.no})
            await connection.execute(UNPLAN, {"channel": channel_id})
            told = {one.person_id: one for one in stopped if not one.direct and one.person_id}
            for alert in told.values():
                await _tell(connection, alert, reason, now)
        return len(stopped)

    async def of_server(self, guild_id: int) -> list[Stopped]:
        """Return the channels of a server whose alerts are stopped."""
        rows = await self._database.all(
            "SELECT channel_id, min(no) AS no, count(*) AS alerts, max(reason) AS reason "
            "FROM alerts WHERE guild_id = :guild AND state = 'stopped' "
            "GROUP BY channel_id ORDER BY channel_id",
            {"guild": guild_id},
        )
        return [
            Stopped(
                channel_id=row["channel_id"],
                alert_no=row["no"],
                alerts=row["alerts"],
                reason=row["reason"] or "",
            )
            for row in rows
        ]

    async def refused_since(self, before: datetime) -> list[int]:
        """Return channels for which a message of alerts has waited since before a moment."""
        rows = await self._database.all(
            "SELECT DISTINCT channel_id FROM deliveries WHERE kind = 'batch' "
            "AND state IN ('planned', 'refused') AND attempts > 0 AND planned_at < :before",
            {"before": cells.moment_cell(before)},
        )
        return [row["channel_id"] for row in rows]


async def _tell(connection: aiosqlite.Connection, alert: Alert, reason: str, now: datetime) -> None:
    notice = Notice(
        key=f"n.{secrets.token_hex(6)}",
        person_id=alert.person_id,
        channel_id=alert.channel_id,
        reason=reason,
        alert_no=alert.no,
    )
    await connection.execute(
        _NOTICE,
        {
            "key": notice.key,
            "channel": alert.channel_id,
            "person": alert.person_id,
            "content": content_cell(notice),
            "now": cells.moment_cell(now),
        },
    )
