"""Which papers of the daily lists match what schedules ask for: found once a round and topic."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.papers import ArxivId, closes_at

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
    from datetime import date, datetime

    from bot.domain.editions import Order
    from bot.domain.papers import DayList
    from bot.domain.summaries import Summary
    from bot.services.recent import Recent
    from bot.services.summarize import Summaries
    from bot.services.topics import Topics
    from bot.storage.days import DayStore
    from bot.storage.filters import FilterStore

log = logging.getLogger(__name__)

_BATCH = 100  # topics kept in one transaction


class Matches:
    """Asks the search about the papers of whole days, and keeps what it said of closed ones."""

    def __init__(
        self, topics: Topics, summaries: Summaries, days: DayStore, filters: FilterStore
    ) -> None:
        self._topics = topics
        self._summaries = summaries
        self._days = days
        self._filters = filters

    async def order(
        self, asked: Order, lists: Collection[DayList], recent: Recent, now: datetime
    ) -> Order:
        """Return what was asked for, with the papers of these lists that match its topic."""
        if asked.topic is None:
            return asked
        return replace(asked, matching=await self.of(asked.topic, lists, recent, now))

    async def of(
        self, topic: str, lists: Collection[DayList], recent: Recent, now: datetime
    ) -> frozenset[ArxivId]:
        """Return the papers of these lists that match a topic.

        Those of an open day by what is known of them now, those of a closed one by what was known
        when it was last read.
        """
        found = recent.matches.setdefault(topic, {})
        if fresh := [one for one in lists if one.day not in found]:
            kept = await self._filters.kept(topic, [one for one in fresh if one.complete])
            unkept = [one for one in fresh if one.day not in kept]
            matching = await self._matching(topic, unkept, recent.summaries, now)
            found |= kept | {one.day: matching for one in unkept}
        return frozenset[ArxivId]().union(*(found[one.day] for one in lists))

    async def of_each(
        self, topics: Iterable[str], lists: Collection[DayList], recent: Recent, now: datetime
    ) -> dict[str, frozenset[ArxivId]]:
        """Return the papers of these lists by the topic that they match.

        A topic that cannot be matched is left out, and logged.
        """

        async def find(topic: str) -> frozenset[ArxivId]:
            return await self.of(topic, lists, recent, now)

        return await _each(topics, find)

    async def close(self, read: Sequence[date], now: datetime) -> None:
        """Keep what each topic matches of the days that were read after they closed.

        What comes to be known of their papers later changes no decision. The days before need no
        keeping: they are open, and matched anew each time.
        """
        closed = [day for day in read if closes_at(day) <= now]
        if not closed or not (topics := await self._filters.topics(closes_at(min(closed)))):
            return
        known = await self._days.days_between(min(closed), max(closed))
        lists = [known[day] for day in closed if day in known and known[day].complete]
        summaries: dict[ArxivId, Summary] = {}

        async def find(topic: str) -> frozenset[ArxivId]:
            return await self._matching(topic, lists, summaries, now)

        for start in range(0, len(topics), _BATCH):
            await self._filters.keep(await _each(topics[start : start + _BATCH], find), lists)

    async def forget(self, before: datetime) -> None:
        """Forget what was asked for, and matched, until a moment."""
        await self._filters.forget(before)

    async def _matching(
        self,
        topic: str,
        lists: Collection[DayList],
        summaries: dict[ArxivId, Summary],
        now: datetime,
    ) -> frozenset[ArxivId]:
        """Ask the search; ``summaries`` is filled up with those that are missing."""
        papers = {one.paper.id: one.paper for day in lists for one in day.listed}
        if not papers:
            return frozenset()
        if missing := [one for one in papers if one not in summaries]:
            summaries |= await self._summaries.ensure(missing, now)
        told = [(paper, summaries.get(one)) for one, paper in papers.items()]
        return await self._topics.matching(topic, told)


async def _each(
    topics: Iterable[str], find: Callable[[str], Awaitable[frozenset[ArxivId]]]
) -> dict[str, frozenset[ArxivId]]:
    """Find what each topic matches; one that fails keeps the channels of no other waiting."""
    found: dict[str, frozenset[ArxivId]] = {}
    for topic in topics:
        [result] = await asyncio.gather(find(topic), return_exceptions=True)
        if isinstance(result, BaseException):
            log.error("The topic %r cannot be matched", topic, exc_info=result)
        else:
            found[topic] = result
    return found
