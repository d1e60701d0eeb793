"""How good the search is: known topics beside plain full-text search, and what each part adds.

Needs the recorded data. The relevant papers of a topic are those of curated reading lists: one that
is not listed may be relevant all the same, so that the figures are low, and to be compared only.
"""

from __future__ import annotations

import json
import math
import sqlite3
import statistics
import tempfile
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeAlias
from unittest.mock import patch

from typing_extensions import override

from bot.domain.searches import Search
from bot.search import analysis, documents, expansion, ranking
from bot.search.acronyms import Acronyms
from bot.search.documents import PaperAnalyst
from bot.search.stemming import family
from bot.services import retrieval
from bot.services.indexing import Indexing
from bot.services.search import PaperSearch
from bot.services.vocabulary import Vocabulary
from bot.storage.database import Database
from bot.storage.search_index import SearchIndex
from bot.storage.searches import SearchStore
from tests.benchmarks import corpus, grid
from tests.recorded.corpus import END

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from types import ModuleType

    from bot.services.vocabulary import Words
    from tests.benchmarks.corpus import Dated

    Topics: TypeAlias = Mapping[str, Collection[str]]
    Approaches: TypeAlias = "dict[str, dict[str, Scores]]"

TOP, DEEP = 10, 50
WORSE = 0.9
"""A topic below this share of the baseline's nDCG is worse."""

PLAIN, PHRASES = "plain full-text search", "phrase or all words, then any word, title 4"
OURS = "ours"
WITHOUT: tuple[tuple[str, ModuleType, str, float], ...] = (
    ("… without feedback", ranking, "FEEDBACK_WEIGHT", 0.0),
    ("… without what is close", retrieval, "FEW_EXACT", 0),
)


@dataclass(frozen=True, slots=True)
class Scores:
    """How good one ranking is, or the mean of several; each figure is between 0 and 1."""

    NAMES: ClassVar = ("nDCG@10", "recall@50", "MRR")

    ndcg: float
    recall: float
    mrr: float

    @classmethod
    def of(cls, found: Sequence[str], relevant: Collection[str]) -> Scores:
        """Score a ranking: nDCG@10 with binary gains, recall@50 and the first one's 1/rank."""
        gains = [one in relevant for one in found[:DEEP]]
        gained = _discounted([at for at, gain in enumerate(gains[:TOP]) if gain])
        first = gains.index(True) + 1 if True in gains else math.inf
        return cls(
            ndcg=gained / _discounted(range(min(TOP, len(relevant)))),
            recall=sum(gains) / len(relevant),
            mrr=1 / first,
        )

    @classmethod
    def mean(cls, several: Collection[Scores]) -> Scores:
        """Return the mean of each figure."""
        return cls(
            ndcg=statistics.fmean(one.ndcg for one in several),
            recall=statistics.fmean(one.recall for one in several),
            mrr=statistics.fmean(one.mrr for one in several),
        )

    @property
    def cells(self) -> tuple[str, str, str]:
        """The figures as cells of a table."""
        return f"{self.ndcg:.3f}", f"{self.recall:.3f}", f"{self.mrr:.3f}"


class WithoutAcronyms(Vocabulary):
    """Words as they are known, but for short and long forms."""

    @override
    async def words(self, now: datetime) -> Words:
        """Return what is known of words without their other forms."""
        return replace(await super().words(now), forms=Acronyms({}))


async def measure() -> str:
    """Index the corpus, and score every approach on every topic."""
    recorded = corpus.folder()
    if recorded is None:
        return corpus.WITHOUT_DATA.format("search")
    papers = corpus.corpus(recorded)
    topics = _topics(recorded, papers)
    scores = _plain(papers, topics) | await _ours(papers, topics)
    return "\n\n".join((_by_topic(scores[PLAIN], scores[OURS]), _by_approach(scores)))


def _topics(recorded: Path, papers: Sequence[Dated]) -> dict[str, frozenset[str]]:
    """Return each topic's known relevant papers, as far as the corpus has them."""
    stored = frozenset(paper.id for paper, _ in papers)
    told = json.loads((recorded / "relevance.json").read_text(encoding="utf-8"))
    return {slug: stored.intersection(topic["arxiv_ids"]) for slug, topic in told.items()}


def _plain(papers: Sequence[Dated], topics: Topics) -> Approaches:
    """Score full-text search as SQLite brings it: any word; phrase or all words, then any word."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE plain USING fts5 (title, abstract, tokenize = 'porter unicode61')"
    )
    connection.executemany(
        "INSERT INTO plain (rowid, title, abstract) VALUES (?, ?, ?)",
        ((at, paper.title, paper.abstract) for at, (paper, _) in enumerate(papers)),
    )

    def found(expression: str, title: float) -> list[str]:
        rows = connection.execute(
            "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain, ?, 1.0) LIMIT ?",
            (expression, title, DEEP),
        )
        return [papers[row[0]][0].id for row in rows]

    scores: Approaches = {PLAIN: {}, PHRASES: {}}
    for slug, relevant in topics.items():
        told = [f'"{word}"' for word in slug.split("-")]
        phrase, every, some = " + ".join(told), " AND ".join(told), " OR ".join(told)
        scores[PLAIN][slug] = Scores.of(found(some, 2.0), relevant)
        strict = found(f"({phrase}) OR ({every})", 4.0)
        scores[PHRASES][slug] = Scores.of(list(dict.fromkeys(strict + found(some, 4.0))), relevant)
    connection.close()
    return scores


async def _ours(papers: Sequence[Dated], topics: Topics) -> Approaches:
    """Score the search as it is, and without one part of it at a time."""
    scores: Approaches = {}
    async with _indexed(papers) as database:
        vocabulary = Vocabulary(database)
        scores[OURS] = await _scored(database, vocabulary, topics)
        for name, module, constant, without in WITHOUT:
            with patch.object(module, constant, without):
                scores[name] = await _scored(database, vocabulary, topics)
        without_forms = WithoutAcronyms(database)
        scores["… without acronyms"] = await _scored(database, without_forms, topics)
    with ExitStack() as patches:  # an index of its own, of other stems
        for module, name in ((analysis, "stem_of"), (documents, "stem"), (expansion, "stem")):
            patches.enter_context(patch.object(module, name, family))
        async with _indexed(papers) as database:
            scores["… with Porter's whole stemmer"] = await _scored(
                database, Vocabulary(database), topics
            )
    return scores


@asynccontextmanager
async def _indexed(papers: Sequence[Dated]) -> AsyncIterator[Database]:
    """Give a database with the papers in it, each indexed as it was stored."""
    with tempfile.TemporaryDirectory() as name:
        async with Database.open(Path(name) / "paperboy.db") as database:
            indexing = Indexing(SearchIndex(database, PaperAnalyst()))
            await corpus.store(database, papers)
            await indexing.catch_up()
            yield database


async def _scored(database: Database, vocabulary: Vocabulary, topics: Topics) -> dict[str, Scores]:
    search = PaperSearch(database, SearchStore(database), vocabulary)
    scores = {}
    for slug, relevant in topics.items():
        found = await search.find(Search(topic=slug), 0, END, size=DEEP)
        scores[slug] = Scores.of([hit.paper.id for hit in found.hits], relevant)
    return scores


def _by_topic(plain: Mapping[str, Scores], ours: Mapping[str, Scores]) -> str:
    head = ("topic", *(f"{whose} {what}" for what in Scores.NAMES for whose in ("plain", "our")))
    rows: list[tuple[str, ...]] = [(*head, "nDCG ratio", "recall ratio")]
    pairs = {slug: (plain[slug], one) for slug, one in ours.items()}
    means = Scores.mean(plain.values()), Scores.mean(ours.values())
    for name, (theirs, own) in {**pairs, "mean": means}.items():
        cells = [cell for pair in zip(theirs.cells, own.cells, strict=True) for cell in pair]
        ratios = _ratio(own.ndcg, theirs.ndcg), _ratio(own.recall, theirs.recall)
        rows.append((name, *cells, *ratios))
    worse = [slug for slug, (theirs, own) in pairs.items() if own.ndcg < WORSE * theirs.ndcg]
    return (
        f"{len(ours)} topics: plain full-text search (porter unicode61, any word, bm25 with title "
        f"2, abstract 1) and ours\ngoal: 1.1 in both means, no topic below {WORSE} in nDCG; "
        f"below: {', '.join(worse) or 'none'}\n\n{grid(rows)}"
    )


def _by_approach(scores: Approaches) -> str:
    means = {name: Scores.mean(one.values()) for name, one in scores.items()}
    plain = means[PLAIN]
    rows = [
        (
            name, *mean.cells, _ratio(mean.ndcg, plain.ndcg), _ratio(mean.recall, plain.recall),
            str(sum(one.ndcg < WORSE * scores[PLAIN][slug].ndcg for slug, one in
            scores[name].items())),
        )
        for name, mean in means.items()
    ]  # fmt: skip
    head = ("approach", *Scores.NAMES, "nDCG ratio", "recall ratio", f"topics below {WORSE}")
    return f"Every approach, means over the topics\n\n{grid([head, *rows])}"


def _ratio(value: float, baseline: float) -> str:
    return f"{value / baseline:.3f}" if baseline else "-"


def _discounted(places: Iterable[int]) -> float:
    return sum(1 / math.log2(place + 2) for place in places)
