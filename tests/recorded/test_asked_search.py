"""The search over the whole corpus: what people type brings what they would demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.papers import arxiv_id
from bot.domain.searches import Match, Search, Sort
from bot.errors import QueryMistake
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.parsing import parse
from bot.services.retrieval import lexicon_for
from bot.services.search import PaperSearch
from bot.services.vocabulary import Vocabulary
from bot.storage.database import Database
from bot.storage.search_reading import Scope, ask
from bot.storage.searches import SearchStore
from tests.recorded.asked import ASKED, Asked, Demand
from tests.recorded.corpus import END, load
from tests.recorded.test_asked import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.domain.papers import Paper
    from bot.domain.searches import Found, Hit
    from bot.storage.search_reading import SearchReader

_HITS = 150


class Corpus:
    """The corpus, searched."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.vocabulary = Vocabulary(database)
        self.search = PaperSearch(database, SearchStore(database), self.vocabulary)

    async def find(self, query: str) -> Found:
        return await self.search.find(Search(topic=query), 0, END, _HITS)

    async def matching(self, query: str) -> frozenset[int]:
        """Return the numbers of all papers that match, also those that are not put in order."""
        tree, words = parse(query).tree, await self.vocabulary.words(END)

        def numbers(reader: SearchReader) -> frozenset[int]:
            wanted = expand(tree, lexicon_for(reader, tree, words.forms))
            return frozenset(reader.sorted_by(Sort.NEWEST, expression(wanted), Scope(), -1))

        return await ask(self.database, numbers)

    async def ids(self, query: str) -> set[str]:
        """Return the ids of all papers that match."""
        nos = await self.matching(query)
        found = await ask(self.database, lambda reader: reader.papers(nos))
        return {one.paper.id for one in found.values()}


async def test_what_people_type_brings_what_they_would_demand(
    recorded: Path, tmp_path: Path
) -> None:
    # One test for all: the corpus takes half a minute to index, and each worker would do it again.
    async with Database.open(tmp_path / "paperboy.db") as database:
        await load(database, recorded)
        corpus = Corpus(database)
        wrong = {one.query: said for one in ASKED if (said := [*await _wrong(corpus, one)])}
    assert not wrong, "\n".join(f"{query!r}: {said}" for query, said in wrong.items())
    assert len(ASKED) >= 60


async def _wrong(corpus: Corpus, one: Asked) -> list[str]:
    demand = one.demand
    try:
        found = await corpus.find(one.query)
    except QueryMistake as mistake:
        if demand == Demand():  # it is answered, with what is wrong
            return []
        fits = mistake.at in demand.mistake_at
        return [] if fits else [f"the caret stands at {mistake.at}: {mistake}"]
    if demand.mistake_at:
        return ["it parses"]
    wrong = [*_of_hits(found, one), *_of_counts(found, one)]
    if demand.among or demand.never:
        matching = await corpus.ids(one.query)
        if missing := set(demand.among) - matching:
            wrong.append(f"{sorted(missing)} do not match")
        if wrongly := set(demand.never) & matching:
            wrong.append(f"{sorted(wrongly)} match")
    if demand.same_as is not None:
        ours, theirs = await corpus.matching(one.query), await corpus.matching(demand.same_as)
        if ours != theirs:
            wrong.append(f"{len(ours - theirs)} more and {len(theirs - ours)} fewer papers match")
    return wrong


def _of_hits(found: Found, one: Asked) -> Iterator[str]:
    demand = one.demand
    exact = [hit.paper.id for hit in found.hits if hit.match is Match.EXACT]
    seen = [hit.paper.id for hit in found.hits]
    for wanted, where, name in (
        (demand.first, exact[:3], "the first three exact"),
        (demand.early, exact[:10], "the first ten exact"),
        (demand.seen, seen[:10], "the first ten"),
    ):
        if missing := set(wanted) - set(where):
            yield f"{sorted(missing)} are not among {name}"
    ten = found.hits[:10]
    fits = [hit for hit in ten if _fits(hit, demand.says, demand.by)]
    if (demand.says or demand.by) and len(fits) * 10 < demand.of_ten * min(10, len(ten) or 10):
        yield f"{len(fits)} of {len(ten)} are about it"


def _fits(hit: Hit, says: tuple[str, ...], by: str | None) -> bool:
    paper: Paper = hit.paper
    if by is not None:
        return by in {author.name for author in paper.authors}
    told = plain(" ".join([paper.title, paper.abstract, *paper.ai_keywords]))
    return any(word in told for word in says)


def _of_counts(found: Found, one: Asked) -> Iterator[str]:
    demand, exact = one.demand, found.exact
    if exact < demand.at_least:
        yield f"{exact} match, and {demand.at_least} should"
    if demand.at_most is not None and exact > demand.at_most:
        yield f"{exact} match, and at most {demand.at_most} should"
    if demand.nothing:
        if exact and found.note is None and arxiv_id(one.query) is None:
            yield f"{exact} match, and none should"
        offered = found.advice.topics if found.advice is not None else ()
        titles = [hit.paper.title for hit in found.hits if hit.match is Match.CLOSE or found.note]
        said = plain(" ".join([*offered, *titles, found.note or ""]))
        if demand.near and not any(near in said for near in map(plain, demand.near)):
            yield f"none of {demand.near} is offered, but {offered}"
