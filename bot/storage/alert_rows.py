"""Alerts and drafts as rows."""

from __future__ import annotations

import logging
from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.alerts import Alert, Draft, Order
from bot.domain.schedules import State
from bot.storage import cells

if TYPE_CHECKING:
    from bot.storage.database import Row

log = logging.getLogger(__name__)


def alert_from(row: Row) -> Alert:
    """Return the alert of a row."""
    return Alert(
        no=row["no"],
        person_id=row["person_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        query=row["query"],
        at=_time(row["at"]),
        zone=_zone(row["zone"]),
        mention_role=row["mention_role"],
        state=State(row["state"]),
        reason=row["reason"],
        since=cells.moment(row["since"]),
        next_run=cells.optional_moment(row["next_run"]),
    )


def order_cell(order: Order) -> str:
    """Write an order."""
    return cells.json_cell(
        {
            "query": order.query,
            "guild_id": order.guild_id,
            "channel_id": order.channel_id,
            "at": time_cell(order.at),
            "zone": zone_cell(order.zone),
            "mention_role": order.mention_role,
            "alert_no": order.alert_no,
            "was": order.was,
            "names_zone": order.names_zone,
        }
    )


def draft_from(row: Row) -> Draft:
    """Return the draft of a row."""
    told = cells.from_json(row["wanted"])
    order = Order(**told | {"at": _time(told["at"]), "zone": _zone(told["zone"])})
    return Draft(id=row["id"], person_id=row["person_id"], order=order)


def time_cell(at: time | None) -> str | None:
    """Write a time of day, None as NULL."""
    return None if at is None else at.isoformat("minutes")


def zone_cell(zone: ZoneInfo | None) -> str | None:
    """Write a time zone by its name, None as NULL."""
    return None if zone is None else zone.key


def _time(cell: str | None) -> time | None:
    return None if cell is None else time.fromisoformat(cell)


def _zone(cell: str | None) -> ZoneInfo | None:
    """Read a time zone; one that there is no more counts as UTC, so that papers still come."""
    if cell is None:
        return None
    try:
        return ZoneInfo(cell)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("There is no time zone %r any more; UTC stands in for it", cell)
        return ZoneInfo("UTC")
