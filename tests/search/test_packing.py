"""What is looked for is the same when it was packed and unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.expansion import expand
from bot.search.packing import pack, unpack
from bot.search.patterns import Either, Every, OneOf, Pattern
from tests.search.test_agreement import some_lexicon, trees

if TYPE_CHECKING:
    from bot.domain.queries import Node


@given(trees, st.integers(0, 99))
def test_a_packed_pattern_is_unpacked_as_it_was(tree: Node, seed: int) -> None:
    wanted = expand(tree, some_lexicon(tree, seed))
    assert unpack(pack(wanted)) == wanted


def test_a_pattern_packed_today_can_be_read_tomorrow() -> None:
    packed = (
        '["&",[["|",["texts",true,"video diffus","vid*"],["authors",false,"ian gan"]]],'
        '[["title",true,"x"]]]'
    )
    video = OneOf((Pattern(("video", "diffus")), Pattern(("vid",), prefix=True)))
    name = OneOf((Pattern(("ian", "gan")),), ("authors",), literal=False)
    wanted = Every((Either((video, name)),), (OneOf((Pattern(("x",)),), ("title",)),))
    assert unpack(packed) == wanted
    assert pack(wanted) == packed


@pytest.mark.parametrize(
    "damaged", ["", "{}", "7", "[]", '["texts"]', '["texts",true,7]', '["|",3]', '["texts",1,"a"]']
)
def test_what_is_no_pattern_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError, match=r"is no pattern|Expecting value"):
        unpack(damaged)
