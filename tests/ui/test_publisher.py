from __future__ import annotations

from typing import Any

import aiohttp
import discord
import pytest

from bot.domain.deliveries import PERMANENT_CODES, Claim, Look, Sighting
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.ui.publisher import DiscordPublisher
from tests.builders import NOW
from tests.cogs.conftest import Stage, stage  # noqa: F401, TC001 - the fixture asked for
from tests.ui.test_digest import an_edition

# ruff: noqa: F811 - a fixture that is asked for has the name that it was imported by

KEY = "e.0123456789ab.1"


async def published(stage: Stage, **told: Any) -> int:
    (part,) = stage.house.publisher.split(an_edition(2, channel_id=stage.channel.id, **told))
    return await stage.house.publisher.publish(part, KEY)


async def test_a_part_becomes_one_message_with_its_nonce(stage: Stage) -> None:
    message_id = await published(stage)
    await stage.env.settle()
    assert [message.id for message in stage.channel.history()] == [message_id]
    (body,) = stage.sent()
    assert (body["nonce"], body["enforce_nonce"]) == (KEY, True)


async def test_a_role_is_mentioned_by_the_first_part_alone(stage: Stage) -> None:
    edition = an_edition(15, channel_id=stage.channel.id, mention_role=77)
    for part in stage.house.publisher.split(edition):
        await stage.house.publisher.publish(part, f"e.{edition.id}.{part.number}")
    first, second = (body["allowed_mentions"] for body in stage.sent())
    assert first["roles"] == [77]
    assert not second.get("roles")
    for allowed in (first, second):
        assert allowed["parse"] == []
        assert not allowed.get("users")


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (404, 10003, "The channel is gone"),
        (404, 10004, "The server is gone"),
        (403, 50001, "Paperboy cannot see the channel"),
        (403, 50007, "Direct messages are closed"),
        (403, 50013, "Paperboy may not send messages there"),
        (400, 50035, "as injected"),
        (403, 0, "as injected"),
        (401, 0, "as injected"),
    ],
)
async def test_a_refusal_says_that_no_message_was_made_and_why(
    stage: Stage, status: int, code: int, said: str
) -> None:
    stage.env.inject_error(
        "POST", "/channels/*/messages", status=status, code=code, message="as injected"
    )
    with pytest.raises(DeliveryRefused, match=said) as refused:
        await published(stage)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert (code in PERMANENT_CODES) == (said != "as injected")
    assert f"({status}, code {code})" in str(refused.value)


async def test_a_refusal_without_words_is_named_by_its_status(stage: Stage) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=400, code=0, message="")
    with pytest.raises(DeliveryRefused, match="Bad Request"):
        await published(stage)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_leaves_it_open_whether_a_message_was_made(
    stage: Stage, status: int
) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=status)
    with pytest.raises(DeliveryUncertain, match=f"Discord answered {status}"):
        await published(stage)


@pytest.mark.parametrize(
    "error", [OSError("reset"), TimeoutError(), aiohttp.ServerDisconnectedError()]
)
async def test_a_lost_connection_leaves_it_open_too(
    stage: Stage, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(stage.bot.http, "request", broken)
    with pytest.raises(DeliveryUncertain, match="The connection to Discord broke"):
        await published(stage)


async def test_without_a_client_nothing_was_sent() -> None:
    publisher = DiscordPublisher()
    (part,) = publisher.split(an_edition(2))
    with pytest.raises(DeliveryRefused, match="not connected") as refused:
        await publisher.publish(part, KEY)
    assert refused.value.code not in PERMANENT_CODES


async def test_a_key_that_would_not_fit_a_nonce_is_a_mistake(stage: Stage) -> None:
    (part,) = stage.house.publisher.split(an_edition(2, channel_id=stage.channel.id))
    with pytest.raises(ValueError, match="longer than 25"):
        await stage.house.publisher.publish(part, "e." + "0" * 24)
    assert stage.sent() == []


async def test_what_is_sent_is_what_the_parts_say(stage: Stage) -> None:
    await published(stage)
    (body,) = stage.sent()
    assert body["flags"] == discord.MessageFlags(components_v2=True).value
    assert "embeds" not in body
    assert not body.get("content")


async def test_what_an_empty_history_means_is_asked_of_discord_and_not_of_the_gateway(
    stage: Stage,
) -> None:
    await published(stage)
    guild = stage.bot.get_guild(stage.guild.id)
    assert guild is not None
    guild._members.pop(guild._state.self_id or 0)  # the gateway is behind
    for role in guild.roles:
        role._permissions = 0
    claim = Claim(
        key="e.ffffffffffff.1",
        channel_id=stage.channel.id,
        claimed_at=NOW,
        doubtful_since=NOW,
        planned_at=NOW,
    )
    assert await stage.house.publisher.look(claim, NOW) == Sighting(look=Look.ABSENT)
