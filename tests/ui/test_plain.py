from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import Author, DayList
from bot.services.library import Card, DayDigest
from bot.ui import plain
from tests.builders import DAY, NOW, listed, paper
from tests.ui.test_cards import a_summary, cards

PAPER = paper(
    1,
    title=r"Is $\textbf{more}$ [better]?",
    authors=tuple(Author(name=f"Person {number}") for number in range(7)),
    github_repo="https://github.com/a/b",
    ai_keywords=("speed",),
)


def a_digest(*cards: Card, read: bool = True) -> DayDigest:
    papers = listed(*(card.paper for card in cards))
    return DayDigest(
        day=DayList(day=DAY, listed=papers, read_at=NOW if read else None), cards=cards
    )


FULL = Card(paper=PAPER, day=DAY, summary=a_summary())
BARE = Card(paper=paper(2, authors=(), upvotes=None, abstract=""), day=None, summary=None)


def test_json_has_every_key_null_where_unknown() -> None:
    document = json.loads(plain.as_json(a_digest(FULL, BARE)))
    assert list(document) == ["day", "complete", "papers"]
    assert (document["day"], document["complete"]) == ("2025-02-11", True)
    full, bare = document["papers"]
    assert list(full) == list(bare) == [
        "id", "title", "authors", "day", "upvotes", "abstract", "keywords", "links", "summary",
    ]  # fmt: skip
    assert list(bare["links"]) == ["arxiv", "pdf", "huggingface", "code", "project"]
    assert list(bare["summary"]) == [
        "tldr", "objective", "method", "results", "implications", "model", "source", "grounded",
    ]  # fmt: skip
    assert set(bare["summary"].values()) == {None}
    assert bare["abstract"] is bare["day"] is bare["upvotes"] is bare["links"]["code"] is None
    assert full["title"] == PAPER.title
    assert full["summary"]["grounded"] is True


@given(st.lists(cards(), max_size=3, unique_by=lambda card: card.paper.id))
def test_any_day_is_one_json_document_and_readable_text(some: list[Card]) -> None:
    digest = a_digest(*some)
    assert len(json.loads(plain.as_json(digest))["papers"]) == len(some)
    assert plain.as_text(digest).startswith("AI papers of Tuesday, 11 February 2025")
    assert plain.as_markdown(digest).count("\n## ") >= len(some)


def test_text_numbers_the_papers_and_wraps_them() -> None:
    said = plain.as_text(a_digest(FULL, BARE))
    assert said.splitlines()[0] == (
        "AI papers of Tuesday, 11 February 2025: 2 papers, list closed 02:30 UTC"
    )
    assert "  1. Is more [better]?" in said
    assert "Person 4 +2 · 1 upvotes · https://arxiv.org/abs/2502.00001" in said
    assert "     TL;DR: It is faster by 12%." in said
    assert "     https://arxiv.org/abs/2502.00002" in said
    assert max(map(len, said.splitlines())) <= 120


def test_markdown_links_the_titles() -> None:
    said = plain.as_markdown(a_digest(FULL))
    assert r"## 1. [Is more \[better\]?](https://arxiv.org/abs/2502.00001)" in said
    assert "**Results:** 12% on average." in said
    assert "Implications" not in said


def test_an_open_list_is_so_far() -> None:
    said = plain.as_text(replace(a_digest(FULL, read=False)))
    assert said.splitlines()[0].endswith("1 paper, so far, list closes 02:30 UTC")


def test_an_open_list_says_when_it_was_read() -> None:
    half = replace(a_digest(FULL).day, read_at=datetime(2025, 2, 11, 14, tzinfo=UTC))
    said = plain.as_text(replace(a_digest(FULL), day=half))
    assert "read 14:00 UTC, so far, list closes 02:30 UTC" in said.splitlines()[0]
