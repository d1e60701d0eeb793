"""The short messages of the ledger: the quiet line for an edition, and the notice to a person."""

from __future__ import annotations

import discord
from discord import ui

from bot.domain.deliveries import Line, Notice, Silence, edition_key
from bot.ui import ids
from bot.ui.digest import stateless
from bot.ui.text import escaped, timestamp


def line_view(line: Line) -> ui.LayoutView:
    """Render a quiet line; the delivery's key stands in its button's custom id."""
    key = edition_key(line.edition_id, 1)
    return note_view(line_text(line), ("Status", ids.status(key)))


def line_text(line: Line) -> str:
    """Say why no edition stands here."""
    if line.silence is Silence.NOTHING:
        return "-# The daily papers can be read again. There was nothing new for this channel."
    last = f" (last read {timestamp(line.since, 'R')})" if line.since else ""
    return (
        f"-# The daily papers cannot be read right now{last}. "
        "This line becomes the digest as soon as they can."
    )


def notice_view(notice: Notice, place: str | None = None) -> ui.LayoutView:
    """Render what the person who made a schedule or alerts is told when they have been stopped.

    ``place`` names the channel and its server: in a direct message a mention may show neither.
    """
    name = f"<#{notice.channel_id}>"
    if notice.alert_no is not None:
        text = (
            f"### Your alerts in {escaped(place) if place else name} are stopped\n"
            f"{name}: {escaped(notice.reason)}\n"
            "They go on by themselves once Paperboy may view the channel, send messages there "
            "and read its history.\n-# Papers that come meanwhile are not kept for them."
        )
        return note_view(text, ("Resume", ids.wake(notice.alert_no, notice.key)))
    text = (
        f"### The digest of {escaped(place) if place else name} is stopped\n"
        f"{name}: {escaped(notice.reason)}\n"
        "It goes on by itself once Paperboy may view the channel, send messages there and read "
        "its history.\n-# Nothing is lost: what it misses comes as one edition."
    )
    return note_view(text, ("Resume", ids.resume(notice.channel_id, notice.key)))


def note_view(text: str, *buttons: tuple[str, str]) -> ui.LayoutView:
    """Render a text and, below it, at most five buttons: each a label and a custom id."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    if buttons:
        view.add_item(button_row(*buttons))
    return stateless(view)


def button_row(*buttons: tuple[str, str]) -> ui.ActionRow[ui.LayoutView]:
    """Return at most five quiet buttons in a row: each a label and a custom id."""
    made: list[ui.Button[ui.LayoutView]] = [
        ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id)
        for label, custom_id in buttons
    ]
    return ui.ActionRow(*made)
