from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.editions import Order
from bot.domain.papers import ArxivId, DayList
from bot.storage.database import Database, migrations
from bot.storage.filters import FilterStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, listed, paper, schedule

if TYPE_CHECKING:
    from pathlib import Path

STEPS = migrations()
BEFORE = STEPS[: next(number for number, step in enumerate(STEPS) if "closed_matches" in step)]
"""The schema of the version before schedules had topics."""

MONDAY = DayList(day=DAY, listed=listed(paper(1), paper(2)), read_at=NOW)
SUNDAY = DayList(day=DAY - timedelta(days=1), listed=listed(paper(2), paper(3)), read_at=NOW)
ONE, TWO, THREE = (paper(number).id for number in (1, 2, 3))


@pytest.fixture
def filters(database: Database) -> FilterStore:
    return FilterStore(database)


async def test_what_a_channel_asked_for_is_kept_when_it_asks_for_something_else(
    database: Database, filters: FilterStore
) -> None:
    store = ScheduleStore(database)
    wishes: list[dict[str, Any]] = [
        {"topic": "a"}, {"topic": "a", "limit": 3}, {"topic": "b"},
        {"topic": "b", "min_upvotes": 2}, {"min_upvotes": 2}, {"topic": "c"},
    ]  # fmt: skip
    for hours, wish in enumerate(wishes):
        await store.save(schedule(**wish), NOW + timedelta(hours=hours))
    asked = [(Order(topic="a"), 2), (Order(topic="b"), 3), (Order(min_upvotes=2, topic="b"), 4),
             (Order(min_upvotes=2), 5)]  # fmt: skip
    assert await filters.all() == {5: [(NOW + timedelta(hours=at), order) for order, at in asked]}


async def test_topics_are_those_of_today_and_those_asked_for_since_a_moment(
    database: Database, filters: FilterStore
) -> None:
    store = ScheduleStore(database)
    for channel in (5, 6):
        for hours, topic in enumerate(("a", "b", None, "c")):
            await store.save(schedule(channel, topic=topic), NOW + timedelta(hours=hours))
    await store.save(schedule(7))
    assert sorted(await filters.topics(NOW)) == ["a", "b", "c"]
    assert sorted(await filters.topics(NOW + timedelta(hours=1))) == ["b", "c"]
    assert await filters.topics(NOW + timedelta(hours=2)) == ["c"]


async def test_what_was_kept_of_a_topic_comes_back_day_by_day(filters: FilterStore) -> None:
    await filters.keep({"a": {ONE, TWO, ArxivId("9999.99999")}, "b": set()}, [MONDAY, SUNDAY])
    assert await filters.kept("a", [MONDAY, SUNDAY]) == {
        MONDAY.day: {ONE, TWO},
        SUNDAY.day: {TWO},
    }
    assert await filters.kept("b", [MONDAY]) == {MONDAY.day: frozenset()}
    assert await filters.kept("c", [MONDAY]) == {}
    assert await filters.kept("a", []) == {}


async def test_a_later_reading_takes_the_place_of_the_one_before(filters: FilterStore) -> None:
    later = DayList(day=DAY, listed=MONDAY.listed, read_at=NOW + timedelta(hours=1))
    await filters.keep({"a": {ONE}}, [MONDAY])
    assert await filters.kept("a", [later]) == {}
    await filters.keep({"a": {TWO}}, [later])
    assert await filters.kept("a", [later]) == {DAY: {TWO}}
    assert await filters.kept("a", [MONDAY]) == {}


async def test_what_was_kept_long_ago_is_forgotten(filters: FilterStore) -> None:
    await filters.keep({"a": {ONE}}, [MONDAY])
    await filters.forget(NOW)
    assert await filters.kept("a", [MONDAY]) == {DAY: {ONE}}
    await filters.forget(NOW + timedelta(seconds=1))
    assert await filters.kept("a", [MONDAY]) == {}


@pytest.fixture
async def old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a database of the version before topics, with a schedule and what it asked before."""
    path, now = tmp_path / "old.db", NOW.isoformat(timespec="microseconds")
    with monkeypatch.context() as patch:
        patch.setattr("bot.storage.database.migrations", lambda: BEFORE)
        async with Database.open(path) as old, old.transaction() as connection:
            await connection.execute(
                "INSERT INTO schedules (channel_id, guild_id, at, zone, weekdays, show, "
                "min_upvotes, style, created_by, state, next_run) VALUES "
                "(5, 1, '09:00', 'UTC', 'daily', 10, 4, 'compact', 7, 'active', :now)",
                {"now": now},
            )
            await connection.execute("INSERT INTO filters VALUES (5, :now, 2)", {"now": now})
    return path


async def test_schedules_of_the_version_before_take_every_topic(old_file: Path) -> None:
    async with Database.open(old_file) as database:
        assert await ScheduleStore(database).get(5) == schedule(min_upvotes=4)
        assert await FilterStore(database).all() == {5: [(NOW, Order(min_upvotes=2))]}
        assert await FilterStore(database).topics(NOW - timedelta(days=1)) == []
        await ScheduleStore(database).save(schedule(topic="a", min_upvotes=4), NOW)
        assert await ScheduleStore(database).get(5) == schedule(topic="a", min_upvotes=4)
        assert await database.check() == []
