"""arXiv's Atom API, at most one request at a time and as seldom as its gate says."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from bot.domain.papers import Author, Paper, Source, arxiv_id
from bot.errors import UnexpectedAnswer
from bot.sources.http import Misshapen, Request, Unusable, kind_of, moment, one_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
    from datetime import date
    from xml.etree.ElementTree import Element

    from bot.domain.papers import ArxivId
    from bot.sources.http import Answer, SourceHttp

log = logging.getLogger(__name__)

PAGE = 100
MOST_RESULTS = 30_000  # https://info.arxiv.org/help/api/user-manual.html: past it answers 400
_REFUSED = 400
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
# Not allowed in XML, yet seen in abstracts: one such byte would cost the whole page.
_ILLEGAL = bytes(set(range(32)) - set(b"\t\n\r"))


class UnreadableEntry(UnexpectedAnswer):
    """One entry lacks what every paper has; ``field`` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f'arXiv sent an entry without a usable "{field}"')
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomPage:
    """One page of a result: how many entries it has, the papers read, and the result's total."""

    entries: int
    papers: tuple[Paper, ...]
    total: int


class ArxivApi:
    """The API at ``url``, asked over ``http``.

    ``reserve`` books the next moment at which any process may ask, and returns how many seconds
    away it is.
    """

    def __init__(
        self, http: SourceHttp, url: str, *, reserve: Callable[[], Awaitable[float]]
    ) -> None:
        self._http = http
        self._url = url
        self._reserve = reserve
        self._asking = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Hold arXiv for one request; yield how many seconds that has to wait."""
        async with self._asking:
            yield await self._reserve()

    async def paper(self, paper_id: ArxivId) -> Paper | None:
        """Read one paper's own record, None if arXiv has no such paper."""
        return (await self.papers([paper_id])).get(paper_id)

    async def papers(self, ids: Collection[ArxivId]) -> dict[ArxivId, Paper]:
        """Read the papers with these ids; those that arXiv does not know are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[ArxivId, Paper] = {}
        for start in range(0, len(wanted), PAGE):
            batch = wanted[start : start + PAGE]
            what = f"paper {batch[0]}" if len(batch) == 1 else f"{len(batch)} papers"
            for paper in await self._result({"id_list": ",".join(batch)}, what):
                found[paper.id] = paper
        return {paper_id: found[paper_id] for paper_id in wanted if paper_id in found}

    async def listed(self, category: str, day: date) -> tuple[Paper, ...]:
        """Read every paper of a category that was submitted on a day (UTC), the earliest first."""
        query = f"cat:{category} AND submittedDate:[{day:%Y%m%d}0000 TO {day:%Y%m%d}2359]"
        params = {"search_query": query, "sortBy": "submittedDate", "sortOrder": "ascending"}
        return tuple(await self._result(params, f"the {category} papers of {day}"))

    async def _result(self, params: Mapping[str, str], what: str) -> list[Paper]:
        papers: dict[ArxivId, Paper] = {}
        start = 0
        while start < MOST_RESULTS:
            request = Request(
                url=self._url,
                what=what,
                params={**params, "start": start, "max_results": PAGE},
                accept=frozenset({_REFUSED}),
            )
            page = await self._http.read(
                request, partial(parse_page, start=start, what=what), turn=self.turn
            )
            papers |= {paper.id: paper for paper in page.papers}
            start += page.entries
            if start >= page.total:
                return list(papers.values())
        raise UnexpectedAnswer(
            f'arXiv names more results for {what} than it gives ("totalResults").'
        )


def parse_page(answer: Answer, *, start: int, what: str) -> AtomPage:
    """Read one page of a result that begins at ``start``.

    Raises:
        Misshapen: not an Atom feed, or most of its entries cannot be read.
        Unusable: a page without entries before the result's end; arXiv sends such now and then.
        UnexpectedAnswer: arXiv refused the query.
    """
    feed = _feed(answer)
    entries = [] if feed is None else feed.findall(f"{_ATOM}entry")
    if answer.status == _REFUSED or any("/api/errors" in _text(one, "id") for one in entries):
        said = next((text for one in entries if (text := _text(one, "summary"))), "it answered 400")
        raise UnexpectedAnswer(f"arXiv refused to say anything of {what}: {said[:200]}.")
    if feed is None:
        raise Misshapen(f"sent {kind_of(answer.body)} instead of Atom")
    total = one_line(feed.findtext(_TOTAL) or "")
    if not _WHOLE.fullmatch(total):
        raise Misshapen('sent a feed without a usable "totalResults"')
    if not entries and start < int(total):
        raise Unusable("sent an empty page in the middle of its result")
    return AtomPage(entries=len(entries), papers=_papers(entries, what), total=int(total))


def _feed(answer: Answer) -> Element | None:
    try:
        feed: Element = fromstring(answer.body.translate(None, _ILLEGAL))
    except (ParseError, ValueError, LookupError):  # LookupError: an unknown encoding
        return None
    return feed if feed.tag == f"{_ATOM}feed" else None


def _papers(entries: Sequence[Element], what: str) -> tuple[Paper, ...]:
    papers: list[Paper] = []
    bad: Counter[str] = Counter()
    for position, entry in enumerate(entries, start=1):
        try:
            papers.append(parse_entry(entry))
        except UnreadableEntry as error:
            bad[error.field] += 1
            name = _text(entry, "id")[:80] or f"at position {position}"
            log.warning('Skipped the entry %s of %s: no usable "%s"', name, what, error.field)
    if bad.total() * 2 > len(entries):
        raise Misshapen(
            f"sent a feed in a new shape ({bad.total()} of {len(entries)} entries have no usable "
            f'"{bad.most_common(1)[0][0]}")'
        )
    return tuple(papers)


def parse_entry(entry: Element) -> Paper:
    """Read one entry of a feed; raise UnreadableEntry without ``id`` or ``title``."""
    paper_id = arxiv_id(_text(entry, "id"))
    title = _text(entry, "title")
    if paper_id is None or not title:
        raise UnreadableEntry("title" if paper_id else "id")
    names = (one_line(name.text or "") for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name"))
    categories = [
        one_line(category.get("term", ""))
        for tag in (f"{_ARXIV}primary_category", f"{_ATOM}category")
        for category in entry.iterfind(tag)
    ]
    return Paper(
        id=paper_id,
        title=title,
        abstract=_text(entry, "summary"),
        authors=tuple(Author(name=name) for name in names if name),
        source=Source.ARXIV,
        published=moment(_text(entry, "published")),
        categories=tuple(dict.fromkeys(category for category in categories if category)),
    )


def _text(entry: Element, tag: str) -> str:
    return one_line(entry.findtext(f"{_ATOM}{tag}") or "")
