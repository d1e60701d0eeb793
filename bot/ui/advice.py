"""What to try where nothing matches: as sentences to type from, and as buttons that do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.searches import MOST_COUNTED
from bot.ui import ids, limits
from bot.ui.text import counted, plain, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.searches import Advice

_TOPICS = limits.BUTTONS_A_ROW - 1  # the last button is for the query without its rarest term
_TOPIC_LENGTH = 60
_QUERY_LENGTH = 200


def offered(advice: Advice) -> tuple[str, ...]:
    """Return the queries that the buttons run, each once, in their order."""
    shorter = [advice.without] if advice.without and advice.finds else []
    return tuple(dict.fromkeys([*shorter, *advice.topics[:_TOPICS]]))


def advice_text(advice: Advice) -> str:
    """Say what was understood, what finds something, and which known topics are nearest."""
    lines = [f"I understood: {shown(advice.understood, _QUERY_LENGTH)}"]
    if advice.without and advice.finds:
        less = f" without “{shown(advice.rarest, _TOPIC_LENGTH)}”" if advice.rarest else ""
        finds = counted(advice.finds, "paper", most=MOST_COUNTED)
        lines.append(f"{finds}{less}: **{shown(advice.without, _QUERY_LENGTH)}**")
    if advice.topics:
        names = [f"**{shown(one, _TOPIC_LENGTH)}**" for one in advice.topics[:_TOPICS]]
        lines.append(f"Nearest topics: {' · '.join(names)}")
    return "\n".join(lines)


def advice_row(advice: Advice, runs: Mapping[str, str]) -> ui.ActionRow[ui.LayoutView] | None:
    """Return the buttons that run what is offered, None without any; ``runs`` has their ids."""
    buttons: dict[str, ui.Button[ui.LayoutView]] = {}
    for query in offered(advice):
        text = f"Without “{advice.rarest}”" if query == advice.without and advice.rarest else query
        custom_id = ids.run(runs[query])
        buttons[custom_id] = ui.Button(
            style=discord.ButtonStyle.secondary,
            label=plain(text.strip('"'), limits.BUTTON_LABEL),
            custom_id=custom_id,
        )
    return ui.ActionRow(*buttons.values()) if buttons else None
