"""A paper, a day's list of papers, and how what several sources know becomes one record."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

ArxivId = NewType("ArxivId", str)
"""An arXiv identifier without its version: ``2502.06782`` or ``cs/9901001``."""

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN(N) since 2007-04, before that
# archive[.SUBJECT]/YYMMNNN. The subject class of an old id is optional and left out here.
_NEW = r"[0-9]{4}\.[0-9]{4,5}"
_OLD = r"[a-z][a-z-]*(?:\.[A-Z]{2})?/[0-9]{7}"
_ID = re.compile(rf"(?P<id>{_NEW}|{_OLD})(?:v[0-9]{{1,3}})?")
_LINK = re.compile(
    r"(?:https?://)?(?:www\.|export\.|beta\.)?"
    r"(?:arxiv\.org/(?:abs|pdf|html|ps|format)|(?:huggingface\.co|hf\.co)/papers|"
    r"alphaxiv\.org/abs|doi\.org/10\.48550/arxiv\.)/?"
    rf"(?P<id>{_NEW}|{_OLD})(?:v[0-9]{{1,3}})?(?:\.pdf)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_NEW_YORK = ZoneInfo("America/New_York")
AFTER_CLOSING = timedelta(hours=1)
"""The lists close at about their time, so a day is read once more an hour later."""

_CLOSES = time(21, 30)  # 01:30 UTC in daylight time, 02:30 UTC in standard time


def arxiv_id(text: str) -> ArxivId | None:
    """Read an arXiv id, or an arXiv or Hugging Face link to one; None if it is neither."""
    text = text.strip().strip("<>")
    if text[:6].lower() == "arxiv:":
        text = text[6:].strip()
    match = _ID.fullmatch(text) or _LINK.fullmatch(text)
    if match is None:
        return None
    found = match["id"]
    if "/" in found:  # math.GT/0309136 and math/0309136 are one paper
        archive, number = found.split("/")
        found = f"{archive.split('.')[0].lower()}/{number}"
    return ArxivId(found)


class Source(StrEnum):
    """Who described a paper, the weakest word first: a stronger one replaces its text."""

    ARCHIVE = "archive"
    HUGGING_FACE = "huggingface"
    ARXIV = "arxiv"

    @property
    def strength(self) -> int:
        """How much its title, abstract and authors count; higher wins."""
        return list(Source).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """One author: the printed name and, where known, the Hugging Face user name."""

    name: str
    username: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One work, keyed by its arXiv id without version; one line of text a field.

    ``None`` and empty tuples stand for what no source has said. ``upvotes`` and ``comments``
    are Hugging Face's latest counts; ``published`` is arXiv's first version and ``submitted``
    the moment the paper was put on a daily list, both aware, in UTC.
    """

    id: ArxivId
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    source: Source
    published: datetime | None = None
    submitted: datetime | None = None
    submitter: str | None = None
    upvotes: int | None = None
    comments: int | None = None
    ai_summary: str | None = None
    ai_keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    github_repo: str | None = None
    github_stars: int | None = None
    project_page: str | None = None
    organization: str | None = None
    thumbnail: str | None = None
    media: tuple[str, ...] = ()

    @property
    def arxiv_url(self) -> str:
        """The abstract page on arXiv."""
        return f"https://arxiv.org/abs/{self.id}"

    @property
    def pdf_url(self) -> str:
        """The PDF on arXiv."""
        return f"https://arxiv.org/pdf/{self.id}"

    @property
    def huggingface_url(self) -> str:
        """The paper's page on Hugging Face."""
        return f"https://huggingface.co/papers/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """A paper's own words, without references and appendices.

    ``form`` is what they were read from, ``html`` or ``pdf``. ``hidden`` says that there was text
    that a reader cannot see (white, invisible, tiny); it was left out.
    """

    text: str
    form: str
    hidden: bool = False


# What describes the work goes by the strength of its source; what is counted, and what only
# Hugging Face knows, goes by the latest word.
_DESCRIPTION = ("title", "abstract", "authors", "published", "categories")


def merge(known: Paper, told: Paper) -> Paper:
    """Return one record of what was ``known`` and what a source has now ``told``.

    Nothing known is ever replaced by nothing.
    """
    stronger = told.source.strength >= known.source.strength
    changes: dict[str, object] = {}
    for name in Paper.__dataclass_fields__:
        old, new = getattr(known, name), getattr(told, name)
        if name in {"id", "source"} or new in (None, "", ()):
            continue
        if old in (None, "", ()) or name not in _DESCRIPTION or stronger:
            changes[name] = new
    printed, others = (told, known) if "authors" in changes else (known, told)
    changes["authors"] = _with_usernames(printed.authors, others.authors)
    if stronger:
        changes["source"] = told.source
    return replace(known, **changes)  # type: ignore[arg-type]


def _with_usernames(printed: Sequence[Author], others: Sequence[Author]) -> tuple[Author, ...]:
    """Give authors the user names that ``others`` have; namesakes are told apart by their order."""
    usernames: dict[str, list[str | None]] = {}
    for author in others:
        usernames.setdefault(author.name, []).append(author.username)
    many, place = Counter(author.name for author in printed), Counter[str]()
    named = []
    for author in printed:
        known = usernames.get(author.name, [])
        username = known[place[author.name]] if len(known) == many[author.name] else None
        place[author.name] += 1
        named.append(replace(author, username=author.username or username))
    return tuple(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A paper's place on one day's list; ``rank`` counts from 1, most upvoted first.

    ``first_seen`` is the first reading that it stood in, once that is stored.
    """

    paper: Paper
    rank: int
    upvotes: int
    first_seen: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReading:
    """What one whole reading of a day's list found, and when it was begun.

    ``unreadable`` counts the records that were left out because they could not be read.
    """

    day: date
    listed: tuple[Listed, ...]
    read_at: datetime
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """A day's list as it is stored: every paper, and when it was last read whole."""

    day: date
    listed: tuple[Listed, ...] = field(default=())
    read_at: datetime | None = None

    @property
    def complete(self) -> bool:
        """Whether the list was read whole after it closed."""
        return self.read_at is not None and self.read_at >= closes_at(self.day)

    @property
    def settled(self) -> bool:
        """Whether the list was read so long after it closed that it cannot change any more."""
        return self.read_at is not None and self.read_at >= settles_at(self.day)


def closes_at(day: date) -> datetime:
    """Return when a day's list closes: 21:30 of that date in New York."""
    return datetime.combine(day, _CLOSES, tzinfo=_NEW_YORK)


def settles_at(day: date) -> datetime:
    """Return when a day's list is certain not to change any more."""
    return closes_at(day).astimezone(UTC) + AFTER_CLOSING


def list_date(now: datetime) -> date:
    """Return the date of a moment on the lists' own calendar, which is UTC's."""
    return now.astimezone(UTC).date()


def open_days(now: datetime) -> tuple[date, ...]:
    """Return the days whose lists are open at ``now``, the earlier first."""
    today = list_date(now)
    return tuple(day for day in (today - timedelta(days=1), today) if now < closes_at(day))


class PaperSource(Protocol):
    """A place on the network that papers come from."""

    async def paper(self, paper_id: ArxivId) -> Paper | None:
        """Read one paper's own record, None if the source has no such paper."""
        ...


class FullTexts(Protocol):
    """A place on the network that has whole papers."""

    async def read(self, paper_id: ArxivId) -> FullText:
        """Read a paper's text; raise SourceError where it cannot be had."""
        ...


class DailySource(PaperSource, Protocol):
    """A source that lists each day's papers."""

    async def day(self, day: date) -> DayReading:
        """Read one day's whole list; raise SourceError rather than return half of it."""
        ...
