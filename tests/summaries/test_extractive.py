from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import ArxivId, Paper, Source
from bot.summaries.extractive import Extractive, telling_sentence

NOW = datetime(2025, 2, 11, 9, tzinfo=UTC)
TITLE = "Sieve: Choosing Data for Small Models"
BACKGROUND = "Recent language models have become remarkably good at writing code."
HOWEVER = "However, existing filters are slow and need a lot of memory."
PROPOSAL = "We propose Sieve, a filter that picks training data in one pass over the corpus."
RESULT = "Sieve achieves 12.5% higher accuracy and is 3x faster than earlier filters."
CODE = "The code and the models are available at https://example.org/sieve."
ABSTRACT = f"{BACKGROUND} {HOWEVER} {PROPOSAL} {RESULT} {CODE}"


def paper(abstract: str = ABSTRACT, ai_summary: str | None = None) -> Paper:
    return Paper(
        id=ArxivId("2502.00001"),
        title=TITLE,
        abstract=abstract,
        ai_summary=ai_summary,
        source=Source.HUGGING_FACE,
    )


async def test_the_first_sentence_of_the_ai_summary_is_taken_if_its_numbers_hold() -> None:
    told = "Sieve is 3x faster. It was trained on 99 machines."
    summary = await Extractive().summarize(paper(ai_summary=told), NOW)
    assert summary.tldr == "Sieve is 3x faster."
    assert (summary.model, summary.source) == ("ai_summary", "abstract")
    assert summary.grounded


@pytest.mark.parametrize("told", [None, "", "  ", "Sieve is 4x faster.", "Sieve gains 12%."])
async def test_else_the_abstract_speaks_for_itself(told: str | None) -> None:
    summary = await Extractive().summarize(paper(ai_summary=told), NOW)
    assert summary.tldr == PROPOSAL
    assert (summary.model, summary.source) == ("extractive", "abstract")
    assert summary.grounded


async def test_the_other_parts_are_not_sought() -> None:
    summary = await Extractive().summarize(paper(), NOW)
    assert [part for _, part in summary.parts()[1:]] == [None, None, None, None]
    assert not summary.sought
    assert summary.written_at == NOW


async def test_nothing_is_made_of_nothing() -> None:
    summary = await Extractive().summarize(paper(abstract=""), NOW)
    assert summary.tldr is None
    assert summary.model == "extractive"


async def test_without_an_abstract_an_ai_summary_with_figures_cannot_be_checked() -> None:
    with_figures = await Extractive().summarize(paper("", "Sieve is 3x faster."), NOW)
    without = await Extractive().summarize(paper("", "Sieve is faster."), NOW)
    assert (with_figures.tldr, without.tldr) == (None, "Sieve is faster.")


def test_no_sentence_comes_of_an_empty_abstract() -> None:
    assert telling_sentence(TITLE, " \n ") is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (PROPOSAL, "We also propose a test that measures how well the filters agree."),
        (PROPOSAL, "We study how filters behave when the memory of the machine is small."),
        (PROPOSAL, "Can we choose the data of small models without reading all of it?"),
        (PROPOSAL, "We propose Sieve."),
        (PROPOSAL, f"We propose Sieve, a filter that {'reads and weighs and ' * 15}picks data."),
        (RESULT, BACKGROUND),
        (RESULT, HOWEVER),
        (RESULT, CODE),
        (RESULT, "This choice improves the accuracy of every one of the models."),
        ("This paper presents a way to choose data that needs little memory.", HOWEVER),
        ("We find that small models profit most from data that is easy to read.", BACKGROUND),
    ],
)
def test_a_sentence_about_the_paper_comes_before_others(better: str, worse: str) -> None:
    assert telling_sentence(TITLE, f"{better} {worse}") == better
    assert telling_sentence(TITLE, f"{worse} {better}") == better


def test_a_title_without_a_name_does_as_well() -> None:
    assert telling_sentence("Choosing Data", ABSTRACT) == PROPOSAL
    assert telling_sentence("", ABSTRACT) == PROPOSAL


def test_latex_is_left_as_it_is() -> None:
    sentence = r"We propose $\textbf{Sieve}$, a filter that is $3\times$ faster than its rivals."
    assert telling_sentence(TITLE, f"{BACKGROUND} {sentence}") == sentence


@given(title=st.text(), abstract=st.text())
def test_the_sentence_is_the_abstracts_own(title: str, abstract: str) -> None:
    sentence = telling_sentence(title, abstract)
    assert sentence in abstract if sentence is not None else not abstract.strip()


@pytest.mark.parametrize("piece", ["we ", "a ", "a, ", "code ", "the data ", "this ", "We a. "])
def test_no_abstract_makes_it_slow(piece: str) -> None:
    begun = time.perf_counter()
    telling_sentence(piece * 20, piece * 1_000)
    assert time.perf_counter() - begun < 5
