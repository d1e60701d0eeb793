from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.searches import Search, Sort
from bot.storage.searches import SearchStore
from tests.builders import NOW

if TYPE_CHECKING:
    from bot.storage.database import Database

KEPT = timedelta(days=30)
EVERY = (
    Search(),
    Search(topic="video-diffusion"),
    Search(topic='"a" OR b 扩散 🔥', days=7, sort=Sort.NEWEST, min_upvotes=5),
    Search(topic="", days=1, sort=Sort.UPVOTES),
)


@pytest.mark.parametrize("asked", EVERY)
async def test_a_search_is_recalled_as_it_was_asked(database: Database, asked: Search) -> None:
    store = SearchStore(database)
    name = await store.remember(asked, NOW)
    assert await store.recall(name, NOW + KEPT) == asked


async def test_every_search_has_an_id_of_its_own_and_always_the_same(database: Database) -> None:
    store = SearchStore(database)
    names = [await store.remember(asked, NOW) for asked in EVERY]
    assert len(set(names)) == len(EVERY)
    assert [await store.remember(asked, NOW) for asked in EVERY] == names
    assert all(
        len(name) == 10 and set(name) <= set("abcdefghijklmnopqrstuvwxyz234567") for name in names
    )


async def test_a_search_is_kept_for_thirty_days_from_when_it_was_last_asked(
    database: Database,
) -> None:
    store = SearchStore(database)
    name = await store.remember(EVERY[0], NOW)
    other = await store.remember(EVERY[1], NOW)
    later = NOW + timedelta(days=20)
    assert await store.remember(EVERY[0], later) == name
    after = NOW + KEPT + timedelta(seconds=1)
    assert await store.recall(name, after) == EVERY[0]
    assert await store.recall(other, after) is None
    assert await store.recall(name, later + KEPT + timedelta(seconds=1)) is None


async def test_what_is_older_is_forgotten_when_something_else_is_asked(database: Database) -> None:
    store = SearchStore(database)
    await store.remember(EVERY[0], NOW)
    await store.remember(EVERY[1], NOW + KEPT + timedelta(seconds=1))
    rows = await database.all("SELECT count(*) AS kept FROM searches")
    assert rows[0]["kept"] == 1


@pytest.mark.parametrize("name", ["", "aaaaaaaaaa", "'; DROP TABLE searches; --"])
async def test_an_id_that_nobody_was_given_recalls_nothing(database: Database, name: str) -> None:
    assert await SearchStore(database).recall(name, NOW) is None
