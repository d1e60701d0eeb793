"""A paper's own words: arXiv's HTML where there is one, else the PDF, at most one at a time."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeAlias

from bot.errors import SourceError, UnexpectedAnswer
from bot.sources.extraction.document import Unreadable
from bot.sources.extraction.process import extract as extract_text
from bot.sources.http import Misshapen, Request, kind_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.domain.papers import ArxivId, FullText
    from bot.sources.http import Answer, SourceHttp, Turn

log = logging.getLogger(__name__)

Extract: TypeAlias = "Callable[[str, bytes], Awaitable[FullText]]"
"""Reads a document of a form (``html``, ``pdf``); raises ``Unreadable`` where it cannot."""

_NOT_FOUND = 404
_PDF_START, _PDF_END = 1024, 2048  # bytes within which a PDF must say that it begins, and ends


class ArxivFullText:
    """The papers at ``base_url``, asked for in ``turn`` with every other request to arXiv.

    HTML and PDF have half of the patience of ``http`` each, so both together take no longer than
    any other request.
    """

    def __init__(
        self, http: SourceHttp, base_url: str, *, turn: Turn, extract: Extract = extract_text
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._turn = turn
        self._extract = extract
        self._reading = asyncio.Lock()  # one document in memory is enough on a small machine

    async def read(self, paper_id: ArxivId) -> FullText:
        """Return a paper's full text, from its PDF when anything is wrong with its HTML.

        Raises:
            SourceUnreachable: arXiv does not answer.
            UnexpectedAnswer: arXiv has neither, or what it has cannot be read.
        """
        async with self._reading:
            try:
                return await self._read("html", paper_id, whole_page)
            except SourceError as error:
                log.info("Reading the PDF of paper %s: %s", paper_id, error)
            return await self._read("pdf", paper_id, whole_pdf)

    async def _read(
        self, form: str, paper_id: ArxivId, parse: Callable[[Answer], bytes | None]
    ) -> FullText:
        what = f"the {form.upper()} of paper {paper_id}"
        request = Request(
            url=f"{self._base_url}/{form}/{paper_id}", what=what, accept=frozenset({_NOT_FOUND})
        )
        document = await self._http.read(
            request, parse, turn=self._turn, patience=self._http.patience / 2
        )
        if document is None:
            raise UnexpectedAnswer(f"{self._http.name} does not have {what}.")
        try:
            return await self._extract(form, document)
        except Unreadable as error:
            raise UnexpectedAnswer(f"T{what[1:]} at {self._http.name} {error}.") from error


def whole_page(answer: Answer) -> bytes | None:
    """Return an HTML page, None if there is none; raise ``Misshapen`` for half of one."""
    if answer.status == _NOT_FOUND:
        return None
    if b"</html>" not in answer.body.lower():
        raise Misshapen(f"sent {kind_of(answer.body)} that has no end")
    return answer.body


def whole_pdf(answer: Answer) -> bytes | None:
    """Return a PDF, None if there is none; raise ``Misshapen`` for half of one or anything else."""
    if answer.status == _NOT_FOUND:
        return None
    if b"%PDF-" not in answer.body[:_PDF_START]:
        raise Misshapen(f"sent {kind_of(answer.body)} instead of a PDF")
    if b"%%EOF" not in answer.body[-_PDF_END:]:
        raise Misshapen("sent a PDF that has no end")
    return answer.body
