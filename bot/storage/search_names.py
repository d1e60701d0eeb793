"""Papers by what they are called: their ids and their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage.search_vocabulary import VocabularyReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.papers import ArxivId

LONGEST_TITLE = 60
"""Words of a title that is looked up; the recorded ones have 34 at the most."""


class NameReader(VocabularyReader):
    """Reads which papers have a name; every method blocks its thread."""

    def number(self, paper_id: ArxivId) -> int | None:
        """Return the number of a stored paper."""
        row = self._connection.execute(
            "SELECT no FROM papers WHERE id = :id", {"id": paper_id}
        ).fetchone()
        return None if row is None else int(row[0])

    def titled(self, stems: Sequence[str]) -> list[int]:
        """Return the numbers of papers whose title is these stems and no more.

        More than ``LONGEST_TITLE`` are none: a phrase of common words takes long to look up.
        """
        if not 0 < len(stems) <= LONGEST_TITLE:
            return []
        title = " ".join(stems)
        rows = self._connection.execute(
            "SELECT rowid FROM search_index WHERE search_index MATCH :expression "
            "AND title = :title ORDER BY rowid",
            # ^: titles that begin so. Each that only has the words would be read whole.
            {"expression": f'{{title}} : ^"{title}"', "title": title},
        )
        return [row[0] for row in rows]

    def by_id(self, beginning: str, limit: int) -> list[int]:
        """Return the numbers of papers whose id begins so, the highest ids first."""
        rows = self._connection.execute(
            "SELECT no FROM papers WHERE id >= :first AND id < :last ORDER BY id DESC LIMIT :limit",
            {"first": beginning, "last": beginning + "\U0010ffff", "limit": limit},
        )
        return [row[0] for row in rows]

    def stored_last(self, limit: int) -> list[int]:
        """Return the numbers of the papers that were stored last."""
        rows = self._connection.execute(
            "SELECT no FROM papers ORDER BY no DESC LIMIT :limit", {"limit": limit}
        )
        return [row[0] for row in rows]
