"""What SQLite says of a query is what the matcher says: search and alerts find the same."""

from __future__ import annotations

import random
import re
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.papers import Author
from bot.domain.queries import Field, Query, Term
from bot.search.acronyms import Acronyms
from bot.search.expansion import expand, said_together, stems_asked
from bot.search.expression import expression
from bot.search.lexicon import Known, Lexicon
from bot.search.patterns import COLUMNS
from bot.search.relaxing import relax
from bot.search.trees import all_of, any_of, opposite
from tests.builders import paper
from tests.search.queries import outcome, typed
from tests.search.queries import trees as any_trees
from tests.search.small_index import SmallIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.papers import Paper
    from bot.domain.queries import Node
    from bot.search.patterns import Wanted

OURS = re.compile(rf"(?:[(){{}}:* ]|OR|AND|NOT|{'|'.join(COLUMNS)})*")
FORMS = Acronyms(
    {
        ("GAN", "generative adversarial network"): 40,
        ("RLHF", "reinforcement learning from human feedback"): 40,
        ("3DGS", "3d gaussian splatting"): 40,
        ("TTS", "test time scaling"): 40,
        ("TTS", "text to speech"): 38,
        ("SAM", "segment anything model"): 40,
    }
)
WORDS = (
    *("video", "Videos", "diffusion", "diffuse", "video-diffusion", "videodiffusion", "model"),
    *("GPT-4", "GPT4", "gpt", "4", "text-to-3D", "textto3d", "3d", "U-Net", "unet", "C++", "C#"),
    *("GAN", "Gan", "generative", "adversarial", "networks", "SAM", "same", "TTS", "speech"),
    *("human", "feedback", "3DGS", "3D-GS", "gaussian", "splatting", "math", "mathematical"),
    *("the", "of", "to", "is", "Müller", "Mu\u0308ller", "Straße", "扩散", "扩", "हिंदी", "ﾞ", "ﹰ"),
    *("quantized", "quantization", "running", "Xie", "Saining", "can", "can't", "GAN's", "π0"),
)
words = st.sampled_from(WORDS)
names = st.sampled_from(
    [
        *("Saining Xie", "Saining X. Xie", "Xie Saining", "Ian Gan", "Wei Video", "Müller"),
        *("Jean-Baptiste de la Croix", "Xie", "Saining", "扩 散", "…", "Mary-Ann Jones"),
    ]
)
texts = st.lists(words, max_size=8).map(" ".join)
papers = st.builds(
    paper,
    st.just(1),
    title=texts,
    abstract=texts,
    authors=st.lists(names.map(lambda name: Author(name=name)), max_size=3).map(tuple),
    ai_keywords=st.lists(texts, max_size=3).map(tuple),
    categories=st.sets(
        st.sampled_from(["cs.CV", "cs.CL", "cs", "hep-th", "math.CO", "stat.ML"]), max_size=3
    ).map(tuple),
    organization=st.none() | texts,
)

_plain = words | st.lists(words, min_size=1, max_size=4).map("-".join)
terms = st.builds(
    Term,
    text=_plain,
    field=st.none() | st.sampled_from(Field),
    prefix=st.booleans(),
) | st.builds(
    Term,
    text=texts.filter(bool) | names,
    field=st.none() | st.sampled_from(Field),
    quoted=st.just(True),  # noqa: FBT003
    prefix=st.booleans(),
)


def _larger(smaller: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    wanted = st.lists(smaller, min_size=1, max_size=4)
    excluded = st.lists(smaller.map(opposite), max_size=2)
    return st.builds(lambda some, others: all_of([*some, *others]), wanted, excluded) | wanted.map(
        any_of
    )


trees = st.recursive(terms, _larger, max_leaves=8) | any_trees


def some_lexicon(tree: Node, seed: int) -> Lexicon:
    """Return a lexicon in which a query's words are known as they may be; the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - nobody is to be surprised
    known = {
        stem: Known(chance.randrange(4), chance.randrange(4)) for stem in sorted(stems_asked(tree))
    }
    return Lexicon(FORMS, known)


def agree(index: SmallIndex, wanted: Wanted) -> bool:
    return index.numbers(expression(wanted)) == index.matching(wanted)


@given(st.lists(papers, min_size=1, max_size=6), st.data())
def test_sqlite_and_the_matcher_agree_on_every_query(
    some: list[Paper], data: st.DataObject
) -> None:
    with closing(SmallIndex(*some)) as index:
        for tree, seed in data.draw(st.lists(st.tuples(trees, st.integers(0, 99)), max_size=6)):
            for lexicon in (some_lexicon(tree, seed), index.lexicon(FORMS)):
                assert agree(index, expand(tree, lexicon))
                relaxed = relax(tree, lexicon, {"video": ["diffusion"]}, len(some), 0.5)
                assert relaxed is None or agree(index, relaxed.first)


@given(
    st.lists(papers, min_size=1, max_size=6),
    st.lists(_plain, min_size=2, max_size=4),
    st.integers(0, 99),
)
def test_papers_that_say_a_query_in_one_count_for_more_and_no_other_matches(
    some: list[Paper], asked: list[str], seed: int
) -> None:
    tree = all_of(Term(text=text) for text in asked)
    lexicon = some_lexicon(tree, seed)
    wanted, said = expand(tree, lexicon), said_together(tree, lexicon)
    with closing(SmallIndex(*some)) as index:
        assert said is None or index.numbers(expression(said)) <= index.matching(wanted)


@pytest.fixture(scope="module")
def shelf() -> Iterator[SmallIndex]:
    told = [
        paper(title=" ".join(WORDS[at : at + 9]), authors=(Author(name="Saining Xie"),))
        for at in range(0, len(WORDS), 7)
    ]
    with closing(SmallIndex(*told)) as index:
        yield index


@given(typed, st.integers(0, 99))
@example('"ﾞ"', 0)
@example("ﾞﾞ*", 0)
@example("ﾞ ﾞ", 0)
@example('cat:"AND NOT*"', 0)
@example("a" * 300, 0)
@example("(" * 8 + "a b" + ")" * 8, 0)
@example(" OR ".join(["text-to-3d"] * 20), 0)
@example("1a " * 64, 0)
@example("a1 | " * 59 + "b", 0)
@example("video " + "-2d " * 63, 0)
@example("(1a -(2b | (3c -(4d | (5e -(6f | (7g -(8h | GAN))))))))", 0)
@example('"' + "a " * 149 + '"', 0)
@example('"' + "a " * 148 + 'bc"*', 0)
def test_whatever_a_person_types_that_parses_is_taken_by_sqlite(
    shelf: SmallIndex, text: str, seed: int
) -> None:
    query = outcome(text)
    if isinstance(query, Query):
        lexicon = some_lexicon(query.tree, seed)
        assert agree(shelf, expand(query.tree, lexicon))
        relaxed = relax(query.tree, lexicon, {}, 10, 0.25)
        assert relaxed is None or agree(shelf, relaxed.first)


@given(typed, st.integers(0, 99))
def test_all_that_a_person_types_stands_between_quotes(text: str, seed: int) -> None:
    query = outcome(text)
    if isinstance(query, Query):
        said = expression(expand(query.tree, some_lexicon(query.tree, seed)))
        assert said.count('"') % 2 == 0
        for outside in said.split('"')[::2]:
            assert OURS.fullmatch(outside)
