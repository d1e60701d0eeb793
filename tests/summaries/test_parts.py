from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.summaries import PARTS
from bot.summaries.parts import _NEEDED, _WEIGHTS, _spoken, best_sentence, sentences_by_part

TITLE = "Sieve: Choosing Data for Small Models"
BACKGROUND = "Recent language models have become remarkably good at writing code."
HOWEVER = "However, existing filters are slow and suffer from a great need of memory."
PROPOSAL = "We propose Sieve, a filter that picks training data in one pass over the corpus."
METHOD = "Specifically, it uses a small tree to rank each page by what its neighbours say."
RESULT = "Sieve achieves 12.5% higher accuracy and is 3x faster than earlier filters."
IMPLICATION = "These findings suggest that practitioners can filter data on a laptop."
CODE = "The code and the models are available at https://example.org/sieve."
WHOLE = (BACKGROUND, HOWEVER, PROPOSAL, METHOD, RESULT, IMPLICATION, CODE)
ABSTRACT = " ".join(WHOLE)


def test_every_sentence_stands_under_what_it_says() -> None:
    assert sentences_by_part(TITLE, ABSTRACT) == {
        "tldr": (PROPOSAL,),
        "objective": (HOWEVER,),
        "method": (METHOD,),
        "results": (RESULT,),
        "implications": (IMPLICATION,),
    }


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("tldr", PROPOSAL),
        ("objective", HOWEVER),
        ("method", METHOD),
        ("results", RESULT),
        ("implications", IMPLICATION),
    ],
)
def test_the_best_sentence_for_a_part_is_found_by_itself(part: str, sentence: str) -> None:
    assert best_sentence(part, TITLE, ABSTRACT) == sentence


def test_a_part_that_the_abstract_lacks_is_empty() -> None:
    found = sentences_by_part(TITLE, f"{BACKGROUND} {PROPOSAL} {CODE}")
    assert found["tldr"] == (PROPOSAL,)
    assert found["objective"] == found["results"] == found["implications"] == ()
    assert best_sentence("results", TITLE, PROPOSAL) is None
    assert all(best_sentence(part, TITLE, f"{CODE} {CODE}") is None for part in PARTS)
    assert all(best_sentence(part, "", " \n ") is None for part in PARTS)


def test_an_implication_needs_a_cue_of_its_own() -> None:
    last = "Sieve can be deployed on every machine that has a promising amount of memory."
    assert sentences_by_part(TITLE, f"{PROPOSAL} {RESULT} {last}")["implications"] == ()
    hoped = "We hope that Sieve paves the way for smaller machines."
    assert sentences_by_part(TITLE, f"{PROPOSAL} {RESULT} {hoped}")["implications"] == (hoped,)


def test_background_is_no_result() -> None:
    earlier = "Existing models have achieved 90% accuracy, outperforming people."
    assert sentences_by_part(TITLE, f"{earlier} {PROPOSAL}")["results"] == ()


def test_a_result_without_a_figure_is_one() -> None:
    plain = "Extensive experiments show that Sieve outperforms earlier filters."
    assert sentences_by_part(TITLE, f"{PROPOSAL} {plain}")["results"] == (plain,)


def test_the_result_with_the_figure_comes_before_the_one_without() -> None:
    plain = "Extensive experiments demonstrate the effectiveness of the filters."
    found = sentences_by_part(TITLE, f"{PROPOSAL} {plain} {RESULT}")
    assert found["results"] == (RESULT,)


def test_a_second_result_is_added_only_with_a_figure_and_in_the_abstracts_order() -> None:
    second = "Compared with rivals, Sieve reduces the memory by 40%."
    found = sentences_by_part(TITLE, f"{PROPOSAL} {second} {RESULT}")
    assert found["results"] == (second, RESULT)
    with_figure = "Notably, Sieve reaches a score of 40 with all of them."
    plain = "The results show that it outperforms all the filters of its many strong rivals, too."
    found = sentences_by_part(TITLE, f"{PROPOSAL} {with_figure} {plain}")
    assert found["results"] == (with_figure,)
    found = sentences_by_part(TITLE, f"{PROPOSAL} {plain} {second}")
    assert found["results"] == (second,)


def test_a_second_sentence_is_left_out_where_the_two_would_be_long() -> None:
    rest = " and ".join(f"set {number}" for number in range(60))
    second = f"Compared with rivals, Sieve reduces the memory by 40% on {rest}."
    found = sentences_by_part(TITLE, f"{PROPOSAL} {RESULT} {second}")
    assert len(found["results"]) == 1


ALL_IN_ONE = (
    "To address this gap, we propose Sieve, which picks data by using small trees and improves "
    "accuracy by 12% compared with earlier filters."
)


def test_the_tldr_is_repeated_once_where_several_parts_have_nothing_else() -> None:
    for part in ("objective", "results"):
        assert best_sentence(part, TITLE, ALL_IN_ONE) == ALL_IN_ONE
    found = sentences_by_part(TITLE, ALL_IN_ONE)
    assert [part for part in PARTS if found[part]] == ["tldr", "results"]


def test_the_tldr_is_not_repeated_where_another_sentence_serves_though_less_well() -> None:
    found = sentences_by_part(TITLE, f"{ALL_IN_ONE} {METHOD} {RESULT}")
    assert best_sentence("tldr", TITLE, f"{ALL_IN_ONE} {METHOD} {RESULT}") == ALL_IN_ONE
    assert (found["method"], found["results"]) == ((METHOD,), (RESULT,))
    plain = "Experiments show that the filters work."
    assert best_sentence("results", TITLE, f"{ALL_IN_ONE} {plain}") == ALL_IN_ONE
    assert sentences_by_part(TITLE, f"{ALL_IN_ONE} {plain}")["results"] == (plain,)


def test_with_a_tldr_from_elsewhere_every_sentence_is_free_for_the_others() -> None:
    found = sentences_by_part(TITLE, f"{HOWEVER} {PROPOSAL} {RESULT}", "Sieve filters.")
    assert found["tldr"] == ("Sieve filters.",)
    assert found["method"] == (PROPOSAL,)


def test_a_sentence_that_stands_twice_in_the_abstract_stands_under_one_part_twice_at_most() -> None:
    found = sentences_by_part(TITLE, f"{PROPOSAL} {METHOD} {METHOD} {RESULT}")
    assert set(found["method"]) == {METHOD}


def test_a_title_without_a_name_and_none_at_all_do_as_well() -> None:
    for title in ("Choosing Data", ""):
        assert sentences_by_part(title, ABSTRACT)["results"] == (RESULT,)


def test_without_a_proposal_what_the_paper_studies_takes_its_place() -> None:
    studied = "This paper studies how filters behave when memory is small."
    found = sentences_by_part("", f"{BACKGROUND} {HOWEVER} {studied} {METHOD} {RESULT}")
    assert found["tldr"] == (studied,)


def test_every_rule_asks_for_something_that_is_known_of_a_sentence() -> None:
    known = {*_spoken("A sentence.", None, frozenset())} | {
        "first", "last", "late", "before", "just after", "after", "from result",
    }  # fmt: skip
    assert {mark for weights in _WEIGHTS.values() for mark in weights} <= known
    assert {cue for cues in _NEEDED.values() for cue in cues} <= known
    assert set(_WEIGHTS) == set(PARTS)


SENTENCES = st.lists(st.sampled_from(WHOLE) | st.text(max_size=80)).map(" ".join)


@given(title=st.text(), abstract=SENTENCES)
def test_every_sentence_is_the_abstracts_own_and_all_is_bounded(title: str, abstract: str) -> None:
    found = sentences_by_part(title, abstract)
    assert tuple(found) == PARTS
    assert all(sentence in abstract for sentences in found.values() for sentence in sentences)
    most = {"tldr": 1, "objective": 1, "method": 2, "results": 2, "implications": 1}
    assert all(len(found[part]) <= most[part] for part in PARTS)
    for part in PARTS:
        best = best_sentence(part, title, abstract)
        assert best is None or best in abstract


@pytest.mark.parametrize(
    "piece",
    [
        "we ",
        "a ",
        "a, ",
        "code, ",
        "codes and ",
        "we release all our ",
        "results ",
        "by aly ",
        "aa",
    ],
)
def test_no_abstract_makes_it_slow(piece: str) -> None:
    text = piece * (300_000 // len(piece))  # in quadratic time each would take minutes
    sentences_by_part(text, text)
