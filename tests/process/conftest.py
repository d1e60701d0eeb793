"""The program as people start it: a process of its own, in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import pytest

from bot.domain.schedules import Schedule
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from tests.local_hf import local_hugging_face
from tests.process.discord_data import GUILD, PERSON
from tests.process.local_discord import TOKEN, local_discord
from tests.process.nursery import nursery
from tests.process.waiting import DEADLINE, until

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from tests.local_hf import Item, LocalHuggingFace
    from tests.process.local_discord import LocalDiscord

__all__ = ["nursery", "until"]

_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


def item(number: int, day: date, **told: Any) -> Item:
    """Return one record of a daily list as Hugging Face sends it."""
    record = {
        "id": f"{day:%y%m}.{day.day * 100 + number:05}",
        "title": f"A study of thing {number}",
        "summary": f"We study thing {number}. We propose a method that reaches {number}%.",
        "authors": [{"name": "Ada Lovelace", "hidden": False}, {"name": "Grace Hopper"}],
        "publishedAt": f"{day}T00:00:00.000Z",
        "submittedOnDailyAt": f"{day}T01:00:00.000Z",
        "upvotes": number,
        **told,
    }
    return {"paper": record, "title": record["title"], "numComments": 1}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a process ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line, after what was logged, that says what went wrong."""
        *logged, last = self.err.splitlines()
        assert last.startswith("paperboy: "), self.err
        assert not any(line.startswith(("paperboy: ", "Traceback")) for line in logged), self.err
        return last.removeprefix("paperboy: ")


@dataclass(kw_only=True)
class Running:
    """A process that goes on; its standard error is read as it comes."""

    process: Process
    log: str = ""
    out: str = ""
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        """Begin to read."""
        self._readers = [asyncio.create_task(self._read_log()), asyncio.create_task(self._read())]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no process behind."""
        await self.kill()

    async def _read_log(self) -> None:
        if self.process.stderr is not None:
            async for line in self.process.stderr:
                self.log += line.decode()

    async def _read(self) -> None:
        if self.process.stdout is not None:
            self.out = (await self.process.stdout.read()).decode()

    async def says(self, text: str) -> None:
        """Wait until it has logged a text."""
        await until(lambda: text in self.log or self.process.returncode is not None, text)
        assert text in self.log, self.log

    async def ends(self, deadline: float = DEADLINE) -> Ended:
        """Wait until it has ended by itself."""
        code = await asyncio.wait_for(self.process.wait(), deadline)
        await asyncio.gather(*self._readers)
        return Ended(code=code, out=self.out, err=self.log)

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> Ended:
        """Ask it to stop; it has ten seconds."""
        self.process.send_signal(number)
        return await self.ends(deadline=10)

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.ends()


@dataclass(kw_only=True)
class Program:
    """``paperboy`` with settings, in a folder that is its whole world."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        """Where the default setting puts the database."""
        return self.folder / "data" / "paperboy.db"

    def environment(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the environment of a process: ours without its settings, with the program's."""
        ours = set(Settings.model_fields) | {name.lower() for name in _PROXIES}
        inherited = {name: value for name, value in os.environ.items() if name.lower() not in ours}
        return {**inherited, **self.settings, **(settings or {}), "COLUMNS": "100"}

    async def start(
        self,
        *arguments: str,
        settings: Mapping[str, str] | None = None,
        out: int = PIPE,
        err: int = PIPE,
    ) -> Running:
        """Start a command; ``settings`` come on top of the usual ones."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", *arguments),
            cwd=self.folder,
            env=self.environment(settings),
            stdin=DEVNULL,
            stdout=out,
            stderr=err,
        )
        return Running(process=process)

    async def __call__(
        self,
        *arguments: str,
        settings: Mapping[str, str] | None = None,
        out: int = PIPE,
        err: int = PIPE,
    ) -> Ended:
        """Run a command to its end."""
        async with await self.start(*arguments, settings=settings, out=out, err=err) as running:
            return await running.ends()


async def schedule(program: Program, channel: int, **told: Any) -> None:
    """Write a schedule that is due into the database, beside the bot or before it starts."""
    due = datetime.now(UTC) - timedelta(minutes=1)
    usual: dict[str, Any] = {
        "channel_id": channel, "guild_id": GUILD, "created_by": PERSON,
        "at": time(due.hour), "zone": ZoneInfo("UTC"), "next_run": due,
    }  # fmt: skip
    async with Database.open(program.database) as database:
        await ScheduleStore(database).save(Schedule(**usual | told))


@pytest.fixture
def today() -> date:
    """Give the date of the list that is open now."""
    return datetime.now(UTC).date()


@pytest.fixture
async def hugging_face(today: date) -> AsyncIterator[LocalHuggingFace]:
    """Serve three papers for each of the last three days."""
    days = [today - timedelta(days=ago) for ago in range(3)]
    lists = {day: [item(number, day) for number in (1, 2, 3)] for day in days}
    async with local_hugging_face(lists) as served:
        yield served


@pytest.fixture
async def discord() -> AsyncIterator[LocalDiscord]:
    """Serve a Discord with one server of three channels."""
    async with local_discord(channels=3) as served:
        yield served


@pytest.fixture
def program(tmp_path: Path, hugging_face: LocalHuggingFace) -> Program:
    """Give the command line, its sources on this machine."""
    nowhere = "http://127.0.0.1:9"  # the discard port: nothing answers there
    return Program(
        folder=tmp_path,
        settings={
            "HF_BASE_URL": hugging_face.url,
            "ARXIV_API_URL": f"{nowhere}/api/query",
            "ARXIV_BASE_URL": nowhere,
        },
    )


@pytest.fixture
def bot(program: Program, discord: LocalDiscord) -> Program:
    """Give the program with a token and a Discord to connect to."""
    connected = {"DISCORD_API_URL": discord.url, "DISCORD_TOKEN": TOKEN}
    return Program(folder=program.folder, settings={**program.settings, **connected})
