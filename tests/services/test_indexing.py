"""The index kept whole: what no transaction indexed is caught up, and weighed anew as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.search.documents import PaperAnalyst
from bot.services.indexing import Indexing
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.search_reading import Scope, ask
from tests.builders import NOW, paper

if TYPE_CHECKING:
    from bot.storage.database import Database


async def found(database: Database) -> int:
    return await ask(database, lambda reader: reader.count('"thing"', Scope()))


async def test_papers_from_before_there_was_an_index_are_caught_up_in_pieces(
    database: Database,
) -> None:
    await PaperStore(database).save([paper(n) for n in range(1, 451)], NOW)  # nobody follows
    async with database.transaction() as connection:  # as the migration marks what it finds
        await connection.execute("UPDATE search_pending SET fresh = 0")
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    indexing = Indexing(SearchIndex(database, PaperAnalyst()), pause)
    assert await indexing.missing() == 450
    assert await found(database) == 0
    steps: list[int] = []
    assert await indexing.catch_up(steps.append) == 450
    assert steps == [50] * 9
    assert len(pauses) >= 8  # a process that waits for the database gets its turn
    assert (await found(database), await indexing.missing()) == (450, 0)
    assert await indexing.catch_up(steps.append) == 0


async def test_a_transaction_indexes_what_it_brings_and_leaves_the_rest_of_very_much(
    database: Database,
) -> None:
    indexing = Indexing(SearchIndex(database, PaperAnalyst()))
    await PaperStore(database).save([paper(n) for n in range(1, 301)], NOW)
    assert (await found(database), await indexing.missing()) == (200, 100)
    await PaperStore(database).save([paper(999)], NOW)  # and does not take up others' rest
    assert (await found(database), await indexing.missing()) == (201, 100)


async def test_papers_are_weighed_anew_when_there_are_many_more(database: Database) -> None:
    index = SearchIndex(database, PaperAnalyst())
    await PaperStore(database).save([paper(1)], NOW)
    before = await database.one("SELECT total, weights FROM search_papers")
    await PaperStore(database).save([paper(n) for n in range(2, 150)], NOW)
    await Indexing(index).catch_up()
    after = await database.one("SELECT total, weights FROM search_papers WHERE paper_no = 1")
    assert before is not None
    assert after is not None
    assert (before["total"], after["total"]) == (1, 149)
    assert before["weights"] != after["weights"]
    assert await index.weigh() == 0


async def test_a_restart_indexes_every_paper_again(database: Database) -> None:
    indexing = Indexing(SearchIndex(database, PaperAnalyst()))
    await PaperStore(database).save([paper(n) for n in range(1, 8)], NOW)
    assert await indexing.restart() == 7
    assert await found(database) == 7  # it goes on answering
    assert await indexing.catch_up() == 7
    assert await found(database) == 7
