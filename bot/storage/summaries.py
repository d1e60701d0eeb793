"""The table of summaries: one a paper, the best that was ever written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.papers import ArxivId
from bot.domain.summaries import PARTS, Summary
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.storage.database import Database, Row


class SummaryStore:
    """Summaries by their paper's arXiv id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def many(self, ids: Iterable[ArxivId]) -> dict[ArxivId, Summary]:
        """Return the summaries of these papers that are stored."""
        rows = await self._database.all(
            "SELECT p.id, s.* FROM summaries AS s JOIN papers AS p ON p.no = s.paper_no "
            "WHERE p.id IN (SELECT value FROM json_each(:ids))",
            {"ids": cells.json_cell(list(ids))},
        )
        return {ArxivId(row["id"]): _summary_from(row) for row in rows}

    async def save(self, summaries: Mapping[ArxivId, Summary]) -> None:
        """Store summaries in place of what was there; papers that are not stored are left out."""
        async with self._database.transaction() as connection:
            await connection.executemany(
                "INSERT INTO summaries SELECT no, :tldr, :objective, :method, :results, "
                ":implications, :model, :source, :prompt, :grounded, :sought, :written_at "
                "FROM papers WHERE id = :id "
                "ON CONFLICT (paper_no) DO UPDATE SET tldr = :tldr, objective = :objective, "
                "method = :method, results = :results, implications = :implications, "
                "model = :model, source = :source, prompt = :prompt, grounded = :grounded, "
                "sought = :sought, written_at = :written_at",
                [
                    dict(summary.parts())
                    | {
                        "id": paper_id,
                        "model": summary.model,
                        "source": summary.source,
                        "prompt": summary.prompt,
                        "grounded": summary.grounded,
                        "sought": summary.sought,
                        "written_at": cells.moment_cell(summary.written_at),
                    }
                    for paper_id, summary in summaries.items()
                ],
            )


def _summary_from(row: Row) -> Summary:
    return Summary(
        **{name: row[name] for name in PARTS},
        model=row["model"],
        source=row["source"],
        prompt=row["prompt"],
        grounded=None if row["grounded"] is None else bool(row["grounded"]),
        sought=bool(row["sought"]),
        written_at=cells.moment(row["written_at"]),
    )
