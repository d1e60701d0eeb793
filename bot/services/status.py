"""What ``/status`` tells: the sources, the open lists, a server's editions and its troubles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.papers import list_date
from bot.services.drafts import day_state

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.domain.editions import DayState
    from bot.domain.schedules import Schedule
    from bot.domain.summaries import ModelUse
    from bot.services.writing import Writing
    from bot.storage.alert_stops import AlertStops, Stopped
    from bot.storage.days import DayStore
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.delivery_rows import Unsettled
    from bot.storage.papers import PaperStore
    from bot.storage.records import Collection, CollectionLog
    from bot.storage.schedules import ScheduleStore

RECENT = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What the models did today (UTC), of how many tokens; ``limit`` 0 stands for no limit.

    ``trouble`` says why they write nothing at present.
    """

    used: Sequence[ModelUse]
    limit: int
    spent: bool
    renewed_at: datetime
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The state of the bot; the last three lists are a server's own and may be left empty.

    ``missing`` are the recent days that were never read whole; ``models`` is None without any.
    """

    at: datetime
    papers: int
    collections: Sequence[Collection]
    successes: Sequence[Collection]
    days: Sequence[DayState]
    missing: Sequence[date]
    models: Models | None = None
    schedules: Sequence[Schedule] = ()
    unsettled: Sequence[Unsettled] = ()
    stopped_alerts: Sequence[Stopped] = ()


class StatusReport:
    """Gathers the state of the bot."""

    def __init__(  # noqa: PLR0913, PLR0917 - a report of all that there is
        self,
        papers: PaperStore,
        days: DayStore,
        collections: CollectionLog,
        schedules: ScheduleStore,
        ledger: DeliveryLedger,
        stops: AlertStops,
        writing: Writing,
    ) -> None:
        self._papers = papers
        self._days = days
        self._collections = collections
        self._schedules = schedules
        self._ledger = ledger
        self._stops = stops
        self._writing = writing

    async def gather(self, guild_id: int | None, now: datetime) -> Status:
        """Return the state at ``now``; a server's details only for a ``guild_id``."""
        today = list_date(now)
        lists = await self._days.days_between(today - RECENT, today)
        recent = [today - timedelta(days=n) for n in range(RECENT.days, -1, -1)]
        return Status(
            at=now,
            papers=await self._papers.count(),
            collections=await self._collections.last(),
            successes=await self._collections.last(successful=True),
            days=[day_state(one) for one in lists.values()],
            missing=[day for day in recent if day not in lists],
            models=await self._models(),
            schedules=[] if guild_id is None else await self._schedules.of_server(guild_id),
            unsettled=[] if guild_id is None else await self._ledger.unsettled(guild_id),
            stopped_alerts=[] if guild_id is None else await self._stops.of_server(guild_id),
        )

    async def _models(self) -> Models | None:
        if not self._writing.active:
            return None
        budget = self._writing.budget
        return Models(
            used=await budget.used(),
            limit=budget.limit,
            spent=await budget.spent(),
            renewed_at=budget.renewed_at,
            trouble=self._writing.trouble,
        )
