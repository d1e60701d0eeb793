"""The table of schedules: one a channel, with its next run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.people import NOBODY
from bot.storage import cells
from bot.storage.contents import content_cell
from bot.storage.retreat import SERVED, take_back
from bot.storage.schedule_rows import readable, schedule_cells, schedule_from

if TYPE_CHECKING:
    from datetime import date, datetime

    import aiosqlite

    from bot.domain.deliveries import Notice
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

_SAVE = """
    INSERT INTO schedules (channel_id, guild_id, at, zone, weekdays, show, min_upvotes, topic,
                           style, mention_role, created_by, state, reason, next_run, since,
                           last_run, last_outcome, decided_at, edition_id, quiet_id)
    SELECT :channel_id, :guild_id, :at, :zone, :weekdays, :limit, :min_upvotes, :topic,
           :style, :mention_role, :created_by, :state, :reason, :next_run, :since,
           :last_run, :last_outcome, :decided_at, :edition_id, :quiet_id
    WHERE :most IS NULL OR :most > (
        SELECT count(*) FROM schedules
        WHERE guild_id = :guild_id AND channel_id <> :channel_id)
    ON CONFLICT (channel_id) DO UPDATE SET
        guild_id = :guild_id, at = :at, zone = :zone, weekdays = :weekdays, show = :limit,
        min_upvotes = :min_upvotes, topic = :topic, style = :style,
        mention_role = :mention_role,
        next_run = CASE WHEN :retimed THEN :next_run ELSE next_run END"""

_KEEP_FILTER = """
    INSERT OR IGNORE INTO filters (channel_id, until, min_upvotes, topic)
    SELECT channel_id, :now, min_upvotes, topic FROM schedules
    WHERE channel_id = :channel_id AND (min_upvotes <> :min_upvotes OR topic IS NOT :topic)"""

# Only to the person who made it: since it was read they may have asked to be forgotten.
_NOTICE = f"""
    INSERT INTO deliveries
        (key, kind, edition_id, number, channel_id, person_id, content, state, planned_at)
    SELECT :key, 'notice', :key, 1, :channel, :person, :content, 'planned', :now
    FROM schedules
    WHERE channel_id = :channel AND created_by = :person AND created_by <> {NOBODY}"""


class ScheduleStore:
    """Schedules by their channel's id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, channel_id: int) -> Schedule | None:
        """Return a channel's schedule, or None."""
        row = await self._database.one(
            "SELECT * FROM schedules WHERE channel_id = :channel", {"channel": channel_id}
        )
        return None if row is None else schedule_from(row)

    async def of_server(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules, the next to run first."""
        rows = await self._database.all(
            "SELECT * FROM schedules WHERE guild_id = :guild ORDER BY next_run, channel_id",
            {"guild": guild_id},
        )
        return readable(rows)

    async def all(self) -> list[Schedule]:
        """Return every schedule."""
        return readable(await self._database.all("SELECT * FROM schedules"))

    async def due(self, now: datetime, limit: int, after: Schedule | None = None) -> list[Schedule]:
        """Return the active schedules whose next run has come, the longest waiting first.

        Only those that come ``after`` one in this order, if it is given. One whose row cannot be
        read is stopped, or it would stand before the others for ever.
        """
        while True:
            rows = await self._database.all(
                "SELECT * FROM schedules WHERE state = 'active' AND next_run <= :now "
                "AND (next_run, channel_id) > (:run, :channel) "
                "ORDER BY next_run, channel_id LIMIT :limit",
                {
                    "now": cells.moment_cell(now),
                    "limit": limit,
                    "run": "" if after is None else cells.moment_cell(after.next_run),
                    "channel": 0 if after is None else after.channel_id,
                },
            )
            schedules = readable(rows)
            if len(schedules) == len(rows):
                return schedules
            known = {one.channel_id for one in schedules}
            for row in rows:
                if row["channel_id"] not in known:
                    await self._stop_unreadable(row["channel_id"])

    async def _stop_unreadable(self, channel_id: int) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE schedules SET state = 'stopped', reason = 'The schedule cannot be read.' "
                "WHERE channel_id = :channel",
                {"channel": channel_id},
            )

    async def earliest_unsettled(self) -> date | None:
        """Return the first day that some channel still waits for, or None."""
        row = await self._database.one("SELECT min(since) AS day FROM schedules")
        return None if row is None or row["day"] is None else cells.day(row["day"])

    async def save(
        self,
        schedule: Schedule,
        now: datetime | None = None,
        *,
        most: int | None = None,
        retimed: bool = True,
    ) -> bool:
        """Store a channel's new schedule, or what a person asks for of the one it has.

        Of a schedule that is there only what was asked for is written, and its next run if it is
        ``retimed``: an edition or a stop may have come meanwhile. What it asked for until ``now``
        is kept, for the days that have closed by then. Returns False, with nothing written, if
        it would be one more than ``most`` in its server.
        """
        async with self._database.transaction() as connection:
            told = schedule_cells(schedule)
            if now is not None:
                await connection.execute(_KEEP_FILTER, told | {"now": cells.moment_cell(now)})
            cursor = await connection.execute(_SAVE, told | {"most": most, "retimed": retimed})
            return cursor.rowcount == 1

    async def pause(self, channel_id: int) -> None:
        """Let a schedule rest, stopped or not."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE schedules SET state = 'paused', reason = NULL WHERE channel_id = :channel",
                {"channel": channel_id},
            )

    async def stop(self, channel_id: int, reason: str, notice: Notice, now: datetime) -> bool:
        """Stop a schedule, saying why, and plan to tell who made it; False if it was stopped.

        Who has asked to be forgotten is not told. What was not sent is taken back: what it misses
        comes as one edition, due when it resumes.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE schedules SET state = 'stopped', reason = :reason "
                "WHERE channel_id = :channel AND state <> 'stopped'",
                {"channel": channel_id, "reason": reason},
            )
            if cursor.rowcount == 0:
                return False
            await _rewind(connection, channel_id, now)
            await connection.execute(
                _NOTICE,
                {
                    "key": notice.key,
                    "channel": channel_id,
                    "person": notice.person_id,
                    "content": content_cell(notice),
                    "now": cells.moment_cell(now),
                },
            )
            return True

    async def resume(self, channel_id: int, now: datetime, *, stopped_only: bool = False) -> bool:
        """Let a schedule run again; False if it was running. What it missed is due at once.

        With ``stopped_only`` one that a person has paused rests on.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE schedules SET state = 'active', reason = NULL WHERE channel_id = :channel "
                "AND (state = 'stopped' OR (state = 'paused' AND NOT :stopped_only))",
                {"channel": channel_id, "stopped_only": stopped_only},
            )
            if cursor.rowcount == 0:
                return False
            await _rewind(connection, channel_id, now)
            await connection.execute(  # nobody need be told of it any more
                "DELETE FROM deliveries WHERE channel_id = :channel AND kind = 'notice' "
                "AND edition_id = key AND state <> 'sent'",
                {"channel": channel_id},
            )
            return True

    async def stopped_in(self, guild_id: int) -> list[Schedule]:
        """Return the stopped schedules of a server."""
        rows = await self._database.all(
            "SELECT * FROM schedules WHERE guild_id = :guild AND state = 'stopped'",
            {"guild": guild_id},
        )
        return readable(rows)

    async def troubled(self) -> list[int]:
        """Return the servers with a stopped schedule or alert, or an unknown delivery."""
        rows = await self._database.all(
            "SELECT guild_id FROM schedules WHERE state = 'stopped' UNION "
            "SELECT guild_id FROM alerts WHERE state = 'stopped' AND guild_id IS NOT NULL UNION "
            f"SELECT s.guild_id FROM deliveries AS d JOIN {SERVED} AS s USING (channel_id) "
            "WHERE d.state = 'unknown' AND d.state <> 'sent'"
        )
        return [row["guild_id"] for row in rows]

    async def take_back_overtaken(self, now: datetime, before: datetime) -> list[int]:
        """Take back editions of which a part waits while the channel's next one is due already.

        Only those planned ``before`` a moment. What they bring comes with that next one, as one
        edition: a bot that was down does not send yesterday's and then today's. Returns the
        channels.
        """
        rows = await self._database.all(
            "SELECT DISTINCT s.channel_id FROM deliveries AS d JOIN schedules AS s "
            "USING (channel_id) WHERE d.state <> 'sent' AND d.planned_at < :before "
            "AND d.state IN ('planned', 'refused') AND d.kind = 'part' AND d.edits IS NULL "
            "AND s.state = 'active' AND s.next_run <= :now",
            {"now": cells.moment_cell(now), "before": cells.moment_cell(before)},
        )
        channels = [row["channel_id"] for row in rows]
        for channel_id in channels:
            async with self._database.transaction() as connection:
                await take_back(connection, channel_id)
        return channels

    async def say(self, schedule: Schedule, outcome: str) -> None:
        """Write down why a schedule that is due still waits."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE schedules SET last_outcome = :outcome "
                "WHERE channel_id = :channel AND last_outcome IS NOT :outcome",
                {"channel": schedule.channel_id, "outcome": outcome},
            )

    async def remove(self, channel_id: int) -> bool:
        """Remove a channel's schedule; what it was brought stays known.

        What was not sent yet is taken back, or it would arrive with the next schedule, weeks
        late.
        """
        async with self._database.transaction() as connection:
            await take_back(connection, channel_id)
            await connection.execute(
                "DELETE FROM deliveries WHERE channel_id = :channel "
                "AND kind <> 'batch' AND (state = 'unknown' OR kind = 'notice') "
                "AND (kind <> 'notice' OR edition_id = key)",
                {"channel": channel_id},
            )
            await connection.execute(
                "DELETE FROM filters WHERE channel_id = :channel", {"channel": channel_id}
            )
            cursor = await connection.execute(
                "DELETE FROM schedules WHERE channel_id = :channel", {"channel": channel_id}
            )
            return cursor.rowcount == 1


async def _rewind(connection: aiosqlite.Connection, channel_id: int, now: datetime) -> None:
    """Take back what was not sent, and let its papers be due at once."""
    if await take_back(connection, channel_id):
        await connection.execute(
            "UPDATE schedules SET next_run = min(next_run, :now) WHERE channel_id = :channel",
            {"channel": channel_id, "now": cells.moment_cell(now)},
        )
