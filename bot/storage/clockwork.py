"""What a wrong clock wrote into days and schedules, and how it is put right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.alerts import following
from bot.storage import cells
from bot.storage.alert_rows import alert_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.alerts import Alert
    from bot.storage.database import Database

# A channel that was brought a paper of an earlier day has run since before the first doubtful
# one. CROSS JOIN holds SQLite to the few papers of one channel, instead of all the listings.
_AGAIN = """
    UPDATE schedules SET since = begins.day FROM (
        SELECT s.channel_id, CASE
            WHEN EXISTS (
                SELECT 1 FROM brought AS b CROSS JOIN listings AS l ON l.paper_no = b.paper_no
                WHERE b.channel_id = s.channel_id AND l.day < :first)
            THEN :first
            ELSE coalesce((
                SELECT min(l.day)
                FROM brought AS b CROSS JOIN listings AS l ON l.paper_no = b.paper_no
                WHERE b.channel_id = s.channel_id), max(:first, :week_ago))
            END AS day
        FROM schedules AS s WHERE s.since > :later_than) AS begins
    WHERE begins.channel_id = schedules.channel_id AND schedules.since > begins.day"""

_EMPTY = """
    DELETE FROM days WHERE day = :day AND read_at = :was
    AND NOT EXISTS (SELECT 1 FROM listings AS l WHERE l.day = days.day)"""

_STANDING = """
    SELECT channel_id, at, zone, weekdays, next_run, last_run FROM schedules
    WHERE state = 'active' AND (next_run > :now OR last_run >= next_run)
      AND channel_id > :after ORDER BY channel_id LIMIT :limit"""

_MOVE = """
    UPDATE schedules SET next_run = :next
    WHERE channel_id = :channel AND next_run = :was AND last_run IS :had
      AND at = :at AND zone = :zone AND weekdays = :weekdays AND state = 'active'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """When a channel's schedule runs next, and by which order, as its cells say it."""

    channel_id: int
    order: tuple[str, str, str]
    next_run: datetime
    last_run: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Where channels start again that had got past ``later_than``."""

    first: date
    week_ago: date
    later_than: date


class ClockworkStore:
    """Days and schedules, as far as they hold moments of a clock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def readings(self, since: date, past: datetime) -> dict[date, datetime]:
        """Return when the days since one were last read, and every day read ``past`` a moment."""
        rows = await self._database.all(
            "SELECT day, read_at FROM days WHERE day >= :since OR read_at > :past",
            {"since": since.isoformat(), "past": cells.moment_cell(past)},
        )
        return {cells.day(row["day"]): cells.moment(row["read_at"]) for row in rows}

    async def start_again(
        self, doubtful: Mapping[date, datetime], unread: Mapping[date, datetime], again: Again
    ) -> int:
        """Make doubtful days unread and take the channels back to them; return how many channels.

        A day without papers is forgotten, for nothing is known of it; one with papers keeps them
        and was read at its moment of ``unread``. A channel that had got past ``later_than`` goes
        back to ``first``, but not to before the first day that it was brought papers of, and one
        that was never brought any not to before ``week_ago``. All in one transaction: days that
        were unread without their channels would leave no trace of where these belong.
        """
        told = [
            {
                "day": day.isoformat(),
                "was": cells.moment_cell(was),
                "read_at": cells.moment_cell(unread[day]),
            }
            for day, was in doubtful.items()
        ]
        async with self._database.transaction() as connection:
            await connection.executemany(_EMPTY, told)
            await connection.executemany(
                "UPDATE days SET read_at = :read_at WHERE day = :day AND read_at = :was", told
            )
            cursor = await connection.execute(
                _AGAIN,
                {
                    "first": again.first.isoformat(),
                    "week_ago": again.week_ago.isoformat(),
                    "later_than": again.later_than.isoformat(),
                },
            )
            return cursor.rowcount

    async def beyond(self, day: date) -> bool:
        """Say whether some channel had got past a day."""
        row = await self._database.one(
            "SELECT 1 FROM schedules WHERE since > :day LIMIT 1", {"day": day.isoformat()}
        )
        return row is not None

    async def standing(self, now: datetime, after: int, limit: int) -> list[Standing]:
        """Return the active schedules, by channel, that wait for later or had their occasion."""
        rows = await self._database.all(
            _STANDING, {"now": cells.moment_cell(now), "after": after, "limit": limit}
        )
        return [
            Standing(
                channel_id=row["channel_id"],
                order=(row["at"], row["zone"], row["weekdays"]),
                next_run=cells.moment(row["next_run"]),
                last_run=cells.optional_moment(row["last_run"]),
            )
            for row in rows
        ]

    async def alerts_ahead(self, begin: datetime, latest: datetime, limit: int) -> list[Alert]:
        """Return some alerts that begin after a moment, or that come next after the ``latest``."""
        rows = await self._database.all(
            "SELECT * FROM alerts WHERE since > :begin OR next_run > :latest LIMIT :limit",
            {
                "begin": cells.moment_cell(begin),
                "latest": cells.moment_cell(latest),
                "limit": limit,
            },
        )
        return list(map(alert_from, rows))

    async def move_alerts(self, alerts: Sequence[Alert], now: datetime) -> None:
        """Let alerts begin now, and come next at their next time, if they still stand so."""
        async with self._database.transaction() as connection:
            await connection.executemany(
                "UPDATE alerts SET since = min(since, :now), next_run = :next "
                "WHERE no = :no AND next_run IS :was",
                [
                    {
                        "no": one.no,
                        "now": cells.moment_cell(now),
                        "was": cells.optional_moment_cell(one.next_run),
                        "next": cells.optional_moment_cell(following(one, now)),
                    }
                    for one in alerts
                ],
            )

    async def move(self, moves: Sequence[tuple[Standing, datetime]]) -> int:
        """Let schedules run next at other moments, if they still stand so; return how many do."""
        async with self._database.transaction() as connection:
            cursor = await connection.executemany(
                _MOVE,
                [
                    {
                        "channel": one.channel_id,
                        "next": cells.moment_cell(run),
                        "was": cells.moment_cell(one.next_run),
                        "had": cells.optional_moment_cell(one.last_run),
                        "at": one.order[0],
                        "zone": one.order[1],
                        "weekdays": one.order[2],
                    }
                    for one, run in moves
                ],
            )
            return cursor.rowcount
