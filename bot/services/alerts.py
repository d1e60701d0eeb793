"""What people do with alerts: order, look at what would come, save, change, pause, remove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.domain.alerts import (
    ALERTS_A_PERSON,
    ALERTS_A_SERVER,
    BACKTEST,
    DEFAULT_TIME,
    Order,
    standing,
)
from bot.domain.schedules import State, parse_time, parse_zone
from bot.errors import UserError
from bot.search.excluding import excluding
from bot.search.parsing import parse

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
    from bot.storage.alert_stops import AlertStops
    from bot.storage.alerts import AlertStore
    from bot.storage.papers import PaperStore

AT_ONCE, DAILY = "at once", "daily"
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
        stops: AlertStops,
        backtests: Backtests,
        shown: AlertPapers,
        papers: PaperStore,
        default_zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._hits = hits
        self._matcher = matcher
        self._stops = stops
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
        blank = Order(query="", guild_id=wishes.guild_id, channel_id=wishes.channel_id)
        await self.check_room(person_id, blank)
        return await self._store.keep(person_id, await self._apply(blank, person_id, wishes), now)

    async def check_room(self, person_id: int, order: Order) -> None:
        """Refuse an order for one alert more than a person, or a server, may have.

        Raises:
            UserError: says which.
        """
        if order.alert_no is not None:
            return
        own, there = await self._store.count(person_id, order.guild_id)
        if own >= ALERTS_A_PERSON:
            raise UserError(
                f"You have {ALERTS_A_PERSON} alerts, the most that one person can have; remove "
                "one with /alerts remove."
            )
        if there >= ALERTS_A_SERVER:
            raise UserError(
                f"This server's channels have {ALERTS_A_SERVER} alerts, the most there can be; "
                "remove one with /alerts remove."
            )

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
            was=standing(alert),
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
            UserError: it is saved already, the alert is gone or was changed meanwhile, or there
                are as many as there may be.
        """
        order = draft.order
        compiled = await self._matcher.compiled(order.query, now)
        saved = await self._store.save(draft, channel_id, compiled, now)
        if saved is not None:
            return saved
        await self.check_room(draft.person_id, order)
        if order.alert_no is not None:
            alert = await self._store.get(order.alert_no)
            if alert is None:
                raise UserError(_GONE)
            if standing(alert) != order.was:
                raise UserError(
                    f"Alert {alert.no} was changed meanwhile; open it again with /alerts edit."
                )
        raise UserError("That is saved already; /alerts list has it.")

    async def cancel(self, draft: Draft) -> None:
        """Take a draft away."""
        await self._store.drop(draft.id)

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

    async def resume(
        self, alert: Alert, now: datetime, channel_id: int | None = None
    ) -> list[Alert]:
        """Let an alert look at what comes from now on; return it, and those that resume with it.

        Where it was stopped, so were all that go to the same place: they go on together. With
        ``channel_id``, a person's own one that was opened anew, they go there.

        Raises:
            UserError: it is gone.
        """
        together = [alert]
        if alert.state is State.STOPPED:
            near = await self._store.of(alert.person_id, alert.guild_id)
            together += [
                one
                for one in near
                if one.state is State.STOPPED
                and one.no != alert.no
                and (one.direct if alert.direct else one.channel_id == alert.channel_id)
            ]
        await self._store.resume(together, now, channel_id)
        resumed = [await self._store.get(one.no) for one in together]
        if resumed[0] is None:
            raise UserError(_GONE)
        return [one for one in resumed if one is not None]

    async def remove(self, alert: Alert) -> None:
        """Remove an alert."""
        await self._store.remove(alert.no)

    async def papers_of(self, batch_id: str, channel_id: int) -> Batch | None:
        """Return a message that came to a channel with all its papers, None if it is too old."""
        return await self._shown.whole(batch_id, channel_id)

    async def excluding(self, alert: Alert, paper_id: ArxivId) -> list[str]:
        """Return an alert's query with a term more excluded, for keywords of a paper; four at most.

        None where the paper is not stored.
        """
        paper = (await self._papers.many([paper_id])).get(paper_id)
        return [] if paper is None else excluding(alert.query, paper.ai_keywords)

    async def wake(
        self, guild_id: int, may_post: Callable[[int], bool], now: datetime
    ) -> list[int]:
        """Resume a server's stopped alerts in channels of which ``may_post`` says yes again."""
        stopped = await self._store.stopped_in(guild_id)
        channels = [one for one in {alert.channel_id for alert in stopped} if may_post(one)]
        if channels:
            await self._store.resume([one for one in stopped if one.channel_id in channels], now)
        return channels

    async def lose(self, channel_id: int, now: datetime) -> None:
        """Stop the alerts of a channel that is gone, and say so to who made them."""
        if await self._store.any_in(channel_id):
            await self._stops.stop(channel_id, "The channel is gone.", now)

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
            if timed and order.at is None:
                raise UserError("At once has no time; choose daily, or leave the time out.")
            changes |= {"at": None, "zone": None}
        elif wishes.when == DAILY or timed:
            changes["at"] = parse_time(wishes.time) if wishes.time else order.at or DEFAULT_TIME
            zone = parse_zone(wishes.timezone) if wishes.timezone else order.zone
            changes["zone"] = zone or await self._zone_of(person_id)
            changes["names_zone"] = order.names_zone or bool(wishes.timezone)
        return replace(order, **changes)  # type: ignore[arg-type]

    async def _zone_of(self, person_id: int) -> ZoneInfo:
        name = await self._store.zone_of(person_id)
        return self._default_zone if name is None else parse_zone(name)
