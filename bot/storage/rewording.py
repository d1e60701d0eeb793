"""Which editions a better summary has come for since their texts were written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.summaries import AI_SUMMARY, ARCHIVE, EXTRACTIVE
from bot.storage import cells
from bot.storage.schedule_rows import readable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

# The channel's last edition, young enough, whole in the channel, and not frozen.
_OVERTAKEN = f"""
    SELECT s.* FROM schedules AS s JOIN editions AS e ON e.id = s.edition_id
    WHERE s.channel_id > :after AND s.state = 'active' AND e.made_at >= :since AND NOT e.frozen
      AND NOT EXISTS (
          SELECT 1 FROM deliveries AS d WHERE d.edition_id = e.id AND d.state <> 'sent')
      AND EXISTS (
          SELECT 1 FROM summaries AS w CROSS JOIN brought AS b
          WHERE w.written_at >= e.worded_at
            AND w.model NOT IN ('{EXTRACTIVE}', '{AI_SUMMARY}', '{ARCHIVE}')
            AND b.channel_id = s.channel_id AND b.paper_no = w.paper_no
            AND b.edition_id = e.id AND b.place > 0)
    ORDER BY s.channel_id LIMIT :limit"""


class RewordingStore:
    """Editions whose texts are older than their papers' summaries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def overtaken(self, since: datetime, after: int, limit: int) -> list[Schedule]:
        """Return channels whose last edition, made since then, can be worded better.

        In the order of their ids, those ``after`` one, at most ``limit``.
        """
        rows = await self._database.all(
            _OVERTAKEN, {"since": cells.moment_cell(since), "after": after, "limit": limit}
        )
        return readable(rows)

    async def worded(self, edition_id: str, at: datetime) -> None:
        """Write down of which moment an edition's texts are."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE editions SET worded_at = :at WHERE id = :id",
                {"id": edition_id, "at": cells.moment_cell(at)},
            )
