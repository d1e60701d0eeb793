"""What a search index holds, to be compared with another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.summaries import Summary
from bot.search.documents import PaperAnalyst
from bot.storage.database import Database
from bot.storage.search_index import SearchIndex
from bot.storage.search_reading import ask
from tests.builders import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.papers import ArxivId

_COUNTS = {
    "words": "SELECT stem, papers, names FROM search_words WHERE papers OR names ORDER BY stem",
    "topics": "SELECT kind, form, papers FROM search_topics WHERE papers ORDER BY kind, form",
    "acronyms": "SELECT short, long, papers FROM search_acronyms WHERE papers ORDER BY short, long",
}
_ENTRIES = (
    "SELECT p.paper_no, p.day, p.upvotes, p.topics, p.forms, i.* "
    "FROM search_papers AS p JOIN search_index AS i ON i.rowid = p.paper_no ORDER BY p.paper_no"
)


def summary(tldr: str | None = "It works.", method: str | None = None) -> Summary:
    return Summary(
        tldr=tldr,
        method=method,
        model="extractive",
        source="abstract",
        prompt=1,
        grounded=True,
        sought=True,
        written_at=NOW,
    )


async def counts(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return what is counted over all papers."""
    return {name: [tuple(row) for row in await database.all(sql)] for name, sql in _COUNTS.items()}


async def entries(database: Database) -> list[tuple[object, ...]]:
    """Return what is kept of each paper, but for its weights, which depend on when it came."""
    return [tuple(row) for row in await database.all(_ENTRIES)]


async def found(database: Database, stem: str, column: str | None = None) -> list[ArxivId]:
    """Return the papers that have a stem, those stored first."""
    expression = f'{{{column}}} : "{stem}"' if column else f'"{stem}"'
    told = await ask(database, lambda reader: reader.papers(reader.latest(expression, 1000)))
    return [told[no].paper.id for no in sorted(told)]


async def sound(database: Database) -> bool:
    """Say whether SQLite finds the index whole."""
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO search_index (search_index) VALUES ('integrity-check')"
        )
    return True


async def rebuilt(database: Database, beside: Path) -> tuple[object, object]:
    """Return the entries and counts of an index made anew of the same papers."""
    await database.backup(beside)
    async with Database.open(beside) as copy:
        index = SearchIndex(copy, PaperAnalyst())
        async with copy.transaction() as connection:
            await connection.execute("DELETE FROM search_index")
            for table in ("papers", "words", "topics", "beginnings", "acronyms"):
                await connection.execute(f"DELETE FROM search_{table}")  # noqa: S608 - ours
        await index.restart()
        while await index.catch_up():
            pass
        return await entries(copy), await counts(copy)
