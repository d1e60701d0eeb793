"""Servers that the bot has left: what is known of them, and what goes, step by step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.storage import cells, departures
from bot.storage.database import Database, _apply, _connection, migrations
from bot.storage.departures import DepartureStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW, schedule
from tests.people import EVE, GRACE, SERVER, alert, dump

if TYPE_CHECKING:
    from pathlib import Path

LATER = NOW + timedelta(days=30)
OTHER = SERVER + 1


@pytest.fixture
def store(database: Database) -> DepartureStore:
    return DepartureStore(database, StandingQueries(database))


async def history(database: Database, channel: int, papers: int = 3) -> None:
    """Give a channel what an edition leaves: papers brought, messages, and what it asked for."""
    name, told = f"e{channel}", {"channel": channel, "now": cells.moment_cell(NOW)}
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO editions (id, channel_id, made_at, shown, matching, listed, days) "
            "VALUES (:id, :channel, :now, 1, 1, 1, '[]')",
            told | {"id": name},
        )
        await connection.executemany(
            "INSERT INTO papers (no, id, title, abstract, authors, source, ai_keywords, "
            "categories, media, first_seen, changed_at) "
            "VALUES (:no, :no, 't', 'a', '[]', 's', '[]', '[]', '[]', '', '') "
            "ON CONFLICT DO NOTHING",
            [{"no": no} for no in range(1, papers + 1)],
        )
        await connection.executemany(
            "INSERT INTO brought VALUES (:channel, :no, 1, :id)",
            [told | {"no": no, "id": name} for no in range(1, papers + 1)],
        )
        await connection.execute(
            "INSERT INTO deliveries (key, kind, edition_id, number, channel_id, content, state, "
            "planned_at) VALUES (:key, 'part', :id, 1, :channel, '{}', 'sent', :now)",
            told | {"key": f"{name}.1", "id": name},
        )
        await connection.execute(
            "INSERT INTO filters (channel_id, until, min_upvotes) VALUES (:channel, :now, 0)", told
        )


async def furnish(database: Database, guild: int, *channels: int, papers: int = 3) -> None:
    """Give channels of a server a schedule, an alert with hits, and a history."""
    for channel in channels:
        await ScheduleStore(database).save(schedule(channel, guild_id=guild))
        await history(database, channel, papers)
        found = range(1, papers + 1)
        await alert(database, GRACE, query=f"q{channel}", guild=guild, channel=channel, found=found)


async def erase(store: DepartureStore, guild: int) -> list[int]:
    """Erase a server in as many steps as it takes, and return how many rows each took."""
    steps = []
    while rows := await store.erase_some(guild, LATER):
        steps.append(rows)
    return steps


async def rest(database: Database) -> dict[str, int]:
    """Return how many rows each table has that a server's channels fill."""
    tables = ("schedules", "filters", "deliveries", "brought", "editions", "channels", "alerts",
              "alert_hits", "standing_queries", "alert_anchors", "departures")  # fmt: skip
    return {table: len(rows) for table, rows in (await dump(database)).items() if table in tables}


async def test_a_server_without_anything_stored_is_not_noted(store: DepartureStore) -> None:
    await store.left([SERVER], NOW)
    assert await store.departed() == []


async def test_a_server_that_left_keeps_its_first_moment(
    database: Database, store: DepartureStore
) -> None:
    await furnish(database, SERVER, 1)
    await store.left([SERVER], NOW)
    await store.left([SERVER], NOW + timedelta(days=9))
    assert await store.departed(NOW + timedelta(seconds=1)) == [SERVER]
    assert await store.departed(NOW) == []


async def test_a_server_that_is_back_is_no_longer_noted(
    database: Database, store: DepartureStore
) -> None:
    await furnish(database, SERVER, 1)
    await furnish(database, OTHER, 2)
    await store.left([SERVER, OTHER], NOW)
    await store.back([SERVER])
    assert await store.departed() == [OTHER]
    before = await dump(database)
    assert await erase(store, SERVER) == []
    assert await dump(database) == before


async def test_every_server_with_a_channel_is_known_once(
    database: Database, store: DepartureStore
) -> None:
    assert await store.servers() == []
    await furnish(database, OTHER, 3, 4)
    await furnish(database, SERVER, 1, 2)
    await alert(database, EVE, channel=77)  # her own direct messages
    assert await store.servers() == [SERVER, OTHER]


async def test_a_channel_is_known_by_its_alert_and_by_the_one_that_it_moves_to(
    database: Database, store: DepartureStore
) -> None:
    no = await alert(database, EVE, guild=SERVER, channel=1)
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE alerts SET guild_id = :guild, channel_id = 2 WHERE no = :no",
            {"guild": OTHER, "no": no},
        )
    rows = await database.all("SELECT channel_id, guild_id FROM channels ORDER BY channel_id")
    assert [tuple(row) for row in rows] == [(1, SERVER), (2, OTHER)]
    assert await store.servers() == [SERVER, OTHER]


async def test_all_of_a_server_goes_and_nothing_of_another(
    database: Database, store: DepartureStore
) -> None:
    await furnish(database, OTHER, 3)
    mine = await alert(database, GRACE, query="my own", channel=50, found=(1, 2))
    before = await dump(database)
    await furnish(database, SERVER, 1, 2)
    await store.left([SERVER], NOW)
    assert await erase(store, SERVER) == [2 * (1 + 1 + 1 + 3 + 1 + 1 + 3)]
    after = await dump(database)
    numbers = "sqlite_sequence"  # no number of an alert or of a query is given out again
    assert ("alerts", mine + 2) in after.pop(numbers)
    assert after == {table: rows for table, rows in before.items() if table != numbers}


async def test_what_a_channel_without_a_schedule_was_brought_goes_too(
    database: Database, store: DepartureStore
) -> None:
    await furnish(database, SERVER, 1)
    await ScheduleStore(database).remove(1)
    assert (await rest(database))["brought"] == 3
    await store.left([SERVER], NOW)
    await erase(store, SERVER)
    assert set((await rest(database)).values()) == {0}


async def test_a_large_server_goes_in_steps_each_of_them_short(
    database: Database, store: DepartureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departures, "STEP", 7)
    await furnish(database, SERVER, 1, 2, 3, papers=10)
    await store.left([SERVER], NOW)
    steps = await erase(store, SERVER)
    assert max(steps) <= 7
    assert sum(steps) == 3 * (1 + 1 + 1 + 10 + 1 + 1 + 10)
    assert set((await rest(database)).values()) == {0}


async def test_a_server_that_comes_back_half_way_keeps_the_rest(
    database: Database, store: DepartureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departures, "STEP", 7)
    await furnish(database, SERVER, 1, papers=10)
    await store.left([SERVER], NOW)
    assert await store.erase_some(SERVER, LATER) == 7
    stopped = await database.all("SELECT state FROM alerts WHERE state <> 'stopped'")
    assert stopped == []  # nothing is found anew meanwhile
    await store.back([SERVER])
    assert await store.erase_some(SERVER, LATER) == 0
    left = await rest(database)
    assert (left["brought"], left["alert_hits"], left["alerts"]) == (10, 3, 1)
    assert await store.servers() == [SERVER]


async def test_a_server_that_came_back_and_was_left_anew_has_its_thirty_days_again(
    database: Database, store: DepartureStore
) -> None:
    await furnish(database, SERVER, 1)
    await store.left([SERVER], NOW)
    assert await store.departed(LATER) == [SERVER]
    await store.back([SERVER])  # after that list was read
    await store.left([SERVER], LATER)
    assert await store.erase_some(SERVER, LATER) == 0
    assert (await rest(database))["schedules"] == 1


async def test_the_channels_of_an_older_database_are_known(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    async with _connection(path) as connection:
        for number, step in enumerate(migrations()[:7], start=1):
            await _apply(connection, number, step)
        await connection.executescript(
            "INSERT INTO schedules (channel_id, guild_id, at, zone, weekdays, show, min_upvotes, "
            "style, created_by, state, next_run) "
            "VALUES (1, 10, '09:00', 'UTC', 'daily', 10, 0, 'compact', 7, 'active', '');"
            "INSERT INTO standing_queries VALUES (1, 'q', 'q', '', 3, '');"
            "INSERT INTO alerts (person_id, guild_id, channel_id, query_no, query, state, since) "
            "VALUES (7, 10, 1, 1, 'q', 'active', ''), (7, 20, 2, 1, 'q', 'active', ''), "
            "(7, NULL, 3, 1, 'q', 'active', '');"
        )
    async with Database.open(path) as database:
        rows = await database.all("SELECT * FROM channels ORDER BY channel_id")
        assert [tuple(row) for row in rows] == [(1, 10), (2, 20)]


@pytest.mark.parametrize(
    "sql", [departures._SERVERS, departures._LEFT, departures._FOUND, *departures._OF_CHANNELS]
)
async def test_no_statement_reads_a_whole_table(database: Database, sql: str) -> None:
    told = {"guild": SERVER, "now": "", "most": 1}
    plan = [row["detail"] for row in await database.all(f"EXPLAIN QUERY PLAN {sql}", told)]
    # The queue of a recursion, and the row that is written, are no tables.
    scans = [one for one in plan if one.startswith("SCAN") and one not in {
        "SCAN servers", "SCAN CONSTANT ROW",
    }]  # fmt: skip
    assert scans == []
