"""The papers of alerts as they are shown: which, by which alert, and why."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.alerts import PAPERS_A_MESSAGE, Batch, Reported
from bot.domain.editions import entry
from bot.domain.searches import Match
from bot.errors import QueryMistake
from bot.search.parsing import parse
from bot.search.patterns import leaves
from bot.services.reasons import Looked, why
from bot.storage.search_reading import Indexed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.alerts import Alert
    from bot.domain.editions import Entry
    from bot.services.topics import Topics
    from bot.storage.alert_hits import HitStore, Told


class AlertPapers:
    """Puts messages together from what alerts have found."""

    def __init__(self, hits: HitStore, topics: Topics) -> None:
        self._hits = hits
        self._topics = topics

    async def batches(
        self, asked: Sequence[tuple[str, Mapping[Alert, Sequence[int]]]]
    ) -> list[Batch]:
        """Return messages by their ids, each of papers by the alerts of one channel.

        The most upvoted are shown, each once, whatever number of alerts it is for.
        """
        return await self._made(asked, PAPERS_A_MESSAGE)

    async def whole(self, batch_id: str, channel_id: int) -> Batch | None:
        """Return a message with all of its papers; None if they are not known any more."""
        found = await self._hits.of_batch(batch_id, channel_id)
        if not found:
            return None
        [batch] = await self._made([(batch_id, found)], None)
        return batch

    async def looked(self, queries: Iterable[str]) -> dict[str, Looked]:
        """Return what queries look for; one that does not parse any more looks for nothing."""
        distinct = dict.fromkeys(queries)
        trees = {}
        for query in distinct:
            try:
                trees[query] = parse(query).tree
            except QueryMistake:
                continue
        wanted = await self._topics.wanted(trees)
        return {
            query: Looked(tuple(leaves(wanted[query])) if query in wanted else (), ())
            for query in distinct
        }

    async def _made(
        self, asked: Sequence[tuple[str, Mapping[Alert, Sequence[int]]]], most: int | None
    ) -> list[Batch]:
        known = await self._hits.papers(
            {no for _, found in asked for nos in found.values() for no in nos}
        )
        looked = await self.looked(alert.query for _, found in asked for alert in found)
        return await asyncio.to_thread(
            lambda: [_batch(name, found, known, looked, most) for name, found in asked]
        )


def _batch(
    name: str,
    found: Mapping[Alert, Sequence[int]],
    known: Mapping[int, Told],
    looked: Mapping[str, Looked],
    most: int | None,
) -> Batch:
    alerts = sorted(found, key=lambda alert: alert.no)
    of: dict[int, list[Alert]] = {}
    for alert in alerts:
        for no in found[alert]:
            of.setdefault(no, []).append(alert)
    order = sorted(of, key=lambda no: (-(known[no].paper.upvotes or 0), no))
    first = alerts[0]
    return Batch(
        id=name,
        channel_id=first.channel_id,
        person_id=first.person_id if first.direct else None,
        alerts=tuple((alert.no, alert.query) for alert in alerts),
        papers=tuple(
            _reported(place, known[no], of[no], looked)
            for place, no in enumerate(order[:most], start=1)
        ),
        total=len(order),
        mention_role=first.mention_role,
    )


def _reported(
    place: int, told: Told, alerts: Sequence[Alert], looked: Mapping[str, Looked]
) -> Reported:
    indexed = Indexed(paper=told.paper, day=told.day, summary=told.summary)
    passage, reason = why(indexed, Match.EXACT, looked[alerts[0].query])
    return Reported(
        entry=_short(entry(told.paper, place, told.paper.upvotes, told.summary)),
        alerts=tuple(alert.no for alert in alerts),
        why=passage,
        reason=reason,
    )


def _short(one: Entry) -> Entry:
    """Return an entry with what an alert shows of it alone: very many may wait at a time."""
    return replace(one, objective=None, method=None, results=None, implications=None)
