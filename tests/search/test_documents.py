from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.indexing import IndexEntry, Vector
from bot.domain.papers import Author
from bot.domain.summaries import Summary
from bot.search.analysis import STOP_WORDS
from bot.search.documents import VECTOR_LENGTH, PaperAnalyst, columns
from bot.search.patterns import BOUNDARY, COLUMNS
from tests.builders import NOW, paper

SUMMARY = Summary(
    tldr="Videos are made.",
    objective="We make videos.",
    model="m",
    source="abstract",
    prompt=1,
    grounded=None,
    sought=True,
    written_at=NOW,
)
TOLD = paper(
    title="Video Diffusion",
    abstract="We make videos. They are good.",
    authors=(Author(name="Saining Xie"), Author(name="Jean-Baptiste R. Alayrac")),
    ai_keywords=("video generation", "U-Net"),
    categories=("cs.CV", "hep-th", "stat"),
    organization="Tsinghua University",
)


def entry_of(**texts: str) -> IndexEntry:
    return IndexEntry(columns=dict.fromkeys(COLUMNS, "") | texts)


def test_every_column_of_a_paper_is_its_stems() -> None:
    assert columns(TOLD, SUMMARY) == {
        "title": ["video", "diffusion"],
        "abstract": ["we", "make", "video", "they", "are", "good"],
        "summary": ["video", "are", "made"],
        "keywords": ["video", "generation", BOUNDARY, "u", "net"],
        "organization": ["tsinghua", "universiti"],
        "authors": [
            *("sain", "xie", BOUNDARY, "jean", "baptist", "r", "alayrac"),
            *(BOUNDARY, "jean", "alayrac"),
        ],
        "categories": ["cs", "cs·cv", "hepth", "stat"],
    }


def test_a_paper_without_anything_has_every_column_empty() -> None:
    nothing = paper(title="", abstract="", authors=(Author(name="…"),))
    assert set(columns(nothing, None)) == set(COLUMNS)
    assert not any(columns(nothing, None).values())
    entry = PaperAnalyst().entry(nothing, None)
    assert not any(entry.columns.values())
    assert not entry.words
    assert PaperAnalyst().vector(entry, {}, 0) == Vector()


def test_an_entry_says_what_is_counted_of_a_paper() -> None:
    told = replace(TOLD, abstract="Large language models (LLMs) and large language models (LLMs).")
    entry = PaperAnalyst().entry(told, SUMMARY)
    assert entry.columns == {
        name: " ".join(stems) for name, stems in columns(told, SUMMARY).items()
    }
    assert entry.definitions == (("LLM", "large language model"),)
    assert ("keyword", "video generation", "video generation") in entry.topics
    assert ("author", "saining xie", "Saining Xie") in entry.topics
    assert ("category", "cs.cv", "cs.CV") in entry.topics


def test_each_stem_has_the_shortest_of_its_words_wherever_it_stands() -> None:
    entry = PaperAnalyst().entry(replace(TOLD, title="Videos", organization="Tokens"), SUMMARY)
    assert entry.words["video"] == ("video", "video")
    assert entry.words["token"] == ("tokens", "token")
    assert entry.words["made"] == ("made", "made")
    assert entry.words["sain"][0] == "saining"
    stems = {stem for text in entry.columns.values() for stem in text.split()}
    assert {stem for stem in stems if stem.isalnum()} - entry.words.keys() == {
        *("cs", "hepth", "stat")
    }


_SHOWN = """
from bot.search.documents import PaperAnalyst
from tests.builders import paper
told = paper(abstract="tokenizers tokenized token tokens model models modelled diffuse " * 3)
entry = PaperAnalyst().entry(told, None)
print(entry, PaperAnalyst().vector(entry, {"token": 3}, 9))
"""


def test_a_paper_is_read_alike_in_every_process() -> None:
    read = {
        subprocess.run(
            [sys.executable, "-c", _SHOWN],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(read) == 1


def test_what_tells_most_of_a_paper_comes_first() -> None:
    entry = entry_of(title="rare", abstract="common rare other wa", keywords="¦ other")
    vector = PaperAnalyst().vector(entry, {"rare": 1, "common": 90, "other": 50}, 100)
    assert vector.stems == ("rare", "other", "common")
    assert vector.weights[0] > 2 * vector.weights[1] > 2 * vector.weights[2]


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_a_paper_is_not_about_a_stop_word(word: str) -> None:
    told = paper(title=f"{word} diffusion", abstract=f"{word} {word.upper()} diffusion")
    entry = PaperAnalyst().entry(told, None)
    every = dict.fromkeys(entry.words, 10)
    assert PaperAnalyst().vector(entry, every, 200).stems == ("diffusion",)


def test_a_stem_of_hardly_any_paper_likens_none_to_another() -> None:
    entry = entry_of(abstract="misspelt video")
    known = {"misspelt": 2, "video": 3}
    assert PaperAnalyst().vector(entry, known, 101).stems == ("video",)
    assert set(PaperAnalyst().vector(entry, known, 100).stems) == {"video", "misspelt"}


texts = st.lists(st.sampled_from([f"w{n}" for n in range(90)]), max_size=120).map(" ".join)


@given(
    texts, texts, st.dictionaries(st.sampled_from([f"w{n}" for n in range(90)]), st.integers(1, 50))
)
def test_a_vector_is_short_and_its_weights_are_bytes_above_zero(
    title: str, abstract: str, known: dict[str, int]
) -> None:
    entry = entry_of(title=title, abstract=abstract)
    vector = PaperAnalyst().vector(entry, known, 50)
    assert len(vector.stems) == len(vector.weights) == len(set(vector.stems)) <= VECTOR_LENGTH
    assert set(vector.stems) <= set(f"{title} {abstract}".split())
    assert all(vector.weights)
    assert list(vector.weights) == sorted(vector.weights, reverse=True)
    assert vector == PaperAnalyst().vector(entry, dict(reversed(known.items())), 50)
