"""The form that changes an alert or the draft of one: a modal that keeps no state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.domain.queries import LONGEST_QUERY
from bot.services.alerts import AT_ONCE, DAILY, Wishes
from bot.ui.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.domain.alerts import Alert, Order

QUERY, WHEN, TIME, ZONE = "query", "when", "time", "timezone"
_TIME_LENGTH, _ZONE_LENGTH = 20, 60


def alert_form(custom_id: str, order: Order | Alert) -> ui.Modal:
    """Return the form, filled in with how an order or an alert is now.

    It is marked as finished before it is shown: what is sent is read from the answer itself, so
    that a restart meanwhile loses nothing.
    """
    form = ui.Modal(title="What should come, and when", custom_id=custom_id, timeout=None)
    form.add_item(
        ui.Label(
            text="What to look for",
            description=f"As in /papers; {counted(LONGEST_QUERY, 'character')} at most",
            component=ui.TextInput(
                custom_id=QUERY,
                style=discord.TextStyle.paragraph,
                default=order.query,
                max_length=LONGEST_QUERY,
            ),
        )
    )
    form.add_item(ui.Label(text="When", component=_when_menu(daily=order.at is not None)))
    form.add_item(
        ui.Label(
            text="Time of day",
            description="For daily; like 09:00",
            component=_line(TIME, f"{order.at:%H:%M}" if order.at else None, _TIME_LENGTH),
        )
    )
    form.add_item(
        ui.Label(
            text="Time zone",
            description="For daily; like Europe/Berlin",
            component=_line(ZONE, order.zone.key if order.zone else None, _ZONE_LENGTH),
        )
    )
    form.stop()
    return form


def wishes_of(data: Mapping[str, Any]) -> Wishes:
    """Read what was sent with the form; what was left empty says nothing."""
    told = dict(_told(data.get("components", ())))
    daily = told.get(WHEN) == DAILY
    return Wishes(
        query=told.get(QUERY),
        when="daily" if daily else "at once",
        time=told.get(TIME) if daily else None,
        timezone=told.get(ZONE) if daily else None,
    )


def _told(components: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for label in components:
        field = label.get("component", {})
        said = field.get("value") or next(iter(field.get("values", ())), "")
        if said.strip():
            yield field.get("custom_id", ""), said.strip()


def _when_menu(*, daily: bool) -> ui.Select[ui.Modal]:
    return ui.Select(
        custom_id=WHEN,
        options=[
            discord.SelectOption(label="At once", value=AT_ONCE, default=not daily),
            discord.SelectOption(label="Daily", value=DAILY, default=daily),
        ],
    )


def _line(name: str, default: str | None, length: int) -> ui.TextInput[ui.Modal]:
    return ui.TextInput(custom_id=name, required=False, default=default, max_length=length)
