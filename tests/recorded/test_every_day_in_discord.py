"""Every recorded day, from Hugging Face's own answers to messages that people read."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

import httpx
import pytest
from simcord.env import Env

from bot.app import furnish
from bot.client import Paperboy
from bot.domain.editions import by_upvotes
from bot.domain.schedules import Style
from bot.services.schedules import Wishes
from bot.settings import Settings
from bot.sources.http import SourceHttp
from bot.sources.huggingface import HuggingFaceDaily
from bot.storage.database import Database
from tests.builders import Clock
from tests.cogs.conftest import answer, labels
from tests.local_hf import local_hugging_face
from tests.ui import check_limits, texts_of, walked
from tests.ui.openapi import described

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path
    from typing import Any

    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle
    from simcord.results import ResponseMessage

    from bot.app import House
    from bot.domain.papers import ArxivId

READ_AT = datetime(2026, 9, 1, tzinfo=UTC)


@asynccontextmanager
async def collected(recorded: Path, folder: Path, clock: Clock) -> AsyncIterator[House]:
    """Collect every recorded day over real sockets, and give the bot that has them."""
    files = sorted((recorded / "hf" / "daily_papers").glob("*.json"))
    days = {date.fromisoformat(file.stem): json.loads(file.read_bytes()) for file in files}
    async with Database.open(folder / "paperboy.db") as database:
        async with local_hugging_face(days) as served, httpx.AsyncClient() as http:
            source = HuggingFaceDaily(
                SourceHttp(client=http, name="Hugging Face"), served.url, now=lambda: READ_AT
            )
            settings = Settings(_env_file=None, database_path=database.path)
            house = furnish(database, settings, source, (source,), now=clock)
            done = await house.collector.collect(sorted(days), READ_AT)
        assert done.days == tuple(sorted(days))
        assert done.papers == sum(map(len, days.values()))
        yield house


def papers_in(components: Sequence[dict[str, Any]]) -> list[str]:
    """Return the papers whose cards a message offers."""
    menus = [one for one in walked(components) if one["type"] == 3]
    found = [option["value"] for menu in menus for option in menu["options"]]
    said = "\n".join(texts_of(components))
    assert all(said.count(f"(https://arxiv.org/abs/{one})") == 1 for one in found)
    return found


async def turned(reader: MemberActor, page: ResponseMessage) -> list[str]:
    """Turn a list's pages to the end and return its papers in order."""
    found = papers_in(page.components)
    check_limits(page.components)
    while "Next" in labels(page) and not _disabled(page, "Next"):
        page = answer(await reader.click(page, label="Next"))
        check_limits(page.components)
        found += papers_in(page.components)
    return found


def _disabled(page: ResponseMessage, label: str) -> bool:
    (button,) = [one for one in walked(page.components) if one.get("label") == label]
    return bool(button["disabled"])


async def posted(  # noqa: PLR0917 - what stands on the stage
    env: Env,
    house: House,
    channel: ChannelHandle,
    reader: MemberActor,
    papers: list[ArxivId],
    style: Style,
) -> None:
    """Post the edition of the clock's day and find every paper of the day in it, once."""
    services = house.services
    before = len(env.http_requests)
    assert channel.guild is not None
    schedule, _ = await services.schedules.change(
        channel.id, channel.guild.id, reader.id, Wishes(limit=0, style=style), services.now()
    )
    made = await services.editions.make(schedule, services.now(), by_hand=True)
    assert made.edition is not None
    assert await services.deliveries.deliver_edition(made.edition.id)
    await services.schedules.remove(channel.id)  # a server has twenty-five at most
    await env.settle()
    bodies = [one.json or {} for one in env.http_requests[before:] if one.method == "POST"]
    shown = [paper for body in bodies for paper in papers_in(body["components"])]
    for body in bodies:
        check_limits(body["components"])
    assert shown == papers[: len(shown)]
    if len(shown) == len(papers):
        return
    assert len(bodies) == 10
    last = channel.last_message
    assert last is not None
    label = f"Browse all {len(papers)} papers"
    assert await turned(reader, answer(await reader.click(last, label=label))) == papers


@pytest.mark.parametrize("style", Style)
async def test_every_recorded_day_reaches_its_readers_whole(
    recorded: Path, tmp_path: Path, style: Style
) -> None:
    clock = Clock()
    async with collected(recorded, tmp_path, clock) as house:
        lists = await house.services.library.known_days(100)
        assert len(lists) == 75
        bot = Paperboy(house.services, shard_count=1)
        house.publisher.attach(bot)
        env = Env(bot)
        await env.start()
        try:
            guild = env.create_guild("Reading group")
            reader = guild.add_member(env.create_user("grace"))
            for day, count in lists:
                clock.now = datetime.combine(day, time(23), tzinfo=UTC)
                channel = guild.create_text_channel(day.isoformat())
                await env.settle()
                digest = await house.services.library.digest(day, clock.now)
                papers = [one.paper.id for one in by_upvotes(digest.day.listed)]
                assert len(papers) == count
                if style is Style.COMPACT:
                    page = answer(await reader.slash(channel, "digest show", day=day.isoformat()))
                    assert await turned(reader, page) == papers, day
                await posted(env, house, channel, reader, papers, style)
            env.raise_errors()
            checked = described(recorded).check(env.http_requests)
            assert checked > 2 * len(lists)
        finally:
            await env.shutdown()
            await bot.close()
