"""Reading beside the event loop and beside the writer, however long it takes."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONGEST_READING = 10.0
"""Seconds after which reading is broken off: others wait for the thread."""

_STEPS = 100_000  # of SQLite's machine between two looks at the clock
_TOO_LONG = "That takes too long to look up; try it with fewer words, or with longer ones."
_THREADS = 2  # a word typed must not wait for a broad search

Found = TypeVar("Found")


class Aside:
    """Threads that read, each on a connection which it opens when it is first needed."""

    def __init__(self, path: Path, busy_milliseconds: int) -> None:
        self._path = path
        self._busy_milliseconds = busy_milliseconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aside")
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def run(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Run reading that is all of one moment, between two transactions."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._at_one_moment, work)

    def _at_one_moment(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        connection = self._connection()
        end = time.monotonic() + LONGEST_READING
        connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        connection.execute("BEGIN")
        try:
            return work(connection)
        except sqlite3.OperationalError as error:
            if time.monotonic() > end:
                raise UserError(_TOO_LONG) from error
            raise
        finally:
            connection.rollback()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._own, "connection"):
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {self._busy_milliseconds}")
            connection.execute("PRAGMA query_only = ON")
            self._own.connection = connection
            self._opened.append(connection)
        found: sqlite3.Connection = self._own.connection
        return found

    def close(self) -> None:
        """Wait for what is being read, and close what was opened."""
        self._threads.shutdown()
        for connection in self._opened:
            connection.close()
