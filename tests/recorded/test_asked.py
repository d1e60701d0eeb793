from __future__ import annotations

import gzip
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.recorded.asked import ASKED, Demand, Kind

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_QUERY = 300  # characters, as the command takes them

# An answer is all that can be demanded of these: what it says is a matter of taste.
ANSWER_ENOUGH = {Kind.HOSTILE, Kind.MISTAKE, Kind.SCRIPT}


@pytest.fixture(scope="module")
def papers(recorded: Path) -> dict[str, dict[str, Any]]:
    """Return the papers of the corpus by id."""
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {paper["arxiv_id"]: paper for paper in map(json.loads, lines)}


def plain(text: str) -> str:
    """Return the text on one line in small letters, hyphens as spaces."""
    return " ".join(text.casefold().replace("-", " ").split())


def words_of(paper: dict[str, Any]) -> str:
    return plain(" ".join([paper["title"], paper["abstract"], *paper["ai_keywords"]]))


def test_every_id_that_is_demanded_is_a_paper_of_the_corpus(
    papers: dict[str, dict[str, Any]],
) -> None:
    missing = {one.query: set(one.demand.ids) - papers.keys() for one in ASKED}
    assert not {query: ids for query, ids in missing.items() if ids}


def test_every_author_that_is_demanded_wrote_as_many_papers(
    papers: dict[str, dict[str, Any]],
) -> None:
    wrote = Counter(author for paper in papers.values() for author in paper["authors"])
    demands = [one.demand for one in ASKED if one.demand.by]
    assert len(demands) >= 5
    assert all(wrote[demand.by or ""] >= demand.at_least > 0 for demand in demands)


def test_enough_papers_say_what_the_first_ten_must_say(
    papers: dict[str, dict[str, Any]],
) -> None:
    texts = [words_of(paper) for paper in papers.values()]
    for one in ASKED:
        if said := one.demand.says:
            able = sum(any(word in text for word in said) for text in texts)
            assert able >= max(10, one.demand.at_least), one.query


def test_no_query_is_asked_twice_and_every_kind_is_asked() -> None:
    assert len({one.query for one in ASKED}) == len(ASKED) >= 80
    assert {one.kind for one in ASKED} == set(Kind)


def test_every_query_demands_something_that_can_be_met() -> None:
    for one in ASKED:
        demand = one.demand
        assert demand != Demand() or one.kind in ANSWER_ENOUGH, one.query
        assert demand.at_most is None or demand.at_least <= demand.at_most, one.query
        wanted = {*demand.first, *demand.early, *demand.among}
        assert not wanted & {*demand.never}, one.query
        assert len(demand.first) <= 3, one.query
        assert len(demand.early) <= 10, one.query
        found = demand.first or demand.early or demand.among or demand.at_least
        assert not (found and (demand.nothing or demand.mistake_at)), one.query
        assert not demand.near or demand.nothing, one.query


def test_a_variant_names_a_query_that_demands_something_itself() -> None:
    asked = {one.query: one for one in ASKED}
    for one in ASKED:
        if (same := one.demand.same_as) is not None:
            assert same in asked, one.query
            assert asked[same].demand.same_as != one.query
            assert asked[same].demand != Demand(), one.query


def test_a_caret_stands_in_the_query_or_right_behind_it() -> None:
    for one in ASKED:
        assert all(0 <= at <= len(one.query) for at in one.demand.mistake_at), one.query


def test_all_but_one_query_are_as_long_as_a_person_can_type() -> None:
    assert [len(one.query) for one in ASKED if len(one.query) > LONGEST_QUERY] == [301]
    assert any(len(one.query) > LONGEST_QUERY - 20 for one in ASKED if one.kind is Kind.SENTENCE)


def test_a_title_that_is_pasted_is_the_title_of_the_paper_that_is_demanded(
    papers: dict[str, dict[str, Any]],
) -> None:
    pasted = [
        (one.query, paper_id)
        for one in ASKED
        if one.kind is Kind.TITLE and len(one.query) > len("attention is all you need")
        for paper_id in one.demand.first + one.demand.seen
    ]
    assert len(pasted) >= 10
    for query, paper_id in pasted:
        assert plain(papers[paper_id]["title"]) == plain(query)
