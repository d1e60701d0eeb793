from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.search.acronyms import _WORDS, Acronyms
from bot.search.completion import completed, completion
from bot.search.definitions import definitions, squeezed
from bot.search.spelling import Spelling
from bot.search.topics import Kind, Topic, best, candidates
from tests.builders import paper

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.papers import Paper

# What a reader of the field knows, written down before the corpus was mined.
KNOWN = {
    "RLHF": "reinforcement learning from human feedback",
    "RLVR": "reinforcement learning with verifiable reward",
    "RAG": "retrieval augmented generation",
    "MoE": "mixture of experts",
    "VLM": "vision language model",
    "VLA": "vision language action",
    "MLLM": "multimodal large language model",
    "LLM": "large language model",
    "3DGS": "3d gaussian splatting",
    "NeRF": "neural radiance field",
    "DiT": "diffusion transformer",
    "LoRA": "low rank adaptation",
    "PEFT": "parameter efficient fine tuning",
    "CoT": "chain of thought",
    "DPO": "direct preference optimization",
    "GRPO": "group relative policy optimization",
    "PPO": "proximal policy optimization",
    "SFT": "supervised fine tuning",
    "MCTS": "monte carlo tree search",
    "VQA": "visual question answering",
    "T2I": "text to image",
    "SAE": "sparse autoencoder",
    "SSM": "state space model",
    "KV": "key value",
    "MCP": "model context protocol",
    "VAE": "variational autoencoder",
    "GAN": "generative adversarial network",
}
AMBIGUOUS = ("tts", "asr", "sd", "mae")
EACH = 4  # of the papers so many are enough, and quick
WRITTEN_SMALL = (
    5  # of these papers that write a word in small letters make it one, whatever it stands for
)


@pytest.fixture(scope="module")
def papers(recorded: Path) -> list[Paper]:
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        paper(
            title=" ".join(record["title"].split()),
            abstract=" ".join(record["abstract"].split()),
            authors=(),
            ai_keywords=tuple(record["ai_keywords"] or ()),
        )
        for record in records
    ]


@pytest.fixture(scope="module")
def counts(papers: list[Paper]) -> Counter[tuple[str, str]]:
    counted = Counter[tuple[str, str]]()
    for one in papers:
        counted.update({*definitions(one.title), *definitions(one.abstract)})
    return counted


@pytest.fixture(scope="module")
def acronyms(counts: Counter[tuple[str, str]]) -> Acronyms:
    return Acronyms(counts)


def test_the_corpus_defines_thousands_of_acronyms(counts: Counter[tuple[str, str]]) -> None:
    assert 14_000 < counts.total() < 16_000
    assert 4_500 < len(counts) < 5_500


@pytest.mark.parametrize("short", KNOWN)
def test_an_acronym_of_the_field_is_found_both_ways(acronyms: Acronyms, short: str) -> None:
    assert [sense.long for sense in acronyms.long_forms(short.lower())] == [KNOWN[short]]
    assert acronyms.short_forms(KNOWN[short])[0] == short


@pytest.mark.parametrize("short", AMBIGUOUS)
def test_an_ambiguous_acronym_keeps_its_senses(acronyms: Acronyms, short: str) -> None:
    assert len(acronyms.long_forms(short)) == 2


def test_no_word_that_papers_write_small_is_taken_for_an_acronym(
    papers: list[Paper], acronyms: Acronyms, counts: Counter[tuple[str, str]]
) -> None:
    small = Counter[str]()
    for one in papers[::EACH]:
        small.update(set(re.findall(r"(?<![\w-])[a-z]{2,12}(?![\w-])", one.abstract)))
    words = {letters for short, _ in counts if small[letters := squeezed(short)] >= WRITTEN_SMALL}
    assert len(words) > 50
    taken = {word for word in words if acronyms.long_forms(word)}
    assert taken <= {"ai", "sota"}, taken - _WORDS


def test_suggestions_are_what_papers_are_about_and_can_be_asked_for(papers: list[Paper]) -> None:
    counted = Counter[Topic]()
    for one in papers[:: EACH * 4]:
        counted.update(topic for topic in candidates(one) if topic.kind is not Kind.AUTHOR)
    offered = best("video d", counted.items(), 5)
    assert "video diffusion models" in {topic.text for topic in offered}
    assert best("rag", counted.items(), 1) == [Topic(Kind.ACRONYM, "rag", "RAG")]
    for topic in counted:
        query = completed(completion("robots -(vid"), topic)
        assert query is not None
        assert query.count('"') in {0, 2}


def test_a_word_misspelt_with_one_mistake_is_found_among_all_words(papers: list[Paper]) -> None:
    words = Counter[str]()
    for one in papers[::EACH]:
        words.update(set(re.findall(r"[a-z]{2,}", one.abstract.lower())))
    lexicon = Spelling(words)
    common = [word for word, _ in words.most_common(2000) if len(word) > 6][::10]
    missed = [
        word
        for word in common
        if word not in lexicon.nearest(f"{word[:3]}{word[4:]}")
        and f"{word[:3]}{word[4:]}" not in words
    ]
    assert len(common) > 50
    assert not missed
