from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.acronyms import Acronyms
from bot.search.analysis import stems
from bot.search.lexicon import Known, Lexicon
from bot.search.parsing import parse
from bot.search.patterns import TEXTS, leaves
from bot.search.relaxing import relax, stems_spoken
from tests.builders import paper
from tests.search.small_index import SmallIndex

NOBODY = Acronyms({})
TEXTS_ASKED = (
    "video diffusion model",
    "video model",
    "diffusion model",
    "video",
    "diffuse",
    "model",
    "video tokenizer",
)


def close_to(
    query: str, known: dict[str, int], total: int = 1000, enough: float = 0.5, **of: list[str]
) -> list[str]:
    """Return the titles that are close to a query where words stand in so many papers."""
    lexicon = Lexicon(NOBODY, {stem: Known(papers) for stem, papers in known.items()})
    titles = paper(title="kept", categories=("cs.CV",))
    told = [paper(title=title, abstract="", categories=("cs.CV",)) for title in TEXTS_ASKED]
    relaxed = relax(parse(query).tree, lexicon, of, total, enough)
    assert relaxed is not None
    with closing(SmallIndex(*told, titles)) as index:
        found = [TEXTS_ASKED[no - 1] for no in sorted(index.matching(relaxed.first))]
    return [one for one in found if relaxed.told(f" {' '.join(stems(one))} ") >= relaxed.enough]


def test_what_tells_most_of_a_query_must_be_there() -> None:
    rare = {"video": 500, "diffusion": 5, "model": 500}
    assert close_to("video diffusion model", rare) == [TEXTS_ASKED[0], TEXTS_ASKED[2]]
    alike = {"video": 50, "diffusion": 50, "model": 50}
    assert close_to("video diffusion model", alike) == list(TEXTS_ASKED[:3])


def test_a_word_may_be_another_of_its_family() -> None:
    assert "diffuse" not in close_to("diffusion", {"diffusion": 5})
    assert "diffuse" in close_to("diffusion", {"diffusion": 5}, diffusion=["diffus"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("video -tokenizer", ["video diffusion model", "video model", "video"]),
        ("video cat:cs.CL", []),
        ("video cat:cs.CV", ["video diffusion model", "video model", "video", "video tokenizer"]),
        ("video (cat:cs.CV OR cat:cs.CL) -model", ["video", "video tokenizer"]),
        ("video | tokenizer", ["video diffusion model", "video model", "video", "video tokenizer"]),
        ("title:model video", ["video diffusion model", "video model"]),
        (
            "title:model | video",
            ["video diffusion model", "video model", "video", "video tokenizer"],
        ),
        ("video (diffuse -model)", ["video", "video tokenizer", "diffuse"]),
    ],
)
def test_fields_and_exclusions_hold_as_they_stand(query: str, found: list[str]) -> None:
    known = {"video": 50, "diffus": 50, "token": 50, "tokenizer": 50}
    assert sorted(close_to(query, known)) == sorted(found)


@pytest.mark.parametrize("query", ["author:xie", "cat:cs.CV -cat:cs.CL", "title:a OR title:b"])
def test_without_words_nothing_is_close(query: str) -> None:
    assert relax(parse(query).tree, Lexicon(NOBODY), {}, 10, 0.5) is None


def test_a_long_query_goes_by_its_most_telling_words() -> None:
    words = [f"w{n}" for n in range(32)]
    known = {word: Known(n + 1) for n, word in enumerate(words)}
    relaxed = relax(parse(" ".join(words)).tree, Lexicon(NOBODY, known), {}, 100, 0.5)
    assert relaxed is not None
    asked = [pattern.stems[0] for one in relaxed.concepts for pattern in one.said.patterns]
    assert asked == words[:7]
    assert all(one.said.columns == TEXTS and not one.said.literal for one in relaxed.concepts)


@given(st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True), st.sampled_from([0.5, 1]))
def test_what_has_none_of_the_telling_words_does_not_tell_enough(
    papers: list[int], share: float
) -> None:
    known = {f"w{n}": Known(n) for n in papers}
    relaxed = relax(parse(" ".join(known)).tree, Lexicon(NOBODY, known), {}, 100, share)
    assert relaxed is not None
    first = {pattern for leaf in leaves(relaxed.first) for pattern in leaf.patterns}
    left = [one for one in relaxed.concepts if first.isdisjoint(one.said.patterns)]
    assert sum(one.tells for one in left) < relaxed.enough
    # And with one less of them, it may.
    last = relaxed.concepts[len(relaxed.concepts) - len(left) - 1]
    assert sum(one.tells for one in (last, *left)) >= relaxed.enough


def test_stop_words_are_spoken_only_where_there_is_nothing_else() -> None:
    assert stems_spoken(parse('"the art of it" to').tree) == {"art", "to"}
    assert stems_spoken(parse("-video title:model diffusion").tree) == {"diffusion"}


def test_a_word_that_nobody_wrote_tells_most_of_a_query() -> None:
    known = {"video": 5, "model": 5}
    assert close_to("video model asdfgh", known) == ["video diffusion model", "video model"]
    assert close_to("video asdfgh", known) == []


def test_less_is_enough_where_less_is_asked_for() -> None:
    assert "video" in close_to("video asdfgh", {"video": 5}, enough=0.25)


def test_a_word_in_more_papers_than_there_are_still_makes_a_query() -> None:
    assert "video" in close_to("video", {"video": 5}, total=1)
