from __future__ import annotations

import pytest
from hypothesis import given

from bot.domain.queries import LONGEST_QUERY, Node, Query, Term
from bot.search.parsing import parse
from bot.search.wording import spelled, understood, without
from tests.search.queries import outcome, trees, typed


@given(trees)
def test_a_spelled_tree_parses_to_an_equal_one(tree: Node) -> None:
    assert parse(spelled(tree)).tree == tree


@given(typed)
def test_what_was_typed_can_be_spelled_again_within_the_bounds(text: str) -> None:
    query = outcome(text)
    if isinstance(query, Query):
        assert parse(spelled(query.tree)).tree == query.tree


@pytest.mark.parametrize(
    "text",
    [
        "|".join(["eight888"] * 32),
        '"seven77"' * 32,
        '"sixteen6666666666666"(a|b)' * 10,
        '"sixteen6666666666666" -(a|b)' * 10,
        f"keyword:({' '.join(['eight888'] * 32)})",
        f"keyword:({'|'.join(['eight888'] * 32)})",
    ],
)
def test_a_long_query_is_spelled_without_a_character_too_many(text: str) -> None:
    assert len(text) <= LONGEST_QUERY
    again = parse(spelled(parse(text).tree))
    assert again.tree == parse(text).tree
    assert len(again.text) <= len(text)


def test_a_field_is_not_shared_where_a_group_would_be_one_too_deep() -> None:
    deep = "((((((((title:a title:b|c) d|e) f|g) h|i) j|k) l|m) n|o) p|q) r"
    assert spelled(parse(deep).tree).count("title:") == 2
    assert parse(spelled(parse(deep).tree)).tree == parse(deep).tree


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("NOT  a   b", "-a b"),
        ("a|b AND (c|d)", "a OR b (c OR d)"),
        ("title:a Title:b c", "title:(a b) c"),
        ("title:a OR title:(b c)", "title:(a OR b c)"),
        ("a -(title:b -title:c)", "a -title:(b -c)"),
        ("'OR' «x  y»", '+OR "x y"'),
        ('"text to im"*', '"text to im*"'),
        ("authors:(“A B”)", 'author:"A B"'),
    ],
)
def test_a_query_is_spelled_as_one_would_type_it(text: str, again: str) -> None:
    assert spelled(parse(text).tree) == again


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("a b c", "b", "a c"),
        ("a OR b", "b", "a"),
        ("a b a", "a", "b"),
        ("a (b OR c) -d", "b", "a c -d"),
        ("a (b OR (c d)) OR e", "c", "a (b OR d) OR e"),
        ("(a -b) OR c", "a", "c"),
        ("a b -b", "b", "a -b"),
        ("(x (a OR b)) OR c", "x", "a OR b OR c"),
        ("a b", "c", "a b"),
    ],
)
def test_a_query_without_a_term_looks_for_the_rest(text: str, word: str, left: str) -> None:
    assert without(parse(text), Term(text=word)) == parse(left)


@pytest.mark.parametrize("text", ["a", "a -b", "a OR a", "(a -b) OR (a -c)", "a a"])
def test_without_its_only_term_nothing_is_left(text: str) -> None:
    assert without(parse(text), Term(text="a")) is None


def test_a_term_of_another_field_is_another_term() -> None:
    query = parse('title:a "a" a')
    assert without(query, Term(text="a")) == parse('title:a "a"')
    assert without(query, Term(text="a", quoted=True)) == parse("title:a a")


@given(typed)
def test_without_any_of_its_terms_a_query_parses_still(text: str) -> None:
    query = outcome(text)
    if isinstance(query, Query):
        left = [(term, without(query, term)) for term in query.terms()]
        assert [term for term, rest in left if rest and term in rest.terms()] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '"video diffusion" faster -survey',
            "“video diffusion” (as a phrase), and “faster”, but not “survey”",
        ),
        ("video -survey -review", "“video”, but not “survey” and not “review”"),
        ("a OR b", "“a” or “b”"),
        ("a (b OR (c -d))", "“a”, and (“b” or (“c”, but not “d”))"),
        ("a -(b OR c)", "“a”, but not (“b” or “c”)"),
        ("quant*", "a word that begins with “quant”"),
        ('"text to im*"', "a phrase that begins with “text to im”"),
        ('"video"', "“video”"),
        (
            'title:video author:"Saining Xie" cat:cs.CV',
            "“video” in the title, and “Saining Xie” among the authors, and “cs.CV” as a category",
        ),
        ("keyword:rag OR org:google", "“rag” as a keyword or “google” as the organisation"),
    ],
)
def test_a_query_is_said_in_a_persons_words(text: str, said: str) -> None:
    assert understood(parse(text)) == said
