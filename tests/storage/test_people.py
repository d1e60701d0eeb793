"""What is stored of a person: all of it is given out, and none of it is left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.deliveries import Notice
from bot.domain.people import Holdings
from bot.domain.schedules import State
from bot.storage.database import Database
from bot.storage.people import PeopleStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW, schedule
from tests.people import (
    EVE,
    GRACE,
    SERVER,
    alert,
    batch,
    cells_with,
    draft,
    dump,
    everything,
    notice,
    zone,
)

if TYPE_CHECKING:
    from pathlib import Path

ALL = Holdings(
    alerts=2, papers=3, drafts=1, zones=1, messages=2, unsent=1, channel_alerts=1, schedules=1
)

OURS = {
    ("alerts", "person_id"),
    ("alert_drafts", "person_id"),
    ("deliveries", "person_id"),
    ("people", "person_id"),
    ("schedules", "created_by"),
}
"""The columns in which Discord's people stand, which export and delete know."""

OTHERS = {
    ("papers", "authors"),
    ("papers", "submitted"),
    ("papers", "submitter"),
    ("archive_rows", "authors"),
    ("search_index", "authors"),
    ("standing_queries", "users"),
}
"""Columns that sound like it: people as papers name them, a moment, and a count."""

_SOUNDS_LIKE_A_PERSON = re.compile(
    r"person|people|user|member|author|owner|creat|_by$|submit|editor|reader|who"
)


@pytest.fixture
def people(database: Database) -> PeopleStore:
    return PeopleStore(database, StandingQueries(database))


async def test_privacy_knows_every_column_that_may_name_a_person(database: Database) -> None:
    tables = await database.all(
        "SELECT t.name AS name, c.name AS col FROM pragma_table_list AS t "
        "JOIN pragma_table_info(t.name) AS c WHERE t.type IN ('table', 'virtual') "
        "AND t.name NOT LIKE 'sqlite%' AND t.schema = 'main'"
    )
    named = {(row["name"], row["col"]) for row in tables}
    sounding = {(table, column) for table, column in named if _SOUNDS_LIKE_A_PERSON.search(column)}
    assert sounding == OURS | OTHERS


async def test_a_person_stands_in_every_column_that_these_tests_fill(database: Database) -> None:
    await everything(database, GRACE)
    found = {table for table, _ in await cells_with(database, str(GRACE))}
    assert found == {table for table, _ in OURS}


async def test_nothing_of_an_erased_person_stands_in_any_cell(
    database: Database, people: PeopleStore
) -> None:
    await everything(database, GRACE)
    assert await people.holdings(GRACE) == ALL
    assert await people.erase(GRACE) == ALL
    assert await cells_with(database, str(GRACE)) == []
    assert await cells_with(database, "my secret interest") == []
    assert await cells_with(database, "unsaved thoughts") == []
    assert await people.holdings(GRACE) == Holdings()


async def test_another_persons_rows_stay_as_they_were(
    database: Database, people: PeopleStore
) -> None:
    await everything(database, EVE, tag=".eve")
    before = await dump(database)
    await everything(database, GRACE)
    await people.erase(GRACE)
    after = await dump(database)
    for table in ("alert_drafts", "people", "deliveries"):
        assert after[table] == before[table]
    hers = [row for row in after["alerts"] if EVE in row]
    assert hers == before["alerts"]
    kept = {row[0] for row in hers}
    assert [row for row in after["alert_hits"] if row[0] in kept] == before["alert_hits"]
    assert (await people.holdings(EVE)) == ALL


async def test_what_belongs_to_a_server_stays_and_forgets_who_made_it(
    database: Database, people: PeopleStore
) -> None:
    await everything(database, GRACE)
    await people.erase(GRACE)
    (left,) = await database.all("SELECT person_id, guild_id, query FROM alerts")
    assert tuple(left) == (0, SERVER, "our channel")
    assert await database.one("SELECT 1 FROM alert_hits") is not None
    (made,) = await ScheduleStore(database).of_server(SERVER)
    assert (made.created_by, made.state) == (0, State.ACTIVE)


async def test_a_query_goes_with_its_last_alert_and_not_before(
    database: Database, people: PeopleStore
) -> None:
    await alert(database, GRACE, query="shared")
    await alert(database, GRACE, query="shared", channel=51)
    await alert(database, EVE, query="shared")
    await people.erase(GRACE)
    (row,) = await database.all("SELECT text, users FROM standing_queries")
    assert tuple(row) == ("shared", 1)
    assert await database.one("SELECT 1 FROM alert_anchors") is not None
    await people.erase(EVE)
    assert await database.all("SELECT 1 FROM standing_queries") == []
    assert await database.all("SELECT 1 FROM alert_anchors") == []


async def test_to_erase_twice_finds_nothing_the_second_time(
    database: Database, people: PeopleStore
) -> None:
    await everything(database, GRACE)
    await people.erase(GRACE)
    before = await dump(database)
    assert await people.erase(GRACE) == Holdings()
    assert await dump(database) == before


async def test_who_asked_to_be_forgotten_is_told_of_no_stop(
    database: Database, people: PeopleStore
) -> None:
    schedules = ScheduleStore(database)
    await schedules.save(schedule(5, created_by=GRACE))
    await people.erase(GRACE)
    # Read before the erasure, stopped after it, as a delivery that was under way may do.
    late = Notice(key="n.1", person_id=GRACE, channel_id=5, reason="gone")
    assert await schedules.stop(5, "gone", late, NOW)
    await schedules.resume(5, NOW)
    nobody = Notice(key="n.2", person_id=0, channel_id=5, reason="gone")
    assert await schedules.stop(5, "gone", nobody, NOW)
    assert await database.all("SELECT key FROM deliveries") == []
    stopped = await schedules.get(5)
    assert stopped is not None
    assert stopped.state is State.STOPPED


async def test_all_of_a_person_is_given_out_and_nothing_of_others(
    database: Database, people: PeopleStore
) -> None:
    await everything(database, EVE, tag=".eve")
    await everything(database, GRACE)
    kept = await people.kept(GRACE)
    assert kept.holdings == ALL
    assert kept.zone == "Europe/Berlin"
    assert [one["query"] for one in kept.alerts] == [
        "my secret interest", "everybody's interest", "our channel",
    ]  # fmt: skip
    assert [one["server"] for one in kept.alerts] == [None, None, str(SERVER)]
    found = kept.alerts[0]["papers"]
    assert found == tuple(
        {"paper": f"2502.0000{n}", "found_at": NOW.isoformat(timespec="microseconds"),
         "message": "b1"}
        for n in (1, 2)
    )  # fmt: skip
    assert [one["wanted"] for one in kept.drafts] == [{"query": "unsaved thoughts"}]
    assert [(one["channel"], one["server"]) for one in kept.schedules] == [("80", str(SERVER))]
    assert sorted((str(one["kind"]), str(one["state"])) for one in kept.messages) == [
        ("batch", "planned"), ("notice", "sent"),
    ]  # fmt: skip
    assert str(EVE) not in str(kept)
    assert ".eve" not in str(kept)


async def test_of_a_stranger_nothing_is_stored(database: Database, people: PeopleStore) -> None:
    await everything(database, EVE)
    kept = await people.kept(GRACE)
    assert kept.holdings == Holdings()
    assert (kept.zone, kept.alerts, kept.drafts, kept.schedules, kept.messages) == (
        None, (), (), (), (),
    )  # fmt: skip


async def test_a_message_whose_text_was_forgotten_is_given_out_without_it(
    database: Database, people: PeopleStore
) -> None:
    await notice(database, GRACE)
    async with database.transaction() as connection:
        await connection.execute("UPDATE deliveries SET content = ''")
    (message,) = (await people.kept(GRACE)).messages
    assert message["content"] is None


async def test_what_was_erased_is_gone_from_the_file_too(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path) as database:
        await everything(database, GRACE)
        async with database.transaction() as connection:
            await connection.execute("PRAGMA secure_delete = OFF")  # as SQLite itself has it
        await PeopleStore(database, StandingQueries(database)).erase(GRACE)
    # The last connection folds the write-ahead log into the file.
    whole = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"everybody's interest" not in whole
    assert b"my secret interest" not in whole
    assert b"unsaved thoughts" not in whole
    assert b"our channel" in whole
    assert str(GRACE).encode() not in whole


@given(
    alerts=st.lists(st.sampled_from([GRACE, EVE]), max_size=6),
    channels=st.lists(st.sampled_from([GRACE, EVE]), max_size=4),
    queries=st.lists(st.sampled_from(["a", "b"]), min_size=10, max_size=10),
)
@settings(max_examples=15)
async def test_the_users_of_a_query_are_its_alerts_whoever_was_erased(
    tmp_path_factory: pytest.TempPathFactory,
    alerts: list[int],
    channels: list[int],
    queries: list[str],
) -> None:
    async with Database.open(tmp_path_factory.mktemp("erased") / "paperboy.db") as database:
        people = PeopleStore(database, StandingQueries(database))
        names = iter(queries)
        for person in alerts:
            await alert(database, person, query=next(names), found=(1,))
        for person in channels:
            await alert(database, person, query=next(names), guild=SERVER, channel=9)
        await people.erase(GRACE)
        rows = await database.all(
            "SELECT users, (SELECT count(*) FROM alerts WHERE query_no = q.no) AS alerts "
            "FROM standing_queries AS q"
        )
        assert all(row["users"] == row["alerts"] > 0 for row in rows)
        (orphans,) = await database.all(
            "SELECT count(*) AS n FROM alert_hits WHERE alert_no NOT IN (SELECT no FROM alerts)"
        )
        assert orphans["n"] == 0
        held = await people.holdings(EVE)
        assert (held.alerts, held.channel_alerts) == (alerts.count(EVE), channels.count(EVE))


async def test_drafts_zone_and_messages_are_counted_apart(
    database: Database, people: PeopleStore
) -> None:
    await draft(database, GRACE, "d1")
    await draft(database, GRACE, "d2")
    await zone(database, GRACE)
    await batch(database, GRACE, key="a.1", state="claimed")
    await batch(database, GRACE, key="a.2")
    held = await people.holdings(GRACE)
    assert held == Holdings(drafts=2, zones=1, messages=2, unsent=1)
    assert held.personal
    assert not held.shared
