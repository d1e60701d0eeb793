"""``paperboy run``: the bot from its start to a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.app import opened
from bot.client import Paperboy
from bot.errors import PaperboyError, SettingsError
from bot.jobs import Jobs, Pace
from bot.metrics import Metrics
from bot.network import utc_now
from bot.storage.database import running_lock
from bot.ui.discord_api import point_at, without_voice
from bot.ui.text import counted
from bot.ui.traffic import REFUSED, Traffic
from bot.watch import Watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from bot.app import House
    from bot.settings import Settings

log = logging.getLogger(__name__)

# Together below the ten seconds after which Docker and systemd's kin kill what still runs.
DRAINING, CLOSING, LETTING_GO = 5.0, 2.0, 1.0

_AUTHENTICATION_FAILED = 4004  # as the gateway closes
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def rest_collector() -> None:
    """Take what is loaded by now out of the garbage collector's rounds.

    It lives as long as the process; to walk through it again and again would hold the loop for
    up to 90 ms each time: https://docs.python.org/3/library/gc.html#gc.freeze.
    """
    gc.collect()
    gc.freeze()


async def run(settings: Settings, pace: Pace | None = None) -> None:
    """Run the bot until it is told to stop; ``pace`` is that of the settings if left out.

    Raises:
        SettingsError: there is no token, or Discord does not take it.
        DatabaseError: the database cannot be used, or another bot runs on it.
    """
    if settings.discord_token is None:
        raise SettingsError(
            "DISCORD_TOKEN is not set: put the bot's token from the Developer Portal into .env."
        )
    point_at(settings.discord_api_url)
    without_voice()
    stop = asyncio.Event()
    metrics = Metrics()
    traffic = Traffic(utc_now, metrics=metrics)
    with _signals(stop), running_lock(settings.database_path):
        async with opened(settings, traffic.now, metrics) as house:
            if settings.models:  # it holds the loop for a while, so before anybody waits for it
                import_module("bot.summaries.llm")
            await _run(settings, house, traffic, pace, stop)


async def _run(
    settings: Settings, house: House, traffic: Traffic, pace: Pace | None, stop: asyncio.Event
) -> None:
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    every = timedelta(minutes=settings.collect_every_minutes)
    bot = Paperboy(house.services, dev_guild=settings.discord_dev_guild, traffic=traffic)
    house.publisher.attach(bot, traffic.attempts)
    pace = pace or Pace(collect_every=every)
    jobs = Jobs(house.services.daily, house.clockwork, traffic.now, pace, _probe(bot))
    watch = Watch(bot, traffic, house.database, every)
    async with watch.served(settings.metrics_address, house.metrics), jobs:
        bot.when_ready = jobs.start
        rest_collector()
        async with _connected(bot, token) as connection:
            try:
                with _explained():
                    await _until_stopped(connection, traffic, stop)
            finally:
                jobs.rest()
            log.info("Stopping")
            if left := await house.services.deliveries.drain(DRAINING):
                log.warning("Left %s without an answer to the next start", counted(left, "message"))


def _probe(bot: Paperboy) -> Callable[[], Awaitable[None]]:
    async def probe() -> None:
        """Ask Discord for something small, as its answer tells its time."""
        try:
            await bot.application_info()
        except (discord.DiscordException, OSError, aiohttp.ClientError) as error:
            raise PaperboyError(f"Discord did not answer: {error!r}.") from error

    return probe


@asynccontextmanager
async def _connected(bot: Paperboy, token: str) -> AsyncIterator[asyncio.Task[None]]:
    """Be connected in a task that the block may watch, and close in time whatever Discord does.

    To a gateway that does not answer the goodbye discord.py listens for half a minute, and one
    that was never reached it tries for ever, though the client is closed.
    """
    connection = asyncio.create_task(bot.start(token))
    try:
        yield connection
    finally:
        closing = asyncio.create_task(bot.close())
        await asyncio.wait((closing,), timeout=CLOSING)
        await bot.http.close()
        connection.cancel()
        await asyncio.wait((closing, connection), timeout=LETTING_GO)
        for task in (closing, connection):
            if not task.cancel() and not task.cancelled() and (error := task.exception()):
                log.debug("The connection ended with %r", error)


async def _until_stopped(
    connection: asyncio.Task[None], traffic: Traffic, stop: asyncio.Event
) -> None:
    """Wait until the connection ends for good, or somebody asks to stop; raise what is wrong."""
    asked, wrong = asyncio.create_task(stop.wait()), asyncio.create_task(traffic.stopped())
    try:
        await asyncio.wait((connection, asked, wrong), return_when=asyncio.FIRST_COMPLETED)
        if wrong.done():
            raise wrong.result()
        if connection.done():
            await connection
    finally:
        asked.cancel()
        wrong.cancel()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C ask to stop, instead of ending the process where it stands.

    A process that was asked is about to end: asked again, it goes on with that to the last.
    """
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers in loops
        for name in _SIGNALS:
            loop.add_signal_handler(name, stop.set)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError):
            for name in _SIGNALS:
                loop.remove_signal_handler(name)
                if stop.is_set():
                    signal.signal(name, signal.SIG_IGN)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Say in a sentence why there is no connection to Discord."""
    try:
        yield
    except PaperboyError:
        raise
    except discord.LoginFailure as error:
        raise SettingsError(REFUSED) from error
    except discord.ConnectionClosed as error:
        if error.code == _AUTHENTICATION_FAILED:  # the token was changed since the login
            raise SettingsError(REFUSED) from error
        raise PaperboyError(f"Discord ended the connection: {error}.") from error
    except (OSError, aiohttp.ClientError, discord.GatewayNotFound, discord.HTTPException) as error:
        # A lost connection is no OSError in aiohttp (ServerDisconnectedError).
        why = str(error).partition("<")[0].rstrip(" .:")  # without a proxy's page
        raise PaperboyError(f"Discord could not be reached: {why}.") from error
