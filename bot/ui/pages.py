"""A list that its reader turns the pages of: a day's papers, or all of an edition's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.editions import entry
from bot.services.drafts import day_state
from bot.ui import ids, limits
from bot.ui.digest import ACCENT, add_entries, card_menu, entry_text, stateless
from bot.ui.text import counted, day_range, escaped, long_date, timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.domain.editions import Entry
    from bot.services.editions import WholeEdition
    from bot.services.library import Card, DayDigest


def day_view(digest: DayDigest, page: int) -> ui.LayoutView:
    """Render one page of a day's digest."""
    state = day_state(digest.day)
    facts = [counted(state.papers, "paper"), "Hugging Face Daily Papers"]
    title = f"## AI papers · {long_date(state.day)}\n-# {' · '.join(facts)}"
    if state.complete:
        note = f"list closed {timestamp(state.closes_at)}"
    elif state.read_at is None:
        note = "never read"
    else:
        note = f"read {timestamp(state.read_at)} · closes {timestamp(state.closes_at)}"
    if digest.stale:
        note += f"\n-# ⚠️ {escaped(digest.stale)}"
    return page_view(ids.day_list(state.day), title, entries_of(digest.cards), page, note)


def edition_view(edition_id: str, whole: WholeEdition, page: int) -> ui.LayoutView:
    """Render one page of everything that an edition covers, the papers shown first."""
    facts = [counted(len(whole.cards), "paper"), "shown papers first"]
    title = f"## AI papers · {day_range(whole.days)}\n-# {' · '.join(facts)}"
    return page_view(ids.edition_list(edition_id), title, entries_of(whole.cards), page)


def entries_of(cards: Sequence[Card]) -> list[Entry]:
    """Number cards as the entries of a list."""
    return [
        entry(card.paper, place, card.paper.upvotes, card.summary)
        for place, card in enumerate(cards, start=1)
    ]


def page_view(
    name: str, title: str, entries: Sequence[Entry], page: int, note: str | None = None
) -> ui.LayoutView:
    """Render one page of a list that its reader turns: ten papers at most, menu and buttons."""
    if not entries:
        return _empty_view(title, note)
    pages = page_bounds(entries)
    page = min(max(page, 0), len(pages) - 1)
    start, end = pages[page]
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(title))
    box.add_item(ui.Separator())
    add_entries(box, entries[start:end])
    box.add_item(ui.Separator())
    where = f"-# {start + 1} – {end} of {counted(len(entries), 'paper')}"  # noqa: RUF001
    box.add_item(ui.TextDisplay(f"{where} · {note}" if note else where))
    box.add_item(card_menu(f"{name}.{page}", entries[start:end]))
    if len(pages) > 1:
        box.add_item(turning_row(page, len(pages), lambda way, to: ids.turn(way, name, to)))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def _empty_view(title: str, note: str | None) -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(title))
    box.add_item(ui.TextDisplay("There are no papers on this list."))
    if note:
        box.add_item(ui.TextDisplay(f"-# {note}"))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def page_bounds(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Return where each page of a list starts and ends, every page within Discord's limits."""
    texts = [entry_text(one) for one in entries]
    bounds: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(texts) + 1):
        page = texts[start:end]
        too_long = sum(map(limits.text_length, page)) > limits.TEXT - 600
        too_heavy = sum(map(limits.text_bytes, page)) > limits.TEXT_BYTES - 1200
        if end - start > limits.PAPERS_A_MESSAGE or ((too_long or too_heavy) and end - start > 1):
            bounds.append((start, end - 1))
            start = end - 1
    bounds.append((start, len(texts)))
    return bounds


def turning_row(
    page: int, pages: int, custom_id: Callable[[str, int], str]
) -> ui.ActionRow[ui.LayoutView]:
    """Return the buttons Back, where one is, and Next; ``custom_id`` takes the way and the page."""

    def button(way: str, label: str, to: int) -> ui.Button[ui.LayoutView]:
        return ui.Button(
            style=discord.ButtonStyle.secondary,
            label=label,
            custom_id=custom_id(way, min(max(to, 0), pages - 1)),
            disabled=to < 0 or to >= pages,
        )

    here: ui.Button[ui.LayoutView] = ui.Button(
        style=discord.ButtonStyle.secondary,
        label=f"{page + 1} / {pages}",
        custom_id=custom_id("first", page),
        disabled=True,
    )
    return ui.ActionRow(button("back", "Back", page - 1), here, button("on", "Next", page + 1))
