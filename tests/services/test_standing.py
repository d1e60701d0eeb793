"""What all standing queries match among new papers is what a search for each of them finds."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.standing import Compiled
from bot.errors import QueryMistake
from bot.search.anchoring import anchors
from bot.search.documents import PaperAnalyst
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.packing import pack
from bot.search.parsing import parse
from bot.services import standing
from bot.services.standing import RENEWED_AFTER, StandingMatcher
from bot.services.vocabulary import FRESH, Vocabulary
from bot.storage.database import Database
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW, paper
from tests.search.small_index import SmallIndex
from tests.search.test_agreement import papers, some_lexicon, trees
from tests.services.test_topic_matching import QUERIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.domain.papers import Paper
    from bot.domain.queries import Node

LATER = NOW + RENEWED_AFTER + FRESH


@pytest.fixture
def matcher(database: Database) -> StandingMatcher:
    SearchIndex(database, PaperAnalyst())
    return StandingMatcher(database, Vocabulary(database))


def numbered(some: Iterable[Paper]) -> list[tuple[int, Paper, None]]:
    return [(no, one, None) for no, one in enumerate(some, start=1)]


async def kept(database: Database, matcher: StandingMatcher, *texts: str) -> dict[str, int]:
    compiled = {text: await matcher.compiled(text, NOW) for text in texts}
    async with database.transaction() as connection:
        store = StandingQueries(database)
        return {text: await store.enter(connection, one, NOW) for text, one in compiled.items()}


async def matched(path: Path, asked: list[tuple[Node, int]], some: list[Paper]) -> None:
    async with Database.open(path) as database:
        store, wanted = StandingQueries(database), {}
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM standing_queries")  # the last example's
            for tree, seed in asked:
                lexicon = some_lexicon(tree, seed)
                pattern = expand(tree, lexicon)
                told = pack(pattern)
                compiled = Compiled(
                    form=told, text="", pattern=told, anchors=anchors(pattern, lexicon)
                )
                wanted[await store.enter(connection, compiled, NOW)] = pattern
        found = await StandingMatcher(database, Vocabulary(database)).matching(numbered(some))
    assert len(set(found)) == len(found)
    with closing(SmallIndex(*some)) as index:
        for no, pattern in wanted.items():
            matching = {paper_no for query_no, paper_no in found if query_no == no}
            assert matching == index.numbers(expression(pattern)) == index.matching(pattern)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "paperboy.db"


@settings(max_examples=15)
@given(
    some=st.lists(papers, min_size=1, max_size=5),
    asked=st.lists(st.tuples(trees, st.integers(0, 99)), min_size=4, max_size=12),
)
def test_a_pass_says_what_sqlite_and_the_matcher_say(
    shared: Path, some: list[Paper], asked: list[tuple[Node, int]]
) -> None:
    asyncio.run(matched(shared, asked, some))


async def test_alerts_match_what_topics_and_searches_match(
    database: Database, matcher: StandingMatcher
) -> None:
    told = [
        paper(1, title="Video diffusion", abstract="We diffuse a video.", categories=("cs.CV",)),
        paper(2, abstract="A video-diffusion survey of retrieval augmented generation."),
        *(paper(n, abstract=f"Retrieval-Augmented Generation (RAG), take {n}.") for n in (3, 4, 5)),
        paper(6, abstract="RAG is quantized.", ai_keywords=("LLM agents",)),
    ]
    await PaperStore(database).save(told, NOW)
    numbers = await kept(database, matcher, *QUERIES)
    found = set(await matcher.matching(numbered(told)))
    with closing(SmallIndex(*told)) as index:
        words = await Vocabulary(database).words(NOW)
        for text, no in numbers.items():
            tree = parse(text).tree
            expected = index.found(tree, index.lexicon(words.forms))
            assert {paper_no for query, paper_no in found if query == no} == expected, text
    assert (numbers["RAG"], 2) in found


async def test_a_query_is_matched_once_it_is_kept_and_no_more_when_it_is_left(
    database: Database, matcher: StandingMatcher
) -> None:
    some = numbered([paper(1, title="Video"), paper(2, title="Audio")])
    assert await matcher.matching(some) == []
    assert await matcher.matching([]) == []
    numbers = await kept(database, matcher, "video", "title:audio", "thing -audio")
    assert sorted(await matcher.matching(some)) == [
        (numbers["video"], 1),
        (numbers["title:audio"], 2),
        (numbers["thing -audio"], 1),
    ]
    async with database.transaction() as connection:
        await StandingQueries(database).leave(connection, numbers["video"])
    assert numbers["video"] not in {no for no, _ in await matcher.matching(some)}


async def test_a_query_that_does_not_parse_is_refused(matcher: StandingMatcher) -> None:
    with pytest.raises(QueryMistake):
        await matcher.compiled("video OR", NOW)


async def test_many_papers_and_many_matches_are_taken_in_pieces(
    database: Database, matcher: StandingMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*(f"title:thing -title:{number}" for number in range(2, 9)), "thing OR title:study"]
    numbers = await kept(database, matcher, *texts)
    some = numbered(paper(number) for number in range(1, 9))
    whole = await matcher.matching(some)
    for name, size in (("_PAPERS_AT_ONCE", 3), ("_KEYS_AT_ONCE", 2), ("_MOST_HELD", 2)):
        monkeypatch.setattr(standing, name, size)
    assert sorted(await matcher.matching(some)) == sorted(whole)
    assert len(whole) == 7 * 7 + 8
    assert {no for no, _ in whole} == set(numbers.values())


async def test_a_day_later_queries_know_what_papers_have_taught_since(
    database: Database, matcher: StandingMatcher
) -> None:
    numbers = await kept(database, matcher, "RLHF", "video")
    long = paper(9, abstract="Reinforcement learning from human feedback.")
    assert await matcher.matching(numbered([long])) == []
    teach = [
        paper(n, abstract=f"Reinforcement learning from human feedback (RLHF) {n}.")
        for n in range(1, 5)
    ]
    await PaperStore(database).save(teach, NOW)
    assert await matcher.renew(NOW + RENEWED_AFTER, 10) == 0
    assert await matcher.renew(LATER, 0) == 0
    assert sum([await matcher.renew(LATER, 1) for _ in range(3)]) == 1  # RLHF means more
    assert await matcher.matching(numbered([long])) == [(numbers["RLHF"], 1)]
    assert await matcher.renew(LATER + RENEWED_AFTER + timedelta(seconds=1), 10) == 0


async def test_a_query_that_no_longer_parses_is_matched_as_before_and_holds_nobody_up(
    database: Database, matcher: StandingMatcher, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = await kept(database, matcher, "video", "thing")
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE standing_queries SET text = 'video OR (' WHERE no = :no",
            {"no": numbers["video"]},
        )
    await matcher.renew(LATER, 10)
    assert f"Query {numbers['video']} no longer parses" in caplog.text
    assert await matcher.renew(LATER, 10) == 0
    assert await matcher.matching(numbered([paper(1, title="Video", abstract="-")])) == [
        (numbers["video"], 1)
    ]


async def test_a_pattern_that_cannot_be_read_costs_its_query_and_no_other(
    database: Database, matcher: StandingMatcher, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = await kept(database, matcher, "title:thing", "title:study")
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE standing_queries SET pattern = '{}' WHERE no = :no",
            {"no": numbers["title:thing"]},
        )
    assert await matcher.matching(numbered([paper(1)])) == [(numbers["title:study"], 1)]
    assert f"query {numbers['title:thing']} cannot be read" in caplog.text
    assert await matcher.renew(LATER, 10) == 1
    assert len(await matcher.matching(numbered([paper(1)]))) == 2
