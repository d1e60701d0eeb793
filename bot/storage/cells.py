"""How Python's values stand in SQLite's cells: dates as ISO text in UTC, lists as JSON."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any


def moment_cell(moment: datetime) -> str:
    """Write an aware moment so that text order is time order.

    Raises:
        ValueError: if the moment is naive, as nobody would know whose time it is.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def optional_moment_cell(moment: datetime | None) -> str | None:
    """Write a moment, None as NULL."""
    return None if moment is None else moment_cell(moment)


def moment(cell: str) -> datetime:
    """Read a moment, aware, in UTC."""
    return datetime.fromisoformat(cell)


def optional_moment(cell: str | None) -> datetime | None:
    """Read a moment, NULL as None."""
    return None if cell is None else moment(cell)


def day(cell: str) -> date:
    """Read a date."""
    return date.fromisoformat(cell)


def optional_day_cell(day: date | None) -> str | None:
    """Write a date, None as NULL."""
    return None if day is None else day.isoformat()


def optional_day(cell: str | None) -> date | None:
    """Read a date, NULL as None."""
    return None if cell is None else day(cell)


def json_cell(value: object) -> str:
    """Write a list or a mapping, as short as JSON can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(cell: str) -> Any:
    """Read what ``json_cell`` wrote."""
    return json.loads(cell)
