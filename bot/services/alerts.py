"""What people do with alerts: order, look at what would come, save, change, pause, remove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.domain.alerts import ALERTS_A_PERSON, BACKTEST, DEFAULT_TIME, Order
from bot.domain.queries import Not
from bot.domain.schedules import State, parse_time, parse_zone
from bot.errors import QueryMistake, UserError
from bot.search.analysis import stems
from bot.search.completion import written
from bot.search.parsing import parse
from bot.search.trees import all_of
from bot.search.wording import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.domain.alerts import Alert, Backtest, Batch, Draft
    from bot.domain.papers import ArxivId
    from bot.services.alert_papers import AlertPapers
    from bot.services.backtests import Backtests
    from bot.services.standing import StandingMatcher
    from bot.storage.alert_hits import HitStore
    from bot.storage.alerts import AlertStore
    from bot.storage.papers import PaperStore

AT_ONCE, DAILY = "at once", "daily"
_PROPOSALS = 4
_GONE = "That alert is not there any more, or is somebody else's; /alerts list has yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person typed; None says nothing. ``mention_role`` 0 clears the mention.

    Without ``channel_id`` it goes to the person themself. A ``time`` or ``timezone`` without
    ``when`` wants it daily.
    """

    query: str | None = None
    when: Literal["at once", "daily"] | None = None
    time: str | None = None
    timezone: str | None = None
    guild_id: int | None = None
    channel_id: int | None = None
    mention_role: int | None = None


class Alerts:
    """The alerts of all people."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is done with alerts touches all of these
        self,
        store: AlertStore,
        hits: HitStore,
        matcher: StandingMatcher,
        backtests: Backtests,
        shown: AlertPapers,
        papers: PaperStore,
        default_zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._hits = hits
        self._matcher = matcher
        self._backtests = backtests
        self._shown = shown
        self._papers = papers
        self._default_zone = default_zone

    async def order(self, person_id: int, wishes: Wishes, now: datetime) -> Draft:
        """Keep what a person wants, to be looked at before it is saved.

        Raises:
            QueryMistake: the query does not parse.
            UserError: a wish cannot be read, or the person has all the alerts that one may have.
        """
        if len(await self._store.of(person_id, None)) >= ALERTS_A_PERSON:
            raise UserError(_full())
        blank = Order(query="", guild_id=wishes.guild_id, channel_id=wishes.channel_id)
        return await self._store.keep(person_id, await self._apply(blank, person_id, wishes), now)

    async def edit(self, alert: Alert, person_id: int, wishes: Wishes, now: datetime) -> Draft:
        """Keep how a person wants an alert changed; what is not said stays.

        Raises:
            QueryMistake, UserError: as ``order``.
        """
        before = Order(
            query=alert.query,
            guild_id=alert.guild_id,
            channel_id=None if alert.direct else alert.channel_id,
            at=alert.at,
            zone=alert.zone,
            mention_role=alert.mention_role,
            alert_no=alert.no,
        )
        return await self._store.keep(person_id, await self._apply(before, person_id, wishes), now)

    async def reorder(self, draft: Draft, wishes: Wishes, now: datetime) -> Draft:
        """Keep a draft changed, as a new one.

        Raises:
            QueryMistake, UserError: as ``order``.
        """
        order = await self._apply(draft.order, draft.person_id, wishes)
        return await self._store.keep(draft.person_id, order, now)

    async def draft(self, name: str, person_id: int, now: datetime) -> Draft:
        """Return a person's draft.

        Raises:
            UserError: it is saved, older than thirty days, or somebody else's.
        """
        draft = await self._store.draft(name, now)
        if draft is None:
            raise UserError(
                "That is saved already, or more than thirty days old; /alerts list has what is "
                "saved, and /alerts add begins anew."
            )
        if draft.person_id != person_id:
            raise UserError("That is somebody else's; /alerts add makes one of your own.")
        return draft

    async def backtest(self, query: str, now: datetime, channel_id: int | None = None) -> Backtest:
        """Return what a query would have sent in the last thirty days.

        ``channel_id`` is where that is asked: how much of it its digest showed is said as well.

        Raises:
            QueryMistake: the query does not parse.
        """
        return await self._backtests.of(query, now, channel_id)

    async def save(self, draft: Draft, channel_id: int, now: datetime) -> Alert:
        """Save what a draft orders, to be brought to a channel or to a person's own.

        Raises:
            UserError: it is saved already, the alert is gone, or the person has fifty.
        """
        compiled = await self._matcher.compiled(draft.order.query, now)
        saved = await self._store.save(draft, channel_id, compiled, now, ALERTS_A_PERSON)
        if saved is not None:
            return saved
        if draft.order.alert_no is not None and await self._store.get(draft.order.alert_no) is None:
            raise UserError(_GONE)
        if await self._store.draft(draft.id, now) is not None:
            raise UserError(_full())
        raise UserError("That is saved already; /alerts list has it.")

    async def of_person(self, person_id: int, guild_id: int | None = None) -> list[Alert]:
        """Return a person's alerts, and those of the channels of a server that they manage."""
        return await self._store.of(person_id, guild_id)

    async def get(self, no: int, person_id: int, guild_id: int | None = None) -> Alert:
        """Return an alert of a person, or of a channel of a server that they manage.

        Raises:
            UserError: there is none of theirs with that number.
        """
        alert = await self._store.get(no)
        own = alert is not None and alert.person_id == person_id
        managed = alert is not None and guild_id is not None and alert.guild_id == guild_id
        if alert is None or not (own or managed):
            raise UserError(_GONE)
        return alert

    async def counts(self, alerts: Sequence[Alert], now: datetime) -> dict[int, int]:
        """Return how many papers alerts have found in the last thirty days."""
        return await self._hits.counts([one.no for one in alerts], now - BACKTEST)

    async def pause(self, alert: Alert) -> None:
        """Let an alert rest; what comes meanwhile never does."""
        await self._store.pause(alert.no)

    async def resume(self, alert: Alert, now: datetime, channel_id: int | None = None) -> Alert:
        """Let an alert look at what comes from now on; return it.

        With ``channel_id``, a person's own one that was opened anew, everything goes there that
        goes to that person.

        Raises:
            UserError: it is gone.
        """
        together = [alert]
        if alert.direct and alert.state is State.STOPPED:
            of_person = await self._store.of(alert.person_id, None)
            together = [one for one in of_person if one.direct and one.state is State.STOPPED]
        await self._store.resume(together, now, channel_id)
        resumed = await self._store.get(alert.no)
        if resumed is None:
            raise UserError(_GONE)
        return resumed

    async def remove(self, alert: Alert) -> None:
        """Remove an alert."""
        await self._store.remove(alert.no)

    async def papers_of(self, batch_id: str, channel_id: int) -> Batch | None:
        """Return a message that came to a channel with all its papers, None if it is too old."""
        return await self._shown.whole(batch_id, channel_id)

    async def excluding(self, alert: Alert, paper_id: ArxivId) -> list[str]:
        """Return an alert's query with one more term excluded, for each of a paper's keywords.

        First those that the fewest words of the query have; at most four, each of which parses
        and leaves the paper out.
        """
        paper = (await self._papers.many([paper_id])).get(paper_id)
        if paper is None:
            return []
        tree = parse(alert.query).tree
        asked = set(stems(alert.query))
        told = {" ".join(stems(one)): one for one in paper.ai_keywords}
        unasked = [one for form, one in told.items() if form and not asked.issuperset(form.split())]
        unasked.sort(key=lambda one: len(asked.intersection(stems(one))))
        proposals = []
        for keyword in unasked:
            try:
                excluded = parse(written(keyword)).tree
                proposals.append(parse(spelled(all_of([tree, Not(excluded)]))).text)
            except QueryMistake:  # too long
                continue
        return proposals[:_PROPOSALS]

    async def wake(
        self, guild_id: int, may_post: Callable[[int], bool], now: datetime
    ) -> list[int]:
        """Resume a server's stopped alerts in channels of which ``may_post`` says yes again."""
        channels = [one for one in await self._store.stopped_in(guild_id) if may_post(one)]
        if not channels:
            return []
        stopped = [
            one
            for one in await self._store.of(0, guild_id)
            if one.channel_id in channels and one.state is State.STOPPED
        ]
        await self._store.resume(stopped, now)
        return channels

    async def forget(self, channel_id: int) -> None:
        """Remove the alerts of a channel that is gone."""
        await self._store.remove_of_channel(channel_id)

    async def _apply(self, order: Order, person_id: int, wishes: Wishes) -> Order:
        changes: dict[str, object] = {}
        if wishes.query is not None:
            query = " ".join(wishes.query.split())
            parse(query)
            changes["query"] = query
        if wishes.mention_role is not None:
            changes["mention_role"] = wishes.mention_role or None
        timed = wishes.time is not None or wishes.timezone is not None
        if wishes.when == AT_ONCE:
            changes |= {"at": None, "zone": None}
        elif wishes.when == DAILY or timed:
            changes["at"] = parse_time(wishes.time) if wishes.time else order.at or DEFAULT_TIME
            zone = parse_zone(wishes.timezone) if wishes.timezone else order.zone
            changes["zone"] = zone or await self._zone_of(person_id)
        return replace(order, **changes)  # type: ignore[arg-type]

    async def _zone_of(self, person_id: int) -> ZoneInfo:
        name = await self._store.zone_of(person_id)
        return self._default_zone if name is None else parse_zone(name)


def _full() -> str:
    return (
        f"You have {ALERTS_A_PERSON} alerts, the most that one person can have; remove one with "
        "/alerts remove."
    )
