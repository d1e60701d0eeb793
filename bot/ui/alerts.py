"""The messages of alerts: which papers came, why, and for which alert; pure, within the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.alerts import PAPERS_A_MESSAGE, batch_key
from bot.domain.papers import ArxivId
from bot.ui import ids, limits
from bot.ui.digest import ACCENT, card_menu, stateless
from bot.ui.lines import button_row
from bot.ui.pages import turning_row
from bot.ui.text import counted, first_authors, plain, quoted, readable
from bot.ui.told import Told, told_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.alerts import Batch, Reported

_QUERY_LENGTH = 100
_NAMED_LENGTH = 60
"""Characters of a query where it says which alert a paper is for."""


def batch_view(batch: Batch, *, sample: bool = False) -> ui.LayoutView:
    """Render the message that brings papers; its key stands in its menu's custom id.

    A ``sample`` was never sent: it has no buttons that would need to know it again.
    """
    papers = batch.papers[:PAPERS_A_MESSAGE]
    entries = [one.entry for one in papers]
    rows = [card_menu(batch_key(batch.id), entries)]
    if not sample:
        rows += [_unwanted_menu(ids.unwanted(batch.id), papers), *_quiet_rows(batch)]
    view = ui.LayoutView(timeout=None)
    if batch.mention_role:
        view.add_item(ui.TextDisplay(f"<@&{batch.mention_role}>"))
    view.add_item(_box(_head(batch), _texts(batch, papers), rows))
    return stateless(view)


def whole_view(batch: Batch, page: int) -> ui.LayoutView:
    """Render one page of all the papers that a message brought, those it shows first."""
    pages = max(1, -(-len(batch.papers) // PAPERS_A_MESSAGE))
    page = min(max(page, 0), pages - 1)
    start = page * PAPERS_A_MESSAGE
    papers = batch.papers[start:][:PAPERS_A_MESSAGE]
    entries = [one.entry for one in papers]
    rows = [
        # The key is new on each page, or Discord would go on showing what was picked before.
        card_menu(f"{batch_key(batch.id)}.{page}", entries),
        _unwanted_menu(ids.unwanted(batch.id, page), papers),
    ]
    if pages > 1:
        rows.append(turning_row(page, pages, lambda way, to: ids.more(way, batch.id, to)))
    where = f"{start + 1} – {start + len(papers)} of {counted(batch.total, 'paper')}"  # noqa: RUF001
    head = f"{_head(batch)} · {where}"
    view = ui.LayoutView(timeout=None)
    view.add_item(_box(head, _texts(batch, papers), rows))
    return stateless(view)


def unwanted_by_view(batch: Batch, reported: Reported) -> ui.LayoutView:
    """Ask which alert a paper is not for, where it came by several."""
    queries = dict(batch.alerts)
    options = _alert_options([(no, queries.get(no, "")) for no in reported.alerts])
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("That paper came by more than one alert. Which one should not?"))
    view.add_item(
        _menu(ids.unwanted_by(ArxivId(reported.entry.id)), "It is not for the alert…", options)
    )
    return stateless(view)


def _box(
    head: str, texts: Sequence[str], rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.Container[ui.LayoutView]:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(head))
    box.add_item(ui.Separator())
    for number, text in enumerate(texts):
        if number:
            box.add_item(ui.Separator(visible=False))
        box.add_item(ui.TextDisplay(text))
    box.add_item(ui.Separator())
    for row in rows:
        box.add_item(row)
    return box


def _head(batch: Batch) -> str:
    """Head a message: the query, or of how many alerts it is, and how many papers came."""
    papers = counted(batch.total, "new paper")
    if len(batch.alerts) == 1:
        no, query = batch.alerts[0]
        return f"### New for {quoted(query, _QUERY_LENGTH)}\n-# {papers} · alert {no}"
    numbers = ", ".join(str(no) for no, _ in batch.alerts[:PAPERS_A_MESSAGE])
    others = len(batch.alerts) - PAPERS_A_MESSAGE
    more = f" and {others} more" if others > 0 else ""
    whose = "" if batch.person_id is None else " of your"
    return f"### {papers} for {len(batch.alerts)}{whose} alerts\n-# alerts {numbers}{more}"


def _texts(batch: Batch, papers: Sequence[Reported]) -> list[str]:
    beside = _head(batch) + " " * _FRAME
    return told_texts([_told(one, batch) for one in papers], beside)


_FRAME = 120
"""Characters of a mention, or of where a page is, beside the papers."""


def _told(one: Reported, batch: Batch) -> Told:
    paper = one.entry
    facts = [] if paper.upvotes is None else [f"▲\u00a0{paper.upvotes:,}"]
    if paper.authors:
        facts.append(first_authors(paper.authors))
    return Told(
        place=paper.place,
        id=paper.id,
        title=paper.title,
        facts=tuple(facts),
        tldr=paper.tldr,
        why=one.why,
        reason=one.reason,
        note=_for(one, dict(batch.alerts)) if len(batch.alerts) > 1 else None,
    )


def _for(one: Reported, queries: dict[int, str]) -> str:
    """Say which alert a paper is for; of several the first."""
    named, *others = one.alerts
    more = f" and {counted(len(others), 'other alert')}" if others else ""
    return f"for {quoted(queries.get(named, '?'), _NAMED_LENGTH)}{more}"


def _quiet_rows(batch: Batch) -> list[ui.ActionRow[ui.LayoutView]]:
    """Return what lets its alerts rest, and the button that opens the papers not shown."""
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    buttons = []
    if batch.more > 0:
        buttons.append((f"And {batch.more:,} more", ids.more("open", batch.id, 0)))
    if len(batch.alerts) == 1:
        buttons.append(("Pause", ids.of_alert("pause", batch.alerts[0][0])))
    else:
        rows.append(_menu(ids.pause_one(batch.id), "Pause an alert…", _alert_options(batch.alerts)))
    if buttons:
        rows.append(button_row(*buttons))
    return rows


def _unwanted_menu(custom_id: str, papers: Sequence[Reported]) -> ui.ActionRow[ui.LayoutView]:
    options = [
        discord.SelectOption(
            label=plain(f"{one.entry.place}. {readable(one.entry.title)}", limits.OPTION_LABEL),
            value=one.entry.id,
        )
        for one in papers
    ]
    return _menu(custom_id, "Not this…", options)


def _alert_options(alerts: Sequence[tuple[int, str]]) -> list[discord.SelectOption]:
    """Offer alerts, as many as a menu holds; /alerts list has all of them."""
    return [
        discord.SelectOption(label=plain(f"{no}. {query}", limits.OPTION_LABEL), value=str(no))
        for no, query in alerts[: limits.CHOICES]
    ]


def _menu(
    custom_id: str, placeholder: str, options: list[discord.SelectOption]
) -> ui.ActionRow[ui.LayoutView]:
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=custom_id, placeholder=placeholder, options=options
    )
    return ui.ActionRow(menu)
