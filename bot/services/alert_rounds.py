"""The rounds of alerts: look at what is new, plan the messages, daily ones at their time."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.alerts import BACKTEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.alerts import Alert
    from bot.services.alert_papers import AlertPapers
    from bot.services.standing import StandingMatcher
    from bot.storage.alert_hits import HitStore
    from bot.storage.alert_pending import PendingStore
    from bot.storage.alert_stops import AlertStops

log = logging.getLogger(__name__)

HITS_KEPT = timedelta(days=90)
"""How long after its first list it is known whom a paper was brought: by then it fires none."""

TRIED_FOR = timedelta(days=7)
"""How long messages are tried that Discord refuses without saying that it is for good."""

_NOT_TAKEN = "Discord has taken no message there for a week."
_LOOKED_BACK = timedelta(days=2)  # a query is compiled anew once a day
_LOOKED_AT = 100  # papers in one pass
_CHANNELS = 50  # planned in one transaction
_COMPILED = 2_000  # queries compiled anew in one round


class AlertRounds:
    """What the clock does for alerts; each round may run twice and nothing happens twice."""

    def __init__(
        self,
        pending: PendingStore,
        hits: HitStore,
        stops: AlertStops,
        matcher: StandingMatcher,
        papers: AlertPapers,
    ) -> None:
        self._pending = pending
        self._hits = hits
        self._stops = stops
        self._matcher = matcher
        self._papers = papers
        self._planning = asyncio.Lock()

    async def look(self, now: datetime) -> int:
        """Look at what is new on the lists, and plan what comes at once; return the messages."""
        found = 0
        while pending := await self._pending.pending(_LOOKED_AT):
            # Old lists that are read late are no news. By the lists, as the clock may be wrong.
            fresh = [one for one in pending if one.first_day > one.last_day - BACKTEST]
            matching = await self._matcher.matching(
                [(one.paper_no, one.paper, one.summary) for one in fresh]
            )
            queries = await asyncio.to_thread(_by_paper, matching)  # there may be a million
            await self._pending.pass_over(one for one in pending if one.paper_no not in queries)
            for one in fresh:
                if one.paper_no in queries:
                    found += await self._pending.find(one, queries[one.paper_no], now)
        if found:
            log.info("Alerts found %d papers", found)
        return await self._plan_at_once(now)

    async def run_due(self, now: datetime) -> int:
        """Plan the messages of alerts whose daily time has come; return how many there are."""
        planned = 0
        async with self._planning:
            while channels := await self._hits.due(now, _CHANNELS):
                alerts = await self._hits.alerts(channels, now)
                made, left = await self._plan(alerts, now)
                planned += made
                await self._hits.ran([one for one in alerts if one.no not in left], now)
                if left:  # changed while it was put together: the next round has it
                    break
        return planned

    async def renew(self, now: datetime) -> None:
        """Compile anew the queries that were compiled longest ago, by what is known by now.

        Where one comes to mean more, the last lists are looked at again.
        """
        if await self._matcher.renew(now, _COMPILED):
            await self._pending.look_again(_LOOKED_BACK)

    async def tidy(self, now: datetime) -> None:
        """Forget what was found long ago, and stop what could not be brought for a week."""
        forgotten = 1
        while forgotten:
            forgotten = await self._hits.forget(HITS_KEPT)
        for channel_id in await self._stops.refused_since(now - TRIED_FOR):
            await self._stops.stop(channel_id, _NOT_TAKEN, now)
            log.warning("Stopped the alerts of channel %d: nothing was taken there", channel_id)

    async def _plan_at_once(self, now: datetime) -> int:
        planned = 0
        async with self._planning:
            while channels := await self._hits.waiting(_CHANNELS):
                made, left = await self._plan(await self._hits.alerts(channels, None), now)
                planned += made
                if left or not made:  # changed while it was put together: the next round has it
                    break
        return planned

    async def _plan(self, alerts: Sequence[Alert], now: datetime) -> tuple[int, set[int]]:
        """Plan one message for each channel, and one for each role that alerts there mention.

        Returns how many, and the alerts whose messages could not be planned.
        """
        found = await self._hits.found(alert.no for alert in alerts)
        together: dict[tuple[int, int | None], list[Alert]] = {}
        for alert in alerts:
            if alert.no in found:
                together.setdefault((alert.channel_id, alert.mention_role), []).append(alert)
        told = [{alert: found[alert.no] for alert in group} for group in together.values()]
        batches = await self._papers.batches([(secrets.token_hex(6), some) for some in told])
        pairs = [
            (batch, {alert.no: nos for alert, nos in some.items()})
            for batch, some in zip(batches, told, strict=True)
        ]
        planned = await self._hits.plan(pairs, now)
        left = {no for batch, nos in pairs if batch.id not in planned for no in nos}
        return len(planned), left


def _by_paper(matching: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    queries: dict[int, list[int]] = {}
    for query_no, paper_no in matching:
        queries.setdefault(paper_no, []).append(query_no)
    return queries
