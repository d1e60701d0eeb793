"""One edition to ten thousand channels, against a local Discord that keeps Discord's limits."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.schedules import SCHEDULES_A_SERVER, Schedule
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from tests.benchmarks import Measure, Table, items
from tests.benchmarks.memory import peak
from tests.local_hf import local_hugging_face
from tests.process.conftest import Program
from tests.process.discord_data import FIRST_CHANNEL, GUILD, PERSON
from tests.process.local_clock import Clock
from tests.process.local_discord import TOKEN, local_discord
from tests.process.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.process.local_discord import LocalDiscord

CHANNELS = int(os.environ.get("PAPERBOY_CHANNELS", "10000"))
BARE_CHANNELS = 1000
SPEED = float(os.environ.get("PAPERBOY_SPEED", "1"))
"""Discord's clock goes so many times as fast as the wall's, and the bot keeps that pace.

At twice the speed the disk is the limit, as each message is three transactions.
"""

LIMIT = 50.0
"""Requests a second that Discord lets through: https://docs.discord.com/developers/topics/rate-limits."""

ROOT = Path(__file__).parents[2]
USED: tuple[dict[str, Any], ...] = (
    {"id": "1", "name": "help", "type": 1},
    {"id": "2", "name": "status", "type": 1},
    {"id": "3", "name": "digest", "type": 1, "options": [{"name": "list", "type": 1}]},
)


@dataclass
class Watched:
    """What was seen from outside while the editions went out."""

    rate: float = 0.0
    throttled: int = 0
    peak: float = 0.0
    waits: list[float] = field(default_factory=list)


async def measure() -> Table:
    """Let the bot send, use commands meanwhile, and then a bare client for comparison."""
    ours, bare = await _ours(), await _bare()
    waits = sorted(ours.waits)
    worst, usual = waits[-1] * 1000, waits[int(len(waits) * 0.99)] * 1000
    return Table(
        title=(
            f"One edition to {CHANNELS:,} channels at Discord's limits, on a clock {SPEED:g} times "
            f"as fast; {len(waits)} commands used meanwhile"
        ),
        baseline=f"discord.py alone sends a line to {BARE_CHANNELS:,} channels of that server",
        measures=(
            Measure(
                what="channels a second of that clock", value=ours.rate, unit="1/s",
                baseline=bare.rate,
            ),
            Measure(what="share of Discord's limit", value=ours.rate / LIMIT * 100, unit="%"),
            Measure(
                what="answers 429", value=ours.throttled, unit="", baseline=bare.throttled,
                goal="0",
            ),
            Measure(what="peak memory", value=ours.peak, unit="MiB", goal="< 1 GiB"),
            Measure(what="99 % of commands answered in", value=usual, unit="ms", goal="< 100 ms"),
            Measure(what="the slowest command in", value=worst, unit="ms"),
        ),
    )  # fmt: skip


async def _ours() -> Watched:
    now = datetime.now(UTC)
    today = now.date()
    lists = {today - timedelta(days=ago): items(30, today - timedelta(days=ago)) for ago in (0, 1)}
    with tempfile.TemporaryDirectory() as name:
        async with (
            local_hugging_face(lists) as hugging_face,
            local_discord(channels=CHANNELS, clock=Clock(speed=SPEED)) as discord,
        ):
            program = Program(
                folder=Path(name),
                settings={
                    "HF_BASE_URL": hugging_face.url,
                    "DISCORD_API_URL": discord.url,
                    "DISCORD_TOKEN": TOKEN,
                    "PYTHONPATH": str(ROOT),
                },
            )
            await _fill(program.database, now)
            command = ("-m", "tests.benchmarks.fanout_bot", "ours", str(SPEED))
            process = await _started(command, program)
            try:
                return await _watched(discord, process.pid)
            finally:
                process.kill()
                await process.wait()


async def _fill(path: Path, now: datetime) -> None:
    """Let every channel be due."""
    async with Database.open(path) as database:
        await database._writer.execute("PRAGMA synchronous = OFF")
        store = ScheduleStore(database)
        for number in range(CHANNELS):
            await store.save(
                Schedule(
                    channel_id=FIRST_CHANNEL + number,
                    guild_id=GUILD + number // SCHEDULES_A_SERVER, created_by=PERSON,
                    at=now.time().replace(second=0, microsecond=0), zone=ZoneInfo("UTC"),
                    next_run=now - timedelta(minutes=1),
                )
            )  # fmt: skip


async def _started(command: Sequence[str], program: Program) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=program.folder, env=program.environment(),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def _watched(discord: LocalDiscord, pid: int) -> Watched:
    """Wait for every message, use a command twice a second, and look at the process."""
    seen, done = Watched(), asyncio.Event()

    def arrived() -> int:
        return sum(map(len, discord.messages.values()))

    await until(arrived, "the first message", 300)
    first, began = arrived(), discord.clock.time()
    using = asyncio.create_task(_use(discord, seen, done))
    await until(lambda: arrived() >= CHANNELS, "every message", 1200)
    seen.rate = (CHANNELS - first) / (discord.clock.time() - began)
    done.set()
    await using
    seen.throttled, seen.peak = discord.throttled, peak(pid)
    return seen


async def _use(discord: LocalDiscord, seen: Watched, done: asyncio.Event) -> None:
    for told in cycle(USED):
        before, sent = len(discord.requests), time.monotonic()
        start = f"/interactions/{await discord.interact(told)}/"
        answered: list[float] = []
        while not answered:
            await asyncio.sleep(0.02)
            answered = [one.at for one in discord.requests[before:] if one.path.startswith(start)]
        seen.waits.append(answered[0] - sent)
        await asyncio.sleep(0.4)
        if done.is_set():
            return


async def _bare() -> Watched:
    async with local_discord(channels=BARE_CHANNELS, clock=Clock(speed=SPEED)) as discord:
        began = discord.clock.time()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.fanout_bot", "bare", str(SPEED), discord.url,
            TOKEN, str(BARE_CHANNELS), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await process.wait()
        arrived = sum(map(len, discord.messages.values()))
        seconds = discord.clock.time() - began
        return Watched(rate=arrived / seconds, throttled=discord.throttled)
