"""Papers by what they are called: their ids and their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import cells
from bot.storage.search_vocabulary import VocabularyReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.papers import ArxivId


class NameReader(VocabularyReader):
    """Reads which papers have a name; every method blocks its thread."""

    def number(self, paper_id: ArxivId) -> int | None:
        """Return the number of a stored paper."""
        row = self._connection.execute(
            "SELECT no FROM papers WHERE id = :id", {"id": paper_id}
        ).fetchone()
        return None if row is None else int(row[0])

    def titled(self, stems: Sequence[str]) -> list[int]:
        """Return the numbers of papers whose title is these stems and no more."""
        if not stems:
            return []
        rows = self._connection.execute(
            "SELECT paper_no FROM search_titles WHERE stems = :title ORDER BY paper_no",
            {"title": " ".join(stems)},
        )
        return [row[0] for row in rows]

    def titles(self, nos: Iterable[int]) -> dict[int, str]:
        """Return the stems of some papers' titles, with a space before, between and after."""
        rows = self._connection.execute(
            "SELECT paper_no, stems FROM search_titles "
            "WHERE paper_no IN (SELECT value FROM json_each(:nos))",
            {"nos": cells.json_cell(list(nos))},
        )
        return {no: f" {stems} " for no, stems in rows}

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
