"""Every paper that a query matches has one of its anchors, and of a sure one no other has it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.acronyms import Acronyms
from bot.search.anchoring import LONGEST_BEGINNING, LONGEST_RUN, anchors, holding, keys
from bot.search.documents import columns
from bot.search.expansion import EVERY_PAPER, expand
from bot.search.lexicon import Known, Lexicon
from bot.search.matching import matches, says
from bot.search.parsing import parse
from bot.search.patterns import Every, OneOf, Pattern
from tests.builders import paper
from tests.search.test_agreement import FORMS, papers, some_lexicon, trees

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.papers import Paper
    from bot.domain.queries import Node
    from bot.domain.standing import Anchor

KNOWN = {
    **{word: Known(papers=990) for word in ("a", "of", "the")},
    "video": Known(papers=400),
    "diffusion": Known(papers=300),
    "model": Known(papers=900),
    "rare": Known(papers=2),
    "xie": Known(names=5),
    EVERY_PAPER: Known(papers=1000),
}


def anchored(text: str) -> dict[str, tuple[str, bool]]:
    lexicon = Lexicon(FORMS, KNOWN)
    return told(anchors(expand(parse(text).tree, lexicon), lexicon))


def told(found: Iterable[Anchor]) -> dict[str, tuple[str, bool]]:
    return {one.key: (one.rest, one.sure) for one in found}


@given(st.lists(papers, min_size=1, max_size=6), st.lists(trees, max_size=6), st.integers(0, 99))
def test_what_a_query_matches_has_an_anchor_and_what_has_a_sure_one_matches(
    some: list[Paper], asked: list[Node], seed: int
) -> None:
    papers_ = [columns(one, None) for one in some]
    having = defaultdict[str, int](int)
    for place, one in enumerate(papers_):
        for key in keys(one):
            having[key] |= 1 << place
    for tree in asked:
        lexicon = some_lexicon(tree, seed)
        wanted = expand(tree, lexicon)
        matching = sum(matches(wanted, one) << place for place, one in enumerate(papers_))
        noticed = 0
        for anchor in anchors(wanted, lexicon):
            held = holding(anchor.rest, having, having[anchor.key])
            assert not (anchor.sure and held & ~matching)
            noticed |= held
        assert not matching & ~noticed


@given(papers, trees, st.integers(0, 99))
def test_a_paper_as_texts_is_matched_as_in_stems(one: Paper, asked: Node, seed: int) -> None:
    wanted = expand(asked, some_lexicon(asked, seed))
    stems = columns(one, None)
    texts = {name: f" {' '.join(row)} " for name, row in stems.items() if row}
    assert says(wanted, texts) == matches(wanted, stems)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("diffusion", {"diffusion": ("", True)}),
        ("video-diffusion", {"video diffusion": ("", True)}),
        ("video rare", {"rare": ("video", True)}),
        ("video -rare", {"video": ("-rare", True)}),
        ("video -title:rare", {"video": ("", False)}),
        ("video title:rare", {"rare": ("video", False)}),
        ("(video OR diffusion) model", dict.fromkeys(("video", "diffusion"), ("model", True))),
        ("(video OR rare) diffusion", {"diffusion": ("rare|video", True)}),
        ("rare -(video OR title:model)", {"rare": ("-video", False)}),
        ("title:video", {"video": ("", False)}),
        ("author:xie", {"@xie": ("", True)}),
        ('author:"Saining Xie"', {"@sain xie": ("", True)}),
        ("cat:cs.CV", {"#cs·cv": ("", True)}),
        ("cat:cs.CV rare", {"rare": ("#cs·cv", True)}),
        ("qua*", {"qua*": ("", True)}),
        ('"video qua*"', {"qua*": ("", False), "videoq*": ("", False)}),
        ('"the model of a video"', {"of a video": ("", False)}),
        ('keyword:"rare model"', {"rare model": ("", False)}),
        ("RLHF", {"rlhf": ("", True), "from human feedback": ("", False)}),
    ],
)
def test_a_query_is_noticed_by_the_rarest_of_what_it_needs(
    query: str, found: dict[str, tuple[str, bool]]
) -> None:
    assert anchored(query) == found


def test_a_long_beginning_is_noticed_by_its_first_letters_and_then_looked_at() -> None:
    begun = "quantization"[:LONGEST_BEGINNING]
    assert anchored("quantiz*")[f"{begun}*"] == ("", False)
    assert f"{begun}*" in keys(columns(paper(title="Quantizer"), None))


def test_what_nothing_can_match_is_never_noticed() -> None:
    lexicon = Lexicon(Acronyms({}))
    nothing = OneOf((Pattern(("",)),))
    assert not anchors(nothing, lexicon)
    assert not anchors(Every((OneOf((Pattern(("video",)),)), nothing)), lexicon)


def test_a_key_of_two_parts_has_what_either_needs() -> None:
    assert anchored("title:rare OR rare") == {"rare": ("", True)}
    assert anchored("rare OR title:rare") == {"rare": ("", True)}
    one_of_two = "(rare video) OR (rare diffusion)"
    assert anchored(one_of_two) == {"rare": ("", False)}
    assert anchored(f"{one_of_two} OR rare") == {"rare": ("", True)}


def test_a_group_that_is_too_large_is_left_to_the_pattern() -> None:
    many = " OR ".join(f"w{number}" for number in "abcdefghi")
    assert anchored(f"(rare OR model) ({many} OR video)")["video"][0] == "model|rare"
    many_known = f"({many} OR video OR diffusion OR model)"
    assert anchored(f"rare {many_known}") == {"rare": ("", False)}
    assert anchored(f"rare -{many_known}") == {"rare": ("", False)}


def test_keys_do_not_reach_from_one_keyword_to_the_next() -> None:
    found = keys(columns(paper(ai_keywords=("video", "diffusion")), None))
    assert {"video", "diffusion"} <= found
    assert "video diffusion" not in found


def test_the_keys_of_a_text_grow_with_it_and_no_faster() -> None:
    numbers = " ".join(str(number) for number in range(300_000 // 6))
    many = keys(columns(paper(abstract=numbers), None))
    words = len(numbers.split())
    assert words < len(many) < words * (LONGEST_RUN + LONGEST_BEGINNING)
    assert len(keys(columns(paper(abstract="a" * 300_000), None))) < 100
