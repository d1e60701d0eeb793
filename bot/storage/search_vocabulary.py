"""What the index knows of words: how common they are, their relatives, topics, acronyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import cells

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class VocabularyReader:
    """Reads what is counted over all papers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

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

    def topics(
        self, kinds: Iterable[str], beginning: str, limit: int
    ) -> list[tuple[str, str, str, int]]:
        """Return topics of which a word begins so: kind, normal form, as shown, in how many papers.

        Those that most papers are on come first; of the kinds each has its share of the ``limit``.
        """
        found: list[tuple[str, str, str, int]] = []
        for kind in kinds:
            if not beginning:
                rows = self._connection.execute(
                    "SELECT kind, form, shown, papers FROM search_topics "
                    "WHERE kind = :kind ORDER BY papers DESC, form LIMIT :limit",
                    {"kind": kind, "limit": limit},
                )
                found += [tuple(row) for row in rows]
                continue
            # CROSS: SQLite would rather go through the topics by their papers, all half a million.
            rows = self._connection.execute(
                "SELECT DISTINCT t.kind, t.form, t.shown, t.papers FROM search_beginnings AS b "
                "CROSS JOIN search_topics AS t ON t.kind = b.kind AND t.form = b.form "
                "WHERE b.kind = :kind AND b.beginning >= :first AND b.beginning < :last "
                "AND t.papers > 0 ORDER BY t.papers DESC, t.form LIMIT :limit",
                {
                    "kind": kind,
                    "first": beginning,
                    "last": beginning + "\U0010ffff",
                    "limit": limit,
                },
            )
            found += [tuple(row) for row in rows]
        return found

    def known_words(self, fewest: int) -> dict[str, tuple[str, int]]:
        """Return the stems of so many papers or more: a word that has each, and how many."""
        rows = self._connection.execute(
            "SELECT stem, word, papers FROM search_words WHERE papers >= :fewest AND stem <> ''",
            {"fewest": fewest},
        )
        return {stem: (word, papers) for stem, word, papers in rows}

    def acronyms(self) -> dict[tuple[str, str], int]:
        """Return in how many papers each short form stands for a long one."""
        rows = self._connection.execute(
            "SELECT short, long, papers FROM search_acronyms WHERE papers > 0"
        )
        return {(short, long): papers for short, long, papers in rows}
