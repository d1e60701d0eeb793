"""The table of summaries: one a paper, the best that was ever written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.papers import ArxivId
from bot.domain.summaries import AI_SUMMARY, ARCHIVE, EXTRACTIVE, PARTS, Summary
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from bot.storage.database import Database, Row


_NO_MODELS = f"'{EXTRACTIVE}', '{AI_SUMMARY}'"

_COLUMNS = (
    *PARTS,
    *("model", "source", "prompt", "grounded", "sought", "written_at"),
    *("unknown_names", "suspicious"),
)
_SAVE = f"""
    INSERT INTO summaries (paper_no, {", ".join(_COLUMNS)})
    SELECT no, {", ".join(f":{name}" for name in _COLUMNS)} FROM papers WHERE id = :id
    ON CONFLICT (paper_no) DO UPDATE SET {", ".join(f"{name} = :{name}" for name in _COLUMNS)}
    WHERE :by_model OR model IN ({_NO_MODELS}, '{ARCHIVE}')"""


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
        return {ArxivId(row["id"]): summary_from(row) for row in rows}

    async def save(self, summaries: Mapping[ArxivId, Summary]) -> None:
        """Store summaries in place of what was there; papers that are not stored are left out.

        A model's summary stays when one that no model wrote comes after it.
        """
        async with self._database.transaction() as connection:
            await connection.executemany(
                _SAVE, [_cells(paper_id, one) for paper_id, one in summaries.items()]
            )

    async def unwritten(
        self, since: date, prompt: int, attempts: int, tried_before: datetime
    ) -> list[ArxivId]:
        """Return papers on the lists from a day on that no model has summarised yet.

        The latest day first, there the most upvoted. Papers that were tried so many ``attempts``
        with this prompt are given up, and others are left for a while after one.
        """
        rows = await self._database.all(
            "SELECT p.id FROM listings AS l "
            "JOIN papers AS p ON p.no = l.paper_no "
            "JOIN summaries AS s ON s.paper_no = l.paper_no "
            "LEFT JOIN unwritten AS u ON u.paper_no = l.paper_no AND u.prompt = :prompt "
            f"WHERE l.day >= :since AND s.model IN ({_NO_MODELS}) AND p.abstract <> '' "
            "AND (u.attempts IS NULL OR u.attempts < :attempts AND u.tried_at <= :tried) "
            "GROUP BY p.no ORDER BY max(l.day) DESC, max(l.upvotes) DESC, p.id",
            {
                "since": since.isoformat(),
                "prompt": prompt,
                "attempts": attempts,
                "tried": cells.moment_cell(tried_before),
            },
        )
        return [ArxivId(row["id"]) for row in rows]

    async def outdated(self, since: date, extract: int, prompt: int | None) -> list[ArxivId]:
        """Return papers on the lists from a day on whose summary an older prompt wrote.

        ``extract`` and ``prompt`` are the versions of today's rules and of today's prompt. With a
        prompt, the papers that no model has summarised are out of date too.
        """
        rows = await self._database.all(
            "SELECT p.id FROM listings AS l "
            "JOIN papers AS p ON p.no = l.paper_no "
            "JOIN summaries AS s ON s.paper_no = l.paper_no "
            "WHERE l.day >= :since AND p.abstract <> '' "
            f"AND CASE WHEN s.model IN ({_NO_MODELS}) THEN :models OR s.prompt < :extract "
            "WHEN s.model = :archive THEN FALSE ELSE s.prompt < :prompt END "
            "GROUP BY p.no ORDER BY max(l.day) DESC, max(l.upvotes) DESC, p.id",
            {
                "since": since.isoformat(),
                "extract": extract,
                "models": prompt is not None,
                "prompt": prompt or 0,
                "archive": ARCHIVE,
            },
        )
        return [ArxivId(row["id"]) for row in rows]

    async def give_up(self, paper_id: ArxivId, prompt: int, error: str, now: datetime) -> None:
        """Count one attempt at a paper of which the models wrote nothing usable."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO unwritten SELECT no, :prompt, 1, :error, :now FROM papers "
                "WHERE id = :id ON CONFLICT DO UPDATE SET "
                "attempts = attempts + 1, error = :error, tried_at = :now",
                {
                    "id": paper_id,
                    "prompt": prompt,
                    "error": error,
                    "now": cells.moment_cell(now),
                },
            )


def _cells(paper_id: ArxivId, summary: Summary) -> dict[str, object]:
    return dict(summary.parts()) | {
        "id": paper_id,
        "model": summary.model,
        "source": summary.source,
        "prompt": summary.prompt,
        "grounded": summary.grounded,
        "sought": summary.sought,
        "written_at": cells.moment_cell(summary.written_at),
        "unknown_names": cells.json_cell(list(summary.unknown_names)),
        "suspicious": summary.suspicious,
        "by_model": summary.by_model,
    }


def summary_from(row: Row) -> Summary:
    """Return the summary of a row of the table."""
    return Summary(
        **{name: row[name] for name in PARTS},
        model=row["model"],
        source=row["source"],
        prompt=row["prompt"],
        grounded=None if row["grounded"] is None else bool(row["grounded"]),
        sought=bool(row["sought"]),
        written_at=cells.moment(row["written_at"]),
        unknown_names=tuple(cells.from_json(row["unknown_names"])),
        suspicious=bool(row["suspicious"]),
    )
