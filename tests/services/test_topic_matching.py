"""A schedule's topic matches what a search for it matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.searches import Match, Search
from bot.errors import QueryMistake
from bot.search.documents import PaperAnalyst
from bot.services.search import PaperSearch
from bot.services.topics import Topics
from bot.services.vocabulary import Vocabulary
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.searches import SearchStore
from tests.builders import NOW, paper

if TYPE_CHECKING:
    from bot.domain.papers import Paper
    from bot.storage.database import Database

QUERIES = (
    "video-diffusion",
    "videodiffusion",
    "diffusing video",
    "RAG",
    "retrieval augmented generation -survey",
    "quant*",
    "cat:cs.CV OR author:hopper",
    "title:study (thing OR video)",
    "keyword:agents",
    "nothing of the kind",
)


@pytest.fixture
async def papers(database: Database) -> list[Paper]:
    SearchIndex(database, PaperAnalyst())
    told = [
        paper(1, title="Video diffusion", abstract="We diffuse a video.", categories=("cs.CV",)),
        paper(2, abstract="A video-diffusion survey of retrieval augmented generation."),
        *(paper(n, abstract=f"Retrieval-Augmented Generation (RAG), take {n}.") for n in (3, 4, 5)),
        paper(6, abstract="RAG is quantized.", ai_keywords=("LLM agents",)),
        paper(7, title="Else", abstract="Nothing."),
    ]
    await PaperStore(database).save(told, NOW)
    return told


async def test_what_a_topic_matches_is_what_a_search_finds_exactly(
    database: Database, papers: list[Paper]
) -> None:
    vocabulary = Vocabulary(database)
    topics = Topics(database, vocabulary, lambda: NOW)
    search = PaperSearch(database, SearchStore(database), vocabulary)
    some = 0
    for query in QUERIES:
        found = await search.find(Search(topic=query), 0, NOW, 99)
        exact = {hit.paper.id for hit in found.hits if hit.match is Match.EXACT}
        assert await topics.matching(query, [(one, None) for one in papers]) == exact, query
        some += bool(exact)
    assert some == len(QUERIES) - 1


async def test_a_topic_that_does_not_parse_is_refused_and_an_old_one_matches_everything(
    database: Database, papers: list[Paper]
) -> None:
    topics = Topics(database, Vocabulary(database), lambda: NOW)
    topics.check("video OR (diffusion -survey)")
    with pytest.raises(QueryMistake):
        topics.check("video OR (")
    everything = await topics.matching("video OR (", [(one, None) for one in papers])
    assert everything == {one.id for one in papers}
