"""Small data for tests: say what matters, the rest is filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.deliveries import Look, Sighting
from bot.domain.editions import DayState, Edition, Entry, Part, Receipt
from bot.domain.papers import ArxivId, Author, DayReading, Listed, Paper, Source, closes_at
from bot.domain.schedules import Schedule

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from bot.domain.deliveries import Claim, Content
    from bot.errors import SourceError

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


def entry(number: int = 1, place: int = 1, **told: Any) -> Entry:
    """Return what an edition shows of ``paper(number)``."""
    one = paper(number)
    usual: dict[str, Any] = {"id": one.id, "place": place, "title": one.title, "upvotes": number}
    return Entry(**usual | told)


def receipt(shown: int = 1, **told: Any) -> Receipt:
    """Return the receipt of a closed DAY all of whose papers are shown."""
    state = DayState(day=DAY, papers=shown, read_at=NOW, closes_at=closes_at(DAY), complete=True)
    usual: dict[str, Any] = {"shown": shown, "matching": shown, "listed": shown, "days": (state,)}
    return Receipt(**usual | told)


def edition(*entries: Entry, edition_id: str = "e1", channel_id: int = 5) -> Edition:
    """Return an edition of DAY."""
    return Edition(
        id=edition_id,
        channel_id=channel_id,
        made_at=NOW,
        entries=entries,
        receipt=receipt(len(entries)),
    )


class FakePublisher:
    """A way to the channel that keeps what it was sent, or fails as it is told to.

    ``failing`` holds what it raises, by channel or by part number (as a string) or by key;
    ``gate`` holds every message back until it is set.
    """

    def __init__(self, papers_a_part: int = 10) -> None:
        self.papers_a_part = papers_a_part
        self.sent: list[tuple[str, Part]] = []
        self.told: list[tuple[str, Content]] = []
        self.edited: list[tuple[int, Content]] = []
        self.asked: list[str] = []
        self.failure: BaseException | None = None
        self.failing: dict[int | str, BaseException] = {}
        self.uneditable: BaseException | None = None
        self.gate: asyncio.Event | None = None
        self.looked: list[tuple[int, str, datetime]] = []
        self.sightings: dict[str, Sighting] = {}

    @property
    def keys(self) -> list[str]:
        """The keys of the parts that were sent, in order."""
        return [key for key, _ in self.sent]

    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition into parts of so many papers."""
        cuts = range(0, len(edition.entries), self.papers_a_part)
        return tuple(
            Part(
                edition_id=edition.id,
                channel_id=edition.channel_id,
                number=number,
                of=len(cuts),
                style=edition.style,
                mention_role=edition.mention_role,
                filter=edition.filter,
                entries=edition.entries[start : start + self.papers_a_part],
                receipt=edition.receipt,
            )
            for number, start in enumerate(cuts, start=1)
        )

    def extend(self, last: Part, late: Sequence[Entry], receipt: Receipt) -> tuple[Part, ...]:
        """Fill the last part up and add as many more as it takes."""
        entries = (*last.entries, *late)
        cuts = range(0, len(entries), self.papers_a_part)
        return tuple(
            replace(
                last,
                number=number,
                of=last.number + len(cuts) - 1,
                entries=entries[start : start + self.papers_a_part],
                receipt=receipt,
            )
            for number, start in enumerate(cuts, start=last.number)
        )

    def fits(self, part: Part) -> bool:
        """Take every part but one with a text longer than a thousand characters."""
        return all(len(one.tldr or "") <= 1000 for one in part.entries)

    async def publish(self, content: Content, key: str) -> int:
        """Keep a message, or raise what it was told to."""
        self.asked.append(key)
        if self.gate is not None:
            await self.gate.wait()
        by = (content.channel_id, str(getattr(content, "number", 1)), key)
        error = next((self.failing[one] for one in by if one in self.failing), self.failure)
        if error is not None:
            raise error
        if isinstance(content, Part):
            self.sent.append((key, content))
        else:
            self.told.append((key, content))
        return 1000 + len(self.sent) + len(self.told)

    async def edit(self, content: Content, channel_id: int, message_id: int) -> None:
        """Keep an edit, or raise what it was told to."""
        if self.uneditable is not None:
            raise self.uneditable
        self.edited.append((message_id, content))

    async def shows(self, content: Content, channel_id: int, message_id: int) -> bool:
        """Say whether the last edit of a message was to this content."""
        last = [one for edited, one in self.edited if edited == message_id]
        return bool(last) and last[-1] == content

    async def look(self, claim: Claim, since: datetime) -> Sighting:
        """Say what a test wants to be seen; without that Discord cannot be asked."""
        self.looked.append((claim.channel_id, claim.key, since))
        return self.sightings.get(claim.key, Sighting(look=Look.UNREACHED))


FOUND = Sighting(look=Look.FOUND, message_id=77)
ABSENT = Sighting(look=Look.ABSENT)
UNREADABLE = Sighting(look=Look.UNREADABLE)
