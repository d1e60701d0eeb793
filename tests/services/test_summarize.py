"""Summaries: written once, and once more when the source says more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.domain.papers import ArxivId
from bot.domain.summaries import AI_SUMMARY, EXTRACTIVE
from bot.services.summarize import Summaries
from bot.storage.papers import PaperStore
from bot.storage.summaries import SummaryStore
from bot.summaries.extractive import Extractive
from tests.builders import NOW, paper

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary
    from bot.storage.database import Database

LATER = NOW + timedelta(hours=1)


class Counting(Extractive):
    """The real summarizer, which also says what it was asked."""

    def __init__(self) -> None:
        self.asked: list[ArxivId] = []

    @override
    def summarize(self, paper: Paper, now: datetime) -> Summary:
        self.asked.append(paper.id)
        return super().summarize(paper, now)


@pytest.fixture
def summarizer() -> Counting:
    return Counting()


@pytest.fixture
def papers(database: Database) -> PaperStore:
    return PaperStore(database)


@pytest.fixture
def summaries(database: Database, papers: PaperStore, summarizer: Counting) -> Summaries:
    return Summaries(summarizer, papers, SummaryStore(database))


async def test_a_paper_is_summarised_once(
    summaries: Summaries, papers: PaperStore, summarizer: Counting
) -> None:
    await papers.save([paper(1), paper(2)], NOW)
    first = await summaries.ensure([paper(1).id, paper(1).id], NOW)
    assert first[paper(1).id].model == EXTRACTIVE
    both = await summaries.ensure([paper(1).id, paper(2).id], LATER)
    assert both[paper(1).id] == first[paper(1).id]
    assert both[paper(2).id].written_at == LATER
    assert summarizer.asked == [paper(1).id, paper(2).id]


async def test_an_ai_summary_that_comes_late_replaces_the_abstracts_sentence(
    summaries: Summaries, papers: PaperStore, summarizer: Counting
) -> None:
    await papers.save([paper()], NOW)
    await summaries.ensure([paper().id], NOW)
    await papers.save([paper(ai_summary="A method reaches 1%.")], LATER)
    [better] = (await summaries.ensure([paper().id], LATER)).values()
    assert (better.model, better.tldr) == (AI_SUMMARY, "A method reaches 1%.")
    await summaries.ensure([paper().id], LATER)
    assert len(summarizer.asked) == 2


async def test_an_ai_summary_with_a_figure_of_its_own_replaces_nothing(
    summaries: Summaries, papers: PaperStore
) -> None:
    await papers.save([paper()], NOW)
    first = await summaries.ensure([paper().id], NOW)
    await papers.save([paper(ai_summary="A method reaches 99%.")], LATER)
    assert await summaries.ensure([paper().id], LATER) == first


async def test_a_summary_of_an_archive_stays(
    summaries: Summaries, papers: PaperStore, database: Database
) -> None:
    await papers.save([paper()], NOW)
    [extractive] = (await summaries.ensure([paper().id], NOW)).values()
    imported = replace(extractive, model="digest archive", tldr="Imported.", sought=True)
    await SummaryStore(database).save({paper().id: imported})
    await papers.save([paper(ai_summary="A method reaches 1%.")], LATER)
    assert await summaries.ensure([paper().id], LATER) == {paper().id: imported}


async def test_a_paper_of_which_nothing_is_known_yet_is_summarised_when_it_is(
    summaries: Summaries, papers: PaperStore, summarizer: Counting
) -> None:
    await papers.save([paper(abstract="")], NOW)
    assert await summaries.ensure([paper().id, ArxivId("2502.99999")], NOW) == {}
    assert summarizer.asked == []
    await papers.save([paper()], LATER)
    assert list(await summaries.ensure([paper().id], LATER)) == [paper().id]


async def test_a_great_many_are_summarised_in_one_call(
    summaries: Summaries, papers: PaperStore
) -> None:
    many = [paper(n) for n in range(1, 451)]
    await papers.save(many, NOW)
    told = await summaries.ensure([one.id for one in many], NOW)
    assert len(told) == 450
