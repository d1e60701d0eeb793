"""Hugging Face Daily Papers: the list of one day, and one paper's own record."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.domain.papers import Author, DayReading, Listed, Paper, Source, arxiv_id
from bot.errors import UnexpectedAnswer
from bot.sources.http import Misshapen, Request, json_of, moment, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from bot.domain.papers import ArxivId
    from bot.sources.http import Answer, SourceHttp

log = logging.getLogger(__name__)

PAGE = 100
MOST_PAGES = 20
_MOST = 2**53  # a larger count is no count
_WHOLE = re.compile(r"\s*\d{1,15}\s*", re.ASCII)
_NOT_FOUND = 404
_NONE: Mapping[str, Any] = {}


class UnreadableRecord(UnexpectedAnswer):
    """One record lacks what every paper has; ``field`` names it."""

    def __init__(self, field: str) -> None:  # the name it has in the sentence
        super().__init__(f'Hugging Face sent a record without a usable "{field}"')
        self.field = field


@dataclass(slots=True, kw_only=True)
class _Pages:
    """The records of one reading of a list, over its pages."""

    records: list[object] = field(default_factory=list)
    moved: bool = False


class HuggingFaceDaily:
    """The daily list, read over ``http``; ``now`` says when a reading was begun."""

    def __init__(
        self, http: SourceHttp, base_url: str, *, now: Callable[[], datetime], token: str = ""
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._now = now
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def day(self, day: date) -> DayReading:
        """Read one day's whole list; raise SourceError rather than return half of it."""
        read_at = self._now()
        pages = await self._pages(day)
        try:
            found = reading(pages.records, day, read_at)
            if not pages.moved:
                return found
            log.info("The list of %s moved while it was read; reading it once more", day)
        except UnexpectedAnswer as error:
            log.info("%s; reading the list once more", error)
        return reading((await self._pages(day)).records, day, read_at)

    async def paper(self, paper_id: ArxivId) -> Paper | None:
        """Read one paper's own record, None if Hugging Face has no such paper."""

        def parse(answer: Answer) -> Paper | None:
            if answer.status == _NOT_FOUND:
                return None
            try:
                paper = parse_paper(json_of(answer))
            except UnreadableRecord as error:
                raise Misshapen(f'sent a record without a usable "{error.field}"') from error
            if paper.id != paper_id:
                raise Misshapen(f'sent another paper, "id" {paper.id},')
            return paper

        return await self._http.read(
            Request(
                url=f"{self._base_url}/api/papers/{paper_id}",
                what=f"paper {paper_id}",
                headers=self._headers,
                accept=frozenset({_NOT_FOUND}),
            ),
            parse,
        )

    async def _pages(self, day: date) -> _Pages:
        pages = _Pages()
        seen: set[str] = set()
        for number in range(MOST_PAGES):
            page = await self._page(day, number)
            ids = {name for record in page if (name := _name(record))}
            if len(page) >= PAGE and number and ids <= seen:
                log.warning("Hugging Face repeats the list of %s on page %d", day, number)
                return pages
            pages.moved |= not ids.isdisjoint(seen)
            pages.records += page
            seen |= ids
            if len(page) < PAGE:
                return pages
        raise UnexpectedAnswer(
            f"Hugging Face's list of {day} has no end after {MOST_PAGES} pages: its API has "
            'changed what "p" means.'
        )

    async def _page(self, day: date, number: int) -> list[object]:
        return await self._http.read(
            Request(
                url=f"{self._base_url}/api/daily_papers",
                what=f"the list of {day}",
                params={"date": day.isoformat(), "limit": PAGE, "p": number},
                headers=self._headers,
            ),
            _array,
        )


def _array(answer: Answer) -> list[object]:
    body = json_of(answer)
    if isinstance(body, list):
        return body
    if not isinstance(body, Mapping):
        raise Misshapen(f"sent {json.dumps(body)[:40]} instead of an array")
    fields = ", ".join(f'"{one_line(name)[:40]}"' for name in list(body)[:3])
    raise Misshapen(f"sent an object with the fields {fields or 'none'} instead of an array")


def reading(records: Sequence[object], day: date, read_at: datetime) -> DayReading:
    """Read a list's records: most upvoted first, papers of other days and repeats left out.

    Raises:
        UnexpectedAnswer: more than half cannot be read, or all are of other days.
    """
    papers: dict[ArxivId, Paper] = {}
    bad: Counter[str] = Counter()
    for position, record in enumerate(records, start=1):
        try:
            paper = parse_item(record)
        except UnreadableRecord as error:
            bad[error.field] += 1
            name = _name(record) or f"at position {position}"
            log.warning('Skipped the record %s on %s: no usable "%s"', name, day, error.field)
        else:
            papers.setdefault(paper.id, paper)
    unreadable = bad.total()
    if unreadable * 2 > len(records):
        raise UnexpectedAnswer(
            f"Hugging Face's list of {day} has a new shape: {unreadable} of {len(records)} "
            f'records have no usable "{bad.most_common(1)[0][0]}".'
        )
    of_day = [paper for paper in papers.values() if _day_of(paper, day) == day]
    if papers and not of_day:
        raise UnexpectedAnswer(
            f"Hugging Face sent the list of another day for {day}: none of its {len(papers)} "
            'papers has that date as "submittedOnDailyAt".'
        )
    return DayReading(day=day, listed=_ranked(of_day), read_at=read_at, unreadable=unreadable)


def _day_of(paper: Paper, asked: date) -> date:
    return paper.submitted.date() if paper.submitted else asked


def _ranked(papers: Sequence[Paper]) -> tuple[Listed, ...]:
    best_first = sorted(papers, key=lambda paper: -(paper.upvotes or 0))
    return tuple(
        Listed(paper=paper, rank=rank, upvotes=paper.upvotes or 0)
        for rank, paper in enumerate(best_first, start=1)
    )


def parse_item(item: object) -> Paper:
    """Read one record of a list; raise UnreadableRecord without ``paper``, ``id``, ``title``."""
    record = item.get("paper") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(record, Mapping):
        raise UnreadableRecord("paper")
    return parse_paper(record, item)


def parse_paper(record: object, item: Mapping[str, Any] = _NONE) -> Paper:
    """Read a paper's own record, and what the list's ``item`` says besides."""
    if not isinstance(record, Mapping):
        raise UnreadableRecord("paper")
    paper_id = arxiv_id(_text(record.get("id")))
    title = _text(record.get("title"))
    if paper_id is None or not title:
        raise UnreadableRecord("title" if paper_id else "id")
    either = {**item, **record}  # the paper's own word first
    submitter = record.get("submittedOnDailyBy"), item.get("submittedBy")
    return Paper(
        id=paper_id,
        title=title,
        abstract=_text(either.get("summary")),
        authors=_authors(record.get("authors")),
        source=Source.HUGGING_FACE,
        published=moment(_text(record.get("publishedAt"))),
        submitted=moment(_text(record.get("submittedOnDailyAt"))),
        submitter=next((name for who in submitter if (name := _username(who))), None),
        upvotes=_count(record.get("upvotes")),
        comments=_count(either.get("numComments")),
        ai_summary=_text(record.get("ai_summary")) or None,
        ai_keywords=tuple(word for one in _list(record.get("ai_keywords")) if (word := _text(one))),
        github_repo=_link(record.get("githubRepo"), "https://github.com/"),
        github_stars=_count(record.get("githubStars")),
        project_page=_link(record.get("projectPage")),
        organization=_organization(record) or _organization(item),
        thumbnail=_link(either.get("thumbnail")),
        media=_media(item, record),
    )


def _name(record: object) -> str:
    paper = record.get("paper") if isinstance(record, Mapping) else None
    return _text(paper.get("id"))[:40] if isinstance(paper, Mapping) else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, str):
        value = int(value) if _WHOLE.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value < _MOST and value == int(value) else None


def _link(value: object, prefix: str = "") -> str | None:
    """Return the first word if it is a web address: what follows it is rubbish."""
    link = _text(value).partition(" ")[0]
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return link if is_web and link.startswith(prefix) and link != prefix else None


def _username(value: object) -> str | None:
    """Return the user name of an account: ``user`` since 2025, before that ``name``."""
    if not isinstance(value, Mapping):
        return None
    return _text(value.get("user")) or _text(value.get("name")) or None


def _authors(value: object) -> tuple[Author, ...]:
    return tuple(
        Author(name=name, username=_username(author.get("user")))
        for author in _list(value)
        if isinstance(author, Mapping) and author.get("hidden") is not True
        if (name := _text(author.get("name")))
    )


def _organization(record: Mapping[str, Any]) -> str | None:
    organization = record.get("organization")
    return (
        _text(organization.get("fullname")) or None if isinstance(organization, Mapping) else None
    )


def _media(*records: Mapping[str, Any]) -> tuple[str, ...]:
    told = (one for record in records for one in _list(record.get("mediaUrls")))
    # Lists of 2024 have one address a paper, under a name of its own.
    alone = (record.get("mediaUrl") for record in records)
    links = (_link(one) for one in (*told, *alone))
    return tuple(dict.fromkeys(link for link in links if link))
