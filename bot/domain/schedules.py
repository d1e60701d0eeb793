"""A channel's standing order, and when it next comes due in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.zones import matching_zones, nearest_zones, zone_names

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
MAX_LIMIT = 100
SCHEDULES_A_SERVER = 25
_GROUPS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "all": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset((5, 6)),
}
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?m\.?)?", re.IGNORECASE
)
_NOON = 12


class Style(StrEnum):
    """How an edition reads: one line a paper, or all five parts of each."""

    COMPACT = "compact"
    FULL = "full"


class State(StrEnum):
    """What a schedule is doing: delivering, resting, or stopped by an error of Discord's."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One channel's standing order.

    ``weekdays`` counts from Monday = 0; ``limit`` 0 shows every paper; ``topic`` is a query, on
    one line; ``next_run`` and ``last_run`` are aware, in UTC. ``since`` is the first day that is
    not settled for this channel: every earlier list is closed and decided. It is None before the
    first edition. ``decided_at`` is when its papers were last decided, ``edition_id`` its last
    edition, and ``quiet_id`` the edition for which a quiet line stands in the channel.
    """

    channel_id: int
    guild_id: int
    at: time
    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY
    limit: int = 10
    min_upvotes: int = 0
    topic: str | None = None
    style: Style = Style.COMPACT
    mention_role: int | None = None
    created_by: int
    state: State = State.ACTIVE
    reason: str | None = None
    next_run: datetime
    since: date | None = None
    last_run: datetime | None = None
    last_outcome: str | None = None
    decided_at: datetime | None = None
    edition_id: str | None = None
    quiet_id: str | None = None


def next_run(at: time, zone: ZoneInfo, weekdays: AbstractSet[int], after: datetime) -> datetime:
    """Return the first instant past ``after`` that is ``at`` on one of the ``weekdays``, in UTC.

    A local time that a clock change skips moves forward by the change; one that comes twice
    counts once, the first time (PEP 495, fold 0).

    Raises:
        ValueError: if ``weekdays`` is empty.
    """
    start = after.astimezone(zone).date() - timedelta(days=1)
    # Ten dates hold every weekday even where a zone once skipped a date (Samoa, 2011-12-30).
    for offset in range(10):
        local_date = start + timedelta(days=offset)
        if local_date.weekday() not in weekdays:
            continue
        instant = datetime.combine(local_date, at, tzinfo=zone).astimezone(UTC)
        if instant > after:
            return instant
    raise ValueError("a schedule needs at least one weekday")


def parse_time(text: str) -> time:
    """Read a time of day: ``09:00``, ``9``, ``9:30 pm``.

    Raises:
        UserError: with the text and what was expected.
    """
    match = _TIME.fullmatch(text.strip())
    if match is not None:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        half = (match["half"] or "").lower()[:1]
        if not half or 1 <= hour <= _NOON:
            if half:
                hour = hour % _NOON + (_NOON if half == "p" else 0)
            if hour < 24 and minute < 60:  # noqa: PLR2004 - the hours of a day, the minutes of one
                return time(hour, minute)
    raise UserError(f"“{text}” is not a time of day; write it like 09:00 or 18:30.")


def parse_weekdays(text: str) -> frozenset[int]:
    """Read ``mon-fri``, ``mon,wed``, ``fri-mon``, ``daily``; Monday is 0.

    Raises:
        UserError: with the word that is no weekday and what was expected.
    """
    chosen: set[int] = set()
    joined = re.sub(r"\s*[-–]\s*", "-", text.lower())  # noqa: RUF001
    for piece in re.split(r"[,;\s]+", joined.strip(",; \t\n")):
        if piece in _GROUPS:
            chosen |= _GROUPS[piece]
            continue
        first, dash, last = piece.partition("-")
        start = _weekday(first, text)
        end = _weekday(last, text) if dash else start
        chosen |= {(start + step) % 7 for step in range((end - start) % 7 + 1)}
    return frozenset(chosen)


def _weekday(word: str, text: str) -> int:
    for number, name in enumerate(DAY_NAMES):
        if len(word) >= len(name) and _FULL_NAMES[number].startswith(word):
            return number
    raise UserError(
        f"“{text}” names no weekdays that I know; write them like mon-fri, mon,wed or daily."
    )


_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def weekday_names(weekdays: AbstractSet[int]) -> str:
    """Say weekdays the short way: ``daily``, ``mon-fri``, ``mon,wed``."""
    if weekdays == EVERY_DAY:
        return "daily"
    runs: list[list[int]] = []
    for number in sorted(weekdays):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spoken = []
    for run in runs:
        joint = "-" if len(run) > 2 else ","  # noqa: PLR2004 - two days are a list, three a range
        spoken.append(joint.join(DAY_NAMES[n] for n in ((run[0], run[-1]) if run[1:] else run)))
    return ",".join(spoken)


def parse_zone(text: str) -> ZoneInfo:
    """Read an IANA time zone, whatever its case, or a city's name that only one zone has.

    Raises:
        UserError: with the nearest known names.
    """
    wanted = text.strip().replace(" ", "_").lower()
    by_name = {name.lower(): name for name in zone_names()}
    if wanted in by_name:
        return ZoneInfo(by_name[wanted])
    cities = matching_zones(text)
    if len(cities) == 1:
        return ZoneInfo(cities[0])
    near = cities[:3] or nearest_zones(text)
    hint = f" Did you mean {' or '.join(near)}?" if near else " Write it like Europe/Berlin."
    raise UserError(f"“{text}” is not a time zone that I know.{hint}")
