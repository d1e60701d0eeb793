from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import Author
from bot.search.topics import (
    LONGEST_TOPIC,
    Kind,
    Topic,
    beginnings,
    best,
    candidates,
    folded,
)
from tests.builders import paper


def texts(kind: Kind, **told: Any) -> list[str]:
    return [topic.text for topic in candidates(paper(**told)) if topic.kind is kind]


def keyword(text: str) -> Topic:
    return Topic(Kind.KEYWORD, folded(text), text)


def test_a_paper_gives_its_keywords_and_the_acronyms_that_it_defines() -> None:
    found = candidates(
        paper(
            title="Reasoning",
            abstract="We study large language models (LLMs).",
            ai_keywords=("Diffusion  Models", "large language models (LLMs)", "GRPO", "VLMs"),
            authors=(),
        )
    )
    assert found == (
        Topic(Kind.ACRONYM, "llm", "LLM"),
        Topic(Kind.KEYWORD, "diffusion model", "Diffusion Models"),
        Topic(Kind.KEYWORD, "large language model", "large language models"),
        Topic(Kind.ACRONYM, "grpo", "GRPO"),
        Topic(Kind.ACRONYM, "vlm", "VLM"),
    )


def test_a_paper_gives_its_authors_categories_and_organization() -> None:
    told = paper(
        authors=(Author(name="Jürgen Schmidhuber"), Author(name="Sai-Kit Yeung")),
        categories=("cs.CV", "hep-th", "I.2.7", "68T05"),
        organization="Allen Institute",
        ai_keywords=("x",),
    )
    assert candidates(told) == (
        Topic(Kind.KEYWORD, "x", "x"),
        Topic(Kind.AUTHOR, "jurgen schmidhuber", "Jürgen Schmidhuber"),
        Topic(Kind.AUTHOR, "sai kit yeung", "Sai-Kit Yeung"),
        Topic(Kind.CATEGORY, "cs.cv", "cs.CV"),
        Topic(Kind.CATEGORY, "hep-th", "hep-th"),
        Topic(Kind.ORGANIZATION, "allen institute", "Allen Institute"),
    )


def test_a_title_stands_in_for_keywords_that_are_missing() -> None:
    title = "Towards Efficient Text-to-Video Generation: A Novel Approach to Mixture-of-Experts"
    assert texts(Kind.KEYWORD, title=title) == [
        "text-to-video generation",
        "text-to-video",
        "mixture-of-experts",
    ]
    assert texts(Kind.KEYWORD, title=title, ai_keywords=("video",)) == ["video"]


@pytest.mark.parametrize(
    "title",
    [
        "Towards a Novel Approach",
        "An Empirical Study",
        "GLM-5 Technical Report"[6:],
        "Attention Is All You Need"[10:],
        "Revisiting",
        "Large-Scale",
    ],
)
def test_what_every_title_says_is_no_keyword(title: str) -> None:
    assert texts(Kind.KEYWORD, title=title) == []


def test_names_in_titles_keep_their_capitals() -> None:
    assert texts(Kind.KEYWORD, title="3D Scenes with NeRF Priors")[-1:] == ["NeRF priors"]


@pytest.mark.parametrize(
    "word", ["", " ", "(x)", ":-)", "a b c d e f g", "x" * (LONGEST_TOPIC + 1)]
)
def test_what_nobody_would_pick_is_no_keyword(word: str) -> None:
    assert texts(Kind.KEYWORD, ai_keywords=(word, "video")) == ["video"]


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=4))
def test_any_paper_gives_each_topic_once_and_in_its_normal_form(
    title: str, keywords: list[str]
) -> None:
    found = candidates(paper(title=title, abstract=title, ai_keywords=tuple(keywords)))
    assert len({(topic.kind, topic.form) for topic in found}) == len(found)
    for topic in found:
        assert topic.form
        assert topic.form == " ".join(topic.form.split())
        assert len(topic.text) <= LONGEST_TOPIC


def test_accents_hyphens_and_capitals_make_no_difference() -> None:
    assert folded(" Text–to-Video  Straße É") == "text to video strasse e"


def test_a_topic_is_found_by_each_of_its_words_but_small_ones() -> None:
    assert beginnings("mixture of experts") == ("mixture of experts", "experts")
    assert beginnings("the pile") == ("the pile", "pile")


COUNTED = [
    (keyword("diffusion model"), 100),
    (keyword("diffusion"), 40),
    (keyword("video diffusion"), 300),
    (keyword("diffusion transformer"), 70),
    (keyword("diffusion distillation recipe"), 1),
    (keyword("robot"), 500),
    (Topic(Kind.ACRONYM, "dit", "DiT"), 20),
    (Topic(Kind.AUTHOR, "diffa person", "Diffa Person"), 1),
]


def test_what_is_typed_comes_first_then_what_begins_so_then_what_has_such_a_word() -> None:
    assert [topic.text for topic in best("diffusion", COUNTED[:1] + COUNTED[2:4], 9)] == [
        "diffusion model",
        "diffusion transformer",
        "video diffusion",
    ]
    assert best("diffusion models", COUNTED, 1) == [keyword("diffusion model")]
    assert best("di", COUNTED, 2) == [keyword("diffusion model"), keyword("diffusion transformer")]
    assert best("DI-T", COUNTED, 9) == [Topic(Kind.ACRONYM, "dit", "DiT")]
    assert best("diffusion ", [*COUNTED, (keyword("diffusions"), 9)], 9)[-1].text != "diffusions"


def test_a_fragment_leaves_its_place_to_the_longer_topic_that_it_stands_in() -> None:
    counted = [(keyword("large language"), 50), (keyword("large language model"), 90)]
    assert best("large", counted, 9) == [keyword("large language model")]
    counted = [(keyword("language model"), 90), (keyword("language model agent"), 5)]
    assert best("lang", counted, 9) == [topic for topic, _ in counted]


def test_a_keyword_of_one_paper_is_offered_only_where_there_is_nothing_else() -> None:
    assert keyword("diffusion distillation recipe") not in best("diffusion", COUNTED, 99)
    assert best("diffusion dist", COUNTED, 9) == [keyword("diffusion distillation recipe")]
    assert [topic.text for topic in best("diffa", COUNTED, 9)] == ["Diffa Person"]


def test_nothing_typed_offers_what_most_papers_are_about() -> None:
    assert best("", COUNTED, 2) == [keyword("robot"), keyword("video diffusion")]
    assert best("zzz", COUNTED, 2) == []


@given(st.text(max_size=20), st.integers(min_value=0, max_value=9))
def test_whatever_is_typed_offers_no_more_than_asked_for(typed: str, limit: int) -> None:
    assert len(best(typed, COUNTED, limit)) <= limit
