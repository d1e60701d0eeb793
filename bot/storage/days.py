"""The daily lists: which papers stand on a day, and when it was last read whole."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.domain.papers import ArxivId, DayList, Listed
from bot.storage import cells
from bot.storage.papers import merge_in, paper_from

if TYPE_CHECKING:
    from datetime import date, datetime

    import aiosqlite

    from bot.domain.papers import DayReading
    from bot.storage.database import Database, Row

MISSED_READINGS = 2
"""After so many readings without it, a paper has left the day's list."""

SAME_TIME = timedelta(hours=1)
"""Readings no further apart may be two collectors'; further apart, a clock was set back."""

# One statement, so that a list and the moment of its reading are of one piece.
_LISTS = """
    SELECT d.day, d.read_at, l.rank, l.upvotes AS listed_upvotes,
           l.first_seen AS listed_at, p.*
    FROM days AS d
    LEFT JOIN listings AS l ON l.day = d.day AND l.missed < :missed
    LEFT JOIN papers AS p ON p.no = l.paper_no
    WHERE d.day BETWEEN :first AND :last
    ORDER BY d.day, l.rank"""


class DayStore:
    """Days by their date, each with its list of papers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_reading(self, reading: DayReading) -> int:
        """Store one whole reading of a day's list; return how many papers are new to the list.

        One transaction: a day is either as it was or as it was read. A reading that was begun a
        little before the stored one, by another collector, is passed over.
        """
        day = reading.day.isoformat()
        async with self._database.transaction() as connection:
            before = await _read_at(connection, day)
            if before is not None and timedelta(0) < before - reading.read_at <= SAME_TIME:
                return 0
            await merge_in(connection, [one.paper for one in reading.listed], reading.read_at)
            await connection.execute(
                "INSERT INTO days (day, read_at) VALUES (:day, :now) "
                "ON CONFLICT (day) DO UPDATE SET read_at = :now",
                {"day": day, "now": cells.moment_cell(reading.read_at)},
            )
            return await _list_papers(connection, reading)

    async def day(self, day: date) -> DayList:
        """Return a day's list as it is stored; without ``read_at`` if it was never read."""
        return (await self.days_between(day, day)).get(day, DayList(day=day))

    async def days_between(self, first: date, last: date) -> dict[date, DayList]:
        """Return the days of a range that were ever read, in order."""
        rows = await self._database.all(
            _LISTS,
            {"first": first.isoformat(), "last": last.isoformat(), "missed": MISSED_READINGS},
        )
        lists: dict[date, DayList] = {}
        for name, of_day in groupby(rows, key=itemgetter("day")):
            group = list(of_day)
            day = cells.day(name)
            lists[day] = DayList(
                day=day,
                listed=tuple(_listed_from(row) for row in group if row["rank"] is not None),
                read_at=cells.moment(group[0]["read_at"]),
            )
            await asyncio.sleep(0)  # weeks of papers at one go would hold the loop
        return lists

    async def readings(self, first: date, last: date) -> dict[date, datetime]:
        """Return when each day of a range was last read whole."""
        rows = await self._database.all(
            "SELECT day, read_at FROM days WHERE day BETWEEN :first AND :last",
            {"first": first.isoformat(), "last": last.isoformat()},
        )
        return {cells.day(row["day"]): cells.moment(row["read_at"]) for row in rows}

    async def last_reading(self) -> datetime | None:
        """Return when any list was last read whole, None if none ever was."""
        row = await self._database.one("SELECT max(read_at) AS at FROM days")
        return None if row is None else cells.optional_moment(row["at"])

    async def latest_day(self, until: date) -> date | None:
        """Return the latest day with papers, no later than ``until``."""
        row = await self._database.one(
            "SELECT max(day) AS day FROM listings WHERE missed < :missed AND day <= :until",
            {"missed": MISSED_READINGS, "until": until.isoformat()},
        )
        return None if row is None or row["day"] is None else cells.day(row["day"])

    async def days_with_papers(self, limit: int) -> list[tuple[date, int]]:
        """Return the latest days that have papers, and how many, the latest first."""
        rows = await self._database.all(
            "SELECT day, count(*) AS papers FROM listings WHERE missed < :missed "
            "GROUP BY day ORDER BY day DESC LIMIT :limit",
            {"missed": MISSED_READINGS, "limit": limit},
        )
        return [(cells.day(row["day"]), row["papers"]) for row in rows]

    async def day_of(self, paper_id: ArxivId) -> date | None:
        """Return the last day a paper was listed on, or None."""
        row = await self._database.one(
            "SELECT max(l.day) AS day FROM listings AS l JOIN papers AS p ON p.no = l.paper_no "
            "WHERE p.id = :id",
            {"id": paper_id},
        )
        return None if row is None or row["day"] is None else cells.day(row["day"])

    async def brought(self, channel_id: int, first: date, last: date) -> frozenset[ArxivId]:
        """Return the papers on these days' lists that a channel was brought before."""
        rows = await self._database.all(
            "SELECT p.id FROM brought AS b JOIN papers AS p ON p.no = b.paper_no "
            "WHERE b.channel_id = :channel AND b.paper_no IN "
            "(SELECT paper_no FROM listings WHERE day BETWEEN :first AND :last)",
            {"channel": channel_id, "first": first.isoformat(), "last": last.isoformat()},
        )
        return frozenset(ArxivId(row["id"]) for row in rows)


async def _read_at(connection: aiosqlite.Connection, day: str) -> datetime | None:
    async with connection.execute(
        "SELECT read_at FROM days WHERE day = :day", {"day": day}
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else cells.moment(row["read_at"])


async def _list_papers(connection: aiosqlite.Connection, reading: DayReading) -> int:
    day = reading.day.isoformat()
    async with connection.execute(
        "SELECT count(*) FROM listings WHERE day = :day", {"day": day}
    ) as cursor:
        before = await cursor.fetchone()
    await connection.execute(
        "UPDATE listings SET missed = missed + 1 WHERE day = :day", {"day": day}
    )
    await connection.executemany(
        "INSERT INTO listings (day, paper_no, rank, upvotes, first_seen) "
        "SELECT :day, no, :rank, :upvotes, :now FROM papers WHERE id = :id "
        "ON CONFLICT (day, paper_no) DO UPDATE "
        "SET rank = :rank, upvotes = :upvotes, missed = 0",
        [
            {
                "day": day,
                "id": one.paper.id,
                "rank": one.rank,
                "upvotes": one.upvotes,
                "now": cells.moment_cell(reading.read_at),
            }
            for one in reading.listed
        ],
    )
    async with connection.execute(
        "SELECT count(*) FROM listings WHERE day = :day", {"day": day}
    ) as cursor:
        after = await cursor.fetchone()
    return int(after[0]) - int(before[0]) if before is not None and after is not None else 0


def _listed_from(row: Row) -> Listed:
    return Listed(
        paper=paper_from(row),
        rank=row["rank"],
        upvotes=row["listed_upvotes"],
        first_seen=cells.moment(row["listed_at"]),
    )
