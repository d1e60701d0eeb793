"""The SQLite file: one writer, one reader, numbered migrations, and the lock of ``run``."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from contextlib import asynccontextmanager, contextmanager
from importlib import resources
from typing import TYPE_CHECKING, TypeVar

import aiosqlite

from bot.errors import DatabaseError
from bot.storage.aside import Aside

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

APPLICATION_ID = 0x50425931  # "PBY1": https://www.sqlite.org/pragma.html#pragma_application_id
BUSY_MILLISECONDS = 20_000  # an index that is built in another process takes turns with us
_WAL_TRIES = 100

Found = TypeVar("Found")

Row = sqlite3.Row


def migrations() -> list[str]:
    """Return the schema's numbered steps, the first one first."""
    folder = resources.files("bot.storage") / "schema"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [file.read_text("utf-8") for file in files if file.name.endswith(".sql")]


class Database:
    """A connection that writes, alone and in transactions, and one that only reads.

    Two connections, because a rollback on a shared one would take another task's rows with it,
    and a long read would hold up a short write.
    """

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._aside = Aside(path, BUSY_MILLISECONDS)
        self.follow: Callable[[aiosqlite.Connection], Awaitable[None]] | None = None
        """Changes, at the end of each transaction, what follows from what it changed."""

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Database]:
        """Open the file, making or migrating it as needed, and close it at the end.

        Raises:
            DatabaseError: the file is not ours, newer than this code, or cannot be opened.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(
                f"The folder of the database {path} cannot be made: {error}."
            ) from error
        async with contextlib.AsyncExitStack() as stack:
            try:
                writer = await stack.enter_async_context(_connection(path))
                await _migrate(writer, path)
                reader = await stack.enter_async_context(_connection(path))
                await reader.execute("PRAGMA query_only = ON")
            except sqlite3.Error as error:
                raise DatabaseError(f"The database {path} cannot be opened: {error}.") from error
            database = cls(path, writer, reader)
            stack.push_async_callback(database._aside.close)
            yield database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Run the block as one transaction, alone on the writing connection.

        Not re-entrant: a store's public method opens it and hands the connection to helpers.
        """
        async with self._writing:
            # BEGIN and COMMIT stand inside: cancelled while one is under way, the connection's
            # thread still runs it, and the rollback queued behind it leaves nothing open.
            with self._translated("written"):
                try:
                    await self._writer.execute("BEGIN IMMEDIATE")
                    yield self._writer
                    if self.follow is not None:
                        await self.follow(self._writer)
                    await self._writer.commit()
                except BaseException:
                    await self._writer.rollback()
                    raise

    async def all(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Return every row of a query."""
        with self._translated("read"):
            async with self._reader.execute(sql, dict(parameters or {})) as cursor:
                return list(await cursor.fetchall())

    async def one(self, sql: str, parameters: Mapping[str, object] | None = None) -> Row | None:
        """Return the first row of a query, or None."""
        with self._translated("read"):
            async with self._reader.execute(sql, dict(parameters or {})) as cursor:
                return await cursor.fetchone()

    async def aside(
        self, work: Callable[[sqlite3.Connection], Found], *, quick: bool = False
    ) -> Found:
        """Run long reading in a thread, on a connection of its own, and return what it found.

        Whatever it reads is of one moment, between two transactions.
        """
        with self._translated("read"):
            return await self._aside.run(work, quick=quick)

    @contextmanager
    def _translated(self, done: str) -> Iterator[None]:
        """Say in a sentence what keeps a sound statement from its work, a full disk say."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            # A damaged file is of the bare class; a broken constraint is a fault of ours.
            if type(error) not in {sqlite3.OperationalError, sqlite3.DatabaseError}:
                raise
            raise DatabaseError(f"The database {self.path} cannot be {done}: {error}.") from error

    async def backup(self, target: Path) -> None:
        """Copy the live database, consistent, into a new file.

        Raises:
            DatabaseError: the file is there already, or cannot be written.
        """
        if await asyncio.to_thread(target.exists):
            raise DatabaseError(f"{target} is there already; name a file that is not.")
        partial = target.with_name(target.name + ".partial")
        try:
            async with aiosqlite.connect(partial) as copy:
                await self._reader.backup(copy)
                # A copy in WAL mode would leave side files beside the one file asked for.
                await copy.execute("PRAGMA journal_mode = DELETE")
            partial.rename(target)
        except (sqlite3.Error, OSError) as error:
            partial.unlink(missing_ok=True)
            raise DatabaseError(f"The backup {target} could not be written: {error}.") from error

    async def check(self) -> list[str]:
        """Return what SQLite's quick check finds wrong; empty when the file is sound."""
        rows = await self.all("PRAGMA quick_check")
        return [str(row[0]) for row in rows if row[0] != "ok"]


@contextmanager
def running_lock(path: Path) -> Iterator[None]:
    """Hold the lock that makes a second ``run`` on this database refuse; it dies with us.

    It is an exclusive transaction on a small file beside the database: the operating system
    gives it up with the process, whatever kills it, and other commands never look at it.

    Raises:
        DatabaseError: another process holds it, or it cannot be made.
    """
    file = path.with_name(path.name + ".lock")
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = sqlite3.connect(file, timeout=0, isolation_level=None)
            stack.callback(lock.close)
            lock.execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise DatabaseError(
                    f"Another Paperboy is running on {path}; stop it first, or set DATABASE_PATH."
                ) from error
            raise DatabaseError(f"The lock {file} cannot be taken: {error}.") from error
        yield


@asynccontextmanager
async def _connection(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        await connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        await connection.execute("PRAGMA foreign_keys = ON")
        # FULL: what the ledger says is on the disk before Discord hears of it.
        await connection.execute("PRAGMA synchronous = FULL")
        yield connection


async def _pragma(connection: aiosqlite.Connection, name: str) -> int:
    async with connection.execute(f"PRAGMA {name}") as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row is not None else 0


async def _migrate(connection: aiosqlite.Connection, path: Path) -> None:
    steps = migrations()
    await connection.execute("BEGIN IMMEDIATE")  # two first starts at once: one migrates
    try:
        version = await _pragma(connection, "user_version")
        ours = await _pragma(connection, "application_id") == APPLICATION_ID
        tables = await _table_count(connection)
    finally:
        await connection.commit()
    if tables and not ours:
        raise DatabaseError(f"{path} is not a database of Paperboy's; set DATABASE_PATH.")
    if version > len(steps):
        raise DatabaseError(
            f"The database {path} is of version {version}, newer than this Paperboy, which knows "
            f"{len(steps)}; install the newer Paperboy or restore a backup."
        )
    await _use_wal(connection)  # only now: it changes the file, which might have been another's
    for number, step in enumerate(steps[version:], start=version + 1):
        await _apply(connection, number, step)


async def _use_wal(connection: aiosqlite.Connection) -> None:
    """Switch the file to WAL; SQLite does not wait here, as it does for a transaction."""
    for tries_left in reversed(range(_WAL_TRIES)):
        try:
            cursor = await connection.execute("PRAGMA journal_mode = WAL")
            await cursor.close()  # half done, it would hold the file's lock against the reader
        except sqlite3.OperationalError:
            if not tries_left:
                raise
            await connection.execute("BEGIN IMMEDIATE")  # waits until another first start is done
            await connection.commit()
        else:
            return


async def _table_count(connection: aiosqlite.Connection) -> int:
    async with connection.execute("SELECT count(*) FROM sqlite_schema") as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row is not None else 0


async def _apply(connection: aiosqlite.Connection, number: int, step: str) -> None:
    """Run one step and set the version in one transaction, so that they cannot disagree."""
    await connection.execute("BEGIN IMMEDIATE")
    try:
        if await _pragma(connection, "user_version") < number:
            for statement in _statements(step):
                await connection.execute(statement)
            await connection.execute(f"PRAGMA user_version = {number}")
            await connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    except BaseException:
        await connection.rollback()
        raise
    await connection.commit()


def _statements(script: str) -> Iterator[str]:
    """Cut a script where SQLite itself sees a statement's end."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
