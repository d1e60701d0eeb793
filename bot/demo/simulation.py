"""The real bot in SimCord's simulated Discord, and a page in the browser to use it with."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import discord
import simcord
from simcord.backend.errors import SetupError

from bot.app import House, furnish
from bot.client import Paperboy
from bot.demo import sample
from bot.errors import PaperboyError
from bot.services.schedules import Wishes
from bot.settings import Settings
from bot.storage.database import Database
from bot.ui import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle
    from simcord.env import Env
    from simcord.preview import Preview

DEFAULT_PORT = 8765
TICK_SECONDS = 2.0
COLLECT_EVERY = timedelta(minutes=30)
_SETTLE_SECONDS = 2.0


@dataclass(slots=True, kw_only=True)
class Scene:
    """The simulated server: its channel, its people, and the bot's services."""

    env: Env
    channel: ChannelHandle
    admin: MemberActor
    reader: MemberActor
    house: House
    collected_at: datetime = sample.NOW


@asynccontextmanager
async def furnished(clock: DemoClock) -> AsyncIterator[House]:
    """Open a database of its own that holds the sample day, collected as any other."""
    day = sample.load(clock)
    with tempfile.TemporaryDirectory(prefix="paperboy-demo-") as folder:
        path = Path(folder) / "paperboy.db"
        settings = Settings(_env_file=None, database_path=path)
        async with Database.open(path) as database:
            house = furnish(database, settings, day, (day,), now=clock)
            days = await house.collector.wanted(sample.NOW)
            await house.collector.collect(sorted(days), sample.NOW)
            await house.summaries.save(dict(day.summaries))
            yield house


class DemoClock:
    """The simulated Discord's clock once there is one, before that the sample's morning."""

    def __init__(self) -> None:
        self.env: Env | None = None

    def __call__(self) -> datetime:
        """Read it."""
        return sample.NOW if self.env is None else self.env.now()


async def print_edition() -> None:
    """Print the sample's edition."""
    async with furnished(DemoClock()) as house:
        digest = await house.services.library.digest(sample.DAY, sample.NOW)
    click.echo(plain.as_text(digest))


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    """Set up a server with a channel that has got this morning's edition."""
    clock = DemoClock()
    async with furnished(clock) as house:
        bot = Paperboy(house.services, shard_count=1)
        house.publisher.attach(bot)
        async with simcord.run(bot, settle_timeout=_SETTLE_SECONDS, check_errors=False) as env:
            # The simulated clock starts in 2026; the edition is of the sample's own morning.
            env.backend.clock.advance((sample.NOW - env.now()).total_seconds())
            clock.env = env
            env.backend.bot_user.name = "Paperboy"
            guild = env.create_guild("Reading group")
            channel = guild.create_text_channel("papers")
            managers = guild.create_role(
                "Managers", permissions=discord.Permissions(manage_guild=True)
            )
            admin = guild.add_member(env.create_user("ada"), roles=[managers])
            reader = guild.add_member(env.create_user("grace"))
            await env.settle()
            await _deliver(env, house, channel, admin)
            yield Scene(env=env, channel=channel, admin=admin, reader=reader, house=house)
            await bot.close()


async def _deliver(env: Env, house: House, channel: ChannelHandle, admin: MemberActor) -> None:
    """Schedule the channel for this morning and let the clock's job find it due."""
    assert channel.guild is not None  # noqa: S101 - it was made in a server
    a_minute_ago = sample.NOW - timedelta(minutes=1)
    await house.services.schedules.change(
        channel.id, channel.guild.id, admin.id, Wishes(), a_minute_ago
    )
    await house.services.daily.run_due(sample.NOW)
    await env.settle()


async def serve(port: int | None) -> None:
    """Show the scene in the browser until Ctrl-C.

    Raises:
        PaperboyError: the port is taken.
    """
    async with scene() as stage, AsyncExitStack() as stack:
        viewers = [stage.admin, stage.reader]
        page = stage.env.preview(
            stage.channel, viewers=viewers, layout="channel", port=port or DEFAULT_PORT
        )
        try:
            await stack.enter_async_context(page)
        except SetupError as error:
            raise PaperboyError(
                f"Port {port or DEFAULT_PORT} cannot be used; name another with --port."
            ) from error
        click.echo(
            f"Paperboy is delivering the papers of {sample.DAY} to a simulated Discord.\n\n"
            f"    {page.url}\n\n"
            "Open that page; type / for the commands. Ctrl-C ends it."
        )
        await _until_interrupted(stage, page)
    click.echo("Bye.")


async def _until_interrupted(stage: Scene, page: Preview) -> None:
    """Let the clock's job run beside the page, so that schedules made there come due."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, interrupted.set)
    clock = asyncio.create_task(_clock(stage, page))
    closed = asyncio.create_task(page.wait_closed())
    asked = asyncio.create_task(interrupted.wait())
    try:
        await asyncio.wait((closed, asked, clock), return_when=asyncio.FIRST_COMPLETED)
        if clock.done():
            clock.result()
    finally:
        for task in (clock, closed, asked):
            task.cancel()
        await asyncio.gather(clock, closed, asked, return_exceptions=True)


async def _clock(stage: Scene, page: Preview) -> None:
    """Let the simulated clock run like any other, and show the page what the bot did by it."""
    shown_at = time.perf_counter()  # SimCord moves the other clocks of this process itself
    while True:
        await asyncio.sleep(TICK_SECONDS)
        with contextlib.suppress(SetupError):  # the page is at work: the next tick will do
            now = time.perf_counter()
            await stage.env.advance_time(now - shown_at)
            shown_at = now
            if await tick(stage):
                await page.refresh()


async def tick(stage: Scene) -> bool:
    """Do what the clock's jobs do; True if an edition was made."""
    daily, now = stage.house.services.daily, stage.house.services.now()
    if now - stage.collected_at >= COLLECT_EVERY:
        stage.collected_at = now
        await daily.collect(now)
    await daily.settle()
    return await daily.run_due(now) > 0
