"""Small data for tests: say what matters, the rest is filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.papers import ArxivId, Author, DayReading, Listed, Paper, Source
from bot.domain.schedules import Schedule
from bot.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = date(2025, 2, 11)
NOW = datetime(2025, 2, 12, 9, tzinfo=UTC)
"""The morning after DAY: its list is closed."""


def paper(number: int = 1, **told: Any) -> Paper:
    """Return a paper; ``number`` makes its id and its title its own."""
    usual: dict[str, Any] = {
        "id": ArxivId(f"2502.{number:05d}"),
        "title": f"A study of thing {number}",
        "abstract": f"We study thing {number}. We propose a method that reaches {number}%.",
        "authors": (Author(name="Ada Lovelace"), Author(name="Grace Hopper", username="grace")),
        "source": Source.HUGGING_FACE,
        "upvotes": number,
    }
    return Paper(**usual | told)


def listed(*papers: Paper) -> tuple[Listed, ...]:
    """Return papers as a day lists them, most upvoted first."""
    ordered = sorted(papers, key=lambda one: -(one.upvotes or 0))
    return tuple(
        Listed(paper=one, rank=rank, upvotes=one.upvotes or 0)
        for rank, one in enumerate(ordered, start=1)
    )


def reading(*papers: Paper, day: date = DAY, read_at: datetime = NOW) -> DayReading:
    """Return one whole reading of a day."""
    return DayReading(day=day, listed=listed(*papers), read_at=read_at)


def schedule(channel_id: int = 5, **told: Any) -> Schedule:
    """Return a schedule that is due at NOW."""
    usual: dict[str, Any] = {
        "channel_id": channel_id,
        "guild_id": 1,
        "at": time(9),
        "zone": ZoneInfo("UTC"),
        "created_by": 7,
        "next_run": NOW,
    }
    return Schedule(**usual | told)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Read it."""
        return self.now

    def move(self, **by: float) -> None:
        """Move it on by so many ``hours``, ``minutes`` …"""
        self.now += timedelta(**by)


class FakeSource:
    """A source of papers that answers what it was given, or fails when it is told to."""

    def __init__(self, *readings: DayReading, papers: Sequence[Paper] = ()) -> None:
        self.readings = {one.day: one for one in readings}
        self.papers = {one.id: one for one in papers}
        self.asked: list[date | ArxivId] = []
        self.failure: SourceError | None = None
        self.failing_days: set[date] = set()
        self.read_at = NOW

    async def day(self, day: date) -> DayReading:
        """Return a day's reading, an empty one for a day that was not given."""
        self.asked.append(day)
        if self.failure is not None and (not self.failing_days or day in self.failing_days):
            raise self.failure
        empty = DayReading(day=day, listed=(), read_at=self.read_at)
        return self.readings.get(day, empty)

    async def paper(self, paper_id: ArxivId) -> Paper | None:
        """Return a paper that was given."""
        self.asked.append(paper_id)
        if self.failure is not None:
            raise self.failure
        return self.papers.get(paper_id)
