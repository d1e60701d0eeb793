"""The database: one writer, numbered migrations, and files that are not ours refused."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseError
from bot.storage import cells
from bot.storage.database import (
    Database,
    _apply,
    _connection,
    _use_wal,
    migrations,
    running_lock,
)
from bot.storage.records import FactStore

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_new_file_is_migrated_to_the_newest_version_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "below" / "paperboy.db"
    async with Database.open(path) as database:
        assert (await database.one("PRAGMA user_version") or [0])[0] == len(migrations())
        assert (await database.one("PRAGMA journal_mode") or [""])[0] == "wal"
        assert await database.check() == []
    async with Database.open(path) as again:
        assert (await again.one("PRAGMA user_version") or [0])[0] == len(migrations())


async def test_every_table_is_strict(database: Database) -> None:
    rows = await database.all("PRAGMA table_list")
    # Of the full-text index, which is a table in name only, the rest is SQLite's own.
    ours = [row for row in rows if not row["name"].startswith("sqlite_") and row["type"] == "table"]
    assert ours
    assert all(row["strict"] for row in ours)


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO facts VALUES ('a', '1')")
            raise ZeroDivisionError
    assert await FactStore(database).get("a") is None


async def test_a_task_cancelled_in_a_transaction_leaves_the_writer_usable(
    database: Database,
) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as connection:
            await connection.execute("INSERT INTO facts VALUES ('a', '1')")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await FactStore(database).set("b", "2")
    assert await FactStore(database).get("a") is None
    assert await FactStore(database).get("b") == "2"


@pytest.mark.parametrize("turns", range(6))
async def test_a_cancel_at_any_moment_leaves_the_writer_usable(
    database: Database, turns: int
) -> None:
    task = asyncio.create_task(FactStore(database).set("a", "1"))
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await FactStore(database).set("b", "2")
    assert await FactStore(database).get("b") == "2"


async def test_writers_of_many_tasks_take_turns(database: Database) -> None:
    facts = FactStore(database)
    await asyncio.gather(*(facts.set(f"n{n}", str(n)) for n in range(50)))
    rows = await database.all("SELECT count(*) AS n FROM facts")
    assert rows[0]["n"] == 50


async def test_the_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseError, match="cannot be read"):
        await database.all("INSERT INTO facts VALUES ('a', '1')")


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")
    connection.close()
    with pytest.raises(DatabaseError, match="newer than this Paperboy"):
        async with Database.open(path):
            pass


async def test_another_programs_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="is not a database of Paperboy's"):
        async with Database.open(path):
            pass
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are not the rows you are looking for. " * 100)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        async with Database.open(path):
            pass


async def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseError, match="cannot be made"):
        async with Database.open(tmp_path / "file" / "paperboy.db"):
            pass


async def test_first_starts_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"

    async def start() -> None:
        async with Database.open(path) as database:
            await FactStore(database).set("a", "1")

    await asyncio.gather(*(start() for _ in range(8)))


async def test_a_half_done_migration_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path):
        pass
    broken = [*migrations(), "CREATE TABLE new (a) STRICT;\nCREATE TABLE facts (a);"]
    monkeypatch.setattr("bot.storage.database.migrations", lambda: broken)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        async with Database.open(path):
            pass
    monkeypatch.undo()
    async with Database.open(path) as database:
        assert (await database.one("PRAGMA user_version") or [0])[0] == len(migrations())
        assert await database.one("SELECT 1 FROM sqlite_schema WHERE name = 'new'") is None


async def test_a_backup_of_a_database_that_is_written_to_is_whole(
    database: Database, tmp_path: Path
) -> None:
    facts = FactStore(database)
    target = tmp_path / "copy.db"
    for n in range(200):
        await facts.set(f"n{n}", "x" * 1000)
    await asyncio.gather(database.backup(target), *(facts.set(f"m{n}", "y") for n in range(50)))
    async with Database.open(target) as copy:
        assert await copy.check() == []
        assert await FactStore(copy).get("n199") == "x" * 1000
    with pytest.raises(DatabaseError, match="is there already"):
        await database.backup(target)
    with pytest.raises(DatabaseError, match="could not be written"):
        await database.backup(tmp_path / "no" / "such" / "folder.db")


def test_a_second_run_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    with running_lock(path):  # noqa: SIM117 - the second is the point
        with pytest.raises(DatabaseError, match="Another Paperboy is running"), running_lock(path):
            pass
    with running_lock(path):
        pass


def test_the_lock_dies_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from bot.storage.database import running_lock\n"
        "with running_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(DatabaseError, match="Another Paperboy"), running_lock(path):
            pass
        process.send_signal(signal.SIGKILL)
    with running_lock(path):
        pass


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(DatabaseError, match="cannot be taken"),
        running_lock(tmp_path / "file" / "paperboy.db"),
    ):
        pass


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        cells.moment_cell(datetime(2025, 2, 11, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize("tries", [1, 2])
async def test_a_file_that_another_program_keeps_reading_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tries: int
) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path):
        pass
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")  # as a copy or a restored backup has it
    other.execute("BEGIN")
    other.execute("SELECT * FROM sqlite_schema").fetchone()
    monkeypatch.setattr("bot.storage.database.BUSY_MILLISECONDS", 0)
    monkeypatch.setattr("bot.storage.database._WAL_TRIES", tries)
    with pytest.raises(DatabaseError, match="cannot be opened: database is locked"):
        async with Database.open(path):
            pass
    async with _connection(path) as connection:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await _use_wal(connection)
    other.close()
    async with Database.open(path) as database:
        assert await database.check() == []
        assert (await database.one("PRAGMA journal_mode") or [""])[0] == "wal"


async def test_a_step_that_another_start_has_made_is_not_made_again(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO facts VALUES ('a', '1')")
    await _apply(database._writer, len(migrations()), "DELETE FROM facts;")
    assert await FactStore(database).get("a") == "1"
