"""True sentences with numbers out of the recorded data, and the same with one number changed."""

from __future__ import annotations

import gzip
import json
import random
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

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
EACH = 25  # every so many abstracts are enough, and quick


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


def corpus(recorded: Path) -> dict[str, str]:
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


def own_sentences(abstracts: dict[str, str]) -> Iterator[Pair]:
    """Yield the sentences with numbers of some of the abstracts, each with its abstract."""
    for source in list(abstracts.values())[::EACH]:
        for sentence in split_sentences(source):
            if NUMBER.search(sentence):
                yield Pair(sentence, source)
