"""The bots of the fan-out: ``python -m tests.benchmarks.fanout_bot ours|bare SPEED [URL TOKEN N]``.

Discord's clock goes SPEED times as fast in this benchmark, so ours keeps SPEED times its pace. The
bare one is what the pace is compared with: discord.py alone, thirty-two sends at a time.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from functools import partial

import discord
from discord import ui
from discord.http import Route

from bot import running
from bot.jobs import Pace
from bot.log import configure_logging
from bot.settings import load_settings
from bot.ui.traffic import Limits, Traffic
from tests.process.discord_data import FIRST_CHANNEL

AT_ONCE = 32


async def ours(speed: float) -> None:
    """Be ``paperboy run`` at that many times the pace."""
    settings = load_settings()
    configure_logging("INFO", "console", settings.secrets)
    limits = Limits(per_second=Limits().per_second * speed)
    vars(running)["Traffic"] = partial(Traffic, limits=limits)
    await running.run(settings, Pace(due_every=timedelta(seconds=1)))


async def bare(url: str, token: str, channels: int) -> None:
    """Send a message to each channel, as fast as discord.py lets it."""
    Route.BASE = url
    places = asyncio.Semaphore(AT_ONCE)
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(token)

        async def send(channel: int) -> None:
            async with places:
                view = ui.LayoutView(timeout=None)
                view.add_item(ui.TextDisplay("The day's papers"))
                view.stop()
                await client.get_partial_messageable(channel).send(view=view)

        await asyncio.gather(*(send(FIRST_CHANNEL + number) for number in range(channels)))


if __name__ == "__main__":
    which, speed, *others = sys.argv[1:]
    if which == "ours":
        asyncio.run(ours(float(speed)))
    else:
        url, token, channels = others
        asyncio.run(bare(url, token, int(channels)))
