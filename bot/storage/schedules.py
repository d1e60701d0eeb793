"""The table of schedules: one a channel, with its next run."""

from __future__ import annotations

import logging
from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.schedules import Schedule, State, Style, parse_weekdays, weekday_names
from bot.errors import UserError
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.storage.database import Database, Row


log = logging.getLogger(__name__)

_SAVE = """
    INSERT INTO schedules
    SELECT :channel_id, :guild_id, :at, :zone, :weekdays, :limit, :min_upvotes, :style,
           :mention_role, :created_by, :state, :reason, :next_run, :since, :last_run, :last_outcome
    WHERE :most IS NULL OR :most > (
        SELECT count(*) FROM schedules
        WHERE guild_id = :guild_id AND channel_id <> :channel_id)
    ON CONFLICT (channel_id) DO UPDATE SET
        guild_id = :guild_id, at = :at, zone = :zone, weekdays = :weekdays, show = :limit,
        min_upvotes = :min_upvotes, style = :style, mention_role = :mention_role, state = :state,
        reason = :reason, next_run = :next_run"""

_TAKE_BACK = """
    DELETE FROM brought WHERE channel_id = :channel AND edition_id IN (
        SELECT edition_id FROM deliveries WHERE channel_id = :channel
        GROUP BY edition_id HAVING sum(state IN ('sent', 'claimed')) = 0)"""


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

    async def due(self, now: datetime, limit: int) -> list[Schedule]:
        """Return the active schedules whose next run has come, the longest waiting first.

        One whose row cannot be read is stopped, or it would stand before the others for ever.
        """
        while True:
            rows = await self._database.all(
                "SELECT * FROM schedules WHERE state = 'active' AND next_run <= :now "
                "ORDER BY next_run, channel_id LIMIT :limit",
                {"now": cells.moment_cell(now), "limit": limit},
            )
            schedules = readable(rows)
            if len(schedules) == len(rows):
                return schedules
            known = {one.channel_id for one in schedules}
            for row in rows:
                if row["channel_id"] not in known:
                    await self.stop(row["channel_id"], "The schedule cannot be read.")

    async def earliest_unsettled(self) -> date | None:
        """Return the first day that some channel still waits for, or None."""
        row = await self._database.one("SELECT min(since) AS day FROM schedules")
        return None if row is None or row["day"] is None else cells.day(row["day"])

    async def save(self, schedule: Schedule, most: int | None = None) -> bool:
        """Store a channel's new schedule, or what a person changed of the one it has.

        Where the channel's editions have got to (``since``, ``last_run``, ``last_outcome``) is
        written with the first and by editions alone: one may have been made meanwhile. Returns
        False, with nothing written, if it would be one more than ``most`` in its server.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(_SAVE, _cells(schedule) | {"most": most})
            return cursor.rowcount == 1

    async def stop(self, channel_id: int, reason: str) -> None:
        """Stop a schedule, saying why."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE schedules SET state = 'stopped', reason = :reason "
                "WHERE channel_id = :channel",
                {"channel": channel_id, "reason": reason},
            )

    async def remove(self, channel_id: int) -> bool:
        """Remove a channel's schedule; what it was brought stays known.

        An edition of which nothing was sent yet is taken back, or it would arrive with the next
        schedule, weeks late.
        """
        async with self._database.transaction() as connection:
            await connection.execute(_TAKE_BACK, {"channel": channel_id})
            await connection.execute(
                "DELETE FROM deliveries "
                "WHERE channel_id = :channel AND state IN ('planned', 'refused')",
                {"channel": channel_id},
            )
            cursor = await connection.execute(
                "DELETE FROM schedules WHERE channel_id = :channel", {"channel": channel_id}
            )
            return cursor.rowcount == 1


def readable(rows: Iterable[Row]) -> list[Schedule]:
    """Return the schedules of rows; one that cannot be read is logged and costs that one alone."""
    schedules = []
    for row in rows:
        try:
            schedules.append(schedule_from(row))
        except (ValueError, UserError, ZoneInfoNotFoundError) as error:
            log.error("The schedule of channel %d cannot be read: %s", row["channel_id"], error)  # noqa: TRY400 - the row is what is wrong
    return schedules


def _cells(schedule: Schedule) -> dict[str, object]:
    return {
        "channel_id": schedule.channel_id,
        "guild_id": schedule.guild_id,
        "at": schedule.at.isoformat("minutes"),
        "zone": schedule.zone.key,
        "weekdays": weekday_names(schedule.weekdays),
        "limit": schedule.limit,
        "min_upvotes": schedule.min_upvotes,
        "style": schedule.style.value,
        "mention_role": schedule.mention_role,
        "created_by": schedule.created_by,
        "state": schedule.state.value,
        "reason": schedule.reason,
        "next_run": cells.moment_cell(schedule.next_run),
        "since": None if schedule.since is None else schedule.since.isoformat(),
        "last_run": cells.optional_moment_cell(schedule.last_run),
        "last_outcome": schedule.last_outcome,
    }


def schedule_from(row: Row) -> Schedule:
    """Return the schedule of a row of the table."""
    return Schedule(
        channel_id=row["channel_id"],
        guild_id=row["guild_id"],
        at=time.fromisoformat(row["at"]),
        zone=ZoneInfo(row["zone"]),
        weekdays=parse_weekdays(row["weekdays"]),
        limit=row["show"],
        min_upvotes=row["min_upvotes"],
        style=Style(row["style"]),
        mention_role=row["mention_role"],
        created_by=row["created_by"],
        state=State(row["state"]),
        reason=row["reason"],
        next_run=cells.moment(row["next_run"]),
        since=None if row["since"] is None else cells.day(row["since"]),
        last_run=cells.optional_moment(row["last_run"]),
        last_outcome=row["last_outcome"],
    )
