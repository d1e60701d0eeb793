"""The memory of a running bot with 20,000 papers, beside that of a bare discord.py bot."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.schedules import Schedule
from bot.domain.summaries import Summary
from bot.sources.huggingface import reading
from bot.storage.database import Database
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from bot.storage.summaries import SummaryStore
from tests.benchmarks import Measure, Table, items
from tests.local_hf import local_hugging_face
from tests.process.conftest import Program, until
from tests.process.discord_data import FIRST_CHANNEL, GUILD, PERSON
from tests.process.local_discord import TOKEN, local_discord

if TYPE_CHECKING:
    from datetime import date

    from tests.process.local_discord import LocalDiscord

PAPERS, A_DAY = 20_000, 100
ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024


async def measure() -> Table:
    """Run both bots against one local Discord and look at their processes."""
    today = datetime.now(UTC).date()
    lists = {today: items(A_DAY, today)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with local_hugging_face(lists) as served, local_discord() as served_discord:
            connected = {"DISCORD_API_URL": served_discord.url, "DISCORD_TOKEN": TOKEN}
            program = Program(folder=folder, settings={"HF_BASE_URL": served.url, **connected})
            await _fill(program.database, today)
            async with await program.start("run") as running:
                await running.says(f"to channel {FIRST_CHANNEL} ")
                ours = resident(running.process.pid)
            bare = await _bare(served_discord)
    return Table(
        title=f"Memory of the running bot, {PAPERS:,} papers, after it has delivered an edition",
        baseline="a bare AutoShardedBot, connected to the same server",
        measures=(
            Measure(what="resident", value=ours, unit="MiB", baseline=bare, goal="< 150 MB"),
        ),
    )


async def _fill(path: Path, today: date) -> None:
    """Store the days with their summaries, and a schedule that is due."""
    now = datetime.now(UTC)
    async with Database.open(path) as database:
        store, summaries = DayStore(database), SummaryStore(database)
        for ago in range(PAPERS // A_DAY, 0, -1):
            day = today - timedelta(days=ago)
            read = reading(items(A_DAY, day), day, now)
            await store.save_reading(read)
            await summaries.save(
                {one.paper.id: _summary(one.paper.abstract) for one in read.listed}
            )
        await ScheduleStore(database).save(
            Schedule(
                channel_id=FIRST_CHANNEL,
                guild_id=GUILD,
                at=now.time().replace(second=0, microsecond=0),
                zone=ZoneInfo("UTC"),
                created_by=PERSON,
                next_run=now,
            )
        )


def _summary(abstract: str) -> Summary:
    return Summary(
        tldr=abstract[:200],
        objective=abstract[:300],
        method=abstract[300:700],
        results=abstract[700:1000],
        model="extractive",
        source="abstract",
        prompt=0,
        grounded=True,
        sought=True,
        written_at=datetime.now(UTC),
    )


async def _bare(served: LocalDiscord) -> float:
    before = served.gateway.identified
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.bare_bot", served.url, TOKEN, cwd=ROOT
    )
    try:
        await until(lambda: served.gateway.identified > before, "the bare bot connects")
        await asyncio.sleep(3)  # as long as the other had to become ready
        return resident(process.pid)
    finally:
        process.kill()
        await process.wait()


def resident(pid: int) -> float:
    """Return the memory that a process holds, in MiB."""
    if (pages := Path(f"/proc/{pid}/statm")).exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)],  # noqa: S607 - macOS has no /proc
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout) / 1024


def peak(pid: int) -> float:
    """Return the most memory that a process ever held, in MiB; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
