"""A titled list of sections, some with buttons, in as many messages as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import ui

from bot.domain.editions import shortened
from bot.ui import limits
from bot.ui.digest import ACCENT, stateless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SECTIONS = 15
_COMPONENTS = limits.COMPONENTS - 4
_SECTIONS_ROOM = limits.TEXT - 300  # beside the title


@dataclass(frozen=True, slots=True)
class Actions:
    """A section with buttons below it, each a label and a custom id."""

    text: str
    buttons: tuple[tuple[str, str], ...]


Section: TypeAlias = str | Actions


def panels(title: str, sections: Sequence[Section]) -> list[ui.LayoutView]:
    """Render a titled list of sections, in as many messages as it takes; none is cut."""
    pages: list[list[Section]] = [[]]
    room, left = _SECTIONS_ROOM, _COMPONENTS
    for section in (piece for whole in sections for piece in _pieces(whole)):
        room -= limits.text_length(_text(section))
        left -= _components(section)
        if pages[-1] and (room < 0 or left < 0 or len(pages[-1]) == _SECTIONS):
            pages.append([])
            room = _SECTIONS_ROOM - limits.text_length(_text(section))
            left = _COMPONENTS - _components(section)
        pages[-1].append(section)
    return [
        _panel(title if len(pages) == 1 else f"{title} · {number} of {len(pages)}", page)
        for number, page in enumerate(pages, start=1)
    ]


def _text(section: Section) -> str:
    return section if isinstance(section, str) else section.text


def _components(section: Section) -> int:
    return 2 if isinstance(section, str) else 3 + len(section.buttons)


def _pieces(section: Section) -> Iterator[Section]:
    """Cut a section between its lines where it is more than one message holds."""
    if isinstance(section, Actions):
        *before, last = _pieces(section.text)
        yield from before
        yield Actions(_text(last), section.buttons)
        return
    kept: list[str] = []
    for line in section.split("\n"):
        fitting = shortened(line, _SECTIONS_ROOM // 2)
        if kept and limits.text_length("\n".join([*kept, fitting])) > _SECTIONS_ROOM:
            yield "\n".join(kept)
            kept = []
        kept.append(fitting)
    yield "\n".join(kept)


def _panel(title: str, sections: Sequence[Section]) -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(f"## {title}"))
    box.add_item(ui.Separator())
    for number, section in enumerate(sections):
        if number:
            box.add_item(ui.Separator(visible=False))
        box.add_item(ui.TextDisplay(_text(section)))
        if isinstance(section, Actions):
            box.add_item(_row(section))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def _row(section: Actions) -> ui.ActionRow[ui.LayoutView]:
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id)
        for label, custom_id in section.buttons
    ]
    return ui.ActionRow(*buttons)
