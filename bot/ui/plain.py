"""A day's digest for a terminal, a file or a program; no Discord in it."""

from __future__ import annotations

import json
import textwrap
from datetime import UTC
from typing import TYPE_CHECKING, Any

from bot.domain.papers import closes_at
from bot.domain.searches import MOST_COUNTED, Match
from bot.domain.summaries import PARTS
from bot.ui.text import counted, escaped, long_date, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.domain.searches import Advice, Found, Hit
    from bot.services.library import Card, DayDigest

_WIDTH = 88
_LABELS = {
    "tldr": "TL;DR",
    "objective": "Objective",
    "method": "Method",
    "results": "Results",
    "implications": "Implications",
}
_AUTHORS = 5


def as_json(digest: DayDigest) -> str:
    """Return a digest as one JSON document; every key is always there, null where unknown."""
    document = {
        "day": digest.day.day.isoformat(),
        "complete": digest.day.complete,
        "papers": [paper_record(card) for card in digest.cards],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def paper_record(card: Card | Hit) -> dict[str, Any]:
    """Return a paper's stable record."""
    paper, summary = card.paper, card.summary
    return {
        "id": paper.id,
        "title": paper.title,
        "authors": [author.name for author in paper.authors],
        "day": None if card.day is None else card.day.isoformat(),
        "upvotes": paper.upvotes,
        "abstract": paper.abstract or None,
        "keywords": list(paper.ai_keywords),
        "links": {
            "arxiv": paper.arxiv_url,
            "pdf": paper.pdf_url,
            "huggingface": paper.huggingface_url,
            "code": paper.github_repo,
            "project": paper.project_page,
        },
        "summary": {
            **{name: None if summary is None else getattr(summary, name) for name in PARTS},
            "model": None if summary is None else summary.model,
            "source": None if summary is None else summary.source,
            "grounded": None if summary is None else summary.grounded,
        },
    }


def as_text(digest: DayDigest) -> str:
    """Return a digest to read in a terminal."""
    blocks = [_heading(digest)]
    for place, card in enumerate(digest.cards, start=1):
        lines = textwrap.wrap(
            f"{place:>3}. {readable(card.paper.title)}", _WIDTH, subsequent_indent="     "
        )
        lines.append(f"     {_facts(card)}")
        lines += _wrapped_parts(card)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def as_markdown(digest: DayDigest) -> str:
    """Return a digest as Markdown: a heading, and a paragraph a paper."""
    blocks = [f"# {_heading(digest)}"]
    for place, card in enumerate(digest.cards, start=1):
        title = escaped(readable(card.paper.title))
        lines = [f"## {place}. [{title}]({card.paper.arxiv_url})", "", _facts(card, escaped)]
        for label, text in _parts(card):
            lines += ["", f"**{label}:** {escaped(text)}"]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _heading(digest: DayDigest) -> str:
    day = digest.day
    closing = f"{closes_at(day.day).astimezone(UTC):%H:%M} UTC"
    papers = f"{len(digest.cards)} paper{'' if len(digest.cards) == 1 else 's'}"
    closed = f"list closed {closing}" if day.complete else f"so far, list closes {closing}"
    if not day.complete and day.read_at is not None:
        closed = f"read {day.read_at:%H:%M} UTC, {closed}"
    return f"AI papers of {long_date(day.day)}: {papers}, {closed}"


def _facts(card: Card | Hit, safe: Callable[[str], str] = str) -> str:
    paper = card.paper
    names = ", ".join(safe(readable(author.name)) for author in paper.authors[:_AUTHORS])
    more = len(paper.authors) - _AUTHORS
    facts = [names + (f" +{more}" if more > 0 else "")] if names else []
    if paper.upvotes is not None:
        facts.append(f"{paper.upvotes} upvotes")
    return " · ".join([*facts, paper.arxiv_url])


def _parts(card: Card) -> Iterator[tuple[str, str]]:
    if card.summary is not None:
        for name, text in card.summary.parts():
            if text:
                yield _LABELS[name], readable(text)


def _wrapped_parts(card: Card) -> Iterator[str]:
    for label, text in _parts(card):
        yield from textwrap.wrap(
            f"{label}: {text}", _WIDTH, initial_indent="     ", subsequent_indent="       "
        )


def found_as_json(found: Found) -> str:
    """Return what a search found as one JSON document, best first."""
    document = {
        "query": found.asked.topic,
        "papers": [
            paper_record(hit) | {"score": hit.score, "match": hit.match.value} for hit in found.hits
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def found_as_text(found: Found) -> str:
    """Return what a search found to read in a terminal."""
    matching = counted(found.exact, "paper matches", "papers match", MOST_COUNTED)
    blocks = [f"{matching}, {found.close} are close, of {found.papers:,}"]
    for hit in found.hits:
        close = " (close)" if hit.match is Match.CLOSE else ""
        lines = textwrap.wrap(
            f"{hit.place:>3}. {readable(hit.paper.title)}{close}", _WIDTH, subsequent_indent="     "
        )
        day = f"{hit.day.isoformat()} · " if hit.day else ""
        lines.append(f"     {day}{_facts(hit)}")
        tldr = hit.summary.tldr if hit.summary is not None else None
        for said in dict.fromkeys((tldr, hit.why.text if hit.why else hit.reason)):
            if said:
                lines += textwrap.wrap(
                    readable(said), _WIDTH, initial_indent="     ", subsequent_indent="     "
                )
        blocks.append("\n".join(lines))
    if found.advice is not None:
        blocks.append(_advised(found.advice))
    return "\n\n".join(blocks)


def _advised(advice: Advice) -> str:
    lines = [f"Nothing matches {readable(advice.understood)}."]
    if advice.topics:
        lines.append(f"Known topics: {', '.join(map(readable, advice.topics))}")
    if advice.without is not None:
        found = counted(advice.finds, "paper", most=MOST_COUNTED)
        lines.append(f"Without “{advice.rarest}”, {advice.without} finds {found}.")
    return "\n".join(lines)
