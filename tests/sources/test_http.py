from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError, SourceUnreachable, UnexpectedAnswer
from bot.sources.http import (
    LARGEST_BODY,
    Answer,
    Misshapen,
    Request,
    SourceHttp,
    Unusable,
    json_of,
    kind_of,
    moment,
    one_line,
)
from tests.sources import NOW, Clock, Network, asking, chunks

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASKED = Request(
    url="https://papers.test/list", what="the list", headers={"Authorization": "Bearer hf_secret"}
)
HTML = "<!DOCTYPE html><html><body>Down for maintenance</body></html>"


def ok(body: Any = (1, 2), **headers: str) -> httpx.Response:
    return httpx.Response(200, json=body, headers=headers)


async def read(http: SourceHttp, **changes: Any) -> object:
    return await http.read(ASKED, json_of, **changes)


async def test_an_answer_is_read_whole() -> None:
    network = Network(ok([1, 2]))
    request = Request(url="https://papers.test/list", what="it", params={"p": 3})
    assert await asking(network, clock := Clock()).read(request, json_of) == [1, 2]
    assert str(network.requests[0].url) == "https://papers.test/list?p=3"
    assert clock.slept == []


@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(503),
        httpx.Response(408),
        httpx.Response(429),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed in the middle"),
        httpx.ReadTimeout("slow"),
        httpx.ProxyError("proxy"),
        httpx.DecodingError("gzip"),
    ],
)
async def test_a_passing_failure_is_asked_again(failure: httpx.Response | Exception) -> None:
    network = Network(failure, ok("well"))
    assert await read(asking(network, clock := Clock())) == "well"
    assert len(network.requests) == 2
    assert len(clock.slept) == 1


async def test_a_body_that_breaks_off_is_asked_again() -> None:
    broken = chunks([b"[1,"], httpx.RemoteProtocolError("incomplete"))
    network = Network(httpx.Response(200, content=broken), ok([1]))
    assert await read(asking(network, Clock())) == [1]


async def test_the_pauses_grow_and_differ() -> None:
    clocks = [Clock(), Clock()]
    for clock in clocks:
        with pytest.raises(SourceUnreachable):
            await read(asking(Network(httpx.Response(503)), clock))
    for slept in (clock.slept for clock in clocks):
        assert all(low <= wait <= low + 1 for wait, low in zip(slept, (0.5, 1, 2, 4), strict=False))
        assert len(slept) >= 5
    assert clocks[0].slept != clocks[1].slept


async def test_the_source_gives_up_after_thirty_seconds_with_one_sentence() -> None:
    network = Network(httpx.Response(503))
    with pytest.raises(SourceUnreachable) as caught:
        await read(asking(network, clock := Clock()))
    assert 20 < clock.seconds - 1000 < 30
    tries = len(network.requests)
    assert str(caught.value) == (
        f"The source answered 503 for the list, tried {tries} times: try again in a few minutes."
    )


async def test_patience_is_an_argument() -> None:
    with pytest.raises(SourceUnreachable):
        await read(asking(Network(httpx.Response(503)), clock := Clock(), patience=2.0))
    assert clock.seconds < 1002


async def test_an_unreachable_source_is_named() -> None:
    with pytest.raises(SourceUnreachable, match="The source could not be reached for the list"):
        await read(asking(Network(httpx.ConnectError("no route")), Clock(), patience=0.1))


async def test_retry_after_in_seconds_is_obeyed() -> None:
    network = Network(httpx.Response(429, headers={"Retry-After": "7"}), ok())
    await read(asking(network, clock := Clock()))
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "Sat, 22 Aug 2026 09:00:12 GMT"},
        {
            "Retry-After": "Sat, 22 Aug 2026 08:00:12 GMT",
            "Date": "Sat, 22 Aug 2026 08:00:00 GMT",
        },
    ],
)
async def test_retry_after_as_a_date_is_obeyed(headers: dict[str, str]) -> None:
    await read(asking(Network(httpx.Response(503, headers=headers), ok()), clock := Clock()))
    assert clock.slept == [12.0]


async def test_a_retry_after_that_is_past_is_no_wait() -> None:
    past = httpx.Response(503, headers={"Retry-After": "Sat, 22 Aug 2020 09:00:12 GMT"})
    await read(asking(Network(past, ok()), clock := Clock()))
    assert sum(clock.slept) == 0


@pytest.mark.parametrize("value", ["soon", "-5", "nan", "1e9", "", "٣", "Sat, 99 Aug 2026"])
async def test_a_malformed_retry_after_is_ignored(value: str) -> None:
    network = Network(httpx.Response(503, headers={b"Retry-After": value.encode()}), ok())
    await read(asking(network, clock := Clock()))
    assert 0.5 <= clock.slept[0] <= 1.5


async def test_a_longer_wait_than_the_patience_is_given_up_at_once() -> None:
    network = Network(httpx.Response(429, headers={"Retry-After": "3600"}), ok())
    http = asking(network, clock := Clock())
    with pytest.raises(SourceUnreachable) as caught:
        await read(http)
    assert str(caught.value) == (
        "The source answered 429 for the list and asks to wait 3600 seconds, more than is left of "
        "the 30 that a request may take: try again after that."
    )
    clock.seconds += 1800
    with pytest.raises(SourceUnreachable, match=r"must not be asked yet .* wait 1800 seconds"):
        await read(http)
    assert len(network.requests) == 1
    assert clock.slept == []
    clock.seconds += 1800
    await read(http)


async def test_a_pause_asked_of_one_request_holds_for_the_next() -> None:
    network = Network(httpx.Response(429, headers={"Retry-After": "20"}), ok())
    http = asking(network, clock := Clock(), patience=10.0)
    with pytest.raises(SourceUnreachable):
        await read(http)
    clock.seconds += 15
    await read(http)
    assert clock.slept == [5.0]


async def test_a_spent_quota_is_waited_for_before_the_next_request() -> None:
    network = Network(ok(RateLimit='"api";r=0;t=55'), ok())
    http = asking(network, clock := Clock())
    await read(http)
    assert clock.slept == []
    await read(http)
    assert clock.slept == [55.0]


async def test_a_429_with_a_spent_quota_waits_for_its_reset() -> None:
    network = Network(httpx.Response(429, headers={"RateLimit": '"api";r=0;t=9'}), ok())
    await read(asking(network, clock := Clock()))
    assert clock.slept == [9.0]


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ('"api";r=499;t=55', []),
        ('"api"; r = 0 ; t = 3', [3.0]),
        ('"pages";r=9;t=90, "api";r=0;t=4', [4.0]),
        ('"api";t=5;r=0', [5.0]),
        ('"api";r=0;t=999999', [300.0]),
        ('"api";r=0', []),
        ('"api";r=0;t=never', []),
        ('"api";r=x;t=5', []),
        ('"api";q=0;t=5', []),
        ("rubbish,;,=;r=;t=", []),
        ("", []),
    ],
)
async def test_rate_limit_headers_are_read_leniently(header: str, waits: list[float]) -> None:
    http = asking(Network(ok(RateLimit=header), ok()), clock := Clock())
    await read(http)
    await read(http)
    assert clock.slept == waits


@pytest.mark.parametrize("status", [304, 400, 401, 403, 404, 410])
async def test_another_status_is_an_unexpected_answer_at_once(status: int) -> None:
    network = Network(httpx.Response(status))
    with pytest.raises(UnexpectedAnswer, match=f"The source answered {status} for the list"):
        await read(asking(network, Clock()))
    assert len(network.requests) == 1


async def test_a_status_that_the_caller_accepts_reaches_the_parser() -> None:
    request = Request(url="https://papers.test/1", what="it", accept=frozenset({404}))
    http = asking(Network(httpx.Response(404)), Clock())
    assert await http.read(request, lambda answer: answer.status) == 404


async def test_redirects_are_followed_without_the_token() -> None:
    away = httpx.Response(302, headers={"Location": "https://elsewhere.test/list"})
    network = Network(away, ok("there"))
    assert await read(asking(network, Clock())) == "there"
    assert "Authorization" in network.requests[0].headers
    assert "Authorization" not in network.requests[1].headers


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("https://papers.test/", httpx.Response(302, headers={"Location": "/"})),
        ("https://papers.test/", httpx.UnsupportedProtocol("ftp")),
        ("https://papers.test/", httpx.LocalProtocolError("bad header")),
        ("https://papers.test:port/", ok()),
        ("https://papers.test/", UnicodeEncodeError("ascii", "é", 0, 1, "a token with an accent")),
        ("https://pa\0pers.test/", ok()),
    ],
)
async def test_an_address_that_cannot_be_asked_is_not_asked_again(
    url: str, answer: httpx.Response | Exception
) -> None:
    http = asking(Network(answer), clock := Clock())
    with pytest.raises(SourceUnreachable, match="cannot be asked for it: check its address"):
        await http.read(Request(url=url, what="it"), json_of)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (HTML, "an HTML page instead of JSON"),
        ("", "an empty body instead of JSON"),
        ('[{"paper": {"id": "25', "a broken body instead of JSON"),
        ("Rate exceeded.", 'the text "rate exceeded." instead of JSON'),
        ("[" * 100_000, "a broken body instead of JSON"),
        ("9" * 5_000, "instead of JSON"),
    ],
)
async def test_a_body_that_is_not_json_is_asked_for_once_more(body: str, named: str) -> None:
    network = Network(httpx.Response(200, text=body))
    with pytest.raises(UnexpectedAnswer) as caught:
        await read(asking(network, Clock()))
    assert str(caught.value).startswith("The source sent ")
    assert named in str(caught.value)
    assert len(network.requests) == 2


async def test_a_second_body_that_is_json_is_taken() -> None:
    network = Network(httpx.Response(200, text=HTML), httpx.Response(503), ok([]))
    assert await read(asking(network, Clock())) == []


async def test_a_body_over_the_limit_is_not_read() -> None:
    chunk = bytes(2**20)
    body = chunks(chunk for _ in range(LARGEST_BODY // len(chunk) + 1))
    with pytest.raises(UnexpectedAnswer, match="The source sent more than 32 MiB for the list"):
        await read(asking(Network(httpx.Response(200, content=body)), Clock()))


async def test_a_body_that_drips_for_ever_times_out() -> None:
    async def dripping() -> AsyncIterator[bytes]:
        yield b"["
        await asyncio.Event().wait()

    http = asking(Network(httpx.Response(200, content=dripping())), Clock(), patience=0.01)
    with pytest.raises(SourceUnreachable, match="The source did not answer in time"):
        async with asyncio.timeout(5):
            await read(http)


async def test_a_cancelled_request_is_cancelled() -> None:
    http = asking(Network(asyncio.CancelledError()), Clock())
    with pytest.raises(asyncio.CancelledError):
        await read(http)


async def test_a_parser_may_ask_for_another_try() -> None:
    network = Network(ok(1), ok(2), ok(3), ok(4))

    def parse(answer: Answer) -> object:
        if (number := json_of(answer)) != 4:
            raise Unusable("sent too little")
        return number

    assert await asking(network, Clock()).read(ASKED, parse) == 4


async def test_failed_attempts_are_logged_without_secrets(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = Request(
        url="https://papers.test/list",
        what="the list",
        params={"key": "query_secret"},
        headers=ASKED.headers,
    )
    network = Network(httpx.Response(503), httpx.ConnectError("hf_secret"), ok())
    with caplog.at_level(logging.INFO, logger="bot"):
        await asking(network, Clock()).read(request, json_of)
    ours = [record for record in caplog.records if record.name == "bot.sources.http"]
    assert [record.getMessage() for record in ours] == [
        "The source answered 503 for the list (try 1)",
        "The source could not be reached for the list (try 2)",
    ]
    assert {record.levelname for record in ours} == {"INFO"}
    assert not any("secret" in record.getMessage() for record in ours)


async def test_a_turn_is_taken_for_each_attempt_and_its_wait_kept() -> None:
    turns: list[str] = []

    @asynccontextmanager
    async def turn() -> AsyncIterator[float]:
        turns.append("in")
        yield 3.0
        turns.append("out")

    failing = Network(httpx.Response(500, headers={"Retry-After": "1"}), ok())
    http = asking(failing, clock := Clock())
    await read(http, turn=turn)
    assert turns == ["in", "in", "out"]
    assert clock.slept == [3.0, 1.0, 3.0]


async def test_a_turn_too_far_away_is_not_waited_for() -> None:
    @asynccontextmanager
    async def turn() -> AsyncIterator[float]:
        yield 45.0

    network = Network(ok())
    with pytest.raises(SourceUnreachable, match=r"has too many requests waiting .* 45 seconds"):
        await read(asking(network, Clock()), turn=turn)
    assert network.requests == []


async def test_standing_in_line_is_not_trying() -> None:
    clock = Clock()

    @asynccontextmanager
    async def turn() -> AsyncIterator[float]:
        clock.seconds += 100
        yield 3.0

    assert await read(asking(Network(ok("late")), clock), turn=turn) == "late"


async def test_a_pause_that_began_while_in_line_is_kept() -> None:
    network = Network(ok(RateLimit='"api";r=0;t=8'), ok("first"), ok("second"))
    http = asking(network, clock := Clock())
    entered = 0

    @asynccontextmanager
    async def turn() -> AsyncIterator[float]:
        nonlocal entered
        entered += 1
        if entered == 1:  # whoever was before us in the line is told that the quota is spent
            await read(http)
        yield 0.0

    assert await read(http, turn=turn) == "first"
    assert entered == 2
    assert clock.slept == [8.0]


@given(st.binary(max_size=300))
def test_any_body_is_json_or_misshapen_and_has_a_name(body: bytes) -> None:
    assert kind_of(body)
    with suppress(Misshapen):
        json_of(Answer(status=200, body=body))


@given(st.text())
def test_one_line_is_one_line_that_can_be_stored(text: str) -> None:
    line = one_line(text + "\0\ud800 \n\x1b")
    assert line == " ".join(line.split()) == one_line(line)
    assert line.encode().decode() == line
    assert line.isprintable() or not any(ord(character) < 32 for character in line)


@given(st.text() | st.datetimes().map(lambda when: when.isoformat()))
def test_a_moment_is_in_utc_or_unknown(text: str) -> None:
    read_as = moment(text)
    assert read_as is None or str(read_as.tzinfo) == "UTC"


def test_moments_without_a_zone_are_utc_and_others_are_moved_to_it() -> None:
    assert moment("2026-08-22T09:00:00") == moment("2026-08-22T11:00:00+02:00") == NOW
    assert moment("0001-01-01T00:00:00+10:00") is None


async def test_a_real_time_out_and_clock_work_by_default() -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(Network(ok("now")))) as client:
        assert await read(SourceHttp(client=client, name="The source")) == "now"
        past = httpx.Response(503, headers={"Retry-After": "Sat, 22 Aug 2020 09:00:12 GMT"})
        later = SourceHttp(
            client=httpx.AsyncClient(transport=httpx.MockTransport(Network(past, ok("then")))),
            name="The source",
        )
        assert await read(later) == "then"


@given(st.binary(max_size=200), st.sampled_from([200, 204, 302, 404]))
async def test_no_answer_raises_anything_but_a_source_error(body: bytes, status: int) -> None:
    with suppress(SourceError):
        await read(asking(Network(httpx.Response(status, content=body)), Clock()))
