"""The index follows the store: in its transactions, and whole whatever happens to them."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.domain.papers import ArxivId, Author, Source
from bot.errors import DatabaseError
from bot.search.documents import PaperAnalyst
from bot.storage.database import Database, migrations
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import AT_ONCE, GROWTH, STEP, SearchIndex
from bot.storage.search_reading import ask
from bot.storage.summaries import SummaryStore
from tests.builders import DAY, NOW, paper, reading
from tests.storage.indexed import counts, entries, found, rebuilt, sound, summary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import aiosqlite

    from bot.domain.indexing import IndexEntry, Vector
    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary

ONE = paper(1, title="Video diffusion", abstract="We make videos.", authors=())


@pytest.fixture
def index(database: Database) -> SearchIndex:
    return SearchIndex(database, PaperAnalyst())


async def kept(database: Database) -> dict[str, object]:
    (row,) = await database.all("SELECT day, upvotes, topics FROM search_papers")
    return dict(row)


async def test_a_new_paper_is_indexed_in_its_transaction(
    database: Database, index: SearchIndex
) -> None:
    async with Database.open(database.path) as other:
        async with database.transaction() as connection:
            await insert(connection, ONE)
            assert await found(other, "video") == []
        assert await found(other, "video") == [ONE.id]
    assert await index.pending() == 0


async def insert(connection: aiosqlite.Connection, one: Paper) -> None:
    await connection.execute(
        "INSERT INTO papers (id, title, abstract, authors, source, ai_keywords, categories, media,"
        " first_seen, changed_at) VALUES (:id, :title, :abstract, '[]', 'arxiv', '[]', '[]', '[]',"
        " :now, :now)",
        {"id": one.id, "title": one.title, "abstract": one.abstract, "now": NOW.isoformat()},
    )


async def test_what_becomes_known_of_a_paper_later_is_found(
    database: Database, index: SearchIndex
) -> None:
    papers = PaperStore(database)
    await papers.save([ONE], NOW)
    await papers.save([replace(ONE, ai_keywords=("world model",))], NOW)
    assert await found(database, "world", "keywords") == [ONE.id]
    later = replace(ONE, source=Source.ARXIV, title="Image fusion", authors=(Author(name="Xie"),))
    await papers.save([later], NOW)
    assert await found(database, "diffusion") == []
    assert await found(database, "fusion", "title") == [ONE.id]
    assert await found(database, "xie", "authors") == [ONE.id]
    await papers.save([replace(ONE, categories=("cs.CV",), organization="NVIDIA")], NOW)
    assert await found(database, "cs·cv", "categories") == [ONE.id]
    assert await found(database, "nvidia", "organization") == [ONE.id]
    assert (await counts(database))["words"] == (
        await rebuilt(database, database.path.with_name("beside.db"))
    )[1]["words"]  # type: ignore[index]


async def test_a_summary_and_a_better_one_are_found(database: Database, index: SearchIndex) -> None:
    summaries = SummaryStore(database)
    await PaperStore(database).save([ONE], NOW)
    await summaries.save({ONE.id: summary("Cooking is fun.")})
    assert await found(database, "cook", "summary") == [ONE.id]
    await summaries.save({ONE.id: summary("Sailing is fun.", method="By boat.")})
    assert await found(database, "cook") == []
    assert await found(database, "boat", "summary") == [ONE.id]


async def test_upvotes_and_a_later_list_change_the_entry_without_reading_the_paper_again(
    database: Database, index: SearchIndex
) -> None:
    days = DayStore(database)
    await days.save_reading(reading(replace(ONE, upvotes=3)))
    assert await kept(database) == {"day": "2025-02-11", "upvotes": 3, "topics": _topics()}
    later = DAY + timedelta(days=2)
    async with database.transaction() as connection:
        await days_only(connection, later.isoformat())
        await connection.execute("UPDATE papers SET upvotes = 9")
        pending = await connection.execute_fetchall("SELECT * FROM search_pending")
        assert list(pending) == []
    assert await kept(database) == {"day": "2025-02-13", "upvotes": 9, "topics": _topics()}
    async with database.transaction() as connection:
        await connection.execute("UPDATE papers SET upvotes = NULL")
    assert (await kept(database))["upvotes"] == 0


def _topics() -> str:
    return '[["keyword","video diffusion","video diffusion"]]'


async def days_only(connection: aiosqlite.Connection, day: str) -> None:
    await connection.execute("INSERT INTO days VALUES (:day, :day)", {"day": day})
    await connection.execute(
        "INSERT INTO listings (day, paper_no, rank, upvotes, first_seen) "
        "VALUES (:day, 1, 1, 1, '')",
        {"day": day},
    )


async def test_a_papers_day_is_its_last_list_else_when_it_was_published_else_stored(
    database: Database, index: SearchIndex
) -> None:
    papers = PaperStore(database)
    await papers.save([ONE], NOW)
    assert (await kept(database))["day"] == "2025-02-12"
    published = replace(ONE, published=datetime(2025, 2, 10, 23, tzinfo=UTC))
    await papers.save([published], NOW)
    assert (await kept(database))["day"] == "2025-02-10"
    for day, expected in ((DAY - timedelta(days=9), "2025-02-02"), (DAY, "2025-02-11")):
        await DayStore(database).save_reading(reading(published, day=day))
        assert (await kept(database))["day"] == expected
    await DayStore(database).save_reading(reading(published, day=DAY - timedelta(days=5)))
    await papers.save([replace(published, published=NOW)], NOW)
    assert (await kept(database))["day"] == "2025-02-11"


async def test_a_day_that_is_read_late_is_the_day_of_a_paper_that_was_stored_before(
    database: Database, index: SearchIndex
) -> None:
    """A paper that somebody looked up, and whose list of long ago is then collected."""
    await PaperStore(database).save([ONE], NOW + timedelta(days=400))
    await DayStore(database).save_reading(reading(ONE))
    assert (await kept(database))["day"] == "2025-02-11"


async def test_a_transaction_that_fails_leaves_index_and_counts_as_they_were(
    database: Database, index: SearchIndex
) -> None:
    await PaperStore(database).save([ONE], NOW)
    before = await entries(database), await counts(database)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await insert(connection, paper(2))
            await connection.execute("UPDATE papers SET title = 'Cooking'")
            raise ZeroDivisionError
    assert (await entries(database), await counts(database)) == before
    assert await index.pending() == 0
    assert await sound(database)


class Failing(PaperAnalyst):
    """Fails at a paper that is about failing."""

    @override
    def entry(self, paper: Paper, summary: Summary | None) -> IndexEntry:
        if "fail" in paper.title:
            raise ZeroDivisionError
        return super().entry(paper, summary)

    @override
    def vector(self, entry: IndexEntry, papers: Mapping[str, int], total: int) -> Vector:
        if "late" in entry.columns["title"]:
            raise ZeroDivisionError
        return super().vector(entry, papers, total)


@pytest.mark.parametrize("title", ["It will fail", "Too late"])
async def test_a_paper_that_cannot_be_indexed_is_not_stored_either(
    database: Database, title: str
) -> None:
    index = SearchIndex(database, Failing())
    await PaperStore(database).save([ONE], NOW)
    before = await entries(database), await counts(database)
    with pytest.raises(ZeroDivisionError):
        await PaperStore(database).save([paper(2, title=title), paper(3)], NOW)
    assert await PaperStore(database).count() == 1
    assert (await entries(database), await counts(database)) == before
    assert await index.pending() == 0
    await PaperStore(database).save([paper(3)], NOW)
    assert await PaperStore(database).count() == 2


async def test_a_statement_of_the_index_that_fails_is_told_as_an_error_of_the_database(
    database: Database, index: SearchIndex
) -> None:
    async with database.transaction() as connection:
        await connection.execute("DROP TABLE search_acronyms")
    with pytest.raises(DatabaseError, match="cannot be written"):
        await PaperStore(database).save([paper(title="Large language models (LLMs)")], NOW)
    assert await PaperStore(database).count() == 0


async def test_what_one_transaction_brings_beyond_its_share_is_left_to_catch_up(
    database: Database, index: SearchIndex
) -> None:
    await PaperStore(database).save([paper(no) for no in range(1, AT_ONCE + STEP + 6)], NOW)
    assert await index.pending() == STEP + 5
    await PaperStore(database).save([paper(1, title="Cooking")], NOW)
    assert await found(database, "cook") == ["2502.00001"]
    assert await index.pending() == STEP + 5
    assert await index.catch_up() == 5
    assert await index.catch_up() == 0
    assert await index.catch_up() == 0
    whole = AT_ONCE + STEP + 5
    assert len(await entries(database)) == whole
    assert (await database.all("SELECT count(*) FROM search_index"))[0][0] == whole


async def test_a_change_to_a_paper_that_is_still_to_be_indexed_counts_once(
    database: Database, index: SearchIndex
) -> None:
    await PaperStore(database).save([paper(no) for no in range(1, AT_ONCE + 3)], NOW)
    last = paper(AT_ONCE + 2, title="Cooking")
    await PaperStore(database).save([last], NOW)
    await SummaryStore(database).save({last.id: summary()})
    assert await found(database, "cook") == [last.id]
    assert await index.catch_up() == 0
    assert (await entries(database), await counts(database)) == await rebuilt(
        database, database.path.with_name("beside.db")
    )


async def test_a_database_of_the_version_before_is_caught_up(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    (at,) = (no for no, step in enumerate(migrations()) if "TABLE search_index" in step)
    with sqlite3.connect(path) as connection:
        for step in migrations()[:at]:
            connection.executescript(step)
        connection.execute(f"PRAGMA user_version = {at}")
        connection.execute(f"PRAGMA application_id = {0x50425931}")
        connection.execute(
            "INSERT INTO papers (id, title, abstract, authors, source, ai_keywords, categories, "
            "media, first_seen, changed_at) VALUES ('2502.00001', 'Video diffusion', '', '[]', "
            "'arxiv', '[]', '[]', '[]', '2025-02-12', '2025-02-12')"
        )
    connection.close()
    async with Database.open(path) as database:
        index = SearchIndex(database, PaperAnalyst())
        assert await index.pending() == 1
        assert await found(database, "video") == []
        assert await index.catch_up() == 0
        assert await index.merge() in {True, False}
        assert await found(database, "video") == [ArxivId("2502.00001")]
        assert await sound(database)


class Newer(PaperAnalyst):
    """Reads papers by later rules, by which everything is about cooking."""

    version = PaperAnalyst.version + 1

    @override
    def entry(self, paper: Paper, summary: Summary | None) -> IndexEntry:
        return super().entry(replace(paper, title="Cooking"), summary)


async def test_what_was_read_by_older_rules_is_read_again(database: Database) -> None:
    SearchIndex(database, PaperAnalyst())
    await PaperStore(database).save([ONE, paper(2)], NOW)
    newer = SearchIndex(database, Newer())
    assert await newer.renew() == 2
    assert await found(database, "diffusion") == [ONE.id]
    assert await newer.catch_up() == 0
    assert await found(database, "diffusion") == []
    assert await found(database, "cook") == [ONE.id, "2502.00002"]
    assert await newer.renew() == 0
    (row,) = await database.all("SELECT papers FROM search_words WHERE stem = 'diffusion'")
    assert row["papers"] == 0


async def test_a_sound_index_answers_while_it_is_made_again(
    database: Database, index: SearchIndex
) -> None:
    await PaperStore(database).save([ONE, paper(2)], NOW)
    before = await entries(database), await counts(database)
    assert await index.restart() == 2
    assert await found(database, "video") == [ONE.id]
    assert await index.catch_up() == 0
    assert (await entries(database), await counts(database)) == before


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM search_index_data WHERE id > 10",
        "UPDATE search_index_data SET block = zeroblob(20) WHERE id > 10",
        "UPDATE search_index_data SET block = x'deadbeefdeadbeef' WHERE id = 10",
        "DELETE FROM search_index_data WHERE id = 10",
        "DELETE FROM search_index_data",
        "DELETE FROM search_index_content",
        "UPDATE search_index_content SET c0 = 'cooking'",
        "DELETE FROM search_index_docsize",
        "DELETE FROM search_index_idx",
        "DELETE FROM search_index_config",
        "UPDATE search_index_config SET v = 99",
        "DELETE FROM search_papers",
        "DELETE FROM search_papers WHERE paper_no = 1",
        "DELETE FROM search_words",
        "UPDATE search_words SET papers = papers + 5",
    ],
)
async def test_a_damaged_index_is_made_whole(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path) as database:
        SearchIndex(database, PaperAnalyst())
        await PaperStore(database).save([ONE, paper(2), paper(3)], NOW)
        whole = await entries(database), await counts(database)
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    async with Database.open(path) as database:
        index = SearchIndex(database, PaperAnalyst())
        assert await index.restart() == 3
        assert await index.catch_up() == 0
        assert await index.merge() in {True, False}
        assert (await entries(database), await counts(database)) == whole
        assert await found(database, "video") == [ONE.id]
        assert await sound(database)


async def test_papers_are_weighed_anew_when_there_are_many_more(
    database: Database, index: SearchIndex
) -> None:
    papers = PaperStore(database)
    await papers.save([paper(1, title="Video diffusion", abstract="video")], NOW)
    assert await index.weigh() == 0
    (alone,) = await database.all("SELECT stems, weights, total FROM search_papers")
    assert alone["total"] == 1
    await papers.save([paper(no, title="Video", abstract="") for no in range(2, 12)], NOW)
    assert await index.weigh() == 1
    (now, *others) = await database.all("SELECT * FROM search_papers ORDER BY paper_no")
    assert (now["total"], {one["total"] for one in others}) == (11, {11})
    assert now["stems"].split()[0] == "diffusion"
    assert len(now["weights"]) == len(now["stems"].split())
    assert await index.weigh() == 0
    assert GROWTH > 1


async def test_two_that_write_at_once_lose_nothing(database: Database, index: SearchIndex) -> None:
    async with Database.open(database.path) as other:
        SearchIndex(other, PaperAnalyst())
        stores = PaperStore(database), PaperStore(other)
        await asyncio.gather(
            *(stores[no % 2].save([paper(no)], NOW) for no in range(1, 21)),
            *(stores[no % 2].save([paper(no, upvotes=90 + no)], NOW) for no in range(1, 21)),
        )
    assert await index.pending() == 0
    assert (await entries(database), await counts(database)) == await rebuilt(
        database, database.path.with_name("beside.db")
    )


async def test_a_reader_never_sees_a_paper_without_its_entry(
    database: Database, index: SearchIndex
) -> None:
    """The index follows in the same transaction: counts and papers are of one moment."""
    seen: set[tuple[int, int, int]] = set()

    async def look() -> None:
        while not writing.done():
            told = await ask(
                database,
                lambda reader: (
                    len(reader.stored_last(100)),
                    len(reader.latest('"thing"', 100)),
                    reader.words([""]).get("", (0, 0))[0],
                ),
            )
            seen.add(told)

    async def write() -> None:
        for no in range(1, 21):
            await PaperStore(database).save([paper(no), paper(no + 100)], NOW)

    writing = asyncio.create_task(write())
    await asyncio.gather(look(), look(), writing)
    assert len(seen) > 1
    assert all(stored == matching == counted for stored, matching, counted in seen)
    assert all(stored % 2 == 0 for stored, *_ in seen)
