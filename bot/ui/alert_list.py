"""A person's alerts, in pages, and one of them with what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.alerts import ALERTS_A_PERSON
from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import State
from bot.ui import ids, limits
from bot.ui.alert_words import found_line, state_line, when_and_where
from bot.ui.digest import ACCENT, stateless
from bot.ui.lines import button_row
from bot.ui.pages import turning_row
from bot.ui.text import plain, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.alerts import Alert

ALERTS_A_PAGE = 5
_LENGTHS = ((LONGEST_QUERY, 200), (130, 130))
"""Characters of a query and of a reason; the first that fit a message are taken."""


def list_view(
    alerts: Sequence[Alert], counts: Mapping[int, int], page: int, now: datetime
) -> ui.LayoutView:
    """Render one page of a person's alerts, with a menu that opens one of them.

    Raises:
        ValueError: there are none.
    """
    if not alerts:
        raise ValueError("a list of alerts has at least one")
    pages = -(-len(alerts) // ALERTS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    some = alerts[page * ALERTS_A_PAGE :][:ALERTS_A_PAGE]
    head = f"## Your alerts\n-# {len(alerts)} of {ALERTS_A_PERSON}"
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(head))
    box.add_item(ui.Separator())
    for alert, text in zip(some, _texts(some, counts, now, head), strict=True):
        box.add_item(ui.TextDisplay(text))
        if alert.state is State.STOPPED:
            box.add_item(button_row(("Resume", ids.wake(alert.no))))
    box.add_item(ui.Separator())
    box.add_item(_pick_menu(some, page))
    if pages > 1:
        box.add_item(turning_row(page, pages, ids.alerts))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def alert_view(alert: Alert, papers: int, now: datetime) -> ui.LayoutView:
    """Render one alert with Edit, Pause or Resume, Test and Remove."""
    rests = alert.state is not State.ACTIVE
    text = _text(alert, papers, now, *_LENGTHS[0])
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    view.add_item(
        button_row(
            ("Edit", ids.of_alert("edit", alert.no)),
            ("Resume", ids.wake(alert.no)) if rests else ("Pause", ids.of_alert("pause", alert.no)),
            ("Test", ids.of_alert("test", alert.no)),
            ("Remove", ids.of_alert("remove", alert.no)),
        )
    )
    return stateless(view)


def _texts(
    alerts: Sequence[Alert], counts: Mapping[int, int], now: datetime, beside: str
) -> list[str]:
    room = limits.TEXT - limits.text_length(beside)
    weight = limits.TEXT_BYTES - limits.text_bytes(beside)
    usual, least = _LENGTHS
    texts = [_text(one, counts.get(one.no, 0), now, *usual) for one in alerts]
    whole = "".join(texts)
    if limits.text_length(whole) <= room and limits.text_bytes(whole) <= weight:
        return texts
    return [_text(one, counts.get(one.no, 0), now, *least) for one in alerts]


def _text(alert: Alert, papers: int, now: datetime, query: int, reason: int) -> str:
    lines = [
        f"**{alert.no}**  {quoted(alert.query, query)}",
        f"{when_and_where(alert, now)} · {found_line(papers)}",
    ]
    if (state := state_line(alert, reason)) is not None:
        lines.append(state)
    return "\n".join(lines)


def _pick_menu(alerts: Sequence[Alert], page: int) -> ui.ActionRow[ui.LayoutView]:
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.pick(page),
        placeholder="Edit, pause, test or remove one…",
        options=[
            discord.SelectOption(
                label=plain(f"{one.no}. {one.query}", limits.OPTION_LABEL), value=str(one.no)
            )
            for one in alerts
        ],
    )
    return ui.ActionRow(menu)
