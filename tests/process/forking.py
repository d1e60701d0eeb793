"""The nursery's own process: it has imported the program once and forks a life on request.

One request a line on standard input, one answer a line on standard output, both JSON. It has no
threads and no loop, so that a fork is as good as a start. What it started dies with it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import ssl
import sys
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, Self

from discord.state import AutoShardedConnectionState
from typing_extensions import override

from bot import app, cli
from bot.client import EXTENSIONS
from bot.jobs import Pace
from bot.services import settling

if TYPE_CHECKING:
    from collections.abc import Iterable

_LATE = ("anyio._backends._asyncio", "apscheduler.executors.asyncio", "httpcore")
"""What the program imports only when it runs."""

_UNUSED = ssl.create_default_context()
"""To read the certificates takes a life longest of all, and nothing here speaks TLS."""

_READY_AFTER = 0.05
"""discord.py waits two seconds after the last server that it hears of; here there is one."""


def serve(requests: Iterable[str]) -> None:
    """Answer requests until there are no more, then kill what still runs."""
    alive: set[int] = set()
    try:
        for line in requests:
            told = json.loads(line)
            if "ended" in told:
                answer = {"code": _code(told["ended"], alive)}
            else:
                pid = os.fork() or _live(told)
                alive.add(pid)
                answer = {"pid": pid}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        for pid in alive:
            os.kill(pid, signal.SIGKILL)


def _code(pid: int, alive: set[int]) -> int | None:
    """Return how a life ended, None while it goes on; minus the signal where one ended it."""
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        return None
    alive.discard(pid)
    return os.waitstatus_to_exitcode(status)


def _live(told: dict[str, Any]) -> NoReturn:
    """Be ``paperboy run``: its environment, its folder, its standard error, its exit code."""
    code = cli.FAILED
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for target, file in enumerate((nothing, nothing, log)):
            os.dup2(file, target)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(told["environment"])
        os.chdir(told["folder"])
        _hurry(told)
        code = cli.run(["run"])
    finally:
        sys.stderr.flush()
        os._exit(code)


def _hurry(told: dict[str, Any]) -> None:
    """Set the pace of this life and its clock, which the command line leaves alone.

    Both are changed where they are defined, so that it does not matter who uses them.
    """
    pace = {name: timedelta(seconds=each) for name, each in told["pace"].items()}
    usual = Pace.__init__.__kwdefaults__
    assert usual is not None
    usual.update(pace)
    changed: list[tuple[object, str, object]] = [
        (app, "datetime", _clock(timedelta(seconds=told["clock_off"]))),
        (settling, "LOOK_AFTER", timedelta(seconds=told["look_after"])),
        (ssl, "create_default_context", lambda *_, **__: _UNUSED),
    ]
    for owner, name, value in changed:
        assert hasattr(owner, name), f"{owner} has no {name} any more"
        setattr(owner, name, value)
    ready_after = property(lambda _: _READY_AFTER, lambda _, __: None)
    AutoShardedConnectionState.guild_ready_timeout = ready_after  # type: ignore[assignment]


def _clock(off: timedelta) -> type[datetime]:
    """Return a class that is a datetime in all but what time it is now."""

    class Off(datetime):
        @classmethod
        @override
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + off

    return Off


if __name__ == "__main__":
    for name in (*EXTENSIONS, *_LATE):
        import_module(name)
    gc.collect()
    gc.freeze()  # what is here by now is shared with every life
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the tests, and they end us
    serve(iter(sys.stdin.readline, ""))
