"""What is counted over all papers: words, topics and acronyms, kept true entry by entry."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import aiosqlite

    from bot.domain.indexing import IndexEntry
    from bot.storage.database import Row

EVERY_PAPER = ""
"""The stem that stands in every paper, so that its count is theirs."""

TEXTS = ("title", "abstract", "summary", "keywords", "organization")

_COUNT_WORDS = """
    INSERT INTO search_words (stem, word, family, papers, names)
    VALUES (:stem, :word, :family, :papers, :names)
    ON CONFLICT (stem) DO UPDATE SET papers = papers + :papers, names = names + :names"""
_COUNT_TOPICS = """
    INSERT INTO search_topics (kind, form, shown, papers) VALUES (:kind, :form, :shown, :papers)
    ON CONFLICT (kind, form) DO UPDATE SET papers = papers + :papers"""
_BEGIN = """
    INSERT OR IGNORE INTO search_beginnings (kind, beginning, form)
    SELECT :kind, :beginning, :form FROM search_topics
    WHERE kind = :kind AND form = :form AND (papers > 1 OR kind <> 'keyword')"""
_COUNT_ACRONYMS = """
    INSERT INTO search_acronyms (short, long, papers) VALUES (:short, :long, :papers)
    ON CONFLICT (short, long) DO UPDATE SET papers = papers + :papers"""


async def count(
    connection: aiosqlite.Connection, old: Iterable[Row], entries: Iterable[IndexEntry]
) -> None:
    """Count what entries have, and take off what those before them had."""
    papers, names = Counter[str](), Counter[str]()
    topics, acronyms = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    told_words: dict[str, tuple[str, str]] = {}
    shown: dict[tuple[str, str], str] = {}
    for row in old:
        told = {name: row[name] for name in ("authors", *TEXTS)}
        papers.subtract(_words(told, TEXTS) | {EVERY_PAPER})
        names.subtract(_words(told, ("authors",)))
        topics.subtract((kind, form) for kind, form, _ in cells.from_json(row["topics"]))
        acronyms.subtract((short, long) for short, long in cells.from_json(row["forms"]))
    for entry in entries:
        told_words |= entry.words
        papers.update(_words(entry.columns, TEXTS) | {EVERY_PAPER})
        names.update(_words(entry.columns, ("authors",)))
        topics.update((kind, form) for kind, form, _ in entry.topics)
        acronyms.update(entry.definitions)
        for kind, form, text in entry.topics:
            shown.setdefault((kind, form), text)  # as the first paper that is on it says it
    await connection.executemany(
        _COUNT_WORDS,
        [
            dict(zip(("word", "family"), told_words.get(stem, (stem, stem)), strict=True))
            | {"stem": stem, "papers": papers[stem], "names": names[stem]}
            for stem in sorted(papers.keys() | names.keys())
            if papers[stem] or names[stem]
        ],
    )
    changed = [(kind, form) for (kind, form), papers_ in topics.items() if papers_]
    await connection.executemany(
        _COUNT_TOPICS,
        [
            {
                "kind": kind,
                "form": form,
                "shown": shown.get((kind, form), form),
                "papers": topics[kind, form],
            }
            for kind, form in changed
        ],
    )
    await connection.executemany(
        _BEGIN,
        [
            {"kind": kind, "form": form, "beginning": beginning}
            for kind, form in changed
            for beginning in _beginnings(form)
        ],
    )
    await connection.executemany(
        _COUNT_ACRONYMS,
        [
            {"short": short, "long": long, "papers": count}
            for (short, long), count in acronyms.items()
            if count
        ],
    )


def _beginnings(form: str) -> list[str]:
    """Return a topic from each of its words on."""
    told = form.split(" ")
    return [" ".join(told[at:]) for at in range(len(told))]


async def frequencies(
    connection: aiosqlite.Connection, entries: Iterable[IndexEntry]
) -> dict[str, int]:
    """Return in how many papers each stem of the entries' texts stands, and how many there are."""
    stems = {EVERY_PAPER}.union(*(_words(entry.columns, TEXTS) for entry in entries))
    rows = await connection.execute_fetchall(
        "SELECT stem, papers FROM search_words WHERE stem IN (SELECT value FROM json_each(:stems))",
        {"stems": cells.json_cell(sorted(stems))},
    )
    return {row["stem"]: row["papers"] for row in rows}


def _words(columns: Mapping[str, str], names: Sequence[str]) -> set[str]:
    """Return the stems of some columns; what parts two keywords is none."""
    return {stem for name in names for stem in columns[name].split() if stem.isalnum()}
