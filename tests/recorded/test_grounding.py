from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

from bot.sources.archive import parse_archive
from bot.summaries.grounding import Source
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A reading of numbers of the tests' own, as simple as can be: what it finds in a source is there.
NUMBER = re.compile(
    r"(?P<digits>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)"
    r"(?:(?P<gap>[-\s]?)(?P<scale>thousand|million|billion|trillion|[KMBTk](?![A-Za-z0-9])))?"
)
SCALES = {
    "k": 3,
    "K": 3,
    "M": 6,
    "B": 9,
    "T": 12,
    "thousand": 3,
    "million": 6,
    "billion": 9,
    "trillion": 12,
}
LETTERS, SCALE_WORDS = "KMBT", ("thousand", "million", "billion", "trillion")
MUTATIONS = 20_000
LEAST_FOUND = 0.995


class Pair(NamedTuple):
    """A text whose numbers are all true, and the text that bears them out."""

    told: str
    source: str


def one_line(text: str) -> str:
    return " ".join(text.split())


WORDS = "two three four five six seven eight nine ten eleven twelve".split()
SPELLED = re.compile(
    rf"\b({'|'.join(WORDS)})\b(?:[-\s](?P<scale>thousand|million|billion))?", re.IGNORECASE
)


def value(match: re.Match[str]) -> Decimal:
    return Decimal(match["digits"].replace(",", "")).scaleb(SCALES.get(match["scale"] or "", 0))


def values(text: str) -> frozenset[Decimal]:
    spelled = (
        Decimal(WORDS.index(m[1].lower()) + 2).scaleb(SCALES.get(m["scale"] or "", 0))
        for m in SPELLED.finditer(text)
    )
    return frozenset(value(match) for match in NUMBER.finditer(text)).union(spelled)


@pytest.fixture(scope="session")
def abstracts(recorded: Path) -> dict[str, str]:
    """Return title and abstract of every paper of the corpus by its id."""
    with gzip.open(recorded / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = map(json.loads, lines)
        return {one["arxiv_id"]: f"{one['title']}. {one_line(one['abstract'])}" for one in papers}


def ai_summaries(recorded: Path) -> Iterator[tuple[str, Pair]]:
    for path in sorted((recorded / "hf" / "daily_papers").glob("*.json")):
        for record in json.loads(path.read_text(encoding="utf-8")):
            paper = record["paper"]
            if told := paper.get("ai_summary"):
                yield paper["id"], Pair(one_line(told), one_line(paper["summary"]))


def archived(recorded: Path, abstracts: dict[str, str]) -> Iterator[Pair]:
    for path in sorted((recorded / "archive").rglob("*.md")):
        for row in parse_archive(path.read_text(encoding="utf-8"), path.name).rows:
            if row.paper_id in abstracts:
                yield Pair(row.summary, abstracts[row.paper_id])


def true_sentences(recorded: Path, abstracts: dict[str, str]) -> Iterator[Pair]:
    """Yield sentences with numbers that their source has: of abstracts, and by both models."""
    written = [pair for _, pair in ai_summaries(recorded)] + list(archived(recorded, abstracts))
    quoted = [Pair(source, source) for source in list(abstracts.values())[::10]]
    for told, source in written + quoted:
        if NUMBER.search(told):
            known = Source(source)
            for sentence in split_sentences(told):
                if NUMBER.search(sentence) and not known.ungrounded(sentence):
                    yield Pair(sentence, source)


def changed(match: re.Match[str], chance: random.Random) -> tuple[str, str]:
    """Return a kind of mistake, and a number with it."""
    digits, gap, scale = match["digits"], match["gap"] or "", match["scale"] or ""
    kind = chance.choice(["digit", "point", "tenfold", "dropped", "scale"])
    if kind == "scale" and match.string[match.end() : match.end() + 1].isalpha():
        kind = "digit"  # "3D" has no scale to mistake
    if kind == "scale":
        others = LETTERS if len(scale) == 1 else SCALE_WORDS
        other = chance.choice([one for one in others if one != scale])
        return kind, digits + (gap if scale else " ") + other
    places = [place for place, sign in enumerate(digits) if sign.isdigit()]
    place = chance.choice(places)
    if kind == "digit":
        other = chance.choice("0123456789".replace(digits[place], ""))
        digits = digits[:place] + other + digits[place + 1 :]
    elif kind == "dropped":
        digits = (digits[:place] + digits[place + 1 :]).strip(".,")
    else:
        moved = Decimal(digits.replace(",", "")).scaleb(
            chance.choice([-1, 1, -2, 2][: 2 if kind == "tenfold" else 4])
        )
        digits = f"{moved:f}"
    return kind, digits + gap + scale


def mutations(pairs: list[Pair], chance: random.Random) -> Iterator[tuple[str, Pair, str]]:
    known = {}
    while True:
        told, source = chance.choice(pairs)
        known.setdefault(source, values(source))
        match = chance.choice(list(NUMBER.finditer(told)))
        kind, other = changed(match, chance)
        mutated = told[: match.start()] + other + told[match.end() :]
        again = NUMBER.match(mutated, match.start())
        if again and value(again) != value(match) and value(again) not in known[source]:
            yield kind, Pair(mutated, source), other


def test_a_changed_number_is_found(recorded: Path, abstracts: dict[str, str]) -> None:
    pairs = list(true_sentences(recorded, abstracts))
    made, missed = Counter[str](), []
    sources: dict[str, Source] = {}
    for kind, pair, other in mutations(pairs, random.Random(4)):  # noqa: S311 - the same ones each time
        source = (
            sources.setdefault(pair.source, Source(pair.source))
            if pair.source not in sources
            else sources[pair.source]
        )
        made[kind] += 1
        if not source.ungrounded(pair.told):
            missed.append((kind, other, pair.told, pair.source))
        if made.total() == MUTATIONS:
            break
    print(len(pairs), made, len(missed))
    [print(m[0], repr(m[1]), "|", m[2], "||", m[3], "\n") for m in missed]
    assert len(missed) <= (1 - LEAST_FOUND) * MUTATIONS
