from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import ArxivId, Author, DailySource, DayReading, Source
from bot.errors import SourceError, SourceUnreachable, UnexpectedAnswer
from bot.sources.http import SourceHttp
from bot.sources.huggingface import (
    HuggingFaceDaily,
    UnreadableRecord,
    parse_item,
    parse_paper,
    reading,
)
from tests import local_hf
from tests.local_hf import local_hugging_face
from tests.sources import NOW, Clock, Network, asking

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = date(2026, 8, 21)
Json = dict[str, Any]


def item(number: int = 1, **paper: Any) -> Json:
    """One item as the API sends it; None takes a key away."""
    record = {
        "id": f"2608.{number:05}",
        "title": f"Paper {number}",
        "summary": "We read\n  papers.",
        "authors": [{"_id": "1", "name": "Ada Lovelace", "hidden": False}],
        "publishedAt": "2026-08-20T17:59:45.000Z",
        "submittedOnDailyAt": f"{DAY}T01:02:03.000Z",
        "upvotes": number,
        **paper,
    }
    return {
        "paper": {key: value for key, value in record.items() if value is not None},
        "title": f"Paper {number}",
        "publishedAt": "2026-08-20T17:59:45.000Z",
        "numComments": 2,
    }


def pages(*contents: Sequence[object]) -> Network:
    return Network(*(httpx.Response(200, json=list(page)) for page in contents))


def daily(network: Network, **options: Any) -> HuggingFaceDaily:
    http = asking(network, Clock(), name="Hugging Face")
    return HuggingFaceDaily(http, "https://hf.test/", now=lambda: NOW, **options)


def ids(day: DayReading) -> list[str]:
    return [one.paper.id for one in day.listed]


async def test_a_day_is_read_most_upvoted_first() -> None:
    network = pages([item(1), item(3, upvotes=7), item(2), item(4, upvotes=7)])
    source: DailySource = daily(network)
    day = await source.day(DAY)
    assert ids(day) == ["2608.00003", "2608.00004", "2608.00002", "2608.00001"]
    assert [(one.rank, one.upvotes) for one in day.listed] == [(1, 7), (2, 7), (3, 2), (4, 1)]
    assert (day.day, day.read_at, day.unreadable) == (DAY, NOW, 0)
    assert str(network.requests[0].url) == (
        "https://hf.test/api/daily_papers?date=2026-08-21&limit=100&p=0"
    )


async def test_an_empty_list_is_a_day_without_papers() -> None:
    day = await daily(pages([])).day(DAY)
    assert (day.listed, day.unreadable) == ((), 0)


async def test_pages_are_read_until_one_is_short() -> None:
    everything = [item(number) for number in range(1, 231)]
    network = pages(everything[:100], everything[100:200], everything[200:])
    assert len((await daily(network).day(DAY)).listed) == 230
    assert [request.url.params["p"] for request in network.requests] == ["0", "1", "2"]


async def test_a_list_of_exactly_a_hundred_ends_with_an_empty_page() -> None:
    network = pages([item(number) for number in range(100)], [])
    assert len((await daily(network).day(DAY)).listed) == 100


async def test_a_list_that_moved_while_it_was_read_is_read_once_more() -> None:
    first = [item(number) for number in range(100)]
    moved = [item(99), item(100)]
    whole = [item(100), *first[:99]], [item(99)]
    network = pages(first, moved, *whole)
    assert len((await daily(network).day(DAY)).listed) == 101
    assert len(network.requests) == 4


async def test_a_list_that_moves_twice_is_taken_without_repeats() -> None:
    first = [item(number) for number in range(100)]
    network = pages(first, [item(99), item(100)], first, [item(99), item(100)])
    day = await daily(network).day(DAY)
    assert len(ids(day)) == len(set(ids(day))) == 101
    assert len(network.requests) == 4


async def test_a_server_that_ignores_the_page_is_asked_for_one_repeat_only() -> None:
    network = pages([item(number) for number in range(100)])
    assert len((await daily(network).day(DAY)).listed) == 100
    assert len(network.requests) == 2


async def test_a_list_without_end_is_refused() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["p"]) * 100
        return httpx.Response(200, json=[item(start + number) for number in range(100)])

    with pytest.raises(UnexpectedAnswer, match=r'no end after 20 pages.*"p"'):
        await daily(network := Network(endless)).day(DAY)
    assert len(network.requests) == 20


async def test_papers_of_another_day_are_left_out() -> None:
    other = item(2, submittedOnDailyAt="2026-08-20T23:59:59.000Z")
    undated = item(3, submittedOnDailyAt=None)
    odd = item(4, submittedOnDailyAt=17)
    day = await daily(pages([item(1), other, undated, odd])).day(DAY)
    assert ids(day) == ["2608.00004", "2608.00003", "2608.00001"]


async def test_a_list_of_another_day_altogether_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match=r'2026-08-22.*"submittedOnDailyAt"'):
        await daily(pages([item(1), item(2)])).day(date(2026, 8, 22))


async def test_one_bad_record_costs_that_one_paper(caplog: pytest.LogCaptureFixture) -> None:
    bad = item(9, title=" \n ")
    with caplog.at_level(logging.WARNING):
        day = await daily(pages([item(1), bad, "rubbish", item(2), item(3)])).day(DAY)
    assert len(day.listed) == 3
    assert day.unreadable == 2
    warnings = [record.getMessage() for record in caplog.records]
    assert warnings == [
        'Skipped the record 2608.00009 on 2026-08-21: no usable "title"',
        'Skipped the record at position 3 on 2026-08-21: no usable "paper"',
    ]


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({"article": {}}, '"paper"'),
        ({"paper": []}, '"paper"'),
        (item(id=None), '"id"'),
        (item(id="not-an-id"), '"id"'),
        (item(title=None), '"title"'),
        (item(title=["x"]), '"title"'),
    ],
)
async def test_a_list_in_a_new_shape_is_read_again_and_then_names_the_field(
    bad: Json, named: str
) -> None:
    network = pages([bad, item(2), bad])
    with pytest.raises(UnexpectedAnswer) as caught:
        await daily(network).day(DAY)
    assert str(caught.value) == (
        f"Hugging Face's list of 2026-08-21 has a new shape: 2 of 3 records have no usable {named}."
    )
    assert len(network.requests) == 2


async def test_a_list_that_has_its_shape_again_is_taken() -> None:
    assert len((await daily(pages([{}], [item()])).day(DAY)).listed) == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"error": "Bad", "papers": []}, 'an object with the fields "error", "papers" instead of'),
        ({}, "an object with the fields none instead of an array"),
        (None, "null instead of an array"),
        ("soon", '"soon" instead of an array'),
    ],
)
async def test_a_body_that_is_no_array_is_never_an_empty_day(body: object, named: str) -> None:
    network = Network(httpx.Response(200, text=json.dumps(body)))
    with pytest.raises(UnexpectedAnswer, match="for the list of 2026-08-21") as caught:
        await daily(network).day(DAY)
    assert named in str(caught.value)
    assert len(network.requests) == 2


async def test_an_unreachable_hugging_face_is_never_an_empty_day() -> None:
    failing = Network(httpx.ConnectError("no route"))
    with pytest.raises(SourceUnreachable, match=r"^Hugging Face could not be reached for the list"):
        await daily(failing).day(DAY)


async def test_the_token_is_sent_when_there_is_one() -> None:
    await daily(network := pages([]), token="hf_x").day(DAY)  # noqa: S106
    await daily(without := pages([])).day(DAY)
    assert network.requests[0].headers["Authorization"] == "Bearer hf_x"
    assert "Authorization" not in without.requests[0].headers


async def test_a_paper_has_a_record_of_its_own() -> None:
    network = Network(httpx.Response(200, json=item(5)["paper"]))
    paper = await daily(network).paper(ArxivId("2608.00005"))
    assert paper is not None
    assert paper.title == "Paper 5"
    assert network.requests[0].url.path == "/api/papers/2608.00005"


async def test_an_unknown_paper_is_none() -> None:
    network = Network(httpx.Response(404, json={"error": "Paper not found"}))
    assert await daily(network).paper(ArxivId("2608.99999")) is None
    assert len(network.requests) == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (item(6)["paper"], '"id" 2608.00006'),
        ({"id": "2608.00005"}, '"title"'),
        ([], '"paper"'),
    ],
)
async def test_a_record_that_is_not_the_paper_is_refused(body: object, named: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=named):
        await daily(Network(httpx.Response(200, json=body))).paper(ArxivId("2608.00005"))


def test_every_fact_of_a_record_is_kept() -> None:
    record = item(
        title="A \n  Title\0 with\x07 \ud800noise",
        authors=[
            {"name": " Ada\n Lovelace ", "hidden": False, "user": {"user": "ada", "name": "x"}},
            {"name": "Alan Turing", "user": {"name": "alan"}},
            {"name": "Kurt Gödel", "user": None},
            {"name": "Hidden One", "hidden": True},
            {"name": ""},
            "Nobody",
        ],
        submittedOnDailyBy={"user": "grace", "fullname": "Grace"},
        ai_summary="A model\nwrote this.",
        ai_keywords=["deep  learning", 7, None, " "],
        githubRepo="https://github.com/a/b\nand more",
        githubStars=12,
        projectPage=" https://a.test/page",
        organization={"name": "acme", "fullname": "Acme  Research"},
        mediaUrls=["https://a.test/2.mp4", "https://a.test/1.png"],
    )
    record |= {
        "thumbnail": "https://a.test/t.png",
        "mediaUrls": ["https://a.test/1.png", "javascript:alert(1)", "/relative.png", 3],
        "submittedBy": {"name": "somebody else"},
    }
    paper = parse_item(record)
    assert paper.id == "2608.00001"
    assert paper.title == "A Title with noise"
    assert paper.abstract == "We read papers."
    assert paper.authors == (
        Author(name="Ada Lovelace", username="ada"),
        Author(name="Alan Turing", username="alan"),
        Author(name="Kurt Gödel"),
    )
    assert paper.source is Source.HUGGING_FACE
    assert paper.published == datetime(2026, 8, 20, 17, 59, 45, tzinfo=UTC)
    assert paper.submitted == datetime(2026, 8, 21, 1, 2, 3, tzinfo=UTC)
    assert (paper.submitter, paper.upvotes, paper.comments) == ("grace", 1, 2)
    assert (paper.ai_summary, paper.ai_keywords) == ("A model wrote this.", ("deep learning",))
    assert (paper.github_repo, paper.github_stars) == ("https://github.com/a/b", 12)
    assert (paper.project_page, paper.organization) == ("https://a.test/page", "Acme Research")
    assert paper.thumbnail == "https://a.test/t.png"
    assert paper.media == ("https://a.test/1.png", "https://a.test/2.mp4")


def test_what_is_absent_is_unknown() -> None:
    paper = parse_item({"paper": {"id": "cs/9901001", "title": "T"}})
    assert paper.abstract == ""
    assert not (paper.authors)
    assert not (paper.ai_keywords)
    assert not (paper.media)
    unknown = "published submitted submitter upvotes comments ai_summary github_repo github_stars"
    for name in f"{unknown} project_page organization thumbnail".split():
        assert getattr(paper, name) is None


def test_the_outer_record_fills_in() -> None:
    outer = item() | {"submittedBy": {"name": "grace"}, "organization": {"fullname": "Acme"}}
    paper = parse_item(outer)
    assert (paper.submitter, paper.organization) == ("grace", "Acme")


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (3, 3),
        ("42", 42),
        (4.0, 4),
        (0, 0),
        ("many", None),
        (True, None),
        (-1, None),
        (2.5, None),
        (10**30, None),
        ("9" * 5000, None),
        ([], None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_count_is_a_number_or_unknown(value: object, count: int | None) -> None:
    assert parse_item(item(upvotes=value)).upvotes == count


async def test_unknown_upvotes_rank_as_none() -> None:
    day = await daily(pages([item(1, upvotes="?"), item(2)])).day(DAY)
    assert [(one.paper.id, one.upvotes) for one in day.listed] == [
        ("2608.00002", 2),
        ("2608.00001", 0),
    ]


@pytest.mark.parametrize(
    "repo",
    [
        "[link]",
        "http://github.com/a/b",
        "https://gitlab.com/a/b",
        "https://github.com/",
        "https://github.com.evil.test/a",
        "https://[bad/",
        "",
        {"url": "https://github.com/a/b"},
    ],
)
def test_a_repository_that_is_not_on_github_is_unknown(repo: object) -> None:
    assert parse_item(item(githubRepo=repo)).github_repo is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OPTIONAL = [
    "summary",
    "authors",
    "publishedAt",
    "upvotes",
    "submittedOnDailyAt",
    "submittedOnDailyBy",
    "ai_summary",
    "ai_keywords",
    "githubRepo",
    "githubStars",
    "projectPage",
    "organization",
    "mediaUrls",
    "thumbnail",
    "numComments",
]


@given(JSON)
def test_no_json_raises_anything_but_a_source_error(body: Any) -> None:
    for parse in (parse_item, parse_paper, partial(reading, day=DAY, read_at=NOW)):
        try:
            parse(body if isinstance(body, list) else [body])
        except SourceError:
            continue


@given(st.dictionaries(st.sampled_from(OPTIONAL), JSON | st.lists(JSON, max_size=3)))
def test_no_optional_field_costs_the_paper(fields: Json) -> None:
    paper = parse_item({"paper": {**item()["paper"], **fields}} | fields)
    assert paper.title == "Paper 1"
    assert "\n" not in paper.abstract


def test_an_unreadable_record_is_a_source_error() -> None:
    with pytest.raises(UnreadableRecord, match='without a usable "paper"') as caught:
        parse_paper(7)
    assert isinstance(caught.value, SourceError)


async def test_a_busy_day_is_read_whole_over_real_sockets_and_faults() -> None:
    clock = Clock()
    items = [item(number) for number in range(1, 251)]
    async with httpx.AsyncClient() as client, local_hugging_face({DAY: items}) as local:
        http = SourceHttp(client=client, name="Hugging Face", sleep=clock.sleep, clock=clock)
        source = HuggingFaceDaily(http, local.url, now=lambda: NOW)
        local.faults += [
            local_hf.dropped,
            local_hf.server_error,
            local_hf.rate_limited,
            local_hf.html_page,
        ]
        day = await source.day(DAY)
        assert ids(day) == [f"2608.{number:05}" for number in range(250, 0, -1)]
        assert len(local.requests) == 4 + 3
        assert 1.0 in clock.slept

        local.faults += [local_hf.truncated, local_hf.truncated]
        with pytest.raises(UnexpectedAnswer, match="a broken body instead of JSON"):
            await source.day(DAY)
        assert (await source.day(date(2026, 8, 22))).listed == ()
        assert await source.paper(ArxivId("2608.00007")) == parse_paper(items[6]["paper"])
        assert await source.paper(ArxivId("cs/9901001")) is None


async def test_the_local_hugging_face_refuses_what_the_real_one_refuses() -> None:
    async with (
        httpx.AsyncClient() as client,
        local_hugging_face({DAY: [item(number) for number in range(60)]}) as local,
    ):
        malformed = await client.get(f"{local.url}/api/daily_papers", params={"date": "today"})
        assert malformed.status_code == 400
        default = await client.get(f"{local.url}/api/daily_papers", params={"date": str(DAY)})
        assert len(json.loads(default.content)) == 50
