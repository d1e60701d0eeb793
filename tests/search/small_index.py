"""A few papers in a real full-text table of the schema's own definition, in memory."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

from bot.search.documents import PaperAnalyst, columns
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.lexicon import Known, Lexicon
from bot.search.matching import matches
from bot.search.patterns import AUTHORS, COLUMNS, TEXTS
from bot.storage.database import migrations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.papers import Paper
    from bot.domain.queries import Node
    from bot.domain.summaries import Summary
    from bot.search.lexicon import Forms
    from bot.search.patterns import Wanted


def _definition() -> str:
    (schema,) = (step for step in migrations() if "CREATE VIRTUAL TABLE search_index" in step)
    return schema[schema.index("CREATE VIRTUAL TABLE search_index") :].partition(";")[0]


class SmallIndex:
    """Papers by their place in the order given, counted from 1."""

    def __init__(self, *papers: Paper | tuple[Paper, Summary | None]) -> None:
        self._papers = [one if isinstance(one, tuple) else (one, None) for one in papers]
        self._columns = [columns(*one) for one in self._papers]
        self._table = sqlite3.connect(":memory:")
        self._table.execute(_definition())
        analyst = PaperAnalyst()
        self._table.executemany(
            f"INSERT INTO search_index (rowid, {', '.join(COLUMNS)}) "  # noqa: S608 - our own names
            f"VALUES (?, {', '.join('?' * len(COLUMNS))})",
            [
                (no, *(entry.columns[name] for name in COLUMNS))
                for no, entry in enumerate((analyst.entry(*one) for one in self._papers), start=1)
            ],
        )

    def close(self) -> None:
        self._table.close()

    def known(self) -> dict[str, Known]:
        """Return in how many papers each stem stands, as the counts of the index say it."""
        texts, names = Counter[str](), Counter[str]()
        for told in self._columns:
            texts.update(_stems(told[name] for name in TEXTS))
            names.update(_stems([told[AUTHORS]]))
        return {stem: Known(texts[stem], names[stem]) for stem in texts.keys() | names.keys()}

    def found(self, tree: Node, lexicon: Lexicon) -> set[int]:
        """Return the numbers of the papers that SQLite says match."""
        return self.numbers(expression(expand(tree, lexicon)))

    def numbers(self, expression: str) -> set[int]:
        rows = self._table.execute(
            "SELECT rowid FROM search_index WHERE search_index MATCH ?", (expression,)
        )
        return {no for (no,) in rows}

    def matching(self, wanted: Wanted) -> set[int]:
        """Return the numbers of the papers that the matcher says match."""
        return {no for no, told in enumerate(self._columns, start=1) if matches(wanted, told)}

    def lexicon(self, forms: Forms) -> Lexicon:
        return Lexicon(forms, self.known())


def _stems(columns: Iterable[list[str]]) -> set[str]:
    return {stem for column in columns for stem in column if stem.isalnum()}
