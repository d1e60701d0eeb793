"""Alerts, what they send and what they would have sent, nasty and plain, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.alerts import (
    BACKTEST,
    PAPERS_A_MESSAGE,
    Alert,
    Backtest,
    Batch,
    Draft,
    Example,
    Order,
    Reported,
)
from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import State
from bot.domain.searches import Passage
from tests.builders import DAY, NOW, entry
from tests.ui import counts, entries, paper_ids, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAFT = "abcdefgh27"
BATCH = "abcdef012345"
BERLIN = ZoneInfo("Europe/Berlin")
queries = texts.map(lambda text: " ".join(text.split())[:LONGEST_QUERY] or "?")
maybe_texts = st.one_of(st.none(), texts)


def passage_of(text: str) -> Passage:
    """Return a passage in which every other character matched, the worst for its length."""
    return Passage(text=text, matched=tuple((at, at + 1) for at in range(0, len(text), 2)))


passages = st.one_of(st.none(), texts.map(lambda text: passage_of(text[:600])))


@st.composite
def batches(draw: st.DrawFn, most: int = PAPERS_A_MESSAGE) -> Batch:
    """Draw any message that alerts may send: of one alert or of very many."""
    many = draw(st.sampled_from([1, 1, 2, 3, 60]))
    asked = draw(st.lists(queries, min_size=1, max_size=3))
    alerts = tuple((10**17 + no, asked[no % len(asked)]) for no in range(many))
    numbers = [no for no, _ in alerts]
    papers = tuple(
        Reported(
            entry=one,
            alerts=tuple(draw(st.sampled_from([numbers, numbers[:1], numbers[-1:]]))),
            why=draw(passages),
            reason=draw(maybe_texts),
        )
        for one in draw(entries(most))
    )
    return Batch(
        id=BATCH,
        channel_id=5,
        person_id=draw(st.sampled_from([None, 7])),
        alerts=alerts,
        papers=papers,
        total=len(papers) + draw(st.sampled_from([0, 1, 10**6])),
        mention_role=draw(st.sampled_from([None, 2**63 - 1])),
    )


@st.composite
def backtests(draw: st.DrawFn) -> Backtest:
    """Draw any outcome of a look at the last thirty days."""
    days = [DAY - timedelta(days=ago) for ago in range(BACKTEST.days)]
    chosen = sorted(draw(st.sets(st.sampled_from(days), max_size=8)))
    per_day = tuple((day, draw(st.integers(1, 10**6))) for day in chosen)
    papers = sum(number for _, number in per_day)
    examples = draw(st.lists(examples_(), max_size=3)) if papers else []
    return Backtest(
        query=draw(queries),
        since=days[-1],
        papers=papers,
        listed=papers + draw(st.integers(0, 10**6)),
        per_day=per_day,
        examples=tuple(examples),
        shown=draw(st.one_of(st.none(), st.integers(0, papers))),
        quiet=not papers and draw(st.booleans()),
    )


@st.composite
def examples_(draw: st.DrawFn) -> Example:
    """Draw a paper that would have come."""
    title = draw(texts)
    return Example(
        id=draw(paper_ids),
        title=title,
        day=DAY,
        upvotes=draw(counts),
        why=draw(st.one_of(passages, st.just(passage_of(title[:600])))),
        reason=draw(maybe_texts),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Draw any order."""
    there = draw(st.booleans())
    daily = draw(st.booleans())
    return Order(
        query=draw(queries),
        guild_id=1 if there else None,
        channel_id=10**18 if there else None,
        at=time(9) if daily else None,
        zone=BERLIN if daily else None,
        mention_role=10**18 if there and draw(st.booleans()) else None,
        alert_no=draw(st.sampled_from([None, 10**17])),
    )


@st.composite
def alert_lists(draw: st.DrawFn) -> list[Alert]:
    """Draw the alerts of a person, up to as many as one can have."""
    pool = draw(st.lists(queries, min_size=1, max_size=4))
    reasons = draw(st.lists(maybe_texts, min_size=1, max_size=3))
    states = draw(st.lists(st.sampled_from(State), min_size=1, max_size=4))
    many = draw(st.sampled_from([1, 2, 5, 6, 50]))
    return [
        alert(
            10**17 + no,
            query=pool[no % len(pool)],
            state=states[no % len(states)],
            reason=reasons[no % len(reasons)],
            guild_id=None if no % 2 else 1,
            at=time(9) if no % 3 else None,
            zone=BERLIN if no % 3 else None,
            mention_role=None if no % 2 else 10**18,
        )
        for no in range(many)
    ]


def draft(**told: Any) -> Draft:
    """Return a draft of an alert on video diffusion."""
    return Draft(id=DRAFT, person_id=7, order=Order(**{"query": "video diffusion"} | told))


def alert(no: int = 3, **told: Any) -> Alert:
    """Return a person's alert on video diffusion."""
    usual: dict[str, Any] = {
        "no": no, "person_id": 7, "guild_id": None, "channel_id": 5, "query": "video diffusion",
        "since": NOW,
    }  # fmt: skip
    return Alert(**usual | told)


def reported(number: int = 1, *, alerts: Sequence[int] = (3,), **told: Any) -> Reported:
    """Return ``paper(number)`` as an alert brings it."""
    one = entry(number, number, authors=("Ada Lovelace", "Grace Hopper", "Alan Turing"))
    shown = replace(one, tldr=told.pop("tldr", None))
    return Reported(entry=shown, alerts=tuple(alerts), **told)


def batch(*papers: Reported, **told: Any) -> Batch:
    """Return a message of one person's alert."""
    usual: dict[str, Any] = {
        "id": BATCH, "channel_id": 5, "person_id": 7, "alerts": ((3, "video diffusion"),),
        "papers": papers, "total": len(papers),
    }  # fmt: skip
    return Batch(**usual | told)


def backtest(papers: int = 12, **told: Any) -> Backtest:
    """Return a look at the thirty days up to DAY."""
    since = DAY - BACKTEST + timedelta(days=1)
    usual: dict[str, Any] = {
        "query": "video diffusion", "since": since, "papers": papers, "listed": 840,
        "per_day": ((since, papers - 5), (DAY, 5)) if papers else (),
    }  # fmt: skip
    return Backtest(**usual | told)
