from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.rouge import rouge, textrank

TEXT = st.lists(st.sampled_from(["the", "cat", "sat", "on", "mat"]), max_size=9).map(" ".join)


def test_the_figures_are_those_of_the_definition() -> None:
    assert rouge("The cat sat.", "the cat ran") == pytest.approx((2 / 3, 1 / 2, 2 / 3))
    assert rouge("b a c", "a b c") == pytest.approx((1, 0, 2 / 3))
    assert rouge("", "a") == rouge("a", "") == rouge("a", "b") == (0, 0, 0)


@given(one=TEXT, other=TEXT)
def test_rouge_is_symmetric_and_a_share(one: str, other: str) -> None:
    assert rouge(one, other) == rouge(other, one)
    unigrams, bigrams, longest = rouge(one, other)
    assert 0 <= bigrams <= 1
    assert 0 <= longest <= unigrams <= 1
    assert rouge(one, one)[2] == (1 if one else 0)


def test_the_sentence_that_shares_most_comes_first() -> None:
    told = ["A cat sat.", "The dog and the cat sat on a mat.", "The dog barked on.", "Zebras!"]
    assert textrank(told)[0] == 1
    assert textrank(told)[-1] == 3
    assert sorted(textrank(["a", "a", ""])) == [0, 1, 2]
