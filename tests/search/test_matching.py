from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analysis import words
from bot.search.expression import expression, within
from bot.search.matching import matches, spans
from bot.search.patterns import Either, Every, OneOf, Pattern, leaves

VIDEO, DIFFUSION = Pattern(("video",)), Pattern(("diffusion",))
PHRASE = Pattern(("video", "diffusion"))


def shown(text: str, *patterns: Pattern) -> list[str]:
    return [text[start:end] for start, end in spans(patterns, list(words(text)))]


@pytest.mark.parametrize(
    ("text", "patterns", "found"),
    [
        ("Videos by video diffusion", (VIDEO,), ["Videos", "video"]),
        ("Video-diffusion models", (PHRASE,), ["Video-diffusion"]),
        ("video diffusion", (VIDEO, DIFFUSION), ["video", "diffusion"]),
        ("video diffusion", (VIDEO, PHRASE), ["video diffusion"]),
        ("diffusion video", (PHRASE,), []),
        ("quantized, quantum", (Pattern(("quant",), prefix=True),), ["quantized", "quantum"]),
        ("C++ or C", (Pattern(("cpp",)),), ["C++"]),
        ("a a a", (Pattern(("a", "a")),), ["a a a"]),
        ("", (VIDEO,), []),
        ("video", (Pattern(("",)),), []),
        ("video", (), []),
    ],
)
def test_a_pattern_is_shown_where_it_stands(
    text: str, patterns: tuple[Pattern, ...], found: list[str]
) -> None:
    assert shown(text, *patterns) == found


stems = st.sampled_from(["a", "b", "ab"])
patterns = st.builds(
    Pattern, st.lists(stems, min_size=1, max_size=3).map(tuple), prefix=st.booleans()
)


@given(st.lists(stems, max_size=12).map(" ".join), st.lists(patterns, max_size=4))
def test_spans_are_in_order_inside_the_text_and_apart(text: str, some: list[Pattern]) -> None:
    end = -1
    for start, stop in spans(some, list(words(text))):
        assert end < start < stop <= len(text)
        end = stop
    for pattern in some:
        one = OneOf((pattern,), ("title",))
        assert matches(one, {"title": text.split()}) == bool(spans([pattern], list(words(text))))


def test_a_pattern_stands_in_its_columns_only() -> None:
    told = {"title": ["video"], "authors": ["xie"]}
    assert matches(OneOf((VIDEO,), ("title",)), told)
    assert not matches(OneOf((VIDEO,), ("authors", "abstract")), told)
    assert not matches(Every((OneOf((VIDEO,)),), (OneOf((VIDEO,)),)), told)
    assert matches(Either((OneOf((DIFFUSION,)), OneOf((VIDEO,)))), told)


def test_what_is_excluded_is_not_looked_for() -> None:
    one, two, three = OneOf((VIDEO,)), OneOf((DIFFUSION,)), OneOf((PHRASE,))
    assert list(leaves(Every((Either((one, two)),), (three,)))) == [one, two]


def test_an_expression_holds_its_words_in_quotes() -> None:
    wanted = Every((OneOf((PHRASE,), ("title",)), OneOf((VIDEO,), ("title", "abstract"))))
    assert (
        expression(wanted) == '(({title} : ("video diffusion")) AND ({title abstract} : ("video")))'
    )
    assert expression(Every((OneOf((VIDEO,), ("title",)),), (OneOf((PHRASE,), ("title",)),))) == (
        '((({title} : ("video"))) NOT ({title} : ("video diffusion")))'
    )
    assert within(("title",), [Pattern(("qu",), prefix=True)]) == '({title} : ("qu" *))'
    assert within(("title",), [Pattern(('a" OR "b',))]) == '({title} : ("a OR b"))'
