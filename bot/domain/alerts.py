"""Alerts: a person's or a channel's standing query, what it would have sent, and what it sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot.domain.schedules import EVERY_DAY, State, next_run

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from bot.domain.editions import Entry
    from bot.domain.searches import Passage

ALERTS_A_PERSON = 50
ALERTS_A_SERVER = 500
"""In the channels of one server, whoever made them."""

PAPERS_A_MESSAGE = 10
"""Papers that one message of an alert shows; the others are opened by its button."""

BACKTEST = timedelta(days=30)
"""How far back it is looked what an alert would have sent."""

SILENCE = timedelta(days=90)
"""An alert that would have sent nothing for so long is warned of."""

FLOOD_A_DAY = 10
"""Papers a day beyond which an alert is warned of."""

DEFAULT_TIME = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants an alert to be: a query, where it goes, and when.

    ``guild_id`` and ``channel_id`` are None where it goes to the person themself. ``at`` and
    ``zone`` are None where papers come at once; ``names_zone`` says that the person named that
    zone. ``alert_no`` is the alert that this would change, and ``was`` how it stood then.
    """

    query: str
    guild_id: int | None = None
    channel_id: int | None = None
    at: time | None = None
    zone: ZoneInfo | None = None
    mention_role: int | None = None
    alert_no: int | None = None
    was: str | None = None
    names_zone: bool = False


def standing(alert: Alert) -> str:
    """Return what tells how an alert stands from how it stood before it was changed."""
    zone = None if alert.zone is None else alert.zone.key
    return repr((alert.query, alert.at, zone, alert.mention_role))


def following(one: Order | Alert, now: datetime) -> datetime | None:
    """Return when the papers of an alert come next, in UTC; None where that is at once."""
    if one.at is None or one.zone is None:
        return None
    return next_run(one.at, one.zone, EVERY_DAY, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order that is not saved yet, under a short id, and the person who may save it."""

    id: str
    person_id: int
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A saved order.

    ``channel_id`` is the channel, or the person's own with the bot; ``guild_id`` is None for that
    one. Papers that were first listed after ``since`` are looked at. ``reason`` says what stopped
    it.
    """

    no: int
    person_id: int
    guild_id: int | None
    channel_id: int
    query: str
    at: time | None = None
    zone: ZoneInfo | None = None
    mention_role: int | None = None
    state: State = State.ACTIVE
    reason: str | None = None
    since: datetime
    next_run: datetime | None = None

    @property
    def direct(self) -> bool:
        """Whether it goes to the person themself."""
        return self.guild_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A paper that an alert would have sent: the day of its list, and where the words stand."""

    id: str
    title: str
    day: date
    upvotes: int | None
    why: Passage | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a query would have sent in the last 30 days.

    ``per_day`` counts them by the day of their list, days without any left out. ``examples`` are
    the newest three. ``shown`` is how many of them a channel's digest has shown anyway, None where
    it has no digest. ``since`` is the first day looked at, and ``listed`` how many papers there
    were. ``quiet`` says that there was nothing in ninety days either.
    """

    query: str
    since: date
    papers: int
    listed: int
    per_day: tuple[tuple[date, int], ...] = ()
    examples: tuple[Example, ...] = ()
    shown: int | None = None
    quiet: bool = False

    @property
    def a_day(self) -> float:
        """How many papers a day come on average, weekends included."""
        return self.papers / BACKTEST.days

    @property
    def floods(self) -> bool:
        """Whether it would be more than anybody reads: on an average day, or on a usual list's."""
        lists = len(self.per_day)
        return self.papers > FLOOD_A_DAY * BACKTEST.days or (
            lists > 0 and self.papers / lists > FLOOD_A_DAY
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One paper of a message: what is shown of it, by which alerts it came, and why."""

    entry: Entry
    alerts: tuple[int, ...]
    why: Passage | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One message of alerts: what came in one collection, or for one day; fixed with the plan.

    ``alerts`` are the numbers and queries that its papers matched; ``total`` counts all its papers,
    of which ``papers`` shows the first. ``person_id`` is set where the channel is a person's own.
    """

    id: str
    channel_id: int
    person_id: int | None
    alerts: tuple[tuple[int, str], ...]
    papers: tuple[Reported, ...]
    total: int
    mention_role: int | None = None

    @property
    def more(self) -> int:
        """How many papers its button opens that it does not show."""
        return self.total - len(self.papers)


def batch_key(batch_id: str) -> str:
    """Return the key of a batch's message, at most 25 characters."""
    return f"a.{batch_id}"
