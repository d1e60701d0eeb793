"""The best first: what was found, put in order by what the first of it is about."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import repeat
from operator import add, mul
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.indexing import Candidate, Vector

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

FEEDBACK = 50
"""Papers found first that are taken to be about what was asked for."""

FEEDBACK_STEMS = 40
"""Stems that say what those papers have in common."""

FEEDBACK_WEIGHT = 2.0
"""How much likeness to them counts beside a paper's own score, which is at most 1."""

TOGETHER_WEIGHT = 1.0
"""How much it counts that a paper says the words of a query together."""

TITLE_WEIGHT = 0.5
"""How much it counts that a paper has what was asked for in its title: then it is about it."""

_UPVOTES_COUNT = 0.1
_DAYS_COUNT = 0.05
_MANY_UPVOTES = 300

_NOTHING = Candidate(Vector(), "", 0)


class Scored(NamedTuple):
    """A paper by its number, and how well it answers: higher is better, 0 not at all."""

    no: int
    score: float


def centroid(found: Sequence[Scored], papers: Mapping[int, Candidate]) -> dict[str, float]:
    """Return what papers have in common: their vectors' mean by score, cut to its heaviest stems.

    The feedback of Rocchio (1971) with the first papers found in place of a person's judgement:
    Manning, Raghavan and Schütze, Introduction to Information Retrieval, 9.1.
    """
    common: dict[str, float] = {}
    for no, score in found:
        stems, weights = papers.get(no, _NOTHING).vector
        told = map(add, map(common.get, stems, repeat(0.0)), map(mul, weights, repeat(score)))
        common.update(zip(stems, told, strict=True))  # without a step of Python for each stem
    heaviest = sorted(common, key=common.__getitem__, reverse=True)[:FEEDBACK_STEMS]
    return {stem: common[stem] for stem in heaviest}


def likeness(vector: Vector, common: Mapping[str, float]) -> float:
    """Return how much of what is common a paper has, in no unit: to be compared only."""
    # A list, and few of the stems are common: a third faster than any other way.
    told = zip(vector.stems, vector.weights, strict=True)
    return float(sum([common[stem] * weight for stem, weight in told if stem in common]))


def by_feedback(
    exact: Sequence[Scored],
    close: Sequence[Scored],
    papers: Mapping[int, Candidate],
    together: AbstractSet[int] = frozenset(),
    titled: AbstractSet[int] = frozenset(),
) -> tuple[list[Scored], list[Scored]]:
    """Put what matches and what is close in order, each by its score and its likeness to the first.

    The first ``FEEDBACK`` papers, those that match before those that are close, say what is meant.
    Papers that say ``together`` what the others only have the words of count for more, and those
    that are ``titled`` with it. A little counts how many voted for a paper, and how recent it is
    among those found. Scores come out between 0 and 1.
    """
    exact, close = sorted(scaled(exact), key=_best), sorted(scaled(close), key=_best)
    exact.sort(key=lambda one: one.no not in together)
    common = centroid((*exact, *close)[:FEEDBACK], papers)
    alike = {
        one.no: likeness(papers.get(one.no, _NOTHING).vector, common) for one in (*exact, *close)
    }
    most = max(alike.values(), default=0.0) or 1.0
    days = sorted(papers.get(no, _NOTHING).day for no in alike)
    whole = 1 + FEEDBACK_WEIGHT + TOGETHER_WEIGHT + TITLE_WEIGHT + _UPVOTES_COUNT + _DAYS_COUNT

    def weighed(one: Scored) -> Scored:
        paper = papers.get(one.no, _NOTHING)
        signals = _UPVOTES_COUNT * min(1.0, math.log1p(paper.upvotes) / math.log1p(_MANY_UPVOTES))
        signals += _DAYS_COUNT * bisect_right(days, paper.day) / len(days)
        told = one.score + FEEDBACK_WEIGHT * alike[one.no] / most
        told += TOGETHER_WEIGHT * (one.no in together) + TITLE_WEIGHT * (one.no in titled)
        return Scored(one.no, (told + signals) / whole)

    return sorted(map(weighed, exact), key=_best), sorted(map(weighed, close), key=_best)


def scaled(found: Sequence[Scored]) -> list[Scored]:
    """Return papers with their scores from 0 to 1, which the best one has."""
    most = max((one.score for one in found), default=0.0) or 1.0
    return [Scored(no, score / most) for no, score in found]


def _best(one: Scored) -> tuple[float, int]:
    return -one.score, -one.no
