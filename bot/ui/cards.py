"""One paper's card, and its BibTeX entry."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.domain.editions import shortened
from bot.domain.summaries import AI_SUMMARY, ARCHIVE, EXTRACTIVE
from bot.ui import ids, limits
from bot.ui.digest import ACCENT, TITLE_LENGTH, stateless
from bot.ui.text import (
    code_block,
    counted,
    escaped,
    first_authors,
    link,
    readable,
    short_date,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.papers import ArxivId, Paper
    from bot.domain.summaries import Summary
    from bot.services.library import Card

_PARTS = (
    ("objective", "Objective", "not stated"),
    ("method", "Method", "not stated"),
    ("results", "Results", "no figure stated"),
    ("implications", "Implications", "not stated"),
)
_PART_LENGTHS = (700, 450, 250, 120)
_ABSTRACT_LENGTH = 1500
_TEX_ACCENTS = str.maketrans({"^": r"\^{}", "~": r"\~{}"})
_KEYWORDS = 8
_AUTHORS = 6
_WRITERS = {
    AI_SUMMARY: "TL;DR by Hugging Face's ai\\_summary",
    EXTRACTIVE: "Sentences of the abstract",
    ARCHIVE: "Summary from an imported digest",
}
_WARNING = "⚠ This paper holds text that speaks to language models; the summary leaves it out."
_UNKNOWN_NAMES = 5


def card_view(card: Card) -> ui.LayoutView:
    """Render a paper's card: what it is, what it says in five parts, and where to read on."""
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    head, foot = _head(card), _foot(card)
    bodies = ("\n\n".join(_body(card, length)) for length in _PART_LENGTHS)
    room = limits.TEXT - limits.text_length(head + foot)
    weight = limits.TEXT_BYTES - limits.text_bytes(head + foot)
    box.add_item(ui.TextDisplay(head))
    box.add_item(ui.Separator())
    box.add_item(ui.TextDisplay(limits.first_that_fits(bodies, room, weight)))
    if foot:
        box.add_item(ui.Separator())
        box.add_item(ui.TextDisplay(foot))
    buttons = [
        *_links(card.paper),
        _button("Related", ids.near(card.paper.id)),
        _button("BibTeX", ids.bibtex(card.paper.id)),
    ]
    for start in range(0, len(buttons), limits.BUTTONS_A_ROW):
        box.add_item(ui.ActionRow(*buttons[start : start + limits.BUTTONS_A_ROW]))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def _head(card: Card) -> str:
    paper = card.paper
    title = link(shown(paper.title, TITLE_LENGTH), paper.arxiv_url)
    names = [author.name for author in paper.authors]
    facts = [f"arXiv {paper.id}"]
    if card.day is not None:
        facts.append(f"listed {short_date(card.day)}")
    elif paper.published is not None:
        facts.append(short_date(paper.published.date()))
    if paper.upvotes is not None:
        facts.append(f"▲\u00a0{paper.upvotes:,}")
    if paper.comments:
        facts.append(counted(paper.comments, "comment"))
    if paper.organization:
        facts.append(shown(paper.organization, 60))
    lines = [f"### {title}"]
    if names:
        lines.append(first_authors(names, _AUTHORS))
    lines.append(f"-# {' · '.join(facts)}")
    return "\n".join(lines)


def _body(card: Card, length: int) -> Iterator[str]:
    summary = card.summary
    if summary is not None and summary.tldr:
        yield f"**TL;DR**  {shown(summary.tldr, length)}"
    if summary is not None and summary.sought:
        for name, label, lacking in _PARTS:
            text = getattr(summary, name)
            if text and text == summary.tldr:  # an abstract can say it in one sentence
                yield f"-# {label}: said by the TL;DR"
            elif text:
                yield f"**{label}**  {shown(text, length)}"
                if name == "results" and not any(map(str.isdecimal, text)):
                    yield f"-# {lacking} in the {summary.source}"
            else:
                yield f"-# {label}: {lacking} in the {summary.source}"
    elif card.paper.abstract:
        yield f"**Abstract**  {shown(card.paper.abstract, min(_ABSTRACT_LENGTH, 3 * length))}"
    elif summary is None or not summary.tldr:
        yield "-# No abstract and no summary are known of this paper yet."


def _foot(card: Card) -> str:
    lines = []
    if card.paper.ai_keywords:
        named = [shown(word, 40) for word in card.paper.ai_keywords[:_KEYWORDS]]
        lines.append(f"-# Keywords: {', '.join(named)}")
    if card.summary is not None and card.summary.tldr:
        lines.append(f"-# {_badge(card.summary)}")
    if card.summary is not None and card.summary.unknown_names:
        unknown = [shown(one, 40) for one in card.summary.unknown_names[:_UNKNOWN_NAMES]]
        lines.append(f"-# Named here, but not in the {card.summary.source}: {', '.join(unknown)}")
    if card.summary is not None and card.summary.suspicious:
        lines.append(f"-# {_WARNING}")
    return "\n".join(lines)


def _badge(summary: Summary) -> str:
    writer = _WRITERS.get(summary.model) or f"Summary by {escaped(summary.model)}"
    if summary.model == AI_SUMMARY and any(text for _, text in summary.parts()[1:]):
        writer += ", the rest from the abstract"
    facts = [writer]
    if summary.grounded:
        facts.append(f"figures checked against the {summary.source}")
    elif summary.grounded is None:
        facts.append("figures not checked")
    facts.append(short_date(summary.written_at.date()))
    return " · ".join(facts)


def _links(paper: Paper) -> list[ui.Button[ui.LayoutView]]:
    code = f"Code ★ {paper.github_stars:,}" if paper.github_stars else "Code"
    places = [
        ("arXiv", paper.arxiv_url),
        ("PDF", paper.pdf_url),
        ("Hugging Face", paper.huggingface_url),
        (code, paper.github_repo),
        ("Project", paper.project_page),
    ]
    return [
        ui.Button(style=discord.ButtonStyle.link, label=label, url=url)
        for label, url in places
        if url is not None and _linkable(url)
    ]


def _button(label: str, custom_id: str) -> ui.Button[ui.LayoutView]:
    return ui.Button(style=discord.ButtonStyle.secondary, label=label, custom_id=custom_id)


def _linkable(url: str) -> bool:
    """Say whether Discord takes the address in a button: http(s), a host, 512 characters."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # raises for one that there cannot be
    except ValueError:
        return False
    plain_host = re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host) is not None
    return (
        parts.scheme in {"http", "https"}
        and plain_host
        and len(url) <= limits.URL
        and url.isascii()
        and not re.search(r"\s", url)
    )


def bibtex_view(paper: Paper) -> ui.LayoutView:
    """Render a paper's BibTeX entry as a block to copy."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(code_block(bibtex(paper), "bibtex")))
    return stateless(view)


def bibtex(paper: Paper) -> str:
    """Return the entry the way arXiv writes it: https://info.arxiv.org/help/faq/references.html."""
    names = [readable(author.name) for author in paper.authors]
    surname = _ascii_word(names[0].split()[-1]) if names and names[0].split() else ""
    title = shortened(readable(paper.title), 2 * TITLE_LENGTH)
    words = (_ascii_word(one) for one in title.split())
    word = next((one for one in words if len(one) > 3), "")  # noqa: PLR2004 - skips "the", "of"
    year = paper.published.year if paper.published else _year_of(paper.id)
    room = limits.TEXT - limits.text_length(_tex(title)) - 600  # the block must fit one message
    joined = " and ".join(map(_tex, names))
    while limits.text_bytes(joined) > room:
        names = names[: len(names) // 2]
        joined = " and ".join([*map(_tex, names), "others"])
    fields = {
        "title": f"{{{_tex(title)}}}",
        "author": joined,
        "year": str(year),
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.categories[0] if paper.categories else None,
        "url": paper.arxiv_url,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{surname or 'paper'}{year}{word},", *lines, "}"])


def _ascii_word(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", folded.lower())[:40]


def _tex(text: str) -> str:
    """Return a text that LaTeX sets letter by letter, and whose braces cannot end its field."""
    return re.sub(r"[&%$#_]", r"\\\g<0>", re.sub(r"[{}\\]", "", text)).translate(_TEX_ACCENTS)


def _year_of(paper_id: ArxivId) -> int:
    digits = int(paper_id.rsplit("/", 1)[-1][:2])
    return 1900 + digits if digits > 90 else 2000 + digits  # noqa: PLR2004 - arXiv began in 1991
