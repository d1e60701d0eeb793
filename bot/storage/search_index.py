"""The search index: an entry for every paper, written in the transaction that changes the paper."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

from bot.domain.indexing import IndexEntry
from bot.storage import cells
from bot.storage.papers import paper_from
from bot.storage.search_counts import EVERY_PAPER, count, frequencies
from bot.storage.summaries import summary_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiosqlite

    from bot.domain.indexing import Analyst, Vector
    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary
    from bot.storage.database import Database

GROWTH = 1.5
"""Papers are weighed anew when there are so many times as many."""

AT_ONCE = 200
"""Entries that one transaction writes of its own papers; more are left to ``catch_up``."""

STEP = 50
"""Entries that ``catch_up`` writes in one transaction: others wait meanwhile."""

_PAGES_MERGED = 500

_COLUMNS = ("title", "abstract", "summary", "keywords", "organization", "authors", "categories")
_FRESH = "SELECT paper_no FROM search_pending WHERE fresh ORDER BY paper_no LIMIT :limit"
_LEFT = "SELECT paper_no FROM search_pending ORDER BY paper_no DESC LIMIT :limit"
_PAPERS = """
    SELECT p.*, coalesce((SELECT max(day) FROM listings WHERE paper_no = p.no),
                         (SELECT max(day) FROM archive_rows WHERE paper_id = p.id),
                         substr(p.published, 1, 10), substr(p.first_seen, 1, 10)) AS day
    FROM papers AS p WHERE p.no IN (SELECT value FROM json_each(:nos))"""
_SUMMARIES = (
    "SELECT s.* FROM summaries AS s WHERE s.paper_no IN (SELECT value FROM json_each(:nos))"
)
_OLD = f"""
    SELECT i.rowid AS no, {", ".join(f"i.{name}" for name in _COLUMNS)},
           p.topics, p.forms, p.version
    FROM search_index AS i JOIN search_papers AS p ON p.paper_no = i.rowid
    WHERE i.rowid IN (SELECT value FROM json_each(:nos))"""
_INDEX = f"""
    INSERT INTO search_index (rowid, {", ".join(_COLUMNS)})
    VALUES (:no, {", ".join(f":{name}" for name in _COLUMNS)})"""
_ENTER = """
    INSERT OR REPLACE INTO search_papers
        (paper_no, day, upvotes, stems, weights, topics, forms, version, total)
    VALUES (:no, :day, :upvotes, :stems, :weights, :topics, :forms, :version, :total)"""
_ENTITLE = "INSERT OR REPLACE INTO search_titles (paper_no, stems) VALUES (:no, :title)"
_OUTWEIGHED = f"""
    SELECT i.rowid AS no, {", ".join(f"i.{name}" for name in _COLUMNS)}
    FROM search_papers AS p JOIN search_index AS i ON i.rowid = p.paper_no
    WHERE p.total < :least ORDER BY p.total LIMIT :limit"""
_WEIGH = """
    UPDATE search_papers SET stems = :stems, weights = :weights, total = :total
    WHERE paper_no = :no"""

_IS_COUNTED = """
    SELECT (SELECT count(*) FROM search_index_docsize) = count(*)
           AND NOT EXISTS (SELECT paper_no FROM search_papers EXCEPT
                           SELECT id FROM search_index_docsize)
           AND NOT EXISTS (SELECT paper_no FROM search_papers EXCEPT
                           SELECT paper_no FROM search_titles)
           AND coalesce((SELECT papers FROM search_words WHERE stem = :every), 0) = count(*)
           AS counted
    FROM search_papers"""


class SearchIndex:
    """Keeps the index true: what a transaction changes of papers, it changes here as well."""

    def __init__(self, database: Database, analyst: Analyst) -> None:
        self._database = database
        self._analyst = analyst
        database.follow = self._follow

    async def pending(self) -> int:
        """Return how many papers are still to be indexed."""
        row = await self._database.one("SELECT count(*) AS papers FROM search_pending")
        return 0 if row is None else int(row["papers"])

    async def catch_up(self) -> int:
        """Index some of the papers that are still to be indexed; return how many are left."""
        async with self._database.transaction() as connection:
            await self._index(connection, _LEFT, STEP)
        return await self.pending()

    async def weigh(self) -> int:
        """Weigh anew some papers that were weighed among far fewer; return how many were.

        What tells a paper from others changes while there come to be more of them.
        """
        async with self._database.transaction() as connection:
            total = (await frequencies(connection, ())).get(EVERY_PAPER, 0)
            rows = await connection.execute_fetchall(
                _OUTWEIGHED, {"least": total / GROWTH, "limit": AT_ONCE}
            )
            entries = {
                int(row["no"]): IndexEntry(columns={name: row[name] for name in _COLUMNS})
                for row in rows
            }
            known = await frequencies(connection, entries.values())
            vectors = await asyncio.to_thread(_vectors, self._analyst, entries, known)
            await connection.executemany(
                _WEIGH,
                [
                    {
                        "no": no,
                        "stems": " ".join(vector.stems),
                        "weights": vector.weights,
                        "total": total,
                    }
                    for no, vector in vectors.items()
                ],
            )
        return len(entries)

    async def renew(self) -> int:
        """Mark the papers whose entry was written by older rules; return how many are pending."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT OR REPLACE INTO search_pending (paper_no, fresh) "
                "SELECT paper_no, 0 FROM search_papers WHERE version <> :version",
                {"version": self._analyst.version},
            )
        return await self.pending()

    async def restart(self) -> int:
        """Mark every paper, emptying an index that is damaged; return how many there are.

        A sound index goes on answering while it is written again.
        """
        async with self._database.transaction() as connection:
            if not await _is_sound(connection):
                await _empty(connection)
            await connection.execute(
                "INSERT OR REPLACE INTO search_pending (paper_no, fresh) SELECT no, 0 FROM papers"
            )
        return await self.pending()

    async def merge(self) -> bool:
        """Merge some of the pieces that the index is written in; return whether there were any.

        https://www.sqlite.org/fts5.html#the_merge_command.
        """
        async with self._database.transaction() as connection:
            before = connection.total_changes
            await connection.execute(
                "INSERT INTO search_index (search_index, rank) VALUES ('merge', :pages)",
                {"pages": _PAGES_MERGED},
            )
            return connection.total_changes - before > 1

    async def _follow(self, connection: aiosqlite.Connection) -> None:
        if await self._index(connection, _FRESH, AT_ONCE):
            # What one transaction brings beyond that is left to ``catch_up``.
            await connection.execute("UPDATE search_pending SET fresh = 0 WHERE fresh")

    async def _index(self, connection: aiosqlite.Connection, which: str, limit: int) -> bool:
        """Index some of the pending papers; return whether there were any."""
        rows = await connection.execute_fetchall(which, {"limit": limit})
        if not rows:
            return False
        chosen = {"nos": cells.json_cell([row["paper_no"] for row in rows])}
        papers = {row["no"]: row for row in await connection.execute_fetchall(_PAPERS, chosen)}
        summaries = {
            row["paper_no"]: summary_from(row)
            for row in await connection.execute_fetchall(_SUMMARIES, chosen)
        }
        entries = await asyncio.to_thread(
            _entries, self._analyst, {no: paper_from(row) for no, row in papers.items()}, summaries
        )
        old = list(await connection.execute_fetchall(_OLD, chosen))
        await count(connection, old, entries.values())
        known = await frequencies(connection, entries.values())
        vectors = await asyncio.to_thread(_vectors, self._analyst, entries, known)
        await connection.executemany(
            "DELETE FROM search_index WHERE rowid = :no", [{"no": row["no"]} for row in old]
        )
        await connection.executemany(
            _INDEX, [{"no": no, **entry.columns} for no, entry in entries.items()]
        )
        await connection.executemany(
            _ENTITLE,
            [{"no": no, "title": entry.columns["title"]} for no, entry in entries.items()],
        )
        await connection.executemany(
            _ENTER,
            [
                {
                    "no": no,
                    "day": papers[no]["day"],
                    "upvotes": papers[no]["upvotes"] or 0,
                    "stems": " ".join(vectors[no].stems),
                    "weights": vectors[no].weights,
                    "topics": cells.json_cell(entry.topics),
                    "forms": cells.json_cell(entry.definitions),
                    "version": self._analyst.version,
                    "total": known.get(EVERY_PAPER, 0),
                }
                for no, entry in entries.items()
            ],
        )
        await connection.execute(
            "DELETE FROM search_pending WHERE paper_no IN (SELECT value FROM json_each(:nos))",
            chosen,
        )
        return True


def _entries(
    analyst: Analyst, papers: Mapping[int, Paper], summaries: Mapping[int, Summary]
) -> dict[int, IndexEntry]:
    return {no: analyst.entry(paper, summaries.get(no)) for no, paper in papers.items()}


def _vectors(
    analyst: Analyst, entries: Mapping[int, IndexEntry], known: Mapping[str, int]
) -> dict[int, Vector]:
    total = known.get(EVERY_PAPER, 0)
    return {no: analyst.vector(entry, known, total) for no, entry in entries.items()}


async def _is_sound(connection: aiosqlite.Connection) -> bool:
    """Say whether the index is whole, and its entries and counts are of the same papers."""
    try:
        await connection.execute(
            "INSERT INTO search_index (search_index) VALUES ('integrity-check')"
        )
    except sqlite3.DatabaseError:
        return False
    (row,) = await connection.execute_fetchall(_IS_COUNTED, {"every": EVERY_PAPER})
    return bool(row["counted"])


async def _empty(connection: aiosqlite.Connection) -> None:
    """Make the index anew: a damaged one cannot be written entry by entry."""
    (row,) = await connection.execute_fetchall(
        "SELECT sql FROM sqlite_schema WHERE name = 'search_index'"
    )
    # Where its own tables are damaged it cannot even be dropped, so it gets those of a new one.
    await connection.execute(row["sql"].replace("search_index", "search_index_anew", 1))
    for part in ("data", "config"):
        await connection.execute(f"DELETE FROM search_index_{part}")
        await connection.execute(
            f"INSERT INTO search_index_{part} SELECT * FROM search_index_anew_{part}"
        )
    await connection.execute("DROP TABLE search_index_anew")
    await connection.execute("DROP TABLE search_index")
    await connection.execute(row["sql"])
    for table in ("papers", "titles", "words", "topics", "beginnings", "acronyms"):
        await connection.execute(f"DELETE FROM search_{table}")
