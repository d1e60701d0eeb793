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
    return _view(line_text(line), "Status", ids.status(key))


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
    """Render what the person who made a schedule is told when it has been stopped.

    ``place`` names the channel and its server: in a direct message a mention may show neither.
    """
    name = f"<#{notice.channel_id}>"
    text = (
        f"### The digest of {escaped(place) if place else name} is stopped\n"
        f"{name}: {escaped(notice.reason)}\n"
        "It goes on by itself once Paperboy may view the channel, send messages there and read "
        "its history.\n-# Nothing is lost: what it misses comes as one edition."
    )
    return _view(text, "Resume", ids.resume(notice.channel_id, notice.key))


def _view(text: str, label: str, custom_id: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(text))
    button: ui.Button[ui.LayoutView] = ui.Button(
        style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id
    )
    view.add_item(ui.ActionRow(button))
    return stateless(view)
