from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.editions import (
    TLDR_LENGTH,
    Edition,
    Order,
    Part,
    by_upvotes,
    choose,
    entry,
    shortened,
)
from bot.domain.papers import ArxivId, Listed
from bot.domain.summaries import Summary
from tests.builders import NOW, FakePublisher, edition, listed, paper, receipt
from tests.builders import entry as shown_entry

LISTED = st.builds(
    Listed,
    paper=st.integers(1, 12).map(paper),
    rank=st.integers(1, 20),
    upvotes=st.integers(0, 9),
)


@given(st.lists(LISTED, max_size=20), st.integers(0, 6), st.integers(0, 10))
def test_every_undecided_paper_is_in_one_of_three_places_once(
    undecided: list[Listed], limit: int, min_upvotes: int
) -> None:
    choice = choose(undecided, Order(limit=limit, min_upvotes=min_upvotes))
    everywhere = [*choice.shown, *choice.more, *choice.rest]
    ids = [one.paper.id for one in everywhere]
    assert sorted(ids) == sorted({one.paper.id for one in undecided})
    for one in everywhere:  # a paper on two days counts with its higher number
        assert one.upvotes == max(o.upvotes for o in undecided if o.paper.id == one.paper.id)
    assert all(one.upvotes >= min_upvotes for one in (*choice.shown, *choice.more))
    assert all(one.upvotes < min_upvotes for one in choice.rest)
    assert by_upvotes(choice.shown + choice.more) == [*choice.shown, *choice.more]
    if limit:
        assert len(choice.shown) == min(limit, len(choice.shown + choice.more))
    else:
        assert choice.more == ()
    assert choice.empty == (not choice.shown)


@given(
    st.lists(LISTED, max_size=20),
    st.frozensets(st.integers(1, 12).map(lambda number: paper(number).id)),
    st.integers(0, 10),
)
def test_with_a_topic_only_what_matches_it_passes(
    undecided: list[Listed], matching: frozenset[ArxivId], min_upvotes: int
) -> None:
    order = Order(limit=3, min_upvotes=min_upvotes, topic="a topic", matching=matching)
    passes = choose(undecided, Order(limit=3, min_upvotes=min_upvotes))
    choice = choose(undecided, order)
    wanted = [one for one in (*passes.shown, *passes.more) if one.paper.id in matching]
    assert [*choice.shown, *choice.more] == wanted
    assert set(choice.papers) == set(passes.papers)


def test_a_topic_of_which_nobody_has_asked_what_matches_takes_nothing() -> None:
    assert choose(listed(paper(1)), Order(topic="a topic")).empty


@given(st.lists(LISTED, max_size=12), st.randoms(use_true_random=False))
def test_the_choice_is_the_same_in_whatever_order_the_papers_come(
    undecided: list[Listed], chance: object
) -> None:
    assert choose(undecided, Order()) == choose(list(reversed(undecided)), Order())


def test_the_most_upvoted_come_first_and_equals_keep_the_lists_rank() -> None:
    papers = [paper(n) for n in (1, 2, 3, 4)]
    ranks = [(papers[0], 2, 5), (papers[1], 1, 5), (papers[2], 3, 9), (papers[3], 1, 5)]
    one_list = [Listed(paper=p, rank=rank, upvotes=up) for p, rank, up in ranks]
    assert [one.paper.id[-1] for one in by_upvotes(one_list)] == ["3", "2", "4", "1"]


def test_limit_0_shows_all() -> None:
    many = listed(*[paper(n) for n in range(1, 41)])
    assert len(choose(many, Order(limit=0)).shown) == 40
    assert len(choose(many, Order()).shown) == 10


def test_an_entry_has_the_papers_facts_and_its_summarys_parts() -> None:
    summary = Summary(
        tldr="It works.", results="By 3%.", model="m", source="abstract", prompt=1,
        grounded=True, sought=True, written_at=NOW,
    )  # fmt: skip
    bare = entry(paper(3), 2, 7, None)
    assert (bare.place, bare.upvotes, bare.tldr) == (2, 7, None)
    assert bare.authors == ("Ada Lovelace", "Grace Hopper")
    assert entry(paper(3), 2, 7, summary) == replace(bare, tldr="It works.", results="By 3%.")


def test_a_receipt_counts_what_is_under_browse_all_and_a_part_knows_its_place() -> None:
    assert replace(receipt(3), matching=5).more == 2
    cut: Edition = edition(*[shown_entry(n, n) for n in range(1, 6)])
    parts: tuple[Part, ...] = FakePublisher(papers_a_part=2).split(cut)
    assert [part.first for part in parts] == [True, False, False]
    assert [part.last for part in parts] == [False, False, True]


@given(st.text(max_size=400), st.integers(2, 250))
def test_a_shortened_text_never_passes_the_limit(text: str, length: int) -> None:
    short = shortened(text, length)
    assert len(short) <= length
    if len(text) <= length:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


@pytest.mark.parametrize(
    ("text", "length", "told"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 12, "one two…"),
        ("one, two", 6, "one…"),
        ("see https://arxiv.org/abs/2502.06782", 12, "see https:/…"),
        ("没有空格的一句话", 5, "没有空格…"),
    ],
)
def test_a_text_is_cut_at_a_word_unless_the_word_is_the_line(
    text: str, length: int, told: str
) -> None:
    assert shortened(text, length) == told


def test_the_compact_lines_limit_is_the_contracts() -> None:
    assert TLDR_LENGTH == 220
    assert len(shortened("word " * 100)) <= 220
