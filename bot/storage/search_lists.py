"""The papers of the daily lists, as the search and the alerts look through them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage import cells
from bot.storage.days import MISSED_READINGS
from bot.storage.search_vocabulary import VocabularyReader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_FIRST_LISTED = """l.day BETWEEN :first AND :last AND NOT EXISTS (
    SELECT 1 FROM listings AS e WHERE e.paper_no = l.paper_no AND e.day < :first)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A listed paper by its number, with its topics of one kind: normal form → as shown."""

    no: int
    day: date
    upvotes: int
    topics: dict[str, str]


class ListReader(VocabularyReader):
    """Reads what stood on the lists of some days; every method blocks its thread."""

    def first_listed(self, expression: str, first: date, last: date) -> list[tuple[int, date]]:
        """Return the papers that match and were first listed on these days, the newest first.

        Of one day the most upvoted come first.
        """
        rows = self._connection.execute(
            "SELECT l.paper_no, min(l.day) AS first_day FROM listings AS l "
            "JOIN search_papers AS s ON s.paper_no = l.paper_no "
            f"WHERE {_FIRST_LISTED} AND l.paper_no IN "
            "(SELECT rowid FROM search_index WHERE search_index MATCH :expression) "
            "GROUP BY l.paper_no ORDER BY first_day DESC, s.upvotes DESC, l.paper_no DESC",
            {
                "expression": expression,
                "first": first.isoformat(),
                "last": last.isoformat(),
            },
        )
        return [(no, cells.day(day)) for no, day in rows]

    def listed(self, first: date, last: date) -> int:
        """Return how many papers were first listed on these days."""
        row = self._connection.execute(
            f"SELECT count(DISTINCT l.paper_no) FROM listings AS l WHERE {_FIRST_LISTED}",
            {"first": first.isoformat(), "last": last.isoformat()},
        ).fetchone()
        return int(row[0])

    def shown(self, channel_id: int, nos: Iterable[int]) -> int | None:
        """Return how many of some papers a channel's digest showed; None if it has no digest."""
        row = self._connection.execute(
            "SELECT (SELECT count(*) FROM brought WHERE channel_id = :channel AND place > 0 "
            "AND paper_no IN (SELECT value FROM json_each(:nos))) "
            "FROM schedules WHERE channel_id = :channel",
            {"channel": channel_id, "nos": cells.json_cell(list(nos))},
        ).fetchone()
        return None if row is None else int(row[0])

    def last_day(self, until: date) -> date | None:
        """Return the last day up to one that has a list with papers."""
        row = self._connection.execute(
            "SELECT max(day) FROM listings WHERE day <= :until AND missed < :missed",
            {"until": until.isoformat(), "missed": MISSED_READINGS},
        ).fetchone()
        return cells.optional_day(row[0])

    def recent(self, kind: str, first: date, last: date) -> list[Recent]:
        """Return the papers whose last list is of these days, with their topics of a kind."""
        rows = self._connection.execute(
            "SELECT l.paper_no, max(l.day), s.upvotes, s.topics FROM listings AS l "
            "JOIN search_papers AS s ON s.paper_no = l.paper_no "
            "WHERE l.day BETWEEN :first AND :last AND l.missed < :missed GROUP BY l.paper_no",
            {"first": first.isoformat(), "last": last.isoformat(), "missed": MISSED_READINGS},
        )
        return [
            Recent(
                no=no,
                day=cells.day(day),
                upvotes=upvotes,
                topics={form: shown for one, form, shown in cells.from_json(topics) if one == kind},
            )
            for no, day, upvotes, topics in rows
        ]
