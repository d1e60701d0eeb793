from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import ArxivId, Author, PaperSource, Source
from bot.errors import SourceError, SourceUnreachable, UnexpectedAnswer
from bot.sources.arxiv import ArxivApi, UnreadableEntry, parse_page
from bot.sources.http import Answer, Misshapen, Unusable
from tests.sources import Clock, Network, asking

DAY = date(2026, 7, 10)
NAMESPACES = (
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom"'
)
OLD = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: search_query=cat:cs.RO&amp;id_list=</title>
  <id>http://arxiv.org/api/9WDV40Gi+ikvtlrTlSzwMW+jI40</id>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/math.GT/0309136v2</id>
    <published>2003-09-08T10:21:46-04:00</published>
    <title>The entropy formula for the Ricci flow and its
  geometric applications</title>
    <summary>  We present a monotonic expression
for the Ricci flow.
</summary>
    <author><name>Grisha  Perelman</name></author>
    <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="math.GT"/>
    <category term="math.DG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="math.GT" scheme="http://arxiv.org/schemas/atom"/>
  </entry>
</feed>"""


def entry(number: int = 1, *, paper_id: str | None = None, title: str = "", extra: str = "") -> str:
    return f"""<entry>
    <id>http://arxiv.org/abs/{paper_id or f"2607.{number:05}v3"}</id>
    <title>{title or f"Paper {number}"}</title>
    <link href="https://arxiv.org/abs/2607.{number:05}v3" rel="alternate" type="text/html"/>
    <summary>We read papers.</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <published>2026-07-10T17:59:45Z</published>
    <arxiv:primary_category term="cs.AI"/>
    <author><name>Ada Lovelace</name><arxiv:affiliation>Home</arxiv:affiliation></author>
    <author><name> </name></author>
    {extra}
  </entry>"""


def feed(*entries: str, total: int | str | None = None) -> str:
    count = len(entries) if total is None else total
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed {NAMESPACES}>"
        f"<opensearch:totalResults>{count}</opensearch:totalResults>{''.join(entries)}</feed>"
    )


REFUSAL = feed(
    "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>"
    "<summary>incorrect id format for\n x</summary></entry>"
)


def answers(*bodies: str) -> Network:
    return Network(*(httpx.Response(200, text=body) for body in bodies))


@dataclass
class Gate:
    """At most one request every three seconds, as the gate in the database, but in memory."""

    clock: Clock
    free_at: float = 0.0
    booked: list[float] = field(default_factory=list)

    async def reserve(self) -> float:
        at = max(self.clock(), self.free_at)
        self.free_at = at + 3.0
        self.booked.append(at)
        return at - self.clock()


def arxiv(network: Network, clock: Clock | None = None, **options: Any) -> ArxivApi:
    clock = clock or Clock()
    http = asking(network, clock, name="arXiv", **options)
    return ArxivApi(http, "https://arxiv.test/api/query", reserve=Gate(clock).reserve)


async def test_papers_are_read_by_id_without_their_version() -> None:
    network = answers(feed(entry(1), entry(2)))
    wanted = [ArxivId("2607.00002"), ArxivId("2607.00001"), ArxivId("2607.00002")]
    found = await arxiv(network).papers(wanted)
    assert list(found) == ["2607.00002", "2607.00001"]
    asked = dict(network.requests[0].url.params)
    assert asked == {"id_list": "2607.00002,2607.00001", "start": "0", "max_results": "100"}


async def test_every_fact_of_an_entry_is_kept() -> None:
    source: PaperSource = arxiv(answers(feed(entry(1, title="A \n Title"))))
    paper = await source.paper(ArxivId("2607.00001"))
    assert paper is not None
    assert (paper.title, paper.abstract) == ("A Title", "We read papers.")
    assert paper.authors == (Author(name="Ada Lovelace"),)
    assert paper.categories == ("cs.AI", "cs.LG")
    assert paper.published == datetime(2026, 7, 10, 17, 59, 45, tzinfo=UTC)
    assert paper.source is Source.ARXIV
    assert paper.pdf_url == "https://arxiv.org/pdf/2607.00001"  # no link titled pdf is needed


async def test_the_old_serialisation_and_old_ids_are_read() -> None:
    paper = await arxiv(answers(OLD)).paper(ArxivId("math/0309136"))
    assert paper is not None
    assert paper.title == ("The entropy formula for the Ricci flow and its geometric applications")
    assert paper.abstract == "We present a monotonic expression for the Ricci flow."
    assert paper.authors == (Author(name="Grisha Perelman"),)
    assert paper.categories == ("math.GT", "math.DG")
    assert paper.published == datetime(2003, 9, 8, 14, 21, 46, tzinfo=UTC)


async def test_an_unknown_id_is_left_out() -> None:
    known, unknown = ArxivId("2607.00001"), ArxivId("0808.05394")
    assert list(await arxiv(answers(feed(entry(1)))).papers([unknown, known])) == [known]
    assert await arxiv(answers(feed())).paper(unknown) is None


async def test_a_paper_that_was_not_asked_for_is_left_out() -> None:
    assert await arxiv(answers(feed(entry(2)))).papers([ArxivId("2607.00001")]) == {}


async def test_no_ids_are_no_request() -> None:
    assert await arxiv(network := answers(feed())).papers([]) == {}
    assert network.requests == []


async def test_many_ids_are_asked_for_a_hundred_at_a_time() -> None:
    def known(request: httpx.Request) -> httpx.Response:
        ids = request.url.params["id_list"].split(",")
        return httpx.Response(200, text=feed(*(entry(paper_id=f"{one}v1") for one in ids)))

    network = Network(known)
    wanted = [ArxivId(f"2607.{number:05}") for number in range(230)]
    clock = Clock()
    assert list(await arxiv(network, clock).papers(wanted)) == wanted
    sizes = [request.url.params["id_list"].count(",") + 1 for request in network.requests]
    assert sizes == [100, 100, 30]
    assert clock.slept == [3.0, 3.0]


@pytest.mark.parametrize("status", [200, 400])
async def test_a_refusal_is_told_in_arxivs_own_words(status: int) -> None:
    network = Network(httpx.Response(status, text=REFUSAL))
    with pytest.raises(UnexpectedAnswer) as caught:
        await arxiv(network).paper(ArxivId("2607.00001"))
    assert str(caught.value) == (
        "arXiv refused to say anything of paper 2607.00001: incorrect id format for x."
    )
    assert len(network.requests) == 1


@pytest.mark.parametrize("body", ["", "<html>", feed()])
async def test_a_refusal_without_words_is_told_by_its_status(body: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="of 2 papers: it answered 400"):
        await arxiv(Network(httpx.Response(400, text=body))).papers(
            [ArxivId("2607.00001"), ArxivId("2607.00002")]
        )


async def test_a_paper_called_error_is_a_paper() -> None:
    paper = await arxiv(answers(feed(entry(1, title="Error")))).paper(ArxivId("2607.00001"))
    assert paper is not None


async def test_a_category_is_read_over_its_pages() -> None:
    everything = [entry(number) for number in range(250)]
    network = answers(
        *(feed(*everything[at : at + 100], total=250) for at in (0, 100, 200)), "never asked"
    )
    papers = await arxiv(network, clock := Clock()).listed("cs.LG", DAY)
    assert [paper.id for paper in papers] == [f"2607.{number:05}" for number in range(250)]
    assert network.requests[0].url.params["search_query"] == (
        "cat:cs.LG AND submittedDate:[202607100000 TO 202607102359]"
    )
    assert network.requests[0].url.params["sortBy"] == "submittedDate"
    assert [request.url.params["start"] for request in network.requests] == ["0", "100", "200"]
    assert clock.slept == [3.0, 3.0]


async def test_a_day_without_papers_is_empty() -> None:
    assert await arxiv(answers(feed())).listed("cs.LG", DAY) == ()


async def test_a_page_that_is_cut_short_is_read_on_from_where_it_ends() -> None:
    network = answers(feed(entry(1), entry(2), total=3), feed(entry(3), total=3))
    assert len(await arxiv(network).listed("cs.LG", DAY)) == 3
    assert network.requests[1].url.params["start"] == "2"


async def test_an_empty_page_in_the_middle_is_asked_again() -> None:
    network = answers(
        feed(entry(1), total=2), feed(total=2), feed(total=2), feed(entry(2), total=2)
    )
    assert len(await arxiv(network).listed("cs.LG", DAY)) == 2
    assert [request.url.params["start"] for request in network.requests] == ["0", "1", "1", "1"]


async def test_a_page_that_stays_empty_is_a_failure_and_never_the_end() -> None:
    network = answers(feed(entry(1), total=2), feed(total=2))
    with pytest.raises(SourceUnreachable, match="empty page in the middle of its result"):
        await arxiv(network).listed("cs.LG", DAY)


async def test_an_endless_result_is_refused() -> None:
    network = answers(feed(*(entry(number) for number in range(2_000)), total=999_999))
    with pytest.raises(UnexpectedAnswer, match='"totalResults"'):
        await arxiv(network).listed("cs.LG", DAY)
    assert len(network.requests) == 15


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("<!DOCTYPE html><html></html>", "an HTML page instead of Atom"),
        ("<html><body/></html>", "an HTML page instead of Atom"),
        ("Rate exceeded.", 'the text "rate exceeded." instead of Atom'),
        ("", "an empty body instead of Atom"),
        (feed(entry(1))[:-20], "a broken body instead of Atom"),
        ('<?xml version="1.0" encoding="klingon"?><feed/>', "a broken body instead of Atom"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><feed>&a;</feed>', "a broken body instead of Atom"),
        (feed(entry(1), total="many"), 'a feed without a usable "totalResults"'),
        (feed(entry(1, paper_id="rubbish")), 'in a new shape (1 of 1 entries have no usable "id")'),
    ],
)
async def test_a_body_that_is_not_atom_is_asked_for_once_more(body: str, named: str) -> None:
    with pytest.raises(UnexpectedAnswer, match="arXiv sent") as caught:
        await arxiv(network := answers(body)).paper(ArxivId("2607.00001"))
    assert named in str(caught.value)
    assert len(network.requests) == 2


async def test_a_second_body_that_is_atom_is_taken() -> None:
    network = answers("<html>", feed(entry(1)))
    assert await arxiv(network).paper(ArxivId("2607.00001")) is not None


async def test_one_bad_entry_costs_that_one_paper(caplog: pytest.LogCaptureFixture) -> None:
    bad = entry(1, paper_id="2607.00009v1", title=" "), entry(2).replace("<id>", "<id>x")
    nameless = "<entry><title>T</title></entry>"
    with caplog.at_level(logging.WARNING):
        papers = await arxiv(
            answers(feed(*bad, nameless, *(entry(number) for number in range(3, 6))))
        ).listed("cs.LG", DAY)
    assert len(papers) == 3
    where = "of the cs.LG papers of 2026-07-10: no usable"
    assert [record.getMessage() for record in caplog.records] == [
        f'Skipped the entry http://arxiv.org/abs/2607.00009v1 {where} "title"',
        f'Skipped the entry xhttp://arxiv.org/abs/2607.00002v3 {where} "id"',
        f'Skipped the entry at position 3 {where} "id"',
    ]


async def test_a_control_character_does_not_cost_the_page() -> None:
    paper = await arxiv(answers(feed(entry(1, title="A\x0c Ti\x00tle")))).paper(
        ArxivId("2607.00001")
    )
    assert paper is not None
    assert paper.title == "A Title"


async def test_an_unknown_date_is_unknown() -> None:
    body = feed(entry(1).replace("2026-07-10T17:59:45Z", "some day"))
    paper = await arxiv(answers(body)).paper(ArxivId("2607.00001"))
    assert paper is not None
    assert paper.published is None


async def test_retries_pass_the_gate_too() -> None:
    clock = Clock()
    gate = Gate(clock)
    network = Network(
        httpx.Response(429, text="Rate exceeded."),
        httpx.Response(503),
        httpx.Response(200, text=feed(entry(1))),
    )
    api = ArxivApi(
        asking(network, clock, name="arXiv"), "https://arxiv.test/", reserve=gate.reserve
    )
    assert await api.paper(ArxivId("2607.00001")) is not None
    assert len(gate.booked) == 3
    gaps = [later - earlier for earlier, later in zip(gate.booked, gate.booked[1:], strict=False)]
    assert all(gap >= 3 for gap in gaps)


async def test_a_rate_exceeded_for_hours_is_unreachable_in_thirty_seconds() -> None:
    network = Network(httpx.Response(429, text="Rate exceeded."))
    with pytest.raises(SourceUnreachable, match=r"arXiv answered 429 for paper 2607\.00001, tried"):
        await arxiv(network, clock := Clock()).paper(ArxivId("2607.00001"))
    assert clock.seconds < 1030


async def test_one_request_at_a_time() -> None:
    open_now: list[int] = []
    most = 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal most
        open_now.append(1)
        most = max(most, len(open_now))
        for _ in range(5):
            await asyncio.sleep(0)
        open_now.pop()
        return httpx.Response(200, text=feed(entry(1)))

    clock = Clock()
    http = asking(Network(httpx.Response(500)), clock, name="arXiv")
    http.client = httpx.AsyncClient(transport=httpx.MockTransport(slow))
    api = ArxivApi(http, "https://arxiv.test/", reserve=(gate := Gate(clock)).reserve)
    await asyncio.gather(*(api.paper(ArxivId("2607.00001")) for _ in range(20)))
    assert most == 1
    assert gate.booked == [1000.0 + 3 * number for number in range(20)]


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: feed(text).encode()))
def test_no_body_raises_anything_but_a_source_error(body: bytes) -> None:
    with suppress(SourceError, Misshapen, Unusable):
        parse_page(Answer(status=200, body=body), start=0, what="it")


def test_an_unreadable_entry_is_a_source_error() -> None:
    assert isinstance(UnreadableEntry("id"), SourceError)
