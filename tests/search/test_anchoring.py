"""Every paper that a query matches has one of its anchors, and of a sure one no other has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.acronyms import Acronyms
from bot.search.anchoring import LONGEST_BEGINNING, LONGEST_RUN, anchors, keys
from bot.search.documents import columns
from bot.search.expansion import EVERY_PAPER, expand
from bot.search.lexicon import Known, Lexicon
from bot.search.matching import matches, says
from bot.search.parsing import parse
from bot.search.patterns import TITLE, Every, OneOf, Pattern
from tests.builders import paper
from tests.search.test_agreement import FORMS, papers, some_lexicon, trees

if TYPE_CHECKING:
    from bot.domain.papers import Paper
    from bot.domain.queries import Node

KNOWN = {
    **{word: Known(papers=990) for word in ("a", "of", "the")},
    "video": Known(papers=400),
    "diffusion": Known(papers=300),
    "model": Known(papers=900),
    "rare": Known(papers=2),
    "xie": Known(names=5),
    EVERY_PAPER: Known(papers=1000),
}


def anchored(text: str) -> dict[str, bool]:
    lexicon = Lexicon(FORMS, KNOWN)
    return anchors(expand(parse(text).tree, lexicon), lexicon)


@given(st.lists(papers, min_size=1, max_size=6), st.lists(trees, max_size=6), st.integers(0, 99))
def test_what_a_query_matches_has_an_anchor_and_what_has_a_sure_one_matches(
    some: list[Paper], asked: list[Node], seed: int
) -> None:
    told = [columns(one, None) for one in some]
    for tree in asked:
        lexicon = some_lexicon(tree, seed)
        wanted = expand(tree, lexicon)
        found = anchors(wanted, lexicon)
        for one in told:
            having = keys(one) & found.keys()
            texts = {name: f" {' '.join(row)} " for name, row in one.items() if row}
            assert matches(wanted, one) == says(wanted, texts)
            assert having or not matches(wanted, one)
            assert matches(wanted, one) or not any(found[key] for key in having)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("diffusion", {"diffusion": True}),
        ("video-diffusion", {"video diffusion": True}),
        ("video rare", {"rare": False}),
        ("video -rare", {"video": False}),
        ("(video OR diffusion) model", {"video": False, "diffusion": False}),
        ("(video OR rare) diffusion", {"diffusion": False}),
        ("title:video", {"video": False}),
        ("author:xie", {"@xie": True}),
        ('author:"Saining Xie"', {"@sain xie": True}),
        ("cat:cs.CV", {"#cs·cv": True}),
        ("cat:cs.CV rare", {"rare": False}),
        ("qua*", {"qua*": True}),
        ('"video qua*"', {"qua*": False, "videoq*": False}),
        ('"the model of a video"', {"of a video": False}),
        ('keyword:"rare model"', {"rare model": False}),
        ("RLHF", {"rlhf": True, "from human feedback": False}),
    ],
)
def test_a_query_is_noticed_by_the_rarest_of_what_it_needs(
    query: str, found: dict[str, bool]
) -> None:
    assert anchored(query) == found


def test_a_long_beginning_is_noticed_by_its_first_letters_and_then_looked_at() -> None:
    begun = "quantization"[:LONGEST_BEGINNING]
    assert anchored("quantiz*")[f"{begun}*"] is False
    assert f"{begun}*" in keys(columns(paper(title="Quantizer"), None))


def test_what_nothing_can_match_is_never_noticed() -> None:
    lexicon = Lexicon(Acronyms({}))
    nothing = OneOf((Pattern(("",)),))
    assert anchors(nothing, lexicon) == {}
    assert anchors(Every((nothing, OneOf((Pattern(("video",)),)))), lexicon) == {}


def test_an_anchor_of_two_parts_is_sure_where_it_is_of_one() -> None:
    lexicon = Lexicon(Acronyms({}))
    video = Pattern(("video",))
    assert anchors(expand(parse("title:video OR video").tree, lexicon), lexicon) == {"video": True}
    assert anchors(OneOf((video,), (TITLE,)), lexicon) == {"video": False}


def test_keys_do_not_reach_from_one_keyword_to_the_next() -> None:
    told = keys(columns(paper(ai_keywords=("video", "diffusion")), None))
    assert {"video", "diffusion"} <= told
    assert "video diffusion" not in told


def test_the_keys_of_a_text_grow_with_it_and_no_faster() -> None:
    numbers = " ".join(str(number) for number in range(300_000 // 6))
    many = keys(columns(paper(abstract=numbers), None))
    words = len(numbers.split())
    assert words < len(many) < words * (LONGEST_RUN + LONGEST_BEGINNING)
    assert len(keys(columns(paper(abstract="a" * 300_000), None))) < 100
