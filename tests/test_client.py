# ruff: noqa: F811 - a fixture that is asked for has the name that it was imported by
from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import EXTENSIONS, Paperboy
from bot.ui.discord_api import point_at
from tests.cogs.conftest import Stage, answer, said, stage  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord.types import HttpLogEntry


def syncs(stage: Stage) -> list[HttpLogEntry]:
    """Return the requests that told Discord of the commands."""
    return [
        one for one in stage.env.http_requests if one.method == "PUT" and "/commands" in one.path
    ]


async def test_the_commands_are_told_to_discord_once(stage: Stage) -> None:
    (sync,) = syncs(stage)
    assert sorted(one["name"] for one in sync.json or []) == [
        "alerts", "digest", "help", "paper", "papers", "privacy", "related", "status",
    ]  # fmt: skip
    await stage.restart()
    await stage.restart()
    assert len(syncs(stage)) == 1


async def test_changed_commands_are_told_again(stage: Stage) -> None:
    fewer = Paperboy(stage.house.services, shard_count=1, extensions=EXTENSIONS[:1])
    await stage.restart(fewer)
    assert [one["name"] for one in syncs(stage)[-1].json or []] == ["paper"]
    await stage.restart()
    assert len(syncs(stage)) == 3


async def test_a_development_server_gets_the_commands_for_itself(stage: Stage) -> None:
    mine = Paperboy(stage.house.services, shard_count=1, dev_guild=stage.guild.id)
    await stage.restart(mine)
    first, second = syncs(stage)
    assert "/guilds/" not in first.path
    assert second.path.endswith(f"/guilds/{stage.guild.id}/commands")
    assert len(second.json or []) == 8
    assert "</digest show:" in said(await stage.reader.slash(stage.channel, "help"))
    again = Paperboy(stage.house.services, shard_count=1, dev_guild=stage.guild.id)
    await stage.restart(again)
    assert len(syncs(stage)) == 2


async def test_every_command_may_be_used_everywhere_it_makes_sense(stage: Stage) -> None:
    for command in syncs(stage)[0].json or []:
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]


async def test_an_event_that_a_stop_cuts_off_is_no_error(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO, "bot.client")
    bot = Paperboy(stage.house.services, shard_count=1)
    await bot.on_error("on_ready")
    assert "cut off" not in caplog.text
    monkeypatch.setattr(bot, "is_closed", lambda: True)
    await bot.on_error("on_ready")
    cut_off = [one for one in caplog.records if "cut off" in one.message]
    assert [(one.levelname, one.exc_info) for one in cut_off] == [("INFO", None)]


async def test_no_privileged_intent_is_asked_for(stage: Stage) -> None:
    intents = stage.bot.intents
    assert intents == discord.Intents(guilds=True)
    assert not intents.message_content
    assert not intents.members
    assert not intents.presences


async def test_nobody_is_mentioned_unless_a_message_says_so(stage: Stage) -> None:
    allowed = stage.bot.allowed_mentions
    assert allowed is not None
    assert dict(allowed.to_dict())["parse"] == []


async def test_whatever_a_person_waits_for_is_named_without_its_details(stage: Stage) -> None:
    card = answer(await stage.reader.slash(stage.channel, "paper", paper="2502.00001"))
    await stage.reader.click(card, label="BibTeX")
    names = [name for name, _ in stage.bot._traffic._waiting.values()]
    assert names == ["/paper", "button bib"]


async def test_the_clock_starts_when_the_bot_is_connected(stage: Stage) -> None:
    started: list[bool] = []
    fresh = Paperboy(stage.house.services, shard_count=1)
    fresh.when_ready = lambda: started.append(True)
    await stage.restart(fresh)
    await stage.env.settle()
    assert started == [True]


async def test_an_unexpected_error_is_answered_in_one_sentence_and_logged_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    stage.forgiving = True
    monkeypatch.setattr(stage.house.services.library, "digest", broken)
    with caplog.at_level(logging.WARNING):
        result = await stage.reader.slash(stage.channel, "digest show")
    assert answer(result).ephemeral
    assert said(result) == "Something went wrong here. It has been logged."
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert record.getMessage() == "/digest show failed"


async def test_an_error_before_the_answer_was_begun_is_answered_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    stage.forgiving = True
    monkeypatch.setattr(stage.bot, "command_ids", broken)
    result = await stage.reader.slash(stage.channel, "help")
    assert answer(result).ephemeral
    assert said(result) == "Something went wrong here. It has been logged."


async def test_a_command_that_the_bot_no_longer_has_is_answered(stage: Stage) -> None:
    stage.forgiving = True
    stage.bot.tree.remove_command("paper")
    result = await stage.reader.slash(stage.channel, "paper", paper="2502.00001")
    assert answer(result).ephemeral
    assert said(result) == "That command has just changed; reload and try again."


async def test_an_option_that_cannot_be_read_is_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.forgiving = True
    other = stage.guild.create_text_channel("other")
    await stage.env.settle()
    # A channel made a moment ago may not have reached the bot when it is picked.
    guild: Any = stage.bot.get_guild(stage.guild.id)
    guild._channels.pop(other.id)
    result = await stage.admin.slash(stage.channel, "digest schedule", channel=other)
    assert answer(result).ephemeral
    assert "is not something that this option takes." in said(result)


@pytest.fixture
def discords_own() -> Iterator[None]:
    """Put discord.py's addresses back."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.mark.parametrize(
    ("address", "gateway"),
    [
        ("http://127.0.0.1:8080/api/v10", "ws://127.0.0.1:8080/"),
        ("https://discord.example/api/v10", "wss://discord.example/"),
    ],
)
def test_another_server_is_asked_for_the_api_and_the_gateway(
    discords_own: None, address: str, gateway: str
) -> None:
    point_at(address)
    assert Route("GET", "/users/@me").url == f"{address}/users/@me"
    assert str(DiscordWebSocket.DEFAULT_GATEWAY) == gateway


def test_discords_own_gateway_stays_as_it_is(discords_own: None) -> None:
    before = DiscordWebSocket.DEFAULT_GATEWAY
    point_at("https://discord.com/api/v10")
    assert before == DiscordWebSocket.DEFAULT_GATEWAY


async def test_the_schedule_of_a_deleted_channel_is_forgotten(stage: Stage) -> None:
    doomed = stage.guild.create_text_channel("doomed")
    await stage.schedule()
    await stage.schedule(doomed)
    await stage.env.settle()
    stage.env.backend.delete_channel(doomed.id)
    await stage.env.settle()
    left = await stage.house.services.schedules.of_server(stage.guild.id)
    assert [one.channel_id for one in left] == [stage.channel.id]
