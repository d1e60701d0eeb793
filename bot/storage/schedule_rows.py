"""A schedule as a row of its table, and back."""

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

    from bot.storage.database import Row

log = logging.getLogger(__name__)


def readable(rows: Iterable[Row]) -> list[Schedule]:
    """Return the schedules of rows; one that cannot be read is logged and costs that one alone."""
    schedules = []
    for row in rows:
        try:
            schedules.append(schedule_from(row))
        except (ValueError, UserError, ZoneInfoNotFoundError) as error:
            log.error("The schedule of channel %d cannot be read: %s", row["channel_id"], error)  # noqa: TRY400 - the row is what is wrong
    return schedules


def schedule_cells(schedule: Schedule) -> dict[str, object]:
    """Return the cells of a schedule, by column but for ``limit``, which SQL keeps for itself."""
    return {
        "channel_id": schedule.channel_id,
        "guild_id": schedule.guild_id,
        "at": schedule.at.isoformat("minutes"),
        "zone": schedule.zone.key,
        "weekdays": weekday_names(schedule.weekdays),
        "limit": schedule.limit,
        "min_upvotes": schedule.min_upvotes,
        "topic": schedule.topic,
        "style": schedule.style.value,
        "mention_role": schedule.mention_role,
        "created_by": schedule.created_by,
        "state": schedule.state.value,
        "reason": schedule.reason,
        "next_run": cells.moment_cell(schedule.next_run),
        "since": cells.optional_day_cell(schedule.since),
        "last_run": cells.optional_moment_cell(schedule.last_run),
        "last_outcome": schedule.last_outcome,
        "decided_at": cells.optional_moment_cell(schedule.decided_at),
        "edition_id": schedule.edition_id,
        "quiet_id": schedule.quiet_id,
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
        topic=row["topic"],
        style=Style(row["style"]),
        mention_role=row["mention_role"],
        created_by=row["created_by"],
        state=State(row["state"]),
        reason=row["reason"],
        next_run=cells.moment(row["next_run"]),
        since=cells.optional_day(row["since"]),
        last_run=cells.optional_moment(row["last_run"]),
        last_outcome=row["last_outcome"],
        decided_at=cells.optional_moment(row["decided_at"]),
        edition_id=row["edition_id"],
        quiet_id=row["quiet_id"],
    )
