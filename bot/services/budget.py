"""The day's tokens: counted a model, set aside before each request, never overspent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.domain.summaries import Usage
from bot.errors import BudgetSpent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import date

    from bot.domain.summaries import ModelUse
    from bot.metrics import Metrics
    from bot.storage.model_use import ModelUseStore


class Budget:
    """What the models may read and write in a day (UTC); ``limit`` 0 stands for no limit.

    The limit is one for all models together. Requests under way count with what was set aside
    for them, so that several at once stay within it; one for which that leaves too little waits
    until they are done.
    """

    def __init__(
        self,
        store: ModelUseStore,
        limit: int,
        now: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._changed = asyncio.Condition()
        self._aside = 0
        self._refused_on: date | None = None
        self.limit = limit

    @property
    def day(self) -> date:
        """The day whose tokens are being spent."""
        return self._now().astimezone(UTC).date()

    @property
    def renewed_at(self) -> datetime:
        """When there are tokens again."""
        return datetime.combine(self.day + timedelta(days=1), time(), tzinfo=UTC)

    async def used(self) -> list[ModelUse]:
        """Return what each model took today."""
        return await self._store.of_day(self.day)

    async def spent(self) -> bool:
        """Say whether today's tokens are gone, or too few for a request that was refused."""
        if not self.limit:
            return False
        return self._refused_on == self.day or await self._left() <= 0

    @asynccontextmanager
    async def spending(self, model: str, tokens: int) -> AsyncIterator[Usage]:
        """Set tokens aside for a request; what it really took is written down, however it ends.

        Raises:
            BudgetSpent: there are not so many left today.
        """
        day = self.day
        async with self._changed:
            while self.limit and await self._left() - self._aside < tokens:
                if not self._aside:
                    self._refused_on = day
                    raise BudgetSpent(
                        f"Of today's {self.limit:,} tokens too few are left (LLM_DAILY_TOKENS)."
                    )
                await self._changed.wait()  # what is under way may take less than was set aside
            self._aside += tokens
        usage = Usage()
        try:
            yield usage
        finally:
            try:
                if usage.requests or usage.tokens:
                    self._metrics.asked_model(model, usage.tokens)
                    await self._store.add(day, model, usage)
            finally:  # what is set aside must not stay so, whatever happens to the database
                async with self._changed:
                    self._aside -= tokens
                    self._changed.notify_all()

    async def wrote(self, model: str) -> None:
        """Count one summary."""
        self._metrics.summarised(model)
        await self._store.add(self.day, model, Usage(), summaries=1)

    async def forget(self, kept: timedelta) -> None:
        """Forget what was used longer ago."""
        await self._store.forget(self.day - kept)

    async def _left(self) -> int:
        return self.limit - sum(one.tokens for one in await self.used())
