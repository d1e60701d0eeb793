from __future__ import annotations

import random
import re
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from bot.summaries.grounding import Source, ungrounded
from bot.summaries.names import unknown_names
from tests.recorded.true_numbers import (
    EACH,
    NUMBER,
    ai_summaries,
    archived,
    corpus,
    mutations,
    true_sentences,
    values,
)

if TYPE_CHECKING:
    from pathlib import Path

TAG = re.compile(r"<[^<>]{1,2000}>")
PERCENTAGE = re.compile(r"([0-9]{1,2})\s?%")
MUTATIONS = 20_000
LEAST_FOUND = 0.995


@pytest.fixture(scope="session")
def abstracts(recorded: Path) -> dict[str, str]:
    """Return title and abstract of every paper of the corpus by its id."""
    return corpus(recorded)


def test_a_changed_number_is_found(recorded: Path, abstracts: dict[str, str]) -> None:
    pairs = list(true_sentences(recorded, abstracts))
    sources = {source: Source(source) for _, source, _ in pairs}
    assert len(pairs) > 1_500
    missed = [
        told
        for told, source, _ in islice(mutations(pairs), MUTATIONS)
        if not sources[source].ungrounded(told)
    ]
    assert len(missed) <= MUTATIONS * (1 - LEAST_FOUND), missed[:20]


def test_no_ai_summary_has_a_number_that_its_abstract_lacks(recorded: Path) -> None:
    """Read by hand: there is none; a refusal here would be ours to blame."""
    pairs = list(ai_summaries(recorded))
    with_figures = [pair for pair in pairs if NUMBER.search(pair.told)]
    refused = {pair.told: found for pair in pairs if (found := ungrounded(*pair[:2]))}
    assert len(pairs) > 500
    assert len(with_figures) > 100
    assert refused == {}


def test_what_an_abstract_has_is_seldom_refused_to_a_summary_of_the_full_text(
    recorded: Path, abstracts: dict[str, str]
) -> None:
    """Read by hand: 15% of the 15 tasks of an abstract, GPT-4 beside its four categories."""
    refused = [
        (told, written, source)
        for told, source, _ in archived(recorded, abstracts)
        for written in ungrounded(told, source)
    ]
    there = [written for _, written, source in refused if values(written) & values(source)]
    assert len(refused) > 1_500
    assert len(there) < len(refused) * 0.03, there


def test_every_abstract_bears_out_itself(abstracts: dict[str, str]) -> None:
    sample = list(abstracts.values())[::EACH]
    assert [text for text in sample if ungrounded(text, text)] == []


def test_a_whole_percentage_is_not_grounded_by_what_a_full_text_counts(recorded: Path) -> None:
    page = (recorded / "arxiv" / "fulltext" / "1307.8133.html").read_text(encoding="utf-8")
    text = TAG.sub(" ", page)
    source, told = Source(text), values(text)
    counted = [number for number in range(1, 100) if Decimal(number) in told]
    said = {int(found[1]) for found in PERCENTAGE.finditer(text)}
    unfounded = [
        number for number in counted if number not in said and not source.ungrounded(f"{number}%")
    ]
    assert len(counted) > 40
    assert len(unfounded) <= 4, unfounded  # of fifty


def test_ai_summaries_name_what_their_papers_name(recorded: Path) -> None:
    found = [
        name
        for told, source, title in ai_summaries(recorded)
        for name in unknown_names(told, f"{title}. {source}")
    ]
    assert found == ["MLLLM"]  # a slip of the model's: its paper has MLLMs


def test_a_name_out_of_another_paper_is_found(abstracts: dict[str, str]) -> None:
    chance = random.Random(4)  # noqa: S311 - the same ones in every run
    sample = list(abstracts.values())[::EACH]
    strangers = sorted({name for text in sample for name in unknown_names(text, "")})
    tried = [(text, chance.choice(strangers)) for text in sample]
    fresh = [(text, name) for text, name in tried if name.lower() not in text.lower()]
    missed = [name for text, name in fresh if not unknown_names(f"It is tested on {name}.", text)]
    assert len(fresh) > 400
    assert len(missed) <= len(fresh) * 0.05, missed
