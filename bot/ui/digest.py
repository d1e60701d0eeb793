"""An edition and a day's pages as Components V2: pure, and within Discord's limits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.deliveries import edition_key
from bot.domain.editions import TLDR_LENGTH
from bot.domain.schedules import Style
from bot.ui import ids, limits
from bot.ui.text import (
    counted,
    day_range,
    escaped,
    first_authors,
    link,
    one_line,
    plain,
    readable,
    short_date,
    shown,
    timestamp,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.editions import Entry, Part, Receipt

ACCENT = discord.Colour(0xFFB000)
TITLE_LENGTH = 250
_PART_LENGTHS = (600, 350, 200, 100)
_PART_NAMES = {
    "objective": "Objective",
    "method": "Method",
    "results": "Results",
    "implications": "Implications",
}


def part_view(part: Part) -> ui.LayoutView:
    """Render one part of an edition; the delivery's key stands in its menu's custom id."""
    key = edition_key(part.edition_id, part.number)
    rows: list[ui.ActionRow[ui.LayoutView]] = [card_menu(key, part.entries)]
    if part.last and part.receipt.more:
        label = f"Browse all {counted(part.receipt.matching, 'paper')}"
        rows.append(ui.ActionRow(_browse_button(ids.edition_list(part.edition_id), label)))
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    if part.first:
        box.add_item(ui.TextDisplay(title_text(part.receipt, part.filter)))
    else:
        box.add_item(ui.TextDisplay(_continued(part)))
    box.add_item(ui.Separator())
    add_entries(box, part.entries, part.style)
    box.add_item(ui.Separator())
    if part.last:
        box.add_item(ui.TextDisplay(receipt_text(part.receipt)))
    for row in rows:
        box.add_item(row)
    view = ui.LayoutView(timeout=None)
    if part.first and part.mention_role:
        view.add_item(ui.TextDisplay(f"<@&{part.mention_role}>"))
    view.add_item(box)
    return stateless(view)


def add_entries(
    box: ui.Container[ui.LayoutView], entries: Sequence[Entry], style: Style = Style.COMPACT
) -> None:
    """Add papers to a box, each a text of its own with a little air between."""
    for number, one in enumerate(entries):
        if number:
            box.add_item(ui.Separator(visible=False))
        box.add_item(ui.TextDisplay(entry_text(one, style)))


def stateless(view: ui.LayoutView) -> ui.LayoutView:
    """Mark a view as finished before it is sent, so that discord.py does not keep it.

    Presses are answered by the dynamic items that the cogs register, from the custom id alone:
    ten thousand editions on the screen cost no memory, and a restart changes nothing.
    """
    view.stop()
    return view


def preview_view(note: str, parts: Sequence[Part]) -> ui.LayoutView:
    """Show a note above the first part of an edition, for the person who asked alone."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(note))
    if parts:
        part = parts[0]
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
        box.add_item(ui.TextDisplay(title_text(part.receipt, part.filter)))
        box.add_item(ui.Separator())
        room = limits.TEXT - limits.text_length(note) - 700
        add_entries(box, list(_within(part.entries, part.style, room)), part.style)
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(receipt_text(part.receipt)))
        view.add_item(box)
    return stateless(view)


def _within(entries: Sequence[Entry], style: Style, length: int) -> Iterator[Entry]:
    for one in entries:
        length -= limits.text_length(entry_text(one, style))
        if length < 0:
            return
        yield one


@lru_cache(maxsize=1024)
def entry_text(one: Entry, style: Style = Style.COMPACT) -> str:
    """Render one paper: place, linked title, who and how many upvotes, and what it says.

    Kept for the next channel: on one morning thousands get the same papers.
    """
    title = link(shown(one.title, TITLE_LENGTH), f"https://arxiv.org/abs/{one.id}")
    facts = [first_authors(one.authors)] if one.authors else []
    if one.upvotes is not None:
        facts.append(f"▲\u00a0{one.upvotes:,}")
    facts.append(f"[HF](https://hf.co/papers/{one.id})")
    head = f"**{one.place}.** {title}\n-# {' · '.join(facts)}"
    if style is Style.COMPACT:
        return f"{head}\n{shown(one.tldr, TLDR_LENGTH)}" if one.tldr else head
    texts = ("\n".join([head, *_full_lines(one, length)]) for length in _PART_LENGTHS)
    return limits.first_that_fits(texts, limits.TEXT // 2)


def _full_lines(one: Entry, length: int) -> Iterator[str]:
    if one.tldr:
        yield shown(one.tldr, length)
    for name, label in _PART_NAMES.items():
        if (text := getattr(one, name)) and text != one.tldr:
            yield f"**{label}**  {shown(text, length)}"


def title_text(receipt: Receipt, filter_text: str | None) -> str:
    """Head an edition: its days, how many papers, from where, and what was asked for."""
    days = [state.day for state in receipt.days]
    facts = [counted(receipt.matching, "paper"), "Hugging Face Daily Papers"]
    if filter_text:
        facts.append(escaped(one_line(filter_text)))  # it may hold a topic, which people write
    return f"## AI papers · {day_range(days)}\n-# {' · '.join(facts)}"


def _continued(part: Part) -> str:
    days = [state.day for state in part.receipt.days]
    # Without "of": a late paper may yet add a part, and the others are not edited for that.
    return f"-# AI papers · {day_range(days)} · part {part.number}"


def receipt_text(receipt: Receipt) -> str:
    """Account for every paper: how many are shown, of how many, and whether more can come."""
    still_open = [state for state in receipt.days if not state.complete]
    facts = [f"{receipt.shown} of {counted(receipt.matching, 'paper')}"]
    if still_open:
        facts[0] += " so far"
    if receipt.extracts:
        facts.append("summaries are extracts, as the day's tokens are spent")
    if receipt.matching < receipt.listed:
        facts.append(f"{receipt.listed - receipt.matching} more did not match")
    for state in still_open[-2:]:
        name = "list" if len(receipt.days) == 1 else f"list of {short_date(state.day)}"
        if state.read_at is not None:
            facts.append(f"{name} read {timestamp(state.read_at)}")
        facts.append(f"closes {timestamp(state.closes_at)}")
    if not still_open:
        last = receipt.days[-1]
        name = "list" if len(receipt.days) == 1 else f"all {len(receipt.days)} lists"
        facts.append(f"{name} closed {timestamp(last.closes_at)}")
    return f"-# {' · '.join(facts)}"


def card_menu(key: str, entries: Sequence[Entry]) -> ui.ActionRow[ui.LayoutView]:
    """Return the menu that opens one paper's card for the person who picks it."""
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.card_menu(key),
        placeholder="Read a paper's card…",
        options=[
            discord.SelectOption(
                label=plain(f"{one.place}. {readable(one.title)}", limits.OPTION_LABEL),
                value=one.id,
                description=_authors_line(one.authors),
            )
            for one in entries
        ],
    )
    return ui.ActionRow(menu)


def _authors_line(names: Sequence[str]) -> str | None:
    some = names[: limits.OPTION_DESCRIPTION // 2]  # more cannot fit, and there may be hundreds
    return plain(", ".join(some), limits.OPTION_DESCRIPTION) if some else None


def _browse_button(name: str, label: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=ids.browse(name))
