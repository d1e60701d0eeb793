"""Alerts as people might keep them, drawn from the recorded papers, and a store that has them."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.errors import QueryMistake
from bot.search.acronyms import Acronyms
from bot.search.analysis import words
from bot.search.normal_form import form
from bot.search.parsing import parse
from bot.services.standing import compiled
from bot.storage import cells
from bot.storage.search_reading import SearchReader
from tests.benchmarks.corpus import SEED
from tests.recorded.corpus import END

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.domain.papers import Paper
    from bot.domain.standing import Compiled

_AT_ONCE = 5_000
_QUERY = """
    INSERT INTO standing_queries (no, form, text, pattern, users, compiled_at)
    VALUES (:no, :form, :text, :pattern, :users, :now)"""
_ANCHOR = """
    INSERT INTO alert_anchors (anchor, query_no, rest, sure) VALUES (:anchor, :no, :rest, :sure)"""

_KINDS = {
    "{keyword}": 25,
    '"{keyword}"': 15,
    'author:"{author}"': 15,
    '"{phrase}"': 10,
    "{keyword} AND {other}": 10,
    "{keyword} OR {other}": 10,
    "{keyword} -{word}": 8,
    "{beginning}*": 2,
    "({word} OR {phrase}) NOT author:{name}": 2,
    "cat:{category} {keyword}": 2,
    "title:{word}": 1,
}
"""What people write, and how many of a hundred alerts are of the kind."""

_LONGEST_PHRASE = 3


def drawn(papers: Sequence[Paper], count: int) -> Iterator[str]:
    """Yield so many alerts that parse; what many papers have many alerts are for."""
    chance = random.Random(SEED)  # noqa: S311 - the same alerts each time
    some = [paper for paper in papers if paper.ai_keywords and paper.authors and paper.categories]
    kinds, weights = list(_KINDS), list(_KINDS.values())
    while count:
        kind = chance.choices(kinds, weights)[0]
        text = _filled(kind, chance.choice(some), chance.choice(some), chance)
        try:
            parse(text)
        except QueryMistake:
            continue
        yield text
        count -= 1


def _filled(kind: str, paper: Paper, other: Paper, chance: random.Random) -> str:
    title = [paper.title[word.start : word.end] for word in words(paper.title)] or ["model"]
    long = [word for word in title if len(word) > 4] or title
    start = chance.randrange(len(title))
    author = chance.choice(paper.authors).name
    word = chance.choice(long)
    return kind.format(
        keyword=chance.choice(paper.ai_keywords),
        other=chance.choice(other.ai_keywords),
        author=author,
        name=author.split()[-1],
        phrase=" ".join(title[start : start + chance.randint(2, _LONGEST_PHRASE)]),
        word=word,
        beginning=word[: chance.randint(4, 7)],
        category=chance.choice(paper.categories),
    )


async def keep(path: Path, texts: Iterable[str]) -> dict[str, float]:
    """Store alerts in a database that has none, compiled as ``/alerts add`` does; return figures.

    In large transactions, and with what is known of words in memory: a million would take an hour.
    """
    return await asyncio.to_thread(_keep, path, texts)


def _keep(path: Path, texts: Iterable[str]) -> dict[str, float]:
    started = time.perf_counter()
    users, first = Counter[str](), dict[str, str]()
    for text in texts:
        told = form(parse(text).tree)
        users[told] += 1
        first.setdefault(told, text)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        reader = _Remembering(connection)
        forms = Acronyms(reader.acronyms())
        pending: list[tuple[Compiled, int]] = []
        for no, (told, text) in enumerate(first.items(), start=1):
            pending.append((compiled(reader, parse(text), forms), users[told]))
            if len(pending) == _AT_ONCE or no == len(first):
                _insert(connection, no - len(pending), pending)
                pending = []
                sys.stderr.write(f"\ralerts: {no:,} of {len(first):,} queries compiled")
        sys.stderr.write("\n")
        connection.execute("PRAGMA wal_checkpoint (TRUNCATE)")
        size = connection.execute(
            "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'standing_*' OR name GLOB 'alert_*' "
            "OR name GLOB 'sqlite_autoindex_standing_*'"
        ).fetchone()[0]
    return {"queries": len(first), "seconds": time.perf_counter() - started, "size": size}


def _insert(connection: sqlite3.Connection, last: int, some: list[tuple[Compiled, int]]) -> None:
    now = cells.moment_cell(END)
    connection.execute("BEGIN IMMEDIATE")
    numbered = list(enumerate(some, start=last + 1))
    connection.executemany(
        _QUERY,
        [
            {"no": no, "form": one.form, "text": one.text, "pattern": one.pattern}
            | {"users": users, "now": now}
            for no, (one, users) in numbered
        ],
    )
    connection.executemany(
        _ANCHOR,
        [
            {"anchor": anchor.key, "no": no, "rest": anchor.rest, "sure": anchor.sure}
            for no, (one, _) in numbered
            for anchor in one.anchors
        ],
    )
    connection.commit()


class _Remembering(SearchReader):
    """Answers from memory how common words are."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        rows = connection.execute("SELECT stem, papers, names FROM search_words")
        self._words = {stem: (papers, names) for stem, papers, names in rows}

    @override
    def words(self, stems: Iterable[str]) -> dict[str, tuple[int, int]]:
        return {stem: self._words[stem] for stem in stems if stem in self._words}
