"""What one channel gets on one occasion, and how it is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.domain.papers import closes_at
from bot.domain.schedules import Style

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from bot.domain.papers import ArxivId, DayList, Listed, Paper
    from bot.domain.summaries import Summary

TLDR_LENGTH = 220
"""Characters that the one line of a compact entry may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a channel wants of a day: the papers that pass, and how many of them are shown.

    ``limit`` 0 shows all. With a ``topic`` only the papers in ``matching`` pass: which those are
    is for the search to say, and until it has been asked none does.
    """

    limit: int = 10
    min_upvotes: int = 0
    topic: str | None = None
    matching: frozenset[ArxivId] = frozenset()

    def wants(self, listed: Listed) -> bool:
        """Say whether a listed paper passes."""
        if listed.upvotes < self.min_upvotes:
            return False
        return self.topic is None or listed.paper.id in self.matching


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The undecided papers parted in three, each in the order of ``by_upvotes``."""

    shown: tuple[Listed, ...]
    more: tuple[Listed, ...]
    rest: tuple[Listed, ...]

    @property
    def papers(self) -> tuple[Listed, ...]:
        """Every paper that is decided, whichever way."""
        return (*self.shown, *self.more, *self.rest)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to bring."""
        return not self.shown


def by_upvotes(listed: Iterable[Listed]) -> list[Listed]:
    """Sort most upvoted first; equals keep the list's own rank, then the id decides."""
    return sorted(listed, key=lambda one: (-one.upvotes, one.rank, one.paper.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a channel has had: the papers it was brought, and when it was last decided.

    ``filters`` are what it asked for before, each with the moment until which it did, the
    earliest first.
    """

    brought: frozenset[ArxivId] = frozenset()
    at: datetime | None = None
    filters: tuple[tuple[datetime, Order], ...] = ()

    def order_at(self, moment: datetime, now: Order) -> Order:
        """Return what the channel asked for at a moment; ``now`` is what it asks for today."""
        return next((order for until, order in self.filters if moment < until), now)


def undecided(lists: Iterable[DayList], decided: Decided, order: Order) -> list[Listed]:
    """Return the papers of these lists that are still to be decided for a channel.

    A paper that was once found not to match is looked at again while its day is open. When the
    day has closed that is final, by what the channel asked for at that moment: whoever asks for
    more later does not call back the days before.
    """
    open_still = []
    for day in lists:
        closing = decided.order_at(closes_at(day.day), order)
        open_still += [
            one
            for one in day.listed
            if one.paper.id not in decided.brought
            and (not day.complete or _fresh(one, decided.at) or closing.wants(one))
        ]
    return open_still


def _fresh(one: Listed, decided_at: datetime | None) -> bool:
    return decided_at is None or one.first_seen is None or one.first_seen > decided_at


def choose(papers: Iterable[Listed], order: Order) -> Choice:
    """Part the undecided papers into shown, under browse all, and not matching.

    A paper that stands on two days is taken once, with its higher count.
    """
    fresh: dict[ArxivId, Listed] = {}
    for listed in by_upvotes(papers):
        fresh.setdefault(listed.paper.id, listed)
    matching = [one for one in fresh.values() if order.wants(one)]
    cut = order.limit or len(matching)
    return Choice(
        shown=tuple(matching[:cut]),
        more=tuple(matching[cut:]),
        rest=tuple(one for one in fresh.values() if not order.wants(one)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One paper as an edition shows it: fixed when the edition is planned."""

    id: ArxivId
    place: int
    title: str
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    tldr: str | None = None
    objective: str | None = None
    method: str | None = None
    results: str | None = None
    implications: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """How far a day's list is known: its papers, when it was last read, when it closes."""

    day: date
    papers: int
    read_at: datetime | None
    closes_at: datetime
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the footer accounts for: the papers shown, of how many, and the lists' state.

    ``extracts`` says that summaries are extracts because the day's tokens for a model were spent.
    """

    shown: int
    matching: int
    listed: int
    days: tuple[DayState, ...]
    extracts: bool = False

    @property
    def more(self) -> int:
        """How many papers stand under *browse all* only."""
        return self.matching - self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What one channel gets: the entries to show, and the receipt for the rest."""

    id: str
    channel_id: int
    made_at: datetime
    style: Style = Style.COMPACT
    mention_role: int | None = None
    filter: str | None = None
    entries: tuple[Entry, ...]
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message of an edition: which entries it holds, fixed for ever with the plan."""

    edition_id: str
    channel_id: int
    number: int
    of: int
    style: Style = Style.COMPACT
    mention_role: int | None = None
    filter: str | None = None
    entries: tuple[Entry, ...]
    receipt: Receipt = field(repr=False)

    @property
    def first(self) -> bool:
        """Whether the edition's header stands in this part."""
        return self.number == 1

    @property
    def last(self) -> bool:
        """Whether the receipt stands in this part."""
        return self.number == self.of


def entry(paper: Paper, place: int, upvotes: int | None, summary: Summary | None) -> Entry:
    """Return what an edition shows of a paper."""
    bare = Entry(
        id=paper.id,
        place=place,
        title=paper.title,
        authors=tuple(author.name for author in paper.authors),
        upvotes=upvotes,
    )
    return bare if summary is None else replace(bare, **dict(summary.parts()))  # type: ignore[arg-type]


def shortened(text: str, length: int = TLDR_LENGTH) -> str:
    """Cut a text past ``length`` characters at a word, with ``…``."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    head, _, tail = cut.rpartition(" ")
    # A "word" longer than a third of the line (a URL, Chinese without spaces) is cut inside.
    kept = head if head and len(tail) <= length // 3 else cut
    return kept.rstrip(" ,;:–-") + "…"  # noqa: RUF001
