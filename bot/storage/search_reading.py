"""What the search index answers: read in one go, in a thread, on a connection of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.domain.indexing import Candidate, Vector
from bot.domain.searches import MOST_COUNTED, Sort
from bot.storage import cells
from bot.storage.papers import paper_from
from bot.storage.search_counts import TEXTS
from bot.storage.search_lists import ListReader
from bot.storage.search_names import NameReader
from bot.storage.summaries import summary_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary
    from bot.storage.database import Database

_SORTED = {
    Sort.NEWEST: "p.day DESC, p.upvotes DESC, p.paper_no DESC",
    Sort.UPVOTES: "p.upvotes DESC, p.day DESC, p.paper_no DESC",
}
MOST_RANKED = 1000
"""Papers of which one ranking reads how often they have the words: some 5 µs each."""

# title, abstract, summary, keywords, organization, authors, categories
_WEIGHTS = "2.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.0"


Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which papers are looked at: those of a day and later, with so many upvotes or more."""

    since: date | None = None
    min_upvotes: int = 0

    @property
    def everything(self) -> bool:
        """Whether it leaves nothing out."""
        return self.since is None and not self.min_upvotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A paper that was found, the last list that it stood on, and its summary."""

    paper: Paper
    day: date | None
    summary: Summary | None


class SearchReader(ListReader, NameReader):
    """Reads the index; every method blocks its thread."""

    def count(self, expression: str, scope: Scope, most: int = MOST_COUNTED) -> int:
        """Return how many papers match a full-text expression, up to ``most``."""
        matching = _where("SELECT 1 FROM search_index", scope)
        found = self._connection.execute(
            f"SELECT count(*) FROM ({matching} LIMIT :most)",
            _cells(expression, scope) | {"most": most},
        )
        return int(found.fetchone()[0])

    def best(
        self, expression: str, scope: Scope, limit: int, required: str | None = None
    ) -> list[tuple[int, float]]:
        """Return the numbers of the best papers that match, with their BM25, higher is better.

        They match the ``required`` expression as well, which does not count towards the score. Of
        more than ``MOST_RANKED`` those stored last are ranked.
        """
        bm25 = f"-bm25(search_index, {_WEIGHTS})"
        ranked = _where(
            f"SELECT search_index.rowid AS no, {bm25} AS score FROM search_index", scope
        )
        if required not in (None, expression):
            ranked += (
                " AND +search_index.rowid IN "  # +: one look at all, not one at each
                "(SELECT rowid FROM search_index WHERE search_index MATCH :required)"
            )
        rows = self._connection.execute(
            f"SELECT no, score FROM ({ranked} ORDER BY search_index.rowid DESC LIMIT :ranked) "
            "ORDER BY score DESC, no DESC LIMIT :limit",
            _cells(expression, scope)
            | {"ranked": max(MOST_RANKED, limit), "limit": limit, "required": required},
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

    def texts(self, nos: Iterable[int]) -> dict[int, dict[str, str]]:
        """Return the stems of some papers' texts by column, with a space on either side."""
        rows = self._connection.execute(
            f"SELECT rowid, {', '.join(TEXTS)} FROM search_index "
            "WHERE rowid IN (SELECT value FROM json_each(:nos))",
            {"nos": cells.json_cell(list(nos))},
        )
        return {row["rowid"]: {name: f" {row[name]} " for name in TEXTS} for row in rows}

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

    def candidates(self, nos: Iterable[int]) -> dict[int, Candidate]:
        """Return what papers are about, by their numbers."""
        rows = self._connection.execute(
            "SELECT paper_no, stems, weights, day, upvotes FROM search_papers "
            "WHERE paper_no IN (SELECT value FROM json_each(:nos))",
            {"nos": cells.json_cell(list(nos))},
        )
        return {
            no: Candidate(Vector(tuple(stems.split()), weights), day or "", upvotes)
            for no, stems, weights, day, upvotes in rows
        }

    def within(self, nos: Iterable[int], scope: Scope) -> list[int]:
        """Return those of some papers that are looked at, in their order."""
        wanted = list(nos)
        rows = self._connection.execute(
            "SELECT paper_no FROM search_papers "
            "WHERE paper_no IN (SELECT value FROM json_each(:nos)) "
            "AND upvotes >= :min_upvotes AND (:since IS NULL OR day >= :since)",
            {
                "nos": cells.json_cell(wanted),
                "since": cells.optional_day_cell(scope.since),
                "min_upvotes": scope.min_upvotes,
            },
        )
        known = {row[0] for row in rows}
        return [no for no in wanted if no in known]

    def papers(self, nos: Iterable[int]) -> dict[int, Indexed]:
        """Return stored papers by their numbers."""
        chosen = {"nos": cells.json_cell(list(nos))}
        # Two statements: a paper and its summary both have a source, and a row by name but one.
        summaries = {
            row["paper_no"]: summary_from(row)
            for row in self._connection.execute(
                "SELECT * FROM summaries WHERE paper_no IN (SELECT value FROM json_each(:nos))",
                chosen,
            )
        }
        rows = self._connection.execute(
            "SELECT p.*, coalesce((SELECT max(day) FROM listings WHERE paper_no = p.no), "
            "(SELECT max(day) FROM archive_rows WHERE paper_id = p.id)) AS listed "
            "FROM papers AS p WHERE p.no IN (SELECT value FROM json_each(:nos))",
            chosen,
        )
        return {
            row["no"]: Indexed(
                paper=paper_from(row),
                day=cells.optional_day(row["listed"]),
                summary=summaries.get(row["no"]),
            )
            for row in rows
        }

    def _rows(  # noqa: PLR0913 - a statement in its parts
        self,
        sql: str,
        expression: str,
        scope: Scope,
        order: str = "",
        limit: int = -1,
        *,
        joined: bool = False,
    ) -> Sequence[sqlite3.Row]:
        return self._connection.execute(
            f"{_where(sql, scope, joined=joined)} {order} LIMIT :limit",
            _cells(expression, scope) | {"limit": limit},
        ).fetchall()


def _where(sql: str, scope: Scope, *, joined: bool = False) -> str:
    """Return a statement over the papers that match an expression and are looked at."""
    if not (joined or scope.everything):
        sql += " JOIN search_papers AS p ON p.paper_no = search_index.rowid"
    where = "search_index MATCH :expression"
    if scope.since is not None:
        where += " AND p.day >= :since"
    if scope.min_upvotes:
        where += " AND p.upvotes >= :min_upvotes"
    return f"{sql} WHERE {where}"


def _cells(expression: str, scope: Scope) -> dict[str, object]:
    return {
        "expression": expression,
        "since": cells.optional_day_cell(scope.since),
        "min_upvotes": scope.min_upvotes,
    }


async def ask(
    database: Database, work: Callable[[SearchReader], Told], *, quick: bool = False
) -> Told:
    """Read the index in a thread, as much as the work wants, and return what that makes of it.

    What is ``quick`` waits for nothing that is not.
    """
    return await database.aside(lambda connection: work(SearchReader(connection)), quick=quick)
