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

MOST_WAITING = 200
"""Readings under way or waiting, beyond which the next is refused."""

_STEPS = 100_000  # of SQLite's machine between two looks at the clock
_TOO_LONG = "That takes too long to look up; try it with fewer words, or with longer ones."
_TOO_MANY = "Very many people search at this moment; try again in a little while."
_THREADS = 2
_CACHE_KIB = 16 * 1024  # a search reads more than SQLite keeps by itself

Found = TypeVar("Found")


class Aside:
    """Threads that read, each on a connection which it opens when it is first needed.

    One of them is for what is quick: who types must not wait for broad searches.
    """

    def __init__(self, path: Path, busy_milliseconds: int) -> None:
        self._path = path
        self._busy_milliseconds = busy_milliseconds
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="aside")
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="aside-quick")
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._waiting = 0
        self._closing = False

    async def run(
        self, work: Callable[[sqlite3.Connection], Found], *, quick: bool = False
    ) -> Found:
        """Run reading that is all of one moment, between two transactions.

        Raises:
            UserError: it takes too long, or too many others wait.
        """
        if self._waiting >= MOST_WAITING:
            raise UserError(_TOO_MANY)
        threads = self._quick if quick else self._threads
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(threads, self._at_one_moment, work)
        finally:
            self._waiting -= 1

    def _at_one_moment(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        connection = self._connection()
        end = time.monotonic() + LONGEST_READING
        connection.set_progress_handler(lambda: self._closing or time.monotonic() > end, _STEPS)
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
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._own.connection = connection
            self._opened.append(connection)
        found: sqlite3.Connection = self._own.connection
        return found

    async def close(self) -> None:
        """Break off what is being read, drop what waits, and close what was opened."""
        # An interrupt would miss a reading that is between two statements.
        self._closing = True
        for threads in (self._threads, self._quick):
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
        for connection in self._opened:
            connection.close()
