"""What is trending: topics that more papers are on than usual, and the papers people vote for."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.searches import Trend
from bot.search.ranking import Scored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

WEEK = timedelta(days=7)
WEEKS_BEFORE = 8
"""How many weeks say what is usual."""

MOST_TRENDS = 5
_FEWEST_PAPERS = 3
_USUAL_AT_LEAST = 0.5
_RISING = 1.3
_BOOST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A paper by its number, on its day, with its upvotes and its topics: form → as shown."""

    no: int
    day: date
    upvotes: int
    topics: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trending:
    """The rising topics, and the week's papers, best first, each with a sentence that says why."""

    trends: tuple[Trend, ...]
    papers: tuple[Scored, ...]
    reasons: Mapping[int, str]


def trending(papers: Iterable[Dated], last: date) -> Trending:
    """Say what is trending in the seven days that end with ``last``.

    A topic rises by how many more of the week's papers are on it than of a usual week's, of the
    same number of papers. A paper counts its upvotes, half as much again on the topic that rises
    most.
    """
    papers = list(papers)
    week = [one for one in papers if last - WEEK < one.day <= last]
    before = [one for one in papers if one.day <= last - WEEK]
    rises = _rises(week, before)
    steepest = max((rise for rise, _ in rises.values()), default=1.0)
    ranks = _ranks(week)
    scored, reasons = [], {}
    for one in week:
        rise, trend = max(
            (rises[form] for form in one.topics if form in rises),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )
        scored.append(Scored(one.no, one.upvotes * (1 + _BOOST * rise / steepest)))
        reasons[one.no] = _reason(one, ranks[one.no], trend)
    scored.sort(key=lambda one: (-one.score, -one.no))
    return Trending(
        trends=tuple(trend for _, trend in _steepest(rises.values())),
        papers=tuple(scored),
        reasons=reasons,
    )


def _rises(week: Sequence[Dated], before: Sequence[Dated]) -> dict[str, tuple[float, Trend]]:
    shown = {form: text for one in (*before, *week) for form, text in one.topics.items()}
    now = Counter(form for one in week for form in one.topics)
    earlier = Counter(form for one in before for form in one.topics)
    share = len(week) / len(before) if before else 0.0
    rises: dict[str, tuple[float, Trend]] = {}
    for form, count in now.items():
        usual = earlier[form] * share
        rise = count / max(usual, _USUAL_AT_LEAST)
        if count >= _FEWEST_PAPERS and rise >= _RISING:
            # How sure a rise is grows with the papers that make it.
            weight = rise * count / (count + _FEWEST_PAPERS)
            rises[form] = weight, Trend(topic=shown[form], papers=count, usual=round(usual, 1))
    return rises


def _steepest(rises: Iterable[tuple[float, Trend]]) -> list[tuple[float, Trend]]:
    ordered = sorted(rises, key=lambda pair: (-pair[0], -pair[1].papers, pair[1].topic))
    return ordered[:MOST_TRENDS]


def _ranks(week: Sequence[Dated]) -> dict[int, tuple[int, int]]:
    """Return each paper's place among its day's by upvotes, and how many there are."""
    days: dict[date, list[Dated]] = defaultdict(list)
    for one in week:
        days[one.day].append(one)
    return {
        one.no: (place, len(listed))
        for listed in days.values()
        for place, one in enumerate(
            sorted(listed, key=lambda each: (-each.upvotes, -each.no)), start=1
        )
    }


def _reason(one: Dated, rank: tuple[int, int], trend: Trend | None) -> str:
    place, of = rank
    day = f"{one.day:%A}’s {of} papers" if of > 1 else f"{one.day:%A}’s papers"  # noqa: RUF001
    said = f"Most upvoted of {day}" if place == 1 else f"Number {place} of {day}"
    if trend is None:
        return said
    said += f"; one of {trend.papers} on {trend.topic} this week"
    return f"{said}, {trend.usual:g} in a usual one" if trend.usual else said
