"""The real discord.py against a Discord on this machine, with its traffic watched."""

from __future__ import annotations

import asyncio
import selectors
import time
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from multidict import CIMultiDict
from typing_extensions import override
from yarl import URL

from bot.client import Paperboy
from bot.errors import PaperboyError, SettingsError
from bot.metrics import Gauges, Metrics
from bot.ui.discord_api import point_at
from bot.ui.discord_time import SKEW
from bot.ui.traffic import REFUSED, InvalidRequests, Limits, Traffic
from tests.process import faults
from tests.process.conftest import until
from tests.process.discord_data import APPLICATION, FIRST_CHANNEL
from tests.process.local_discord import (
    AUTOCOMPLETE,
    COMMAND,
    TOKEN,
    LocalDiscord,
    local_discord,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from aiohttp import web

    from bot.app import House
    from tests.process.faults import Fault, Make

MESSAGES = "/channels/*/messages"
HOUR = timedelta(hours=1)
FAST = 100_000


def clock() -> datetime:
    return datetime.now(UTC)


def traffic_within(**limits: Any) -> Traffic:
    return Traffic(clock, limits=Limits(**{"per_second": FAST, **limits}))


@pytest.fixture(autouse=True)
def discords_own() -> Iterator[None]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture
async def there() -> AsyncIterator[LocalDiscord]:
    async with local_discord(limited=False) as served:
        yield served


@asynccontextmanager
async def logged_in(there: LocalDiscord, traffic: Traffic) -> AsyncIterator[discord.Client]:
    point_at(there.url)
    async with discord.Client(
        intents=discord.Intents.none(), http_trace=traffic.trace, max_messages=None
    ) as client:
        await client.login(TOKEN)
        yield client


async def send(client: discord.Client) -> None:
    await client.get_partial_messageable(FIRST_CHANNEL).send("x")


async def refused(client: discord.Client, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(discord.HTTPException):
            await send(client)


def ahead(by: timedelta) -> Fault:
    """Answer as the server would, at another time of day."""

    async def fault(_: web.Request, make: Make) -> web.StreamResponse:
        answer = await make()
        answer.headers["Date"] = format_datetime(clock() + by, usegmt=True)
        return answer

    return fault


def counted(metrics: Metrics, name: str) -> dict[str, float]:
    """Return a metric's values by their labels."""
    lines = metrics.text(Gauges()).decode().splitlines()
    found = [line.removeprefix(name).rsplit(" ", 1) for line in lines if line.startswith(name)]
    return {labels: float(value) for labels, value in found}


class InstantLoop(asyncio.SelectorEventLoop):
    """A loop without network whose time passes at once."""

    def __init__(self) -> None:
        self.passed = 0.0
        super().__init__(_Instant(self))

    @override
    def time(self) -> float:
        return self.passed


class _Instant(selectors.SelectSelector):
    def __init__(self, loop: InstantLoop) -> None:
        super().__init__()
        self.loop = loop

    @override
    def select(self, timeout: float | None = None) -> Any:
        self.loop.passed += (timeout or 0) + 1e-6  # a turn takes its time too
        return super().select(0)


def moments_of(traffic: Traffic, *paths: str) -> list[float]:
    """Begin requests all at once, and return when each may go, in seconds."""
    traffic.trace.freeze()

    async def begin(path: str) -> float:
        url = URL(f"https://discord.com/api/v10{path}")
        request = aiohttp.TraceRequestStartParams("POST", url, CIMultiDict())
        session: Any = None
        await traffic.trace.on_request_start.send(session, SimpleNamespace(), request)
        return asyncio.get_running_loop().time()

    async def begin_all() -> list[float]:
        return await asyncio.gather(*map(begin, paths))

    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        return runner.run(begin_all())


# the pace


def test_no_second_has_more_than_forty_five_requests_and_they_come_evenly() -> None:
    begun = sorted(moments_of(Traffic(clock), *["/channels/1/messages"] * 200))
    assert max(sum(start <= at < start + 1 for at in begun) for start in begun) <= 45
    assert begun[0] == pytest.approx(0, abs=0.01)
    assert begun[-1] == pytest.approx(199 / 45, rel=0.01)


def test_answers_to_people_wait_for_nothing() -> None:
    answers = ["/interactions/1/a.token/callback", "/webhooks/2/a.token/messages/@original"]
    begun = moments_of(Traffic(clock), *["/channels/1/messages"] * 50, *answers)
    assert begun[-2:] == pytest.approx([0, 0], abs=0.01)
    assert max(begun) > 1


async def test_the_client_keeps_the_pace(there: LocalDiscord) -> None:
    async with logged_in(there, traffic_within(per_second=200)) as client:
        began = time.monotonic()
        await asyncio.gather(*(send(client) for _ in range(21)))
        assert time.monotonic() - began >= 20 / 200


async def test_direct_messages_are_opened_one_after_the_other(there: LocalDiscord) -> None:
    async with logged_in(there, traffic_within(openings_per_second=50)) as client:
        began = time.monotonic()
        await asyncio.gather(*(opened(client, person) for person in range(11, 22)))
        assert time.monotonic() - began >= 10 / 50


async def opened(client: discord.Client, person: int) -> None:
    with suppress(discord.HTTPException):
        await client.create_dm(discord.Object(person))


# Discord's time


async def test_a_right_clock_is_left_alone(
    there: LocalDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    traffic = traffic_within()
    async with logged_in(there, traffic) as client:
        for _ in range(5):
            await send(client)
    assert traffic.offset == timedelta(0)
    assert abs(traffic.now() - clock()) < timedelta(seconds=1)
    assert "clock" not in caplog.text


@pytest.mark.parametrize(("by", "told"), [(HOUR, "slow"), (-HOUR, "fast")])
async def test_discords_time_counts_and_a_wrong_clock_is_told_once(
    there: LocalDiscord, caplog: pytest.LogCaptureFixture, by: timedelta, told: str
) -> None:
    traffic = traffic_within()
    there.fail("POST", MESSAGES, *[ahead(by)] * 6)
    async with logged_in(there, traffic) as client:
        assert traffic.offset == timedelta(0)
        for _ in range(6):
            await send(client)
    assert abs(traffic.now() - (clock() + by)) < SKEW
    [record] = [one for one in caplog.records if one.name == "bot.ui.discord_time"]
    assert record.levelname == "WARNING"
    assert f"{told} by Discord's time" in record.message
    assert "NTP" in record.message


async def test_a_clock_that_is_put_right_counts_again(there: LocalDiscord) -> None:
    traffic = traffic_within()
    there.fail("POST", MESSAGES, *[ahead(HOUR)] * 2)
    async with logged_in(there, traffic) as client:
        for _ in range(2):
            await send(client)
        assert traffic.offset > timedelta(minutes=59)
        for _ in range(2):
            await send(client)
    assert traffic.offset == timedelta(0)


async def test_one_answer_with_another_date_changes_nothing(there: LocalDiscord) -> None:
    traffic = traffic_within()
    there.fail("POST", MESSAGES, ahead(HOUR), ahead(timedelta(0)), ahead(HOUR), ahead(-HOUR))
    async with logged_in(there, traffic) as client:
        for _ in range(4):
            await send(client)
    assert traffic.offset == timedelta(0)


# requests that Discord counts as invalid


async def test_what_discord_counts_as_invalid_is_counted_and_forgotten(
    there: LocalDiscord,
) -> None:
    traffic = traffic_within(window=0.5)
    shared = {"X-RateLimit-Scope": "shared"}
    there.fail("POST", MESSAGES, faults.forbidden, faults.error(404, 10003), faults.error(400))
    there.fail("POST", MESSAGES, faults.answering(429, "no"), faults.answering(429, "no", shared))
    async with logged_in(there, traffic) as client:
        await refused(client, 5)
        assert traffic.invalid == 2  # the 403, and the 429 that is not shared
        await asyncio.sleep(0.5)
        assert traffic.invalid == 0


async def test_past_half_of_what_blocks_all_but_answers_rest(
    there: LocalDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    traffic = traffic_within(window=0.6, rest_at=3)
    there.fail("POST", MESSAGES, *[faults.forbidden] * 3)
    async with logged_in(there, traffic) as client:
        began = time.monotonic()
        await refused(client, 3)
        rested = asyncio.create_task(send(client))
        hook = discord.Webhook.partial(APPLICATION, "a.token", client=client)
        await hook.send("an answer", wait=True)
        assert there.answers
        assert not rested.done()
        await rested
        assert time.monotonic() - began >= 0.6
    errors = [one for one in caplog.records if one.levelname == "ERROR"]
    assert len(errors) == 1
    assert "Discord refused 3 requests" in errors[0].message
    assert not traffic._stopping.is_set()


async def test_a_request_that_rests_too_long_is_never_sent(there: LocalDiscord) -> None:
    traffic = traffic_within(rest_at=1, patience=0.05)
    there.fail("POST", MESSAGES, faults.forbidden)
    async with logged_in(there, traffic) as client:
        await refused(client)
        with traffic.attempts() as heard, pytest.raises(TimeoutError):
            await send(client)
    assert heard == []
    assert len(there.asked("POST", MESSAGES)) == 1


async def test_before_discord_blocks_the_address_the_bot_stops(there: LocalDiscord) -> None:
    traffic = traffic_within(stop_at=3)
    there.fail("POST", MESSAGES, *[faults.forbidden] * 3)
    async with logged_in(there, traffic) as client:
        stopped = asyncio.create_task(traffic.stopped())
        await refused(client, 2)
        assert not stopped.done()
        await refused(client)
        error = await asyncio.wait_for(stopped, 5)
    assert type(error) is PaperboyError
    assert str(error).startswith("Discord refused 3 requests within 10 minutes; ")


def test_too_many_are_told_once_a_window(caplog: pytest.LogCaptureFixture) -> None:
    counted = InvalidRequests(Limits(rest_at=2))
    for _ in range(5):
        counted.add()
    assert len(counted) == 5
    assert 0 < counted.rest() <= 600
    assert [one.levelname for one in caplog.records] == ["ERROR"]


# the token


async def test_a_token_that_is_changed_while_the_bot_runs_stops_it(there: LocalDiscord) -> None:
    traffic = traffic_within()
    there.fail("POST", MESSAGES, faults.unauthorized)
    async with logged_in(there, traffic) as client:
        await refused(client)
        error = await asyncio.wait_for(traffic.stopped(), 5)
    assert isinstance(error, SettingsError)
    assert str(error) == REFUSED


async def test_an_answer_that_came_too_late_is_no_word_on_the_token(there: LocalDiscord) -> None:
    traffic = traffic_within()
    there.fail("POST", "/webhooks/*", faults.unauthorized)
    async with logged_in(there, traffic) as client:
        hook = discord.Webhook.partial(APPLICATION, "a.token", client=client)
        with pytest.raises(discord.HTTPException):
            await hook.send("too late")
    assert traffic.invalid == 1
    assert not traffic._stopping.is_set()


# attempts


async def test_every_attempt_is_heard_of(
    there: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_: float) -> None:
        pass

    traffic = traffic_within()
    async with logged_in(there, traffic) as client:
        hasty = SimpleNamespace(**vars(asyncio) | {"sleep": at_once})
        monkeypatch.setattr("discord.http.asyncio", hasty)
        there.fail("POST", MESSAGES, faults.failing_after(500), faults.error(502), faults.forbidden)
        with traffic.attempts() as heard:
            await refused(client)
        assert heard == [500, 502, 403]
        there.fail("POST", MESSAGES, faults.dropped_after)
        with traffic.attempts() as heard, pytest.raises(aiohttp.ClientError):
            await send(client)
        assert heard == [None]


async def test_what_others_send_meanwhile_is_not_among_the_attempts(there: LocalDiscord) -> None:
    traffic = traffic_within()
    async with logged_in(there, traffic) as client:
        there.fail("POST", MESSAGES, faults.forbidden)
        with traffic.attempts() as heard:
            await refused(client)
        await send(client)

        async def mine() -> list[int | None]:
            with traffic.attempts() as heard:
                await send(client)
                await asyncio.sleep(0)
                return heard

        together = await asyncio.gather(*(mine() for _ in range(5)))
    assert heard == [403]
    assert together == [[200]] * 5


# what is measured


async def test_requests_are_counted_by_how_they_were_answered(there: LocalDiscord) -> None:
    metrics = Metrics()
    async with logged_in(there, Traffic(clock, metrics=metrics)) as client:
        there.fail("POST", MESSAGES, faults.forbidden, faults.dropped_before)
        await refused(client)
        with pytest.raises(aiohttp.ClientError):
            await send(client)
    assert counted(metrics, "paperboy_discord_requests_total") == {
        '{status="2xx"}': 2, '{status="4xx"}': 1, '{status="broken"}': 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "used", "name"),
    [
        (COMMAND, {"id": "1", "name": "help", "type": 1}, "/help"),
        (
            AUTOCOMPLETE,
            {
                "id": "1", "name": "paper", "type": 1,
                "options": [{"name": "paper", "type": 3, "value": "x", "focused": True}],
            },
            "/paper (typing)",
        ),
    ],
)  # fmt: skip
async def test_the_time_to_the_first_answer_is_measured(
    there: LocalDiscord, house: House, kind: int, used: dict[str, Any], name: str
) -> None:
    metrics = Metrics()
    point_at(there.url)
    traffic = Traffic(clock, metrics=metrics)
    async with Paperboy(house.services, traffic=traffic) as bot:
        running = asyncio.create_task(bot.start(TOKEN))
        await until(lambda: bot.guilds, "the bot is connected")
        await there.interact(used, kind=kind)
        await until(lambda: counted(metrics, "paperboy_command_seconds_count"), "an answer")
        await bot.close()
        await running
    assert counted(metrics, "paperboy_command_seconds_count") == {f'{{command="{name}"}}': 1}
    assert 0 < sum(counted(metrics, "paperboy_command_seconds_sum").values()) < 5


def test_a_person_who_got_no_answer_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    traffic = Traffic(clock)
    traffic.expect_answer(1, "/help")
    traffic.expect_answer(2, "/help")
    later = time.monotonic() + 11
    monkeypatch.setattr("bot.ui.traffic.time", SimpleNamespace(monotonic=lambda: later))
    traffic.expect_answer(3, "/help")
    assert list(traffic._waiting) == [3]
