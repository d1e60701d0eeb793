"""Puts the sentences of an abstract under the part of a summary that each serves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.summaries import PARTS
from bot.summaries.cues import PATTERNS
from bot.summaries.housekeeping import fit_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# What a sentence earns for a part by each thing that holds of it. Fitted to which sentence of an
# abstract has most in common with the part that a model wrote of the whole paper, over half of the
# published digests, then rounded; where those were too few, adjusted by reading.
_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "tldr": {
        "proposes": 2.5, "studies": 1.5, "finds": 1.5, "this paper": 1, "a thing": 1, "gains": 1,
        "title": 2, "name": 1.5, "after": -1, "late": -1.5, "points": -0.5, "question": -4,
        "opens as background": -2, "opens as objection": -2, "opens as addition": -1,
        "adds": -1.5, "opens as step": -1, "leans": -1.5, "commonplace": -1,
        "short": -1.5, "long": -2,
    },
    "objective": {
        "aims": 1, "studies": 0.5, "this paper": 0.5, "before": 1.5, "after": -1.5, "late": -1,
        "title": 1, "commonplace": -0.5, "gains": -0.5, "figure": -0.5, "lists": -0.5,
        "lacks": 0.5, "opens as background": 0.5, "opens as objection": 0.5, "leans": -1,
        "opens as addition": -1, "proposes": -0.5, "makes": -0.5, "short": -0.5,
    },
    "method": {
        "uses": 1.5, "works": 1, "lists": 1, "a thing": 1, "proposes": 0.5, "opens as detail": 1.5,
        "just after": 1.5, "before": -1.5, "after": 1, "first": -0.5, "last": -0.5, "late": -0.5,
        "opens as background": -1, "opens as objection": -1, "commonplace": -1,
        "finds": -1, "gains": -0.5, "measured": -1, "tests": -0.5, "lacks": -1,
        "opens as finding": -0.5, "opens as addition": -0.5, "short": -0.5,
    },
    "results": {
        "measured": 2, "gains": 2, "figure": 2, "from result": 1, "tests": 1, "finds": 0.5,
        "name": 1, "opens as finding": 1, "compares": 0.5,
        "works": -0.5, "proposes": -2, "makes": -1, "before": -1.5, "lacks": -0.5, "aims": -1,
        "opens as background": -3, "commonplace": -2, "short": -0.5,
    },
    "implications": {
        "concludes": 1, "implies": 1, "last": 2, "from result": 1, "title": 0.5, "name": 0.5,
        "before": -2, "commonplace": -2, "opens as background": -2, "short": -0.5,
    },
}  # fmt: skip
# Of these a sentence must say one thing at least, and earn so much, to stand under a part.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "objective": ("aims", "studies", "lacks", "this paper", "question"),
    "method": ("uses", "makes", "works", "ours", "proposes", "opens as detail"),
    "results": ("finds", "gains", "measured"),
    "implications": ("concludes",),
}
_ENOUGH: Mapping[str, float] = {
    "objective": -1.0,
    "method": 1.0,
    "results": 1.5,
    "implications": 1.5,
}
# How much less a second sentence may earn.
_SECOND = {"method": 1.5, "results": 2.5}
_TOGETHER = 600  # characters that two sentences of a part may have between them
_ORDER = ("results", "implications", "method", "objective")  # the plainest cues choose first
_REPEATED = ("method", "results", "objective")

_READ = 1_000  # characters of a sentence, or of a title, that are looked at
_SHORT, _LONG = 90, 260
_NAME = re.compile(r"\s*([^:]{2,40}?)\s*:")
_CONTENT = re.compile(r"[a-z0-9][a-z0-9-]{3,}")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, and what it earns for each part that it can stand under."""

    text: str
    scores: Mapping[str, float]
    figure: bool


def best_sentence(part: str, title: str, abstract: str) -> str | None:
    """Return the abstract's best sentence for one part, verbatim; None if it has none for it."""
    best = _best(part, _read(title, abstract))
    return best.text if best else None


def sentences_by_part(
    title: str, abstract: str, tldr: str | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the sentences under each of the five parts, none under one that the abstract lacks.

    With a ``tldr`` from elsewhere, none of the abstract's is chosen for it. No sentence stands
    under two parts, but for the one chosen as tldr: where a part has no other, it is repeated
    there, once.
    """
    free = _read(title, abstract)
    found: dict[str, tuple[_Sentence, ...]] = {}
    telling = None if tldr else _best("tldr", free)
    if telling:
        found["tldr"] = (telling,)
        free = [one for one in free if one is not telling]
    for part in _ORDER:
        found[part] = _chosen(part, free)
        free = [one for one in free if all(one is not taken for taken in found[part])]
    if telling:
        lacking = (part for part in _REPEATED if not found[part] and part in telling.scores)
        found |= dict.fromkeys(islice(lacking, 1), (telling,))
    texts = {part: tuple(one.text for one in found.get(part, ())) for part in PARTS}
    return texts | {"tldr": (tldr,)} if tldr else texts


def _best(part: str, told: Iterable[_Sentence]) -> _Sentence | None:
    """Return the sentence that serves a part best, of equals the first."""
    serving = (one for one in told if part in one.scores)
    return max(serving, key=lambda one: one.scores[part], default=None)


def _chosen(part: str, free: Sequence[_Sentence]) -> tuple[_Sentence, ...]:
    """Return the one or two sentences for a part, in the order of the abstract."""
    best = _best(part, free)
    if best is None or part not in _SECOND:
        return (best,) if best else ()
    least = best.scores[part] - _SECOND[part]
    seconds = (
        one
        for one in free
        if one is not best
        and one.scores.get(part, least - 1) >= least
        and len(best.text) + len(one.text) < _TOGETHER
        and (one.figure or part != "results")
    )
    second = _best(part, seconds)
    return tuple(one for one in free if one is best or one is second)


def _read(title: str, abstract: str) -> list[_Sentence]:
    """Return an abstract's fit sentences with what each of them earns."""
    sentences = fit_sentences(abstract)
    title = title[:_READ].lower()
    named = _NAME.match(title)
    name = re.compile(rf"(?<!\w){re.escape(named[1])}(?!\w)") if named else None
    words = frozenset(_CONTENT.findall(title))
    spoken = [_spoken(sentence, name, words) for sentence in sentences]
    placed = zip(sentences, spoken, _places(spoken), strict=True)
    return [
        _Sentence(text, _scores(marks | places), figure=marks["figure"] > 0)
        for text, marks, places in placed
    ]


def _spoken(sentence: str, name: re.Pattern[str] | None, title: frozenset[str]) -> dict[str, float]:
    """Return what holds of a sentence by itself, each between 0 and about 1."""
    read = sentence[:_READ].lower()
    marks = {cue: float(pattern.search(read) is not None) for cue, pattern in PATTERNS.items()}
    marks["name"] = float(name is not None and name.search(read) is not None)
    marks["title"] = len(title.intersection(_CONTENT.findall(read))) / max(len(title), 1)
    marks["short"] = max(_SHORT - len(sentence), 0) / 30
    marks["long"] = max(len(sentence) - _LONG, 0) / 60
    return marks


def _places(spoken: Sequence[Mapping[str, float]]) -> Iterator[dict[str, float]]:
    """Yield where each sentence stands: in the whole, and seen from proposal and results."""
    count = len(spoken)
    stated = _first(spoken, "studies", "this paper", otherwise=count // 3)
    proposal = _first(spoken, "proposes", otherwise=stated)
    findings = (n for n, marks in enumerate(spoken) if n and _is_finding(marks))
    result = next(findings, count)
    for place in range(count):
        yield {
            "first": float(place == 0),
            "last": float(place == count - 1),
            "late": (place / max(count - 1, 1)) ** 2,
            "before": float(place < proposal),
            "just after": float(proposal < place <= proposal + 2),
            "after": float(place > proposal),
            "from result": float(place >= result),
        }


def _first(spoken: Sequence[Mapping[str, float]], *cues: str, otherwise: int) -> int:
    """Return the place of the first sentence with one of the cues."""
    places = (n for n, marks in enumerate(spoken) if any(marks[cue] for cue in cues))
    return next(places, otherwise)


def _is_finding(marks: Mapping[str, float]) -> bool:
    return bool(marks["finds"] or (marks["gains"] and marks["measured"]))


def _scores(marks: Mapping[str, float]) -> dict[str, float]:
    """Return what a sentence earns for each part that it can stand under."""
    scores = {}
    for part, weights in _WEIGHTS.items():
        score = sum(weight * marks[mark] for mark, weight in weights.items())
        spoken = part == "tldr" or any(marks[cue] for cue in _NEEDED[part])
        if spoken and score >= _ENOUGH.get(part, score):
            scores[part] = score
    return scores
