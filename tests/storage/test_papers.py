from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import ArxivId, Author, Source
from bot.storage.papers import PaperStore
from tests.builders import NOW, paper

if TYPE_CHECKING:
    from bot.storage.database import Database


@pytest.fixture
def papers(database: Database) -> PaperStore:
    return PaperStore(database)


async def test_a_paper_comes_back_as_it_was_saved(papers: PaperStore) -> None:
    full = paper(
        title='Über "Ψ-nets" | a\\b',
        published=NOW - timedelta(days=3),
        submitted=NOW,
        submitter="ada",
        comments=0,
        ai_summary="It works.",
        ai_keywords=("video diffusion", "ünïcode"),
        categories=("cs.CV",),
        github_repo="https://github.test/x",
        github_stars=7,
        project_page="https://x.test",
        organization="X",
        thumbnail="https://x.test/1.png",
        media=("https://x.test/1.mp4",),
    )
    bare = paper(2, abstract="", authors=(), upvotes=None)
    assert await papers.save([full, bare], NOW) == 2
    assert await papers.get(full.id) == full
    assert await papers.get(bare.id) == bare
    assert await papers.count() == 2


async def test_a_paper_that_is_not_stored_is_none(papers: PaperStore) -> None:
    assert await papers.get(ArxivId("2502.99999")) is None
    assert await papers.many([]) == {}
    assert await papers.count() == 0


async def test_many_are_found_at_once_and_strangers_left_out(papers: PaperStore) -> None:
    await papers.save([paper(n) for n in range(1, 6)], NOW)
    found = await papers.many([paper(4).id, ArxivId("2502.99999"), paper(2).id])
    assert found == {paper(2).id: paper(2), paper(4).id: paper(4)}


async def test_what_is_told_again_is_merged(papers: PaperStore) -> None:
    await papers.save([paper(ai_summary="It works.")], NOW)
    arxiv = paper(source=Source.ARXIV, title="As printed", authors=(Author(name="Grace Hopper"),))
    assert await papers.save([arxiv, paper(upvotes=9)], NOW) == 0
    merged = await papers.get(paper().id)
    assert merged is not None
    assert (merged.title, merged.upvotes, merged.ai_summary) == ("As printed", 9, "It works.")
    assert merged.authors == (Author(name="Grace Hopper", username="grace"),)


async def test_a_paper_told_twice_at_once_is_one(papers: PaperStore) -> None:
    assert await papers.save([paper(abstract=""), paper(), paper(upvotes=8)], NOW) == 1
    stored = await papers.get(paper().id)
    assert stored == paper(upvotes=8)


async def test_only_what_changed_is_written_anew(papers: PaperStore, database: Database) -> None:
    later = NOW + timedelta(hours=1)
    await papers.save([paper(1), paper(2)], NOW)
    await papers.save([paper(1), paper(2, upvotes=50)], later)
    rows = await database.all("SELECT first_seen = changed_at AS untouched FROM papers ORDER BY id")
    assert [row["untouched"] for row in rows] == [1, 0]


async def test_one_paper_that_cannot_be_written_leaves_the_others_out_too(
    papers: PaperStore,
) -> None:
    naive = datetime(2025, 2, 11)  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="no time zone"):
        await papers.save([paper(1), paper(2, published=naive)], NOW)
    assert await papers.count() == 0
