"""Quick lives of the whole program, for tests that kill it often.

A start costs seconds of imports, a fork of a process that has made them a few milliseconds. A life
is ``paperboy run`` in all but its pace.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import pytest

from bot.jobs import Pace
from tests.process.waiting import DEADLINE, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

QUICK = Pace(
    due_every=timedelta(seconds=0.1),
    settle_every=timedelta(seconds=0.1),
    begin_after=timedelta(seconds=0.05),
)
LOOK_AFTER = 0.2
"""Seconds after a claim that its message is looked for; thirty in earnest."""

_ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class Life:
    """One run of the program, from its start to its end or its death."""

    pid: int
    file: Path
    nursery: Nursery
    code: int | None = None

    async def __aenter__(self) -> Self:
        """Return the life, which has begun."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no process behind."""
        await self.kill()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.file.read_text() if self.file.exists() else ""

    @property
    def ended(self) -> bool:
        """Whether it is over; ``code`` then says how."""
        if self.code is None:
            self.code = self.nursery.ask({"ended": self.pid})["code"]
        return self.code is not None

    async def says(self, text: str) -> None:
        """Wait until it has logged a text."""
        await until(lambda: text in self.log or self.ended, text)
        assert text in self.log, self.log

    async def ends(self, deadline: float = DEADLINE) -> int:
        """Wait until it has ended, and return its exit code: minus the signal that killed it."""
        await until(lambda: self.ended, "the life ends", deadline)
        assert self.code is not None
        return self.code

    async def stop(self) -> int:
        """Ask it to stop; it has ten seconds."""
        self._signal(signal.SIGTERM)
        return await self.ends(deadline=10)

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        self._signal(signal.SIGKILL)
        await self.ends()

    def _signal(self, number: signal.Signals) -> None:
        if not self.ended:  # else the number may be another's by now
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


@dataclass(kw_only=True)
class Nursery:
    """The process that has imported the program, and the way to talk with it."""

    process: subprocess.Popen[str]
    _numbers: Iterator[int] = field(default_factory=count)
    _asking: threading.Lock = field(default_factory=threading.Lock)

    async def start(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        pace: Pace = QUICK,
        look_after: float = LOOK_AFTER,
        clock_off: float = 0.0,
    ) -> Life:
        """Begin a life in a folder; ``clock_off`` is how many seconds its clock is ahead."""
        file = folder / f"life-{next(self._numbers)}.log"
        told = {
            "folder": str(folder),
            "environment": dict(environment),
            "log": str(file),
            "pace": {name: each.total_seconds() for name, each in asdict(pace).items()},
            "look_after": look_after,
            "clock_off": clock_off,
        }
        answer = await asyncio.to_thread(self.ask, told)
        return Life(pid=answer["pid"], file=file, nursery=self)

    def ask(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request and return its answer."""
        with self._asking:
            writing, reading = self._pipes
            writing.write(json.dumps(told) + "\n")
            writing.flush()
            answer: dict[str, Any] = json.loads(reading.readline())
            return answer

    @property
    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        return self.process.stdin, self.process.stdout


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Give the process that has imported the program; it is started once."""
    # Not measured: the lives are killed before they could write down what they ran.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.process.forking"],
        cwd=_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Nursery(process=process)
