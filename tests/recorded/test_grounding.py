from __future__ import annotations

import gzip
import json
import random
import re
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.sources.archive import parse_archive
from bot.summaries.grounding import Source, ungrounded
from bot.summaries.names import unknown_names
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A reading of numbers of the tests' own, as simple as can be: what it finds in a source is there.
NUMBER = re.compile(
    r"(?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
    r"(?:(?P<gap>[-\s]?)(?P<scale>thousand|million|billion|trillion|[KMBTk](?![A-Za-z0-9])))?"
)
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SPELLED = re.compile(
    rf"\b({'|'.join(WORDS)})\s(thousand|million|billion|trillion)|\b({'|'.join(WORDS[1:])})\b",
    re.IGNORECASE,
)
LETTERS, WORDS_FOR_SCALES = "KMBT", ("thousand", "million", "billion", "trillion")
SCALES = {
    name: 3 * power
    for names in (LETTERS, WORDS_FOR_SCALES)
    for power, name in enumerate(names, start=1)
} | {"k": 3}
TAG = re.compile(r"<[^<>]{1,2000}>")
PERCENTAGE = re.compile(r"([0-9]{1,2})\s?%")
EACH = 25  # every so many abstracts are enough, and quick
MUTATIONS = 20_000
LEAST_FOUND = 0.995


class Pair(NamedTuple):
    """A text whose numbers are all true, and the text that bears them out."""

    told: str
    source: str
    title: str = ""


def one_line(text: str) -> str:
    return " ".join(text.split())


def value(match: re.Match[str]) -> Decimal:
    return Decimal(match["digits"].replace(",", "")).scaleb(SCALES.get(match["scale"] or "", 0))


def values(text: str) -> frozenset[Decimal]:
    spelled = (
        Decimal(WORDS.index((one or alone).lower()) + 1).scaleb(SCALES.get(scale.lower(), 0))
        for one, scale, alone in SPELLED.findall(text)
    )
    return frozenset(value(match) for match in NUMBER.finditer(text)).union(spelled)


@pytest.fixture(scope="session")
def abstracts(recorded: Path) -> dict[str, str]:
    """Return title and abstract of every paper of the corpus by its id."""
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = map(json.loads, lines)
        return {one["arxiv_id"]: f"{one['title']}. {one_line(one['abstract'])}" for one in papers}


def ai_summaries(recorded: Path) -> Iterator[Pair]:
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            paper = record["paper"]
            if told := paper.get("ai_summary"):
                yield Pair(one_line(told), one_line(paper["summary"]), one_line(paper["title"]))


def archived(recorded: Path, abstracts: dict[str, str]) -> Iterator[Pair]:
    for path in sorted((recorded / "archive").rglob("*.md")):
        for row in parse_archive(path.read_text(encoding="utf-8"), path.name).rows:
            if row.paper_id in abstracts:
                yield Pair(row.summary, abstracts[row.paper_id])


def true_sentences(recorded: Path, abstracts: dict[str, str]) -> Iterator[Pair]:
    """Yield sentences with numbers that their source has: of both models, and of abstracts."""
    written = [*ai_summaries(recorded), *archived(recorded, abstracts)]
    quoted = [Pair(source, source) for source in list(abstracts.values())[::EACH]]
    for told, source, _ in written + quoted:
        if NUMBER.search(told):
            known = Source(source)
            for sentence in split_sentences(told):
                if NUMBER.search(sentence) and not known.ungrounded(sentence):
                    yield Pair(sentence, source)


def changed(match: re.Match[str], chance: random.Random) -> str:
    """Return another number than the one found, as a model might mistake it."""
    digits, gap, scale = match["digits"], match["gap"] or "", match["scale"] or ""
    kind = chance.choice(["digit", "dropped", "moved", "scale"])
    if kind == "scale" and not match.string[match.end() : match.end() + 1].isalpha():
        others = LETTERS if len(scale) == 1 else WORDS_FOR_SCALES
        return digits + (gap if scale else " ") + chance.choice(others)
    if kind == "moved":
        moved = Decimal(digits.replace(",", "")).scaleb(chance.choice([-2, -1, 1, 2]))
        return f"{moved:f}{gap}{scale}"
    place = chance.choice([place for place, sign in enumerate(digits) if sign.isdigit()])
    other = "" if kind == "dropped" else chance.choice("0123456789")
    return (digits[:place] + other + digits[place + 1 :]).strip(".,") + gap + scale


def mutations(pairs: list[Pair]) -> Iterator[Pair]:
    """Yield true sentences with one number changed to one that their source has not."""
    chance = random.Random(4)  # noqa: S311 - the same mistakes in every run
    known = {source: values(source) for _, source, _ in pairs}
    while True:
        told, source, _ = chance.choice(pairs)
        match = chance.choice(list(NUMBER.finditer(told)))
        mutated = told[: match.start()] + changed(match, chance) + told[match.end() :]
        again = NUMBER.match(mutated, match.start())
        if again and value(again) not in known[source]:
            yield Pair(mutated, source)


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
