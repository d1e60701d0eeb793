# ruff: noqa: F811 - a fixture that is asked for has the name that it was imported by
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import paper
from tests.cogs.conftest import Stage, answer, stage  # noqa: F401 - the fixture
from tests.cogs.troubles import collect, let_bot, quiet_line, tick
from tests.ui import NASTY
from tests.ui.openapi import Description, described

if TYPE_CHECKING:
    from pathlib import Path

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"
FOLLOWUP = "/webhooks/1/token"
ORIGINAL = "/webhooks/1/token/messages/@original"


@pytest.fixture
def description(recorded: Path) -> Description:
    return described(recorded)


async def test_everything_that_people_can_make_the_bot_send_is_as_described(
    stage: Stage, description: Description
) -> None:
    role = stage.guild.create_role("Fans", mentionable=True)
    texts = [text for text in NASTY if "\ud800" not in text and text]
    await stage.list_papers(
        *(
            paper(number, title=text, abstract=text, project_page="https://p.example/a b")
            for number, text in enumerate(texts, start=10)
        ),
    )
    channel, admin, reader = stage.channel, stage.admin, stage.reader
    for options in (
        {"style": "full", "limit": 0, "mention": str(role.id)},
        {"min_upvotes": 99, "topic": "@everyone [x](https://e.example) -`y`"},
        {"time": "noon"},
        {"style": "compact", "limit": 5, "min_upvotes": 0, "topic": "none"},
    ):
        await admin.slash(channel, "digest schedule", **options)
    for command in ("list", "pause", "resume", "send_now", "send_now"):
        await admin.slash(channel, f"digest {command}")
    edition = stage.channel.last_message
    assert edition is not None
    page = answer(await reader.click(edition, label=f"Browse all {len(texts) + 3} papers"))
    page = answer(await reader.click(page, label="Next"))
    public = answer(await admin.slash(channel, "digest show", public=True))
    await reader.click(public, label="Next")
    card = answer(await reader.select(page, ["2502.00025"]))
    await reader.click(card, label="BibTeX")
    for name in ("status", "help"):
        await admin.slash(channel, name)
        await reader.user.slash(name)
    await reader.slash(channel, "paper", paper="nonsense")
    await reader.slash(channel, "digest show", day="2025-02-09")
    for command, option in (
        ("digest show", "day"), ("digest schedule", "timezone"), ("digest schedule", "weekdays"),
        ("digest schedule", "mention"), ("paper", "paper"),
    ):  # fmt: skip
        await admin.autocomplete(channel, command, option, "")
    await admin.slash(channel, "digest remove")
    assert description.check(stage.env.http_requests) > 40
    kinds = {
        (one.method, one.path.split("/")[1], one.path.rsplit("/", 1)[-1])
        for one in stage.env.http_requests
    }
    assert ("PUT", "applications", "commands") in kinds
    assert ("PATCH", "webhooks", "@original") in kinds
    assert ("POST", "channels", "messages") in kinds


async def test_every_edit_line_and_notice_is_as_described(
    stage: Stage, description: Description
) -> None:
    role = stage.guild.create_role("Fans", mentionable=True)
    await quiet_line(stage, limit=0, mention_role=role.id)
    stage.source.failure = None
    await collect(stage, *range(10, 20))
    await collect(stage, *range(10, 24))
    assert len(stage.channel.history()) == 2
    await let_bot(stage, send_messages=False)
    stage.clock.move(days=1)
    await collect(stage, 30)
    await tick(stage, seconds=20)
    assert stage.admin.user.dm_channel.last_message is not None
    edited = [one for one in stage.env.http_requests if one.method == "PATCH"]
    assert description.check(edited) == 2
    posted = [one for one in stage.env.http_requests if one.path.endswith("/messages")]
    assert description.check(posted) == 4  # the line, the second message, in vain, the notice


async def test_a_servers_own_commands_are_as_described(
    stage: Stage, description: Description
) -> None:
    from bot.client import Paperboy  # noqa: PLC0415 - one test needs a second bot

    await stage.restart(Paperboy(stage.house.services, shard_count=1, dev_guild=stage.guild.id))
    (sync,) = [one for one in stage.env.http_requests if f"/guilds/{stage.guild.id}/" in one.path]
    assert description.check([sync]) == 1


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def menu(label: str, custom_id: str = "card:x") -> dict[str, Any]:
    options = [{"label": label, "value": "1"}]
    return {"type": 1, "components": [{"type": 3, "custom_id": custom_id, "options": options}]}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"components": [text("")]}),
        ("POST", MESSAGES, {"components": [text("x" * 4001)]}),
        ("POST", MESSAGES, {"components": [text("x")] * 41}),
        ("POST", MESSAGES, {"components": [menu("x" * 101)]}),
        ("POST", MESSAGES, {"components": [menu("x", "y" * 101)]}),
        ("POST", MESSAGES, {"components": [{"type": 17, "components": []}]}),
        ("POST", MESSAGES, {"components": [{"type": 99}]}),
        ("POST", MESSAGES, {"nonce": "x" * 26}),
        ("POST", MESSAGES, {"allowed_mentions": {"parse": ["all"]}}),
        ("POST", CALLBACK, {"type": 4, "data": {"components": [text("")]}}),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "1"}]}}),
        ("PATCH", ORIGINAL, {"components": [text("")]}),
        ("PUT", "/applications/1/commands", [{"name": "a", "options": [{}]}]),
    ],
)
def test_the_description_finds_what_discord_would_refuse(
    description: Description, method: str, path: str, body: object
) -> None:
    assert description.faults(method, path, body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"components": [text("x"), menu("y")], "nonce": "e.0.1"}),
        ("POST", MESSAGES, {"allowed_mentions": {"parse": [], "roles": [77]}}),
        ("POST", FOLLOWUP, {"components": [text("x")], "flags": 1 << 15}),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
    ],
)
def test_what_discord_takes_is_as_described(
    description: Description, method: str, path: str, body: object
) -> None:
    assert description.faults(method, path, body) == []


def test_a_request_that_is_not_described_is_a_mistake_of_the_test(
    description: Description,
) -> None:
    with pytest.raises(LookupError, match="takes a body"):
        description.validator("POST", "/nowhere")
