"""What an alert would have sent, shown before it is saved: pure, and within Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.alerts import BACKTEST, FLOOD_A_DAY, SILENCE
from bot.domain.queries import LONGEST_QUERY
from bot.ui import ids, limits
from bot.ui.alert_words import when_and_where
from bot.ui.digest import ACCENT, stateless
from bot.ui.text import counted, plain, quoted, short_date
from bot.ui.told import Told, told_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.domain.alerts import Alert, Backtest, Draft, Example

_WEEK = 7
_FLOOD = (
    f"⚠️ **More than {FLOOD_A_DAY} a day**: hardly anybody reads so many. Add a word, put a "
    "phrase in quotes, hold a word to a field (`title:word`), or exclude one (`-word`)."
)
_QUIET = (
    f"⚠️ **Nothing in {SILENCE.days} days**. Try fewer words, `OR` between two of them, or the "
    "beginning of a word (`quant*`). Saved as it is, it waits for the first."
)


def draft_view(
    draft: Draft, test: Backtest, now: datetime, others: Sequence[Draft] = ()
) -> ui.LayoutView:
    """Show what a draft would bring, with Save, Change and Cancel.

    ``others`` are the drafts among which this one was proposed, itself too: a menu shows another.
    """
    order = draft.order
    about = "Alert on" if order.alert_no is None else f"Alert {order.alert_no} changed to"
    title = f"### {about} {quoted(order.query, LONGEST_QUERY)}"
    lines = [title, when_and_where(order, now)]
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    if len(others) > 1:
        rows.append(_others_menu(draft, others))
    rows.append(_decision(draft))
    return _view(lines, test, order.channel_id, rows)


def alert_test_view(alert: Alert, test: Backtest, now: datetime) -> ui.LayoutView:
    """Show what a saved alert would have brought."""
    title = f"### Alert {alert.no} on {quoted(alert.query, LONGEST_QUERY)}"
    channel_id = None if alert.direct else alert.channel_id
    return _view([title, when_and_where(alert, now)], test, channel_id, [])


def _view(
    head: Sequence[str],
    test: Backtest,
    channel_id: int | None,
    rows: Sequence[ui.ActionRow[ui.LayoutView]],
) -> ui.LayoutView:
    said = "\n".join([*head, "", *_figures(test, channel_id)])
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(said))
    if test.examples:
        newest = "-# The newest of them:" if test.papers > len(test.examples) else "-# They are:"
        papers = [_told(place, one) for place, one in enumerate(test.examples, start=1)]
        box.add_item(ui.Separator())
        for text in [newest, *told_texts(papers, said + newest)]:
            box.add_item(ui.TextDisplay(text))
    if rows:
        box.add_item(ui.Separator())
    for row in rows:
        box.add_item(row)
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def _figures(test: Backtest, channel_id: int | None) -> Iterator[str]:
    """Say how many papers would have come, when, and what is to be thought of it."""
    days = f"the last {BACKTEST.days} days"
    if not test.papers:
        listed = counted(test.listed, "paper")
        yield f"**Nothing** of the {listed} listed in {days} would have come."
        if test.quiet:
            yield _QUIET
        else:
            yield f"-# There was something in the {(SILENCE - BACKTEST).days} days before."
        return
    papers = counted(test.papers, "paper")
    yield f"**{papers}** of the {test.listed:,} listed in {days} would have come: {_rate(test)}."
    yield f"-# {' · '.join(_course(test))}"
    if test.shown is not None:
        whose = "this channel's digest" if channel_id is None else f"the digest of <#{channel_id}>"
        stood = f"{test.shown:,} of them" if test.shown else "None of them"
        yield f"{stood} stood in {whose} anyway."
    if test.floods:
        yield _FLOOD


def _rate(test: Backtest) -> str:
    """Say how often papers come: so many a day, or one in so many days."""
    if test.a_day >= 1:
        return f"about {f'{test.a_day:,.1f}'.removesuffix('.0')} a day"
    between = round(1 / test.a_day)
    return f"about one in {counted(between, 'day')}" if between > 1 else "about one a day"


def _course(test: Backtest) -> Iterator[str]:
    """Say how they were spread, in figures: a row of bars says nothing to whoever listens."""
    weeks = [0] * (-(-BACKTEST.days // _WEEK))
    for day, papers in test.per_day:
        weeks[min(max((day - test.since).days // _WEEK, 0), len(weeks) - 1)] += papers
    yield f"week by week from {short_date(test.since)}: {', '.join(f'{one:,}' for one in weeks)}"
    busiest, most = max(test.per_day, key=lambda one: (one[1], one[0]))
    if most > 1:
        yield f"most on {short_date(busiest)}: {most:,}"


def _told(place: int, one: Example) -> Told:
    facts = [short_date(one.day)]
    if one.upvotes is not None:
        facts.append(f"▲\u00a0{one.upvotes:,}")
    return Told(
        place=place,
        id=one.id,
        title=one.title,
        facts=tuple(facts),
        why=one.why,
        reason=one.reason,
    )


def _decision(draft: Draft) -> ui.ActionRow[ui.LayoutView]:
    def button(word: str, style: discord.ButtonStyle) -> ui.Button[ui.LayoutView]:
        return ui.Button(label=word.title(), style=style, custom_id=ids.of_draft(word, draft.id))

    return ui.ActionRow(
        button("save", discord.ButtonStyle.primary),
        button("change", discord.ButtonStyle.secondary),
        button("cancel", discord.ButtonStyle.secondary),
    )


def _others_menu(draft: Draft, others: Sequence[Draft]) -> ui.ActionRow[ui.LayoutView]:
    """Offer the other proposals by what tells them apart: the terms that they exclude."""
    start = _shared([one.order.query for one in others])
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.others([one.id for one in others]),
        placeholder="Exclude something else…",
        options=[
            discord.SelectOption(
                label=plain(one.order.query[start:], limits.OPTION_LABEL),
                value=one.id,
                default=one.id == draft.id,
            )
            for one in others
        ],
    )
    return ui.ActionRow(menu)


def _shared(queries: Sequence[str]) -> int:
    """Return how much of their beginnings queries share, up to a term that is excluded."""
    first, last = min(queries), max(queries)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return max(first.rfind(" -", 0, same + 1), first.rfind(" NOT ", 0, same + 1), -1) + 1
