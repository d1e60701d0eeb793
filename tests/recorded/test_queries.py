from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.queries import LONGEST_QUERY, Field, Term
from bot.errors import QueryMistake
from bot.search.parsing import parse
from bot.search.pointing import pointed
from bot.search.wording import spelled

if TYPE_CHECKING:
    from pathlib import Path

EVERY = 10  # of all papers, and of all names and keywords


@pytest.fixture(scope="module")
def papers(recorded: Path) -> list[dict[str, Any]]:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][::EVERY]


def parses(text: str) -> bool:
    try:
        query = parse(text)
    except QueryMistake as mistake:
        shown, caret = pointed(mistake.text, mistake.at).split("\n")
        assert len(caret) <= len(shown)
        return False
    assert parse(spelled(query.tree)).tree == query.tree
    return True


def test_nearly_every_title_can_be_pasted_as_it_is(papers: list[dict[str, Any]]) -> None:
    titles = [paper["title"] for paper in papers]
    refused = [title for title in titles if not parses(title)]
    assert len(titles) > 1_000
    assert len(refused) / len(titles) < 0.005
    assert [title for title in refused if not set('*"():') & set(title)] == []


def test_every_title_without_quotes_and_stars_is_a_phrase(papers: list[dict[str, Any]]) -> None:
    for paper in papers:
        title = " ".join(paper["title"].replace('"', "").replace("*", "").split())
        (term,) = parse(f'"{title}"'[:LONGEST_QUERY]).terms()
        assert term.quoted


def test_every_author_can_be_looked_for(papers: list[dict[str, Any]]) -> None:
    names = sorted({name for paper in papers for name in paper["authors"]})[::EVERY]
    assert len(names) > 500
    for name in names:
        tree = parse(f'author:"{name}"').tree
        assert isinstance(tree, Term)
        assert tree.field is Field.AUTHOR
        assert parses(name)


def test_every_keyword_can_be_typed_as_a_slug(papers: list[dict[str, Any]]) -> None:
    keywords = sorted({word for paper in papers for word in paper["ai_keywords"] or ()})[::EVERY]
    slugs = ["-".join(word.split()) for word in keywords if word]
    refused = [slug for slug in slugs if not parses(slug)]
    assert len(slugs) > 500
    assert [slug for slug in refused if not set('*"():') & set(slug)] == []


def test_every_topic_of_the_relevance_lists_is_one_term(recorded: Path) -> None:
    topics = json.loads((recorded / "relevance.json").read_text(encoding="utf-8"))
    assert len(topics) == 19
    for topic in topics:
        assert parse(topic).tree == Term(text=topic)
