from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summaries.housekeeping import fit_sentences, unfit


@pytest.mark.parametrize(
    "sentence",
    [
        "Code is available at https://example.org/sieve.",
        "The code and the models will be made publicly available.",
        "Our code, models, and dataset will be publicly released.",
        "We release all our models and data under an open licence.",
        "To foster research, we will open-source the code.",
        "We also make the weights and the data freely available.",
        "See www.example.org for more.",
        "More samples are at this https URL.",
        r"Code: \url{example.org}",
        "Project page: example",
        "Code and pre-trained models will be open-sourced.",
        "Videos can be found on our project page.",
        "Warning: the text may offend.",
        "This paper contains examples of harmful language.",
        "It was accepted at ICML 2024.",
        "The following papers were recommended by the Semantic Scholar API",
        "🚀 1️⃣.",
    ],
)
def test_what_only_keeps_the_house_is_unfit(sentence: str) -> None:
    assert unfit(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We evaluate five open-source models and find that they rely on language.",
        "It matches both proprietary and open-source models.",
        "There, no training data is available.",
        "Only a limited amount of labeled data is available.",
        "We release Sieve-1M, a dataset of a million filtered pages.",
        "We propose a model that finds code in public places.",
        "The benchmark covers questions that demand reasoning from what was publicly available.",
    ],
)
def test_what_speaks_of_the_work_is_fit(sentence: str) -> None:
    assert not unfit(sentence)


def test_the_fit_sentences_are_left_in_order() -> None:
    text = "We propose Sieve. Code is available at https://a.org. It is fast."
    assert fit_sentences(text) == ["We propose Sieve.", "It is fast."]


@given(st.text())
def test_every_fit_sentence_is_the_texts_own(text: str) -> None:
    assert all(sentence in text and not unfit(sentence) for sentence in fit_sentences(text))
