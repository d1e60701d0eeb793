"""On real papers too SQLite and the matcher give one answer to whatever is asked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from bot.errors import QueryMistake
from bot.search.acronyms import Acronyms
from bot.search.analysis import fold, words
from bot.search.definitions import definitions
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.parsing import parse
from bot.search.relaxing import relax
from bot.search.stemming import stem, stems_begun
from tests.recorded.asked import ASKED
from tests.recorded.corpus import papers_of
from tests.search.small_index import SmallIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.domain.papers import Paper

EVERY = 80  # of the corpus


@pytest.fixture(scope="module")
def papers(recorded: Path) -> list[Paper]:
    return [paper for paper, _ in papers_of(recorded)][::EVERY]


@pytest.fixture(scope="module")
def index(papers: list[Paper]) -> Iterator[SmallIndex]:
    found = SmallIndex(*papers)
    yield found
    found.close()


def test_sqlite_and_the_matcher_agree_on_all_that_is_asked(
    papers: list[Paper], index: SmallIndex
) -> None:
    counts = Counter(
        (one.short, one.long) for paper in papers for one in definitions(paper.abstract)
    )
    lexicon = index.lexicon(Acronyms(counts))
    asked = 0
    for one in ASKED:
        try:
            tree = parse(one.query).tree
        except QueryMistake:
            continue
        relaxed = relax(tree, lexicon, {}, len(papers), 0.25)
        for wanted in (expand(tree, lexicon), None if relaxed is None else relaxed.first):
            if wanted is not None:
                found = index.matching(wanted)
                assert index.numbers(expression(wanted)) == found, one.query
                asked += bool(found)
    assert asked > 60


def test_every_paper_is_found_by_its_title_as_a_phrase(
    papers: list[Paper], index: SmallIndex
) -> None:
    lexicon = index.lexicon(Acronyms({}))
    tried = 0
    for no, paper in enumerate(papers, start=1):
        title = " ".join(paper.title.replace('"', "").replace("*", "").split())
        try:
            tree = parse(f'title:"{title}"').tree
        except QueryMistake:
            continue
        assert no in index.found(tree, lexicon), title
        tried += 1
    assert tried > 0.95 * len(papers)


def test_every_word_is_found_by_itself_and_by_its_beginning(papers: list[Paper]) -> None:
    for paper in papers:
        for word in words(paper.abstract):
            assert fold(paper.abstract[word.start : word.end]) == word.folded
            begun = word.folded[:-1]
            if len(begun) >= 5 and not word.stem.startswith(begun):
                assert word.stem in stems_begun(begun) or len(word.stem) < 4, word


def test_no_stem_joins_two_words_that_begin_otherwise(papers: list[Paper]) -> None:
    """But for the few that have a form of their own: people, matrices, indices, analyse."""
    kinds: dict[str, set[str]] = {}
    for paper in papers:
        for word in words(paper.abstract):
            kinds.setdefault(stem(word.folded), set()).add(word.folded[:2])
    apart = {one: begins for one, begins in kinds.items() if len(begins) > 1}
    assert set(apart) <= {"person", "mouse", "foot", "tooth", "man", "woman"}
    assert len(kinds) > 2_000
