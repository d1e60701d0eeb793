"""What the models were asked, a day and a model: the day's budget is counted here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.summaries import ModelUse

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.summaries import Usage
    from bot.storage.database import Database


class ModelUseStore:
    """Tokens and summaries by UTC day and model."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, day: date, model: str, usage: Usage, summaries: int = 0) -> None:
        """Count what was asked of a model on a day, and how many summaries it wrote."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "INSERT INTO model_use (day, model, requests, read, written, summaries) "
                "VALUES (:day, :model, :requests, :read, :written, :summaries) "
                "ON CONFLICT DO UPDATE SET requests = requests + :requests, read = read + :read, "
                "written = written + :written, summaries = summaries + :summaries",
                {
                    "day": day.isoformat(),
                    "model": model,
                    "requests": usage.requests,
                    "read": usage.read,
                    "written": usage.written,
                    "summaries": summaries,
                },
            )

    async def of_day(self, day: date) -> list[ModelUse]:
        """Return what each model did on a day, the busiest first."""
        rows = await self._database.all(
            "SELECT model, requests, read + written AS tokens, summaries FROM model_use "
            "WHERE day = :day ORDER BY tokens DESC, model",
            {"day": day.isoformat()},
        )
        return [
            ModelUse(
                model=row["model"],
                requests=row["requests"],
                tokens=row["tokens"],
                summaries=row["summaries"],
            )
            for row in rows
        ]

    async def forget(self, before: date) -> None:
        """Forget the days before one."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "DELETE FROM model_use WHERE day < :day", {"day": before.isoformat()}
            )
