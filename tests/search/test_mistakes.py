from __future__ import annotations

import pytest

from bot.domain.queries import LONGEST_QUERY
from bot.errors import QueryMistake
from bot.search.parsing import DEEPEST_NESTING, MOST_TERMS, parse

FIELDS = "title:, author:, cat:, keyword: or org:"


def mistake_in(text: str) -> QueryMistake:
    with pytest.raises(QueryMistake) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("a OR", 4, "I expected a word or a phrase after “OR”."),
        ("a AND ?", 7, "I expected a word or a phrase after “AND”."),
        ("NOT", 3, "I expected a word or a phrase after “NOT”."),
        ("a (", 3, "I expected a word or a phrase after “(”."),
        ("title:🔥", 7, "I expected a word or a phrase after “title:”."),
        ("OR a", 0, "I expected a word or a phrase before “OR”."),
        ("' OR 1=1 --", 2, "I expected a word or a phrase before “OR”."),
        ("a OR OR b", 5, "I expected a word or a phrase between “OR” and “OR”."),
        ("a || | b", 5, "I expected a word or a phrase between “||” and “|”."),
        ("a ()", 3, "I expected a word or a phrase between “(” and “)”."),
        ("（）", 1, "I expected a word or a phrase between “（” and “）”."),
        ("title:-a", 6, "I expected a word or a phrase between “title:” and “-”."),
        ("title: cat:a", 7, "I expected a word or a phrase between “title:” and “cat:”."),
        ("-OR a", 1, "I expected a word or a phrase between “-” and “OR”."),
        ("(a (b) c", 0, "I expected a closing “)” for this “(”."),
        ("(a (b c", 3, "I expected a closing “)” for this “(”."),
        ("a) b", 1, "This “)” closes nothing: I expected a “(” before it."),
        ('a "b c', 2, "I expected a closing quote for this one."),
        ('"; DROP TABLE', 0, "I expected a closing quote for this one."),
        ('a "?"', 2, "I expected a letter or a digit between the quotes."),
        ('""', 0, "I expected a letter or a digit between the quotes."),
        ("text-to-*", 8, "I expected at least two letters or digits right before “*”."),
        ("beyond A*", 8, "I expected at least two letters or digits right before “*”."),
        ("扩*", 1, "I expected at least two letters or digits right before “*”."),
        ("हि*", 2, "I expected at least two letters or digits right before “*”."),
        ('"A"*', 3, "I expected at least two letters or digits right before “*”."),
        ("a*b", 1, "I expected “*” only at the end of a word or a phrase."),
        ("x **bold**", 2, "I expected “*” only at the end of a word or a phrase."),
        ('"a* b"', 2, "I expected “*” only at the end of a word or a phrase."),
        ("title:(a author:b)", 9, "I expected words for “title:” and no other field among them."),
        ("", 0, "I expected something to look for."),
        ("\u3164", 0, "I expected something to look for."),  # a letter, and nothing to see
        (" \0\u200b", 0, "I expected something to look for."),
        ("🔥 ?", 0, "I expected a word with a letter or a digit."),
        ("-a -b", 0, "Everything here is excluded: I expected something to look for beside it."),
        ("a OR (b OR", 10, "I expected a word or a phrase after “OR”."),
    ],
)
def test_a_mistake_is_told_in_a_sentence_with_its_column(text: str, at: int, said: str) -> None:
    mistake = mistake_in(text)
    assert (mistake.at, str(mistake)) == (at, said)


@pytest.mark.parametrize(("text", "at"), [("a OR -b", 5), ("(-a -b) OR c", 0), ("a (b|NOT c)", 5)])
def test_an_exclusion_is_no_side_of_or(text: str, at: int) -> None:
    mistake = mistake_in(text)
    assert mistake.at == at
    assert "on each side of “OR”" in str(mistake)


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [
        ("x foo:bar", 2, "foo:"),
        ('foo:"bar"', 0, "foo:"),
        ("foo:(bar)", 0, "foo:"),
        ("-(foo:bar)", 2, "foo:"),
        ("[foo:bar]", 1, "foo:"),
        ("subtitle:x", 0, "subtitle:"),
        ("std::vector", 0, "std:"),
        ("12:30:foo", 0, "12:30:"),
        ("https://arxiv.org/abs/2502.06782", 0, "https:"),
        ("x" * 60 + ":y", 0, "x" * 40 + "…"),
    ],
)
def test_a_field_that_there_is_not_is_told_with_those_that_there_are(
    text: str, at: int, name: str
) -> None:
    mistake = mistake_in(text)
    assert (mistake.at, mistake.expected) == (at, FIELDS)
    assert str(mistake) == (
        f"“{name}” is no field: I expected {FIELDS}, or quotes round it to look for it as words."
    )


def test_in_quotes_a_foreign_field_is_words() -> None:
    assert [term.text for term in parse('"foo:bar"').terms()] == ["foo:bar"]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("a" * (LONGEST_QUERY + 1), LONGEST_QUERY, "at most 300 characters"),
        ("\u0958" * 200, LONGEST_QUERY, "at most 300 characters"),
        ("a " * (MOST_TERMS + 1), 2 * MOST_TERMS, f"at most {MOST_TERMS} words and phrases"),
        ("x" + "(" * (DEEPEST_NESTING + 1), DEEPEST_NESTING + 1, "groups at most 8 deep"),
        ("(a) (a " + "(" * DEEPEST_NESTING, 6 + DEEPEST_NESTING, "groups at most 8 deep"),
    ],
)
def test_what_is_over_a_bound_is_told_where_it_begins(text: str, at: int, expected: str) -> None:
    mistake = mistake_in(text)
    assert (mistake.at, mistake.expected) == (at, expected)


def test_of_several_mistakes_the_first_is_told() -> None:
    assert mistake_in('a*b foo:bar ) "').at == 1
    assert mistake_in('ab ) foo:bar "').at == 3


def test_a_mistake_carries_the_query_on_one_line() -> None:
    assert mistake_in(" (a\nb ").text == "(a b"
