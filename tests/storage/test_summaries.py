from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import ArxivId
from bot.domain.summaries import Summary
from bot.storage.papers import PaperStore
from bot.storage.summaries import SummaryStore
from tests.builders import NOW, paper

if TYPE_CHECKING:
    from bot.storage.database import Database

WHOLE = Summary(
    tldr="It works.", objective="To see.", method="By looking.", results="9 of 10.",
    implications="Look.", model="m", source="full text", prompt=3, grounded=True, sought=True,
    written_at=NOW,
)  # fmt: skip


@pytest.fixture
async def summaries(database: Database) -> SummaryStore:
    await PaperStore(database).save([paper(1), paper(2), paper(3)], NOW)
    return SummaryStore(database)


async def test_a_summary_comes_back_as_it_was_saved(summaries: SummaryStore) -> None:
    unchecked = replace(WHOLE, tldr=None, results=None, grounded=None, sought=False)
    wrong = replace(WHOLE, grounded=False)
    told = {paper(1).id: WHOLE, paper(2).id: unchecked, paper(3).id: wrong}
    await summaries.save(told)
    assert await summaries.many(told) == told
    assert await summaries.many([paper(2).id, ArxivId("2502.99999")]) == {paper(2).id: unchecked}


async def test_a_later_summary_takes_the_place_of_an_earlier_whole(summaries: SummaryStore) -> None:
    await summaries.save({paper().id: WHOLE})
    bare = Summary(
        tldr="New.", model="n", source="abstract", prompt=4, grounded=None, sought=False,
        written_at=NOW,
    )  # fmt: skip
    await summaries.save({paper().id: bare})
    assert await summaries.many([paper().id]) == {paper().id: bare}


async def test_a_paper_that_is_not_stored_gets_no_summary(summaries: SummaryStore) -> None:
    stranger = ArxivId("2502.99999")
    await summaries.save({stranger: WHOLE})
    assert await summaries.many([stranger]) == {}
    await summaries.save({})


async def test_one_that_cannot_be_written_leaves_the_others_out(summaries: SummaryStore) -> None:
    naive = replace(WHOLE, written_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="no time zone"):
        await summaries.save({paper(1).id: WHOLE, paper(2).id: naive})
    assert await summaries.many([paper(1).id]) == {}
