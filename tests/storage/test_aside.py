"""Reading beside the event loop: in threads, each on a connection of its own."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseError, UserError
from bot.storage import aside
from bot.storage.database import Database
from bot.storage.records import FactStore

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


def facts(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM facts").fetchone()[0])


async def test_reading_aside_is_done_off_the_loop(database: Database) -> None:
    here = threading.get_ident()
    assert await database.aside(lambda _: threading.get_ident()) != here


async def test_what_reading_aside_finds_is_handed_back_as_rows_by_name(database: Database) -> None:
    await FactStore(database).set("a", "1")
    row = await database.aside(lambda each: each.execute("SELECT * FROM facts").fetchone())
    assert dict(row) == {"name": "a", "value": "1"}


async def test_nobody_writes_aside(database: Database) -> None:
    with pytest.raises(DatabaseError, match="cannot be read: attempt to write"):
        await database.aside(lambda each: each.execute("DELETE FROM facts"))


async def test_a_statement_that_fails_is_one_sentence_and_the_next_works(
    database: Database,
) -> None:
    with pytest.raises(DatabaseError, match="cannot be read: no such table: nowhere"):
        await database.aside(lambda each: each.execute("SELECT * FROM nowhere"))
    assert await database.aside(facts) == 0


async def test_a_fault_of_ours_is_no_error_of_the_database(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await database.aside(lambda _: 1 // 0)
    assert await database.aside(facts) == 0


async def test_a_slow_reading_does_not_hold_up_another_nor_the_loop_nor_a_writer(
    database: Database,
) -> None:
    slow, go = threading.Event(), threading.Event()

    def linger(connection: sqlite3.Connection) -> int:
        slow.set()
        assert go.wait(10)
        return facts(connection)

    lingering = asyncio.create_task(database.aside(linger))
    await asyncio.to_thread(slow.wait, 10)
    await FactStore(database).set("a", "1")
    assert await database.aside(facts) == 1
    assert not lingering.done()
    go.set()
    assert await lingering == 1


async def test_all_that_is_read_in_one_go_is_of_one_moment(database: Database) -> None:
    read, written = threading.Event(), threading.Event()

    def twice(connection: sqlite3.Connection) -> tuple[int, int]:
        before = facts(connection)
        read.set()
        assert written.wait(10)
        return before, facts(connection)

    reading = asyncio.create_task(database.aside(twice))
    await asyncio.to_thread(read.wait, 10)
    await FactStore(database).set("a", "1")
    written.set()
    assert await reading == (0, 0)
    assert await database.aside(facts) == 1


async def test_a_reader_sees_all_of_another_connections_transaction_or_nothing(
    database: Database,
) -> None:
    async with Database.open(database.path) as other, other.transaction() as connection:
        await connection.execute("INSERT INTO facts VALUES ('a', '1'), ('b', '2')")
        assert await database.aside(facts) == 0
        assert await other.aside(facts) == 0
    assert await database.aside(facts) == 2


async def test_closing_waits_for_what_is_being_read(tmp_path: Path) -> None:
    slow, done = threading.Event(), threading.Event()

    def linger(connection: sqlite3.Connection) -> int:
        slow.set()
        done.wait(0.1)
        found = facts(connection)
        done.set()
        return found

    async with Database.open(tmp_path / "paperboy.db") as database:
        reading = asyncio.create_task(database.aside(linger))
        await asyncio.to_thread(slow.wait, 10)
    assert done.is_set()
    assert await reading == 0


async def test_a_reading_that_nobody_waits_for_any_more_leaves_its_thread_usable(
    database: Database,
) -> None:
    slow, go = threading.Event(), threading.Event()

    def linger(connection: sqlite3.Connection) -> int:
        slow.set()
        assert go.wait(10)
        return facts(connection)

    reading = asyncio.create_task(database.aside(linger))
    await asyncio.to_thread(slow.wait, 10)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    go.set()
    assert await asyncio.gather(*(database.aside(facts) for _ in range(4))) == [0] * 4


FOREVER = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n"


async def test_a_reading_without_an_end_is_broken_off_with_a_sentence_for_who_asked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "LONGEST_READING", 0.05)
    with pytest.raises(UserError, match="takes too long"):
        await database.aside(lambda each: each.execute(FOREVER).fetchall())
    monkeypatch.setattr(aside, "LONGEST_READING", 10)
    assert await database.aside(facts) == 0


async def test_whoever_comes_after_very_many_is_told_to_try_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "MOST_WAITING", 3)
    go = threading.Event()

    def linger(connection: sqlite3.Connection) -> int:
        assert go.wait(10)
        return facts(connection)

    waiting = [asyncio.create_task(database.aside(linger)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(UserError, match="Very many people"):
        await database.aside(facts)
    go.set()
    assert await asyncio.gather(*waiting) == [0, 0, 0]
    assert await database.aside(facts) == 0


async def test_closing_breaks_off_a_reading_without_an_end(tmp_path: Path) -> None:
    begun = threading.Event()

    def forever(connection: sqlite3.Connection) -> object:
        begun.set()
        return connection.execute(FOREVER).fetchall()

    async with Database.open(tmp_path / "paperboy.db") as database:
        reading = asyncio.create_task(database.aside(forever))
        await asyncio.to_thread(begun.wait, 10)
    with pytest.raises(DatabaseError, match="interrupted"):
        await reading
