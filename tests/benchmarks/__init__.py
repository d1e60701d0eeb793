"""Benchmarks: each prints what was measured beside a baseline of the same run; none asserts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DAY = date(2025, 2, 11)
NOW = datetime(2025, 2, 12, 9, tzinfo=UTC)
"""The morning after DAY: its list is closed."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One line of a table: a value and, where there is one, the baseline and the goal."""

    what: str
    value: float
    unit: str
    baseline: float | None = None
    goal: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line's cells."""
        ratio = "" if not self.baseline else f"{self.value / self.baseline:.3g}"
        baseline = "" if self.baseline is None else f"{self.baseline:,.4g}"
        return self.what, f"{self.value:,.4g}", self.unit, baseline, ratio, self.goal


@dataclass(frozen=True, kw_only=True)
class Table:
    """What one benchmark found; ``baseline`` says what the values are compared with."""

    title: str
    baseline: str
    measures: tuple[Measure, ...]

    @override
    def __str__(self) -> str:
        head = ("what", "value", "unit", "baseline", "ratio", "goal")
        rows = grid([head, *(one.cells for one in self.measures)])
        return "\n".join([self.title, f"baseline: {self.baseline}", "", rows])


def grid(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows of cells, the first of them the head, out as a Markdown table."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["-" * width for width in widths], *rows[1:]]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in ruled
    )


def items(count: int, day: date = DAY) -> list[dict[str, Any]]:
    """Return a day's list as Hugging Face sends it: abstracts as long as real ones."""
    return [item(number, day) for number in range(1, count + 1)]


def item(number: int, day: date) -> dict[str, Any]:
    """Return one record of a list, with about 1,300 characters of abstract."""
    told = " ".join(
        f"We compare variant {part} of system {number} with {part + 2} others on benchmark "
        f"{number % 17}, where it is within {part}.{number % 10} points of the best of them."
        for part in range(1, 9)
    )
    record = {
        "id": f"{day:%y%m}.{day.day * 1000 + number:05}",
        "title": f"System {number}: a study of {number} long-context models that plan",
        "summary": (
            f"Planning with long contexts is an open problem of kind {number}. In this paper we "
            f"propose system {number}, a method that reads before it plans. {told} It reaches "
            f"{number % 60 + 30}.5% accuracy, which helps those who build such systems."
        ),
        "authors": [{"name": f"Ada {initial}. Lovelace-{number}"} for initial in "ABCDEF"],
        "publishedAt": f"{day}T00:00:00.000Z",
        "submittedOnDailyAt": f"{day}T01:00:00.000Z",
        "upvotes": number,
        "ai_keywords": ["long context", "planning", f"topic {number % 40}"],
        "githubRepo": f"https://github.com/example/system-{number}",
    }
    return {"paper": record, "title": record["title"], "numComments": number % 5}


def days(count: int) -> Iterator[date]:
    """Return so many days up to DAY, the earliest first."""
    return (DAY - timedelta(days=ago) for ago in range(count - 1, -1, -1))
