from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.cli import run
from bot.log import DiscreetHandler
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from bot.ui import diagnosis
from bot.ui.diagnosis import examine_discord
from bot.ui.discord_api import point_at
from tests.builders import schedule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.domain.health import Diagnosis, Finding
    from bot.domain.schedules import Schedule

A_TOKEN = "made-up.token_of-nobody"  # noqa: S105  # it opens nothing
BOT, APPLICATION, SERVER, CHANNEL, ROLE = 100, 200, 1, 5, 9
MAY = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)

Payload = dict[str, Any]


def application(**told: Any) -> Payload:
    owner = {"id": "7", "username": "ada", "discriminator": "0", "avatar": None}
    return {
        "id": str(APPLICATION),
        "name": "Paperboy",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": owner,
        "verify_key": "",
        "flags": 0,
        "integration_types_config": {"0": {}, "1": {}},
    } | told


def role(role_id: int, permissions: discord.Permissions, **told: Any) -> Payload:
    return {
        "id": str(role_id),
        "name": "a role",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(permissions.value),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    } | told


def server(server_id: int = SERVER, *, name: str = "Lab", **told: Any) -> Payload:
    return {
        "id": str(server_id),
        "name": name,
        "owner_id": "7",
        "roles": [role(server_id, MAY), role(ROLE, discord.Permissions.none())],
        "emojis": [],
        "features": [],
    } | told


def channel(channel_id: int = CHANNEL, **told: Any) -> Payload:
    return {
        "id": str(channel_id),
        "guild_id": str(SERVER),
        "type": 0,
        "name": "papers",
        "position": 0,
        "permission_overwrites": [],
    } | told


def denied(*names: str) -> list[Payload]:
    deny = discord.Permissions(**dict.fromkeys(names, True)).value
    return [{"id": str(SERVER), "type": 0, "allow": "0", "deny": str(deny)}]


def as_json(payload: object, status: int = 200) -> web.Response:
    """Answer as Discord does: discord.py takes a type with a charset for text."""
    body = json.dumps(payload).encode()
    return web.Response(body=body, status=status, content_type="application/json")


@dataclass(kw_only=True)
class LocalDiscord:
    """What is served, by path: a payload, or a status with a JSON error code; others are 404."""

    url: str = ""
    answers: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        self.asked.append(path)
        self.tokens.add(request.headers.get("Authorization", ""))
        match self.answers.get(path, (404, 0)):
            case "drop":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "hang":
                await self.over.wait()
                return web.Response()
            case str() as page:
                return web.Response(text=page, content_type="text/html")
            case (int() as status, code):
                return as_json({"message": A_TOKEN, "code": code}, status)
            case payload:
                return as_json(payload)

    def has(self, server_id: int, *channels: Payload, **told: Any) -> None:
        """Serve a server that the bot is in, and its channels."""
        member = {
            "user": {"id": str(BOT), "username": "Paperboy", "discriminator": "1", "avatar": None},
            "roles": [],
            "joined_at": "2025-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        self.answers[f"/guilds/{server_id}"] = server(server_id, **told)
        self.answers[f"/guilds/{server_id}/members/{BOT}"] = member
        for one in channels:
            self.answers[f"/channels/{one['id']}"] = one


@asynccontextmanager
async def local_discord() -> AsyncIterator[LocalDiscord]:
    served = LocalDiscord()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        served.url = f"http://{host}:{port}/api/v10"
        yield served
    finally:
        served.over.set()
        await runner.cleanup()


@pytest.fixture(autouse=True)
def constants_are_put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    voice = discord.VoiceClient.warn_nacl, discord.VoiceClient.warn_dave
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
    discord.VoiceClient.warn_nacl, discord.VoiceClient.warn_dave = voice


@pytest.fixture
async def api() -> AsyncIterator[LocalDiscord]:
    """Give a Discord on this machine with the bot, its application and one server."""
    async with local_discord() as served:
        point_at(served.url)
        me = {"id": str(BOT), "username": "Paperboy", "discriminator": "1234", "avatar": None}
        served.answers["/users/@me"] = me
        served.answers["/oauth2/applications/@me"] = application()
        served.has(SERVER, channel())
        yield served


async def examined(*schedules: Schedule, patience: float = 5.0) -> Diagnosis:
    return await examine_discord(A_TOKEN, schedules, patience=patience)


async def finding(name: str, *schedules: Schedule, patience: float = 5.0) -> Finding:
    """Examine and return the one finding of that name."""
    told = await examined(*schedules, patience=patience)
    [found] = [one for one in told.findings if one.name == name]
    return found


async def test_when_all_is_right_every_finding_says_so(api: LocalDiscord) -> None:
    told = await examined(schedule())
    assert told.wrong == 0
    assert [one.text for one in told.findings] == [
        "Discord takes the token: the bot is Paperboy#1234.",
        "The bot is public: whoever has the invite link may add it.",
        "No privileged intent is switched on, and none is needed.",
        "Paperboy may post in #papers in Lab.",
    ]
    assert all(one.ok and one.remedy is None for one in told.findings)
    assert api.tokens == {f"Bot {A_TOKEN}"}


async def test_no_gateway_is_asked_for_and_nothing_is_changed(api: LocalDiscord) -> None:
    await examined(schedule())
    assert set(api.asked) == {
        "/users/@me",
        "/oauth2/applications/@me",
        "/guilds/1",
        "/guilds/1/members/100",
        "/channels/5",
    }


async def test_the_links_ask_for_what_is_needed_and_no_more(api: LocalDiscord) -> None:
    told = await examined()
    address = "https://discord.com/oauth2/authorize?client_id=200"
    wanted = discord.Permissions(
        view_channel=True, send_messages=True, embed_links=True, read_message_history=True
    )
    [add, install] = told.links
    assert add.label == "Add Paperboy to a server"
    assert add.url == f"{address}&scope=bot+applications.commands&permissions={wanted.value}"
    assert install.label == "Install it for yourself alone"
    assert install.url == f"{address}&scope=applications.commands&integration_type=1"


async def test_a_missing_token_is_a_finding_and_nothing_is_asked(api: LocalDiscord) -> None:
    told = await examine_discord(None, [schedule()])
    [missing] = told.findings
    assert missing.ok is False
    assert missing.text.startswith("DISCORD_TOKEN is not set")
    assert ".env" in (missing.remedy or "")
    assert (api.asked, told.links) == ([], ())


async def test_a_token_that_discord_refuses_is_told_with_its_remedy(api: LocalDiscord) -> None:
    api.answers["/users/@me"] = (401, 0)
    told = await examined(schedule())
    [refused] = told.findings
    assert refused.ok is False
    assert refused.text == "DISCORD_TOKEN is not a token that Discord takes."
    assert "Reset Token" in (refused.remedy or "")
    assert told.links == ()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((403, 0), "Discord answered 403"),
        ("<html>for people</html>", "what answered does not speak as Discord does"),
        ([], "what answered does not speak as Discord does"),
        ({"id": "not a number"}, "what answered does not speak as Discord does"),
        ("drop", "Discord could not be reached (ServerDisconnectedError)"),
    ],
)
async def test_a_login_that_fails_says_why(api: LocalDiscord, answer: object, why: str) -> None:
    api.answers["/users/@me"] = answer
    failed = await finding("token", schedule())
    assert failed.ok is False
    assert failed.text == f"The token could not be checked: {why}."
    assert "DISCORD_API_URL" in (failed.remedy or "")


async def test_a_discord_that_does_not_answer_is_given_up(api: LocalDiscord) -> None:
    api.answers["/users/@me"] = "hang"
    failed = await finding("token", patience=0.2)
    assert failed.text == "The token could not be checked: Discord did not answer in time."


async def test_a_discord_that_is_not_there_is_told() -> None:
    async with local_discord() as gone:
        point_at(gone.url)
    failed = await finding("token")
    assert failed.ok is False
    assert failed.text.startswith("The token could not be checked: Discord could not be reached (")
    assert "127.0.0.1" not in failed.text


async def test_the_token_is_in_no_finding_whatever_discord_answers(api: LocalDiscord) -> None:
    for path in list(api.answers):
        api.answers[path] = (403, 0)
        told = await examined(schedule())
        assert A_TOKEN not in repr(told)
        api.answers[path] = (401, 0)
        assert A_TOKEN not in repr(await examined(schedule()))


async def test_a_bot_that_is_not_public_is_a_warning(api: LocalDiscord) -> None:
    api.answers["/oauth2/applications/@me"] = application(bot_public=False)
    warned = await finding("public")
    assert warned.ok is None
    assert "only its owner" in warned.text
    assert "Public Bot" in (warned.remedy or "")


async def test_a_code_grant_would_break_the_invite_link(api: LocalDiscord) -> None:
    api.answers["/oauth2/applications/@me"] = application(bot_require_code_grant=True)
    assert (await finding("code grant")).ok is False


async def test_commands_that_go_elsewhere_are_found(api: LocalDiscord) -> None:
    elsewhere = application(interactions_endpoint_url="https://elsewhere.example/interactions")
    api.answers["/oauth2/applications/@me"] = elsewhere
    found = await finding("commands")
    assert found.ok is False
    assert "elsewhere.example" not in found.text


async def test_privileged_intents_are_named_and_not_needed(api: LocalDiscord) -> None:
    flags = discord.ApplicationFlags(
        gateway_presence=True, gateway_message_content_limited=True
    ).value
    api.answers["/oauth2/applications/@me"] = application(flags=flags)
    warned = await finding("intents")
    assert warned.ok is None
    assert "(Presence, Message Content)" in warned.text


@pytest.mark.parametrize("config", [{}, {"0": {}}])
async def test_without_user_install_there_is_no_link_for_it(
    api: LocalDiscord, config: Payload
) -> None:
    api.answers["/oauth2/applications/@me"] = application(integration_types_config=config)
    told = await examined()
    [warned] = [one for one in told.findings if one.name == "user install"]
    assert warned.ok is None
    assert [one.label for one in told.links] == ["Add Paperboy to a server"]


async def test_without_guild_install_no_server_can_add_the_bot(api: LocalDiscord) -> None:
    api.answers["/oauth2/applications/@me"] = application(integration_types_config={"1": {}})
    assert (await finding("guild install")).ok is False


@pytest.mark.parametrize(
    ("overwrites", "lacks"),
    [
        (denied("send_messages"), "Send Messages"),
        (denied("read_message_history"), "Read Message History"),
        (denied("view_channel"), "View Channel and Send Messages and Read Message History"),
    ],
)
async def test_missing_permissions_are_named(
    api: LocalDiscord, overwrites: list[Payload], lacks: str
) -> None:
    api.has(SERVER, channel(permission_overwrites=overwrites))
    found = await finding("channel", schedule())
    assert found.ok is False
    assert found.text == f"Paperboy cannot post in #papers in Lab: it lacks {lacks} there."
    assert found.remedy


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((404, 10003), "it is gone"),
        ((403, 50001), "Paperboy cannot see it"),
        ((403, 0), "Discord answered 403"),
        (channel(guild_id="2"), "it is not a channel of the server that its schedule is for"),
        ({}, "what answered does not speak as Discord does"),
    ],
)
async def test_a_channel_that_cannot_be_read_says_why(
    api: LocalDiscord, answer: object, why: str
) -> None:
    api.answers["/channels/5"] = answer
    found = await finding("channel", schedule())
    assert found.ok is False
    assert found.text == f"The scheduled channel 5 in Lab cannot be read: {why}."


async def test_only_a_text_channel_can_have_a_schedule(api: LocalDiscord) -> None:
    api.has(SERVER, channel(type=2, bitrate=64000, user_limit=0))
    found = await finding("channel", schedule())
    assert found.ok is False
    assert "is no text channel" in found.text


@pytest.mark.parametrize("path", ["/guilds/1", "/guilds/1/members/100"])
@pytest.mark.parametrize("answer", [(404, 10004), (404, 10007)])
async def test_a_server_that_the_bot_left_is_one_finding(
    api: LocalDiscord, path: str, answer: tuple[int, int]
) -> None:
    api.answers[path] = answer
    found = await finding("server", schedule(5), schedule(6))
    assert found.ok is False
    assert found.text == (
        "The server 1 with 2 scheduled channels cannot be read: "
        "Paperboy is not a member of the server."
    )


@pytest.mark.parametrize(
    ("roles", "ok"),
    [
        ([], None),
        ([role(ROLE, discord.Permissions.none())], None),
        ([role(ROLE, discord.Permissions.none(), mentionable=True)], True),
        ([role(SERVER, MAY | discord.Permissions(mention_everyone=True))], True),
    ],
)
async def test_a_role_that_cannot_be_mentioned_is_a_warning(
    api: LocalDiscord, roles: list[Payload], ok: bool | None
) -> None:
    everyone = [role(SERVER, MAY), *roles]
    api.has(SERVER, channel(), roles=everyone)
    assert (await finding("channel", schedule(mention_role=ROLE))).ok is ok


async def test_many_channels_that_are_right_are_told_in_one_line(
    api: LocalDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnosis, "LISTED", 2)
    api.has(SERVER, channel(5), channel(6), channel(7))
    told = await examined(*map(schedule, (5, 8, 6, 7)))
    assert [one.text for one in told.findings[-2:]] == [
        "Paperboy may post in 3 scheduled channels.",
        "The scheduled channel 8 in Lab cannot be read: Discord answered 404.",
    ]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("drop", "Discord could not be reached (ServerDisconnectedError)"),
        ("hang", "Discord did not answer in time"),
    ],
)
async def test_a_connection_lost_on_the_way_leaves_the_rest_unchecked(
    api: LocalDiscord, fault: str, why: str
) -> None:
    api.answers["/channels/6"] = fault
    api.has(2)
    third = schedule(7, guild_id=3)
    told = await examined(schedule(5), schedule(6, guild_id=2), third, patience=0.5)
    *_, first, rest = told.findings
    assert first.text == "Paperboy may post in #papers in Lab."
    assert rest.ok is None
    assert rest.text == f"2 scheduled channels could not be checked: {why}."


async def test_control_characters_in_names_do_not_reach_the_terminal(api: LocalDiscord) -> None:
    api.has(SERVER, channel(name="pa\x1b[31mpers"), name="L\na\x07b")
    assert (
        await finding("channel", schedule())
    ).text == "Paperboy may post in #pa[31mpers in L ab."


@pytest.mark.parametrize(
    ("url", "gateway"),
    [
        ("http://127.0.0.1:9/api/v10", "ws://127.0.0.1:9/"),
        ("https://discord.test/api/v10", "wss://discord.test/"),
    ],
)
def test_another_server_is_pointed_at_whole(url: str, gateway: str) -> None:
    point_at(url)
    assert url == Route.BASE
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == gateway


def test_discord_itself_keeps_its_own_gateway() -> None:
    before = DiscordWebSocket.DEFAULT_GATEWAY
    point_at("https://discord.com/api/v10")
    assert before == DiscordWebSocket.DEFAULT_GATEWAY


# The whole command

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"
  xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
  <opensearch:totalResults>1</opensearch:totalResults>
  <entry><id>http://arxiv.org/abs/1706.03762v7</id><title>Attention</title></entry></feed>"""


@pytest.fixture
def everything(
    api: LocalDiscord, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[LocalDiscord]:
    """Give a machine where all is right; the one server stands for every source too."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_API_URL", api.url)
    monkeypatch.setenv("DISCORD_TOKEN", A_TOKEN)
    monkeypatch.setenv("HF_BASE_URL", api.url)
    monkeypatch.setenv("ARXIV_API_URL", f"{api.url}/query")
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    record = {"id": "2502.00001", "title": "A study", "submittedOnDailyAt": now}
    api.answers["/api/daily_papers"] = [{"paper": record}]
    api.answers["/query"] = FEED
    yield api
    for handler in logging.getLogger().handlers[:]:
        if isinstance(handler, DiscreetHandler):
            logging.getLogger().removeHandler(handler)


async def paperboy_doctor() -> int:
    """Run the command in a loop of its own, as a terminal does."""
    return await asyncio.to_thread(run, ["doctor"])


async def test_the_command_prints_a_line_a_finding_and_the_links(
    everything: LocalDiscord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Database.open(tmp_path / "data" / "paperboy.db") as database:
        next_run = datetime.now(UTC) + timedelta(hours=1)
        await ScheduleStore(database).save(schedule(next_run=next_run))
    assert await paperboy_doctor() == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert A_TOKEN not in out
    lines = out.splitlines()
    assert {line[:2] for line in lines} == {"✓ ", "– ", "  ", "Ad", "In"}
    assert "✓ The settings are right." in lines
    assert "✓ arXiv answers: 1706.03762 is there." in lines
    assert "✓ The clock is right to within a minute." in lines
    assert "✓ Paperboy may post in #papers in Lab." in lines
    assert lines[lines.index("– Nothing was read yet.") + 1].startswith("    ")
    assert lines[-2].startswith("Add Paperboy to a server: https://discord.com/oauth2/authorize?")


async def test_the_command_fails_when_something_is_wrong_and_makes_nothing(
    everything: LocalDiscord,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN")
    assert await paperboy_doctor() == 1
    out, err = capsys.readouterr()
    assert "✗ DISCORD_TOKEN is not set, so nothing about Discord was checked.\n    Copy" in out
    assert "✓ arXiv answers: 1706.03762 is there." in out
    assert err == "paperboy: 1 of 7 checks failed; each says what to do.\n"
    assert not await asyncio.to_thread(lambda: list(tmp_path.iterdir()))


async def test_wrong_settings_stop_the_command_before_it_checks(
    everything: LocalDiscord,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEFAULT_TIMEZONE", "nowhere")
    assert await paperboy_doctor() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("paperboy: DEFAULT_TIMEZONE is “nowhere”")
