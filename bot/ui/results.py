"""What a search found: pages of papers with why they matched, and the menus that narrow it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.domain.editions import entry
from bot.domain.searches import MOST_COUNTED, Match, Sort
from bot.ui import ids
from bot.ui.advice import advice_row, advice_text
from bot.ui.digest import ACCENT, TITLE_LENGTH, card_menu, stateless
from bot.ui.lines import button_row
from bot.ui.pages import turning_row
from bot.ui.text import counted, first_authors, link, short_date, shown
from bot.ui.told import SENTENCE_LENGTH, Told, told_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.editions import Entry
    from bot.domain.searches import Found, Hit, Search, Trend

_TOPIC_LENGTH = 100
_TRENDS = 6
_CLOSE = "-# **Close**: about the same in other words"
_ORDERS = {
    Sort.RELEVANCE: ("Relevance", "best first"),
    Sort.NEWEST: ("Newest", "newest first"),
    Sort.UPVOTES: ("Upvotes", "most upvotes first"),
}
_PERIODS = {0: "All time", 7: "7 days", 30: "30 days", 365: "A year"}


def results_view(found: Found, name: str, runs: Mapping[str, str]) -> ui.LayoutView:
    """Render one page of what a search found, or what to try where it found nothing.

    ``name`` is the short id that the search is kept under; ``runs`` are those of the queries that
    its advice offers.
    """
    asked = found.asked
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    if found.pages > 1:
        rows.append(
            turning_row(
                found.page,
                found.pages,
                lambda way, to: ids.found(way, name, asked.sort, asked.days, to),
            )
        )
    if asked.topic is None:
        return _page(found, _trending_head(found), name, rows)
    if _total(found) > 1:
        rows.append(_sort_menu(name, asked))
    if _total(found) or asked.days:
        rows.append(_period_menu(name, asked))
    rows.append(button_row(("Make this an alert", ids.watch(name))))
    head = _search_head(found, asked.topic)
    if found.advice is None or found.page:
        return _page(found, head, name, rows)
    advice = advice_text(found.advice)
    return _page(found, head, name, rows, advice, advice_row(found.advice, runs))


def related_view(found: Found) -> ui.LayoutView:
    """Render one page of a paper's relatives.

    Raises:
        ValueError: they are nobody's.
    """
    paper = found.about
    if paper is None:
        raise ValueError("what was found is related to no paper")
    title = link(shown(paper.title, TITLE_LENGTH), paper.arxiv_url)
    head = f"### Related to {title}\n-# {counted(_total(found), 'paper')}, nearest first"
    rows: list[ui.ActionRow[ui.LayoutView]] = []
    if found.pages > 1:
        rows.append(
            turning_row(found.page, found.pages, lambda way, to: ids.related(way, paper.id, to))
        )
    return _page(found, head, "kin", rows)


def _page(  # noqa: PLR0913, PLR0917 - what stands on a page, from above
    found: Found,
    head: str,
    name: str,
    rows: Sequence[ui.ActionRow[ui.LayoutView]],
    advice: str = "",
    advised: ui.ActionRow[ui.LayoutView] | None = None,
) -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(head))
    if advice:
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(advice))
    if advised is not None:
        box.add_item(advised)
    if found.hits:
        _add_hits(box, found, beside=head + advice)
        # The key is new on each page, or Discord would go on showing what was picked before.
        key = f"{name}.{found.asked.sort}.{found.asked.days or 0}.{found.page}"
        box.add_item(card_menu(key, [_entry(hit) for hit in found.hits]))
    elif not advice:
        box.add_item(ui.TextDisplay("There are no papers here."))
    for row in rows:
        box.add_item(row)
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def _add_hits(box: ui.Container[ui.LayoutView], found: Found, *, beside: str) -> None:
    """Add the papers of a page, a heading before the close ones, and where in the list they are."""
    first, last = found.hits[0].place, found.hits[-1].place
    total = counted(_total(found), "paper")
    if found.listed is not None and found.listed < _total(found):
        total = f"the best {found.listed} of {total}"
    where = f"-# {first} – {last} of {total}"  # noqa: RUF001
    searched = found.about is None and found.asked.topic is not None
    headed = False
    papers = [_told(hit) for hit in found.hits]
    box.add_item(ui.Separator())
    for number, (hit, text) in enumerate(
        zip(found.hits, told_texts(papers, beside + where + _CLOSE), strict=True)
    ):
        if number:
            box.add_item(ui.Separator(visible=False))
        if searched and hit.match is Match.CLOSE and not headed:
            box.add_item(ui.TextDisplay(_CLOSE))
            headed = True
        box.add_item(ui.TextDisplay(text))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(where))


def _told(hit: Hit) -> Told:
    return Told(
        place=hit.place,
        id=hit.paper.id,
        title=hit.paper.title,
        facts=tuple(_facts(hit)),
        tldr=hit.summary.tldr if hit.summary is not None else None,
        why=hit.why,
        reason=hit.reason,
    )


def _facts(hit: Hit) -> Iterator[str]:
    paper = hit.paper
    if hit.day is not None:
        yield short_date(hit.day)
    elif paper.published is not None:
        yield short_date(paper.published.date())
    if paper.upvotes is not None:
        yield f"▲\u00a0{paper.upvotes:,}"
    if paper.authors:
        yield first_authors([author.name for author in paper.authors])


def _entry(hit: Hit) -> Entry:
    return entry(hit.paper, hit.place, hit.paper.upvotes, hit.summary)


def _total(found: Found) -> int:
    return found.exact + found.close


def _search_head(found: Found, topic: str) -> str:
    """Head a search: the topic, how many papers of how many, in which order, since when."""
    counts = ["nothing matches"]
    if found.exact:
        counts = [counted(found.exact, "matches", "match", MOST_COUNTED)]
    if found.close:
        counts = [counts[0] if found.exact else f"{counts[0]} exactly", f"{found.close:,} close"]
    counts.append(f"{counted(found.papers, 'paper')} searched")
    narrowed = [_ORDERS[found.asked.sort][1]] if found.hits else []
    narrowed += _narrowed(found.asked)
    title = f"## {shown(topic, _TOPIC_LENGTH) or '?'}"
    lines = [title, f"-# {' · '.join(counts)}", f"-# {' · '.join(narrowed)}"]
    if found.note:
        lines.append(f"-# {shown(found.note, SENTENCE_LENGTH)}")
    return "\n".join(lines)


def _narrowed(asked: Search) -> Iterator[str]:
    yield "all days" if asked.days is None else f"last {counted(asked.days, 'day')}"
    if asked.min_upvotes:
        yield f"at least {counted(asked.min_upvotes, 'upvote')}"


def _trending_head(found: Found) -> str:
    """Head what is trending: the topics that rise, and how much."""
    lines = ["## Trending this week", *map(_trend_line, found.trends[:_TRENDS])]
    if found.note:
        lines.append(f"-# {shown(found.note, SENTENCE_LENGTH)}")
    return "\n".join(lines)


def _trend_line(trend: Trend) -> str:
    usual = f"{trend.usual:.1f}".removesuffix(".0") if trend.usual else "none"
    topic = shown(trend.topic, _TOPIC_LENGTH // 2)
    return f"- **{topic}**  {counted(trend.papers, 'paper')} this week, {usual} in a usual one"


def _sort_menu(name: str, asked: Search) -> ui.ActionRow[ui.LayoutView]:
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.sort_menu(name, asked.days),
        placeholder="Order…",
        options=[
            discord.SelectOption(label=f"Order: {label}", value=sort, default=sort is asked.sort)
            for sort, (label, _) in _ORDERS.items()
        ],
    )
    return ui.ActionRow(menu)


def _period_menu(name: str, asked: Search) -> ui.ActionRow[ui.LayoutView]:
    now = asked.days or 0
    periods = {now: counted(now, "day")} | _PERIODS
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=ids.period_menu(name, asked.sort),
        placeholder="Period…",
        options=[
            discord.SelectOption(label=f"Period: {label}", value=str(days), default=days == now)
            for days, label in sorted(periods.items())
        ],
    )
    return ui.ActionRow(menu)
