"""Which channels have something standing that may change: an edition, or a quiet line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import cells
from bot.storage.days import MISSED_READINGS
from bot.storage.schedule_rows import readable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from bot.domain.papers import ArxivId
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

# A last edition one of whose days has a paper that the channel has not had and might want.
_LATE = """
    SELECT s.* FROM schedules AS s JOIN editions AS e ON e.id = s.edition_id
    WHERE s.channel_id BETWEEN :first AND :last AND s.state = 'active' AND NOT e.frozen
      AND NOT EXISTS (
          SELECT 1 FROM deliveries AS d WHERE d.edition_id = e.id AND d.state <> 'sent')
      AND EXISTS (
          SELECT 1 FROM json_each(:days) AS read
          JOIN json_each(e.days) AS its ON its.value = read.value
          JOIN listings AS l ON l.day = read.value
          WHERE l.missed < :missed AND l.upvotes >= s.min_upvotes
            AND (s.topic IS NULL OR (s.topic, l.paper_no) IN (
                SELECT topic.value ->> 0, p.no FROM json_each(:matching) AS topic
                JOIN json_each(topic.value, '$[1]') AS id JOIN papers AS p ON p.id = id.value))
            AND NOT EXISTS (
              SELECT 1 FROM brought AS b
              WHERE b.channel_id = s.channel_id AND b.paper_no = l.paper_no))
    ORDER BY s.channel_id"""


class StandingStore:
    """Active schedules by what stands in their channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def quiet(self, after: int, limit: int) -> list[Schedule]:
        """Return active schedules for which a quiet line stands, by channel from ``after`` on."""
        rows = await self._database.all(
            "SELECT * FROM schedules WHERE quiet_id IS NOT NULL AND state = 'active' "
            "AND channel_id > :after ORDER BY channel_id LIMIT :limit",
            {"after": after, "limit": limit},
        )
        return readable(rows)

    async def active(self, after: int, limit: int) -> dict[int, str | None]:
        """Return the topics of active schedules that have had an edition, by channel.

        Those of the first channels from ``after`` on.
        """
        rows = await self._database.all(
            "SELECT channel_id, topic FROM schedules WHERE state = 'active' "
            "AND edition_id IS NOT NULL AND channel_id > :after ORDER BY channel_id LIMIT :limit",
            {"after": after, "limit": limit},
        )
        return {row["channel_id"]: row["topic"] for row in rows}

    async def late(
        self,
        days: Sequence[date],
        first: int,
        last: int,
        matching: Mapping[str, Collection[ArxivId]],
    ) -> list[Schedule]:
        """Return active schedules whose last edition might take a late paper of these days.

        Only of the channels ``first`` to ``last``: over ten thousand it would take a second.
        ``matching`` are the papers of these days by the topics of those channels.
        """
        rows = await self._database.all(
            _LATE,
            {
                "days": cells.json_cell([day.isoformat() for day in days]),
                "first": first,
                "last": last,
                "missed": MISSED_READINGS,
                "matching": cells.json_cell([[one, list(ids)] for one, ids in matching.items()]),
            },
        )
        return readable(rows)
