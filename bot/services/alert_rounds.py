"""The rounds of alerts: look at what is new, plan the messages, daily ones at their time."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.alerts import BACKTEST
from bot.domain.papers import list_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.alerts import Alert, Batch
    from bot.services.alert_papers import AlertPapers
    from bot.services.standing import StandingMatcher
    from bot.storage.alert_hits import HitStore

log = logging.getLogger(__name__)

HITS_KEPT = timedelta(days=90)
"""How long it is known what an alert has found: papers of lists so old fire none any more."""

_LOOKED_AT = 100  # papers in one pass
_CHANNELS = 50  # planned in one transaction
_COMPILED = 2_000  # queries compiled anew in one round


class AlertRounds:
    """What the clock does for alerts; each round may run twice and nothing happens twice."""

    def __init__(self, hits: HitStore, matcher: StandingMatcher, papers: AlertPapers) -> None:
        self._hits = hits
        self._matcher = matcher
        self._papers = papers
        self._turn = asyncio.Lock()

    async def look(self, now: datetime) -> int:
        """Look at what is new on the lists, and plan what comes at once; return the messages."""
        async with self._turn:
            found = 0
            while pending := await self._hits.pending(_LOOKED_AT):
                # Imported and belated lists are no news.
                oldest = list_date(now) - BACKTEST
                fresh = [one for one in pending if one.last_day >= oldest]
                matching = await self._matcher.matching(
                    [(one.paper_no, one.paper, one.summary) for one in fresh]
                )
                queries: dict[int, list[int]] = {one.paper_no: [] for one in fresh}
                for query_no, paper_no in matching:
                    queries[paper_no].append(query_no)
                await self._hits.pass_over(one for one in pending if not queries.get(one.paper_no))
                for one in fresh:
                    if wanted := queries[one.paper_no]:
                        found += await self._hits.find(one, wanted, now)
            if found:
                log.info("Alerts found %d papers", found)
            return await self._plan_at_once(now)

    async def run_due(self, now: datetime) -> int:
        """Plan the messages of alerts whose daily time has come; return how many there are."""
        async with self._turn:
            planned = 0
            while channels := await self._hits.due(now, _CHANNELS):
                alerts = await self._hits.alerts(channels, now)
                planned += await self._plan(alerts, now)
                await self._hits.ran(alerts, now)
            return planned

    async def renew(self, now: datetime) -> None:
        """Compile anew the queries that were compiled longest ago, by what is known by now."""
        await self._matcher.renew(now, _COMPILED)

    async def forget(self, now: datetime) -> None:
        """Forget what was found long ago."""
        await self._hits.forget(now - HITS_KEPT)

    async def _plan_at_once(self, now: datetime) -> int:
        planned = 0
        while channels := await self._hits.waiting(_CHANNELS):
            made = await self._plan(await self._hits.alerts(channels, None), now)
            planned += made
            if not made:  # changed while it was put together: the next round has it
                break
        return planned

    async def _plan(self, alerts: Sequence[Alert], now: datetime) -> int:
        """Plan one message for each channel, and one for each role that alerts there mention."""
        found = await self._hits.found(alert.no for alert in alerts)
        together: dict[tuple[int, int | None], list[Alert]] = {}
        for alert in alerts:
            if alert.no in found:
                together.setdefault((alert.channel_id, alert.mention_role), []).append(alert)
        told = [{alert: found[alert.no] for alert in group} for group in together.values()]
        batches: list[Batch] = await self._papers.batches(
            [(secrets.token_hex(6), some) for some in told]
        )
        pairs = [
            (batch, {alert.no: nos for alert, nos in some.items()})
            for batch, some in zip(batches, told, strict=True)
        ]
        return await self._hits.plan(pairs, now)
