from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.domain.papers import ArxivId, FullText
from bot.errors import SourceUnreachable, UnexpectedAnswer
from bot.sources.arxiv import ArxivApi
from bot.sources.extraction.document import Unreadable
from bot.sources.fulltext import ArxivFullText
from tests.sources import Clock, Network, asking, chunks
from tests.sources.extraction.documents import INJECTION, WORDS, lines, page, pdf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PAPER = ArxivId("2607.00001")
PAGE = httpx.Response(200, content=page())
PDF = httpx.Response(200, content=pdf(lines(WORDS)))
NONE = httpx.Response(404, text="<html>No HTML for this paper</html>")
NOTICE = httpx.Response(200, text="<html>HTML is not available</html>")


@dataclass
class Gate:
    """Lets one request through every three seconds, and keeps when."""

    clock: Clock
    turns: list[float] = field(default_factory=list)

    async def reserve(self) -> float:
        wait = max(0.0, self.turns[-1] + 3.0 - self.clock()) if self.turns else 0.0
        self.turns.append(self.clock() + wait)
        return wait


@dataclass
class Reader:
    """Reads documents in this process; keeps how many at a time, and may find one unreadable."""

    bad: str = ""
    at_once: int = 0
    most: int = 0
    forms: list[str] = field(default_factory=list)

    async def __call__(self, form: str, document: bytes) -> FullText:
        self.forms.append(form)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if form == self.bad:
            raise Unreadable("is encrypted")
        return FullText(text=document.decode("latin-1"), form=form)


def texts(network: Network, clock: Clock | None = None, **options: Any) -> ArxivFullText:
    clock = clock or Clock()
    http = asking(network, clock, name="arXiv")
    api = ArxivApi(http, "https://arxiv.test/api/query", reserve=Gate(clock).reserve)
    turn = options.get("turn", api.turn)
    return ArxivFullText(
        http, "https://arxiv.test/", turn=turn, extract=options.get("extract", Reader())
    )


def asked(network: Network) -> list[str]:
    return [request.url.path for request in network.requests]


async def test_the_html_is_read_where_there_is_one() -> None:
    text = await texts(network := Network(PAGE)).read(ArxivId("cs/9901001"))
    assert (text.form, text.text) == ("html", page().decode())
    assert asked(network) == ["/html/cs/9901001"]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param([NONE], id="none"),
        pytest.param([httpx.Response(403)], id="refused"),
        pytest.param([httpx.Response(200, content=page()[:900])] * 2, id="half of one"),
        pytest.param([httpx.Response(200)] * 2, id="empty"),
    ],
)
async def test_without_usable_html_the_pdf_is_read(html: list[httpx.Response]) -> None:
    text = await texts(network := Network(*html, PDF)).read(PAPER)
    assert text.form == "pdf"
    assert asked(network) == ["/html/2607.00001"] * len(html) + ["/pdf/2607.00001"]


async def test_a_page_that_cannot_be_read_costs_only_the_page() -> None:
    reader = Reader(bad="html")
    assert (await texts(Network(PAGE, PDF), extract=reader).read(PAPER)).form == "pdf"
    assert reader.forms == ["html", "pdf"]


async def test_documents_are_read_in_a_process_of_their_own() -> None:
    white = pdf(lines(WORDS) + lines(INJECTION, top=600, state="1 g"))
    network = Network(NOTICE, NOTICE, httpx.Response(200, content=white))
    http = asking(network, Clock(), name="arXiv")
    reader = ArxivFullText(
        http, "https://arxiv.test", turn=ArxivApi(http, "", reserve=_at_once).turn
    )
    assert await reader.read(PAPER) == FullText(text=WORDS, form="pdf", hidden=True)


async def _at_once() -> float:
    return 0.0


async def test_both_requests_take_their_turn_at_the_gate() -> None:
    clock = Clock()
    await texts(Network(NONE, PDF), clock).read(PAPER)
    assert clock.slept == [3.0]


async def test_the_gate_is_free_while_a_document_is_read() -> None:
    held = 0

    @asynccontextmanager
    async def turn() -> AsyncIterator[float]:
        nonlocal held
        held += 1
        yield 0.0
        held -= 1

    async def extract(form: str, _: bytes) -> FullText:
        assert not held
        return FullText(text="", form=form)

    await texts(Network(PAGE), turn=turn, extract=extract).read(PAPER)


async def test_one_document_is_read_at_a_time() -> None:
    reader = Reader()
    source = texts(Network(PAGE), extract=reader)
    await asyncio.gather(*(source.read(PAPER) for _ in range(3)))
    assert (reader.most, len(reader.forms)) == (1, 3)


async def test_a_paper_without_html_and_pdf_is_an_error() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        await texts(Network(NONE)).read(PAPER)
    assert str(caught.value) == "arXiv does not have the PDF of paper 2607.00001."


async def test_why_a_pdf_cannot_be_read_is_told() -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        await texts(Network(NONE, PDF), extract=Reader(bad="pdf")).read(PAPER)
    assert str(caught.value) == "The PDF of paper 2607.00001 at arXiv is encrypted."


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (page(), "an HTML page instead of a PDF"),
        (b"", "an empty body instead of a PDF"),
        (pdf(lines(WORDS))[:-9], "a PDF that has no end"),
    ],
    ids=["HTML", "nothing", "half of one"],
)
async def test_what_is_no_whole_pdf_is_asked_for_once_more(body: bytes, what: str) -> None:
    network = Network(NONE, httpx.Response(200, content=body))
    with pytest.raises(
        UnexpectedAnswer, match=f"arXiv sent {what} for the PDF of paper 2607.00001"
    ):
        await texts(network).read(PAPER)
    assert asked(network) == ["/html/2607.00001", "/pdf/2607.00001", "/pdf/2607.00001"]


async def test_html_and_pdf_together_are_tried_no_longer_than_one_request() -> None:
    clock = Clock()
    began = clock()
    with pytest.raises(SourceUnreachable, match=r"arXiv answered 503 for the PDF of paper"):
        await texts(network := Network(httpx.Response(503)), clock).read(PAPER)
    assert {"/html/2607.00001", "/pdf/2607.00001"} == set(asked(network))
    assert clock() - began <= 30.0


async def test_a_broken_connection_to_the_html_leaves_the_pdf() -> None:
    def breaking(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=chunks([b"<html>"], httpx.ReadError("gone")))

    def answer(request: httpx.Request) -> httpx.Response:
        return breaking(request) if "/html/" in request.url.path else PDF

    assert (await texts(Network(answer)).read(PAPER)).form == "pdf"
