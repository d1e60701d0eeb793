"""Alerts on real papers: one pass says what FTS5 says of each query by itself."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from bot.search.documents import PaperAnalyst
from bot.search.expression import expression
from bot.search.packing import unpack
from bot.services.indexing import Indexing
from bot.services.standing import StandingMatcher
from bot.services.vocabulary import Vocabulary
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from bot.storage.standing_queries import StandingQueries
from tests.benchmarks.alert_queries import drawn
from tests.recorded.corpus import END, papers_of
from tests.search.small_index import SmallIndex

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

EVERY = 60  # of the corpus
ALERTS = 600


async def test_a_pass_over_real_papers_says_what_sqlite_says_of_each_query(
    database: Database, recorded: Path
) -> None:
    papers = [paper for paper, _ in papers_of(recorded)][::EVERY]
    index = SearchIndex(database, PaperAnalyst())
    await PaperStore(database).save(papers, END)
    await Indexing(index).catch_up()
    matcher, store = StandingMatcher(database, Vocabulary(database)), StandingQueries(database)
    queries: dict[int, tuple[str, str]] = {}
    for text in drawn(papers, ALERTS):
        compiled = await matcher.compiled(text, END)
        async with database.transaction() as connection:
            no = await store.enter(connection, compiled, END)
        queries[no] = text, compiled.pattern
    found: dict[int, set[int]] = {}
    for query_no, paper_no in await matcher.matching(
        [(no, paper, None) for no, paper in enumerate(papers, start=1)]
    ):
        found.setdefault(query_no, set()).add(paper_no)
    with closing(SmallIndex(*papers)) as oracle:
        for no, (text, pattern) in queries.items():
            assert oracle.numbers(expression(unpack(pattern))) == found.get(no, set()), text
    assert len(found) > 0.8 * len(queries) > 0.7 * ALERTS
