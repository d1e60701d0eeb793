"""What /privacy says: what is stored of a person, what goes, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.ui import ids
from bot.ui.digest import stateless
from bot.ui.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.people import Holdings

NOTHING = "Paperboy stores nothing of you."


def export_note(holdings: Holdings) -> str:
    """Say in a sentence what the file is that stands below."""
    parts = [*_personal(holdings), *_shared(holdings)]
    if not parts:
        return f"{NOTHING} The file says the same."
    return f"This file is all that Paperboy stores of you: {_listed(parts)}."


def erase_view(holdings: Holdings, person_id: int) -> ui.LayoutView:
    """Say what goes and what stays, above the button with which this person erases it."""
    lines = ["### Erase what is stored of you?"]
    if holdings.personal:
        lines.append(f"**Goes for good:** {_listed(_personal(holdings))}.")
        if holdings.unsent:
            lines.append(f"-# {counted(holdings.unsent, 'message')} will not come any more.")
    if holdings.shared:
        lines.append(f"**Stays without you:** {_listed(_shared(holdings))}.")
        lines.append(
            "-# It belongs to its server, whose managers can end it. You are no longer named as "
            "who made it, nor told when it stops."
        )
    lines.append("-# /privacy export gives you all of it first. Messages in Discord stay there.")
    view = _said("\n".join(lines))
    button: ui.Button[ui.LayoutView] = ui.Button(
        style=discord.ButtonStyle.danger, label="Erase", custom_id=ids.erase(person_id)
    )
    view.add_item(ui.ActionRow(button))
    return stateless(view)


def nothing_view() -> ui.LayoutView:
    """Say that there is nothing to erase."""
    return stateless(_said(f"{NOTHING} There is nothing to erase."))


def erased_view(holdings: Holdings) -> ui.LayoutView:
    """Say what was erased, and what stays without the person."""
    if not (holdings.personal or holdings.shared):
        return nothing_view()
    lines = []
    if holdings.personal:
        lines.append(f"Erased: {_listed(_personal(holdings))}.")
    if holdings.shared:
        lines.append(f"No longer yours: {_listed(_shared(holdings))}.")
    lines.append("Paperboy now stores nothing of you.")
    return stateless(_said("\n".join(lines)))


def _said(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    return view


def _personal(holdings: Holdings) -> list[str]:
    """Say what is a person's own, part by part."""
    parts = []
    if holdings.alerts:
        alerts = counted(holdings.alerts, "alert")
        papers = counted(holdings.papers, "paper")
        parts.append(f"{alerts} of your own with {papers} found")
    if holdings.drafts:
        parts.append(f"{counted(holdings.drafts, 'alert')} that you have not saved")
    if holdings.zones:
        parts.append("your time zone")
    if holdings.messages:
        parts.append(f"the record of {counted(holdings.messages, 'message')} to you")
    return parts


def _shared(holdings: Holdings) -> list[str]:
    """Say what a person made for servers, part by part."""
    parts = []
    if holdings.channel_alerts:
        parts.append(f"{counted(holdings.channel_alerts, 'alert')} that you made for channels")
    if holdings.schedules:
        parts.append(f"{counted(holdings.schedules, 'digest')} that you scheduled")
    return parts


def _listed(parts: Sequence[str]) -> str:
    """Join parts as a sentence does: with commas, and an "and" before the last."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last
