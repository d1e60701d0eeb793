"""What is new on the lists for alerts to look at, and to whom it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage import cells
from bot.storage.papers import paper_from
from bot.storage.summaries import summary_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime, timedelta

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary
    from bot.storage.database import Database

AT_ONCE = 2_000
"""Queries whose alerts are given a paper in one transaction: others write meanwhile."""

_PENDING = """
    SELECT a.no AS pending_no, a.newest, p.*,
           (SELECT min(first_seen) FROM listings WHERE paper_no = a.paper_no) AS heard,
           (SELECT min(day) FROM listings WHERE paper_no = a.paper_no) AS first_day,
           (SELECT max(day) FROM listings) AS last_day
    FROM (SELECT max(no) AS no, max(newest) AS newest, paper_no FROM alert_pending
          GROUP BY paper_no ORDER BY min(no) LIMIT :limit) AS a
    JOIN papers AS p ON p.no = a.paper_no"""

_SUMMARIES = "SELECT * FROM summaries WHERE paper_no IN (SELECT value FROM json_each(:nos))"

# A list is read before it is stored, and an alert may be made meanwhile: what is first listed goes
# to every alert that there was when it was stored. What is new later, to those older than the list.
_FIND = """
    INSERT OR IGNORE INTO alert_hits (alert_no, paper_no, found_at, at_once)
    SELECT a.no, :paper, :now, a.at IS NULL
    FROM json_each(:queries) AS q JOIN alerts AS a ON a.query_no = q.value
    WHERE a.state = 'active' AND (a.no <= :newest OR a.since < :heard)"""

_AGAIN = """
    INSERT INTO alert_pending (paper_no)
    SELECT paper_no FROM listings GROUP BY paper_no HAVING min(day) >= (
        SELECT date(max(day), -:days || ' days') FROM listings)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A listed paper of which something is new.

    ``newest`` is the last alert that there was when it was first listed, 0 where that is not new;
    ``heard`` is when it was first on a list, ``first_day`` the first list's day, and ``last_day``
    the last day of which there is any list.
    """

    no: int
    paper_no: int
    newest: int
    paper: Paper
    summary: Summary | None
    heard: datetime
    first_day: date
    last_day: date


class PendingStore:
    """Papers that alerts have not looked at yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pending(self, limit: int) -> list[Pending]:
        """Return papers that alerts have not looked at yet, the longest waiting first."""
        rows = await self._database.all(_PENDING, {"limit": limit})
        told = await self._database.all(
            _SUMMARIES, {"nos": cells.json_cell([row["no"] for row in rows])}
        )
        summaries = {row["paper_no"]: summary_from(row) for row in told}
        return [
            Pending(
                no=row["pending_no"],
                paper_no=row["no"],
                newest=row["newest"],
                paper=paper_from(row),
                summary=summaries.get(row["no"]),
                heard=cells.moment(row["heard"]),
                first_day=cells.day(row["first_day"]),
                last_day=cells.day(row["last_day"]),
            )
            for row in rows
        ]

    async def pass_over(self, some: Iterable[Pending]) -> None:
        """Leave papers that no alert wants, unless something is new of them again."""
        async with self._database.transaction() as connection:
            await connection.executemany(
                "DELETE FROM alert_pending WHERE paper_no = :paper AND no <= :no",
                [{"paper": one.paper_no, "no": one.no} for one in some],
            )

    async def find(self, one: Pending, queries: Sequence[int], now: datetime) -> int:
        """Give a paper to the alerts that have these queries; return how many had not had it.

        Killed half-way, it is done again and gives it to none twice.
        """
        found = 0
        for start in range(0, len(queries), AT_ONCE):
            async with self._database.transaction() as connection:
                cursor = await connection.execute(
                    _FIND,
                    {
                        "paper": one.paper_no,
                        "newest": one.newest,
                        "now": cells.moment_cell(now),
                        "heard": cells.moment_cell(one.heard),
                        "queries": cells.json_cell(queries[start : start + AT_ONCE]),
                    },
                )
                found += cursor.rowcount
        await self.pass_over([one])
        return found

    async def look_again(self, back: timedelta) -> None:
        """Let the papers of the last lists be looked at again: words have come to mean more."""
        async with self._database.transaction() as connection:
            await connection.execute(_AGAIN, {"days": back.days})
