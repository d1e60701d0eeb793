"""What the search index answers: read in one go, in a thread, on a connection of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.indexing import Vector
from bot.domain.searches import Sort
from bot.storage import cells

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from datetime import date

_SORTED = {
    Sort.NEWEST: "p.day DESC, p.upvotes DESC, p.paper_no DESC",
    Sort.UPVOTES: "p.upvotes DESC, p.day DESC, p.paper_no DESC",
}
# title, abstract, summary, keywords, organization, authors, categories
_WEIGHTS = "2.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.0"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which papers are looked at: those of a day and later, with so many upvotes or more."""

    since: date | None = None
    min_upvotes: int = 0

    @property
    def everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self.since is None and not self.min_upvotes


class SearchReader:
    """Reads the index; every method is one statement, and blocks its thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def count(self, expression: str, scope: Scope) -> int:
        """Return how many papers match a full-text expression."""
        sql = "SELECT count(*) FROM search_index"
        return int(self._rows(sql, expression, scope)[0][0])

    def best(self, expression: str, scope: Scope, limit: int) -> list[tuple[int, float]]:
        """Return the numbers of the best papers that match, with their BM25, higher is better."""
        sql = (
            f"SELECT search_index.rowid, -bm25(search_index, {_WEIGHTS}) AS score FROM search_index"
        )
        rows = self._rows(
            sql, expression, scope, "ORDER BY score DESC, search_index.rowid DESC", limit
        )
        return [(row[0], row[1]) for row in rows]

    def sorted_by(self, sort: Sort, expression: str, scope: Scope, limit: int) -> list[int]:
        """Return the numbers of the papers that match, newest or most upvoted first."""
        sql = (
            "SELECT search_index.rowid FROM search_index "
            "JOIN search_papers AS p ON p.paper_no = search_index.rowid"
        )
        rows = self._rows(sql, expression, scope, f"ORDER BY {_SORTED[sort]}", limit, joined=True)
        return [row[0] for row in rows]

    def in_order(self, sort: Sort, nos: Iterable[int]) -> list[int]:
        """Return papers by their numbers, newest or most upvoted first."""
        rows = self._connection.execute(
            "SELECT p.paper_no FROM search_papers AS p "
            f"WHERE p.paper_no IN (SELECT value FROM json_each(:nos)) ORDER BY {_SORTED[sort]}",
            {"nos": cells.json_cell(list(nos))},
        )
        return [row[0] for row in rows]

    def latest(self, expression: str, limit: int) -> list[int]:
        """Return the numbers of papers that match, those stored last first."""
        sql = "SELECT search_index.rowid FROM search_index"
        order = "ORDER BY search_index.rowid DESC"
        return [row[0] for row in self._rows(sql, expression, Scope(), order, limit)]

    def vectors(self, nos: Iterable[int]) -> dict[int, Vector]:
        """Return what papers are about, by their numbers."""
        rows = self._connection.execute(
            "SELECT paper_no, stems, weights FROM search_papers "
            "WHERE paper_no IN (SELECT value FROM json_each(:nos))",
            {"nos": cells.json_cell(list(nos))},
        )
        return {no: Vector(tuple(stems.split()), weights) for no, stems, weights in rows}

    def words(self, stems: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return in how many papers' texts, and in how many papers' authors, stems stand."""
        rows = self._connection.execute(
            "SELECT stem, papers, names FROM search_words "
            "WHERE stem IN (SELECT value FROM json_each(:stems))",
            {"stems": cells.json_cell(sorted(stems))},
        )
        return {stem: (papers, names) for stem, papers, names in rows}

    def relatives(self, stems: Iterable[str], limit: int) -> dict[str, list[str]]:
        """Return other stems of the families of these, the commonest first."""
        rows = self._connection.execute(
            "SELECT a.stem, b.stem FROM search_words AS a JOIN search_words AS b "
            "ON b.family = a.family AND b.stem <> a.stem AND b.papers > 0 "
            "WHERE a.stem IN (SELECT value FROM json_each(:stems)) ORDER BY b.papers DESC",
            {"stems": cells.json_cell(sorted(stems))},
        )
        found: dict[str, list[str]] = {}
        for stem, other in rows:
            if len(known := found.setdefault(stem, [])) < limit:
                known.append(other)
        return found

    def _rows(
        self,
        sql: str,
        expression: str,
        scope: Scope,
        order: str = "",
        limit: int = -1,
        *,
        joined: bool = False,
    ) -> Sequence[sqlite3.Row]:
        if not (joined or scope.everything):
            sql += " JOIN search_papers AS p ON p.paper_no = search_index.rowid"
        where = "search_index MATCH :expression"
        if scope.since is not None:
            where += " AND p.day >= :since"
        if scope.min_upvotes:
            where += " AND p.upvotes >= :min_upvotes"
        return self._connection.execute(
            f"{sql} WHERE {where} {order} LIMIT :limit",
            {
                "expression": expression,
                "since": cells.optional_day_cell(scope.since),
                "min_upvotes": scope.min_upvotes,
                "limit": limit,
            },
        ).fetchall()
