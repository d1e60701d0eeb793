# ruff: noqa: F811 - a fixture that is asked for has the name that it was imported by
"""What people see of alerts on real papers, held against Discord's own description."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sources.http import SourceHttp
from bot.sources.huggingface import HuggingFaceDaily
from tests.builders import NOW
from tests.cogs.alerting import bring, last, menu_of, modal_values, stored
from tests.cogs.conftest import Stage, answer, answers, labels, stage  # noqa: F401 - the fixture
from tests.cogs.troubles import let_bot
from tests.ui import check_limits
from tests.ui.openapi import Description, described

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.papers import Paper

BUSY_DAY = "2025-09-30"


@pytest.fixture
async def papers(recorded: Path) -> list[Paper]:
    """Read the papers of a busy day, 59 of them."""
    body = (recorded / "hf" / "daily_papers" / f"{BUSY_DAY}.json").read_bytes()

    def answered(request: httpx.Request) -> httpx.Response:
        first = request.url.params.get("p", "0") == "0"
        return httpx.Response(200, content=body if first else b"[]")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answered)) as http:
        reader = SourceHttp(client=http, name="Hugging Face")
        source = HuggingFaceDaily(reader, "https://hf.test", now=lambda: NOW)
        day = await source.day(date.fromisoformat(BUSY_DAY))
    return [one.paper for one in day.listed]


async def test_alerts_on_real_papers_are_shown_sent_and_changed_as_described(
    stage: Stage, papers: list[Paper], recorded: Path
) -> None:
    description: Description = described(recorded)
    channel, admin, user = stage.channel, stage.admin, stage.reader.user
    await stored(stage, stage.reader, "model")
    await stored(stage, stage.reader, "reasoning OR diffusion")
    await stored(stage, admin, "agent*", guild_id=stage.guild.id, channel_id=channel.id)
    await bring(stage, *papers)
    message = last(stage.reader.user)
    more = next(one for one in labels_of(message) if one.startswith("And "))
    page = answer(await user.click(message, label=more))
    check_limits(page.components)
    while "Next" in labels(page) and not last_page(page):
        page = answer(await user.click(page, label="Next"))
        check_limits(page.components)
    shown = answer(await user.slash("alerts add", query="video OR image -survey"))
    form = await user.click(shown, label="Change")
    values: dict[str, Any] = modal_values(form) | {"when": ["daily"], "time": "18:30"}
    changed = answer(await user.submit_modal(form, values))
    await user.click(changed, label="Save")
    for command in ("list", "test", "pause", "resume", "edit", "remove"):
        options = {} if command == "list" else {"alert": "reasoning"}
        for one in answers(await user.slash(f"alerts {command}", **options)):
            if one.components:
                check_limits(one.components)
    brought = last(channel)
    unwanted = menu_of(brought, "not")
    values_of = [one.value for one in options_in(brought, unwanted)]
    check_limits(answer(await admin.select(brought, values_of[:1], custom_id=unwanted)).components)
    await let_bot(stage, send_messages=False)
    await bring(stage, *papers)
    # discord.py opens a direct message with a number where Discord describes a string.
    told = [one for one in stage.env.http_requests if one.path != "/users/@me/channels"]
    assert description.check(told) > 25


def labels_of(message: Any) -> list[str]:
    """Return the labels of the buttons of a message in a channel."""
    return [one.label for one in walked_in(message.components) if getattr(one, "label", None)]


def options_in(message: Any, custom_id: str) -> list[Any]:
    """Return the options of a message's menu."""
    [menu] = [
        one for one in walked_in(message.components) if getattr(one, "custom_id", None) == custom_id
    ]
    return list(menu.options)


def walked_in(components: Any) -> list[Any]:
    """Return the components of a message in a channel, nested ones too."""
    found: list[Any] = []
    for one in components:
        found += [one, *walked_in(getattr(one, "children", ()))]
    return found


def last_page(page: Any) -> bool:
    """Say whether a page is the last, by its label "3 / 3"."""
    here = next(one for one in labels(page) if " / " in one)
    at, of = here.split(" / ")
    return at == of
