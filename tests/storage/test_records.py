from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.storage.records import Collection, CollectionLog, FactStore
from tests.builders import DAY, NOW

if TYPE_CHECKING:
    from bot.storage.database import Database

APART = timedelta(seconds=3)


def collection(source: str = "Hugging Face", **told: object) -> Collection:
    return Collection(source=source, began_at=NOW, **told)  # type: ignore[arg-type]


async def test_each_sources_last_collection_is_known_good_bad_or_either(
    database: Database,
) -> None:
    log = CollectionLog(database)
    assert await log.last() == []
    good = collection(days=(DAY, DAY + timedelta(days=1)), papers=40, fresh=3)
    bad = collection(error="No answer.")
    other = collection("arXiv")
    for one in (good, bad, other):
        await log.add(one)
    assert await log.last() == [bad, other]
    assert await log.last(successful=True) == [good, other]
    assert await log.last(successful=False) == [bad]


async def test_the_last_thousand_collections_are_kept(database: Database) -> None:
    log = CollectionLog(database)
    await log.add(collection("oldest"))
    await log.add(collection("old"))
    async with database.transaction() as connection:  # as if 998 more had come since
        await connection.execute("UPDATE collections SET no = 1000 WHERE source = 'old'")
        await connection.execute("UPDATE collections SET no = 2 WHERE source = 'oldest'")
    await log.add(collection("new"))
    assert [one.source for one in await log.last()] == ["new", "old", "oldest"]
    await log.add(collection("newest"))
    assert [one.source for one in await log.last()] == ["new", "newest", "old"]


async def test_a_fact_is_written_over(database: Database) -> None:
    facts = FactStore(database)
    assert await facts.get("a") is None
    await facts.set("a", "1")
    await facts.set("a", "ü")
    assert await facts.get("a") == "ü"


async def test_whoever_asks_arxiv_waits_three_seconds_more_than_the_one_before(
    database: Database,
) -> None:
    facts = FactStore(database)
    waits = await asyncio.gather(*(facts.reserve_arxiv_slot(NOW, APART) for _ in range(5)))
    assert sorted(waits) == [n * APART for n in range(5)]
    assert await facts.reserve_arxiv_slot(NOW + 5 * APART, APART) == timedelta(0)
    assert await facts.reserve_arxiv_slot(NOW + timedelta(hours=1), APART) == timedelta(0)


async def test_a_clock_set_back_does_not_close_arxivs_door_for_the_jump(
    database: Database,
) -> None:
    facts = FactStore(database)
    await facts.reserve_arxiv_slot(NOW + timedelta(days=30), APART)
    assert await facts.reserve_arxiv_slot(NOW, APART) <= 100 * APART
