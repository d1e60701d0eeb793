"""What is counted over all papers is what an index made anew would count."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.papers import Author, Source
from bot.search.documents import PaperAnalyst
from bot.storage.database import Database
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.summaries import SummaryStore
from tests.builders import DAY, NOW, paper, reading
from tests.storage.indexed import counts, entries, found, rebuilt, sound, summary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.domain.papers import Paper

    Change = Callable[[Database, SearchIndex], Awaitable[object]]

texts = st.lists(
    st.sampled_from(
        ["video", "videos", "diffusion", "Chen", "large language models (LLMs)", "C++", "扩散"]
    ),
    max_size=5,
).map(" ".join)
papers = st.builds(
    paper,
    st.integers(1, 5),
    title=texts,
    abstract=texts,
    ai_keywords=st.lists(texts, max_size=3).map(tuple),
    authors=st.lists(
        st.sampled_from(["Chen Video", "Wei Chen", "Saining X. Xie"]).map(
            lambda name: Author(name=name)
        ),
        max_size=2,
        unique=True,
    ).map(tuple),
    categories=st.sampled_from([(), ("cs.CV",), ("cs.CL", "cs.CV")]),
    organization=st.none() | texts,
    source=st.sampled_from(Source),
    published=st.none() | st.sampled_from([NOW - timedelta(days=9), NOW - timedelta(days=2)]),
    upvotes=st.none() | st.integers(0, 9),
)


def saving(told: list[Paper]) -> Change:
    return lambda database, _: PaperStore(database).save(told, NOW)


def listing(told: list[Paper], ago: int) -> Change:
    day = reading(*told, day=DAY - timedelta(days=ago))
    return lambda database, _: DayStore(database).save_reading(day)


def summing_up(number: int, tldr: str, method: str | None) -> Change:
    told = {paper(number).id: summary(tldr, method=method)}
    return lambda database, _: SummaryStore(database).save(told)


def failing(told: Paper) -> Change:
    async def fail(database: Database, _: SearchIndex) -> None:
        with suppress(ZeroDivisionError):
            async with database.transaction() as connection:
                await connection.execute("UPDATE papers SET title = :title", {"title": told.title})
                raise ZeroDivisionError

    return fail


def older(_: Database, index: SearchIndex) -> Awaitable[object]:
    async def mark() -> None:
        async with index._database.transaction() as connection:
            await connection.execute("UPDATE search_papers SET version = 0")
        await index.renew()

    return mark()


changes = (
    st.lists(papers, min_size=1, max_size=3, unique_by=lambda one: one.id).map(saving)
    | st.builds(
        listing,
        st.lists(papers, min_size=1, max_size=3, unique_by=lambda one: one.id),
        st.integers(0, 3),
    )
    | st.builds(summing_up, st.integers(1, 5), texts, st.none() | texts)
    | papers.map(failing)
    | st.sampled_from(
        [
            older,
            lambda _, index: index.restart(),
            lambda _, index: index.catch_up(),
            lambda _, index: index.weigh(),
        ]
    )
)


@settings(max_examples=8)
@given(st.lists(changes, max_size=12))
def test_after_any_changes_entries_and_counts_are_those_of_an_index_made_anew(
    some: list[Change],
) -> None:
    async def run(folder: Path) -> None:
        async with Database.open(folder / "paperboy.db") as database:
            index = SearchIndex(database, PaperAnalyst())
            for change in some:
                await change(database, index)
            while await index.catch_up():
                pass
            assert await sound(database)
            anew = await rebuilt(database, folder / "beside.db")
            assert (await entries(database), await counts(database)) == anew

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


async def test_a_word_is_counted_once_a_paper_and_a_name_apart_from_it(database: Database) -> None:
    SearchIndex(database, PaperAnalyst())
    told = paper(title="Video video", abstract="Videos by Chen", authors=(Author(name="Wei Chen"),))
    await PaperStore(database).save([told], NOW)
    rows = await database.all("SELECT stem, word, papers, names FROM search_words")
    known = {row["stem"]: (row["word"], row["papers"], row["names"]) for row in rows}
    assert known["video"] == ("video", 1, 0)
    assert known["chen"] == ("chen", 1, 1)
    assert known["wei"] == ("wei", 0, 1)
    assert known[""][1:] == (1, 0)


async def test_a_stem_that_a_name_or_a_summary_had_first_is_shown_as_a_word_of_its_own(
    database: Database,
) -> None:
    SearchIndex(database, PaperAnalyst())
    papers = PaperStore(database)
    await papers.save([paper(1, authors=(Author(name="Ann Tokens"),))], NOW)
    await SummaryStore(database).save({paper(1).id: summary("Diffusing.")})
    await papers.save([paper(2, title="Tokenizers, tokens: diffuse")], NOW)
    rows = await database.all("SELECT stem, word, family FROM search_words WHERE papers")
    known = {row["stem"]: (row["word"], row["family"]) for row in rows}
    assert known["token"] == ("tokens", "token")
    assert known["tokenizer"] == ("tokenizers", "token")
    assert known["diffus"][1] == "diffus"


async def test_a_keyword_of_one_paper_begins_nothing_and_one_of_two_each_of_its_words(
    database: Database,
) -> None:
    SearchIndex(database, PaperAnalyst())
    papers = PaperStore(database)
    begun = "SELECT beginning FROM search_beginnings WHERE kind = 'keyword' ORDER BY beginning"
    await papers.save([paper(1, ai_keywords=("video diffusion model",))], NOW)
    assert await database.all(begun) == []
    await papers.save([paper(2, ai_keywords=("video diffusion model",))], NOW)
    assert [row[0] for row in await database.all(begun)] == [
        "diffusion model",
        "model",
        "video diffusion model",
    ]


async def test_what_no_paper_has_any_more_is_found_no_more(database: Database) -> None:
    SearchIndex(database, PaperAnalyst())
    one = paper(title="Video", abstract="Generative networks (GNs).", authors=())
    await PaperStore(database).save([one], NOW)
    later = replace(one, source=Source.ARXIV, title="Cooking", abstract="None.")
    await PaperStore(database).save([later], NOW)
    assert await found(database, "video") == []
    assert await found(database, "cook") == [one.id]
    told = await counts(database)
    assert "video" not in {row[0] for row in told["words"]}
    assert told["acronyms"] == []
