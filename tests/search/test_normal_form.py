"""Queries of one normal form match the same, and what people type differently often has one."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.queries import And, Not, Or, Term
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.normal_form import form
from bot.search.parsing import parse
from tests.search.small_index import SmallIndex
from tests.search.test_agreement import FORMS, papers, some_lexicon, trees

if TYPE_CHECKING:
    from bot.domain.papers import Paper
    from bot.domain.queries import Node


def said_otherwise(node: Node, chance: random.Random) -> Node:
    """Return a tree in other words, some of which mean the same."""
    match node:
        case Term():
            said = chance.choice((str.strip, str.lower, str.upper, str.title))(node.text)
            return replace(node, text=said, quoted=node.quoted != (chance.random() < 0.2))
        case Not(part):
            return Not(said_otherwise(part, chance))
        case And(parts) | Or(parts):
            told = [said_otherwise(part, chance) for part in parts]
            told += chance.choices(told, k=chance.randrange(2))
            if chance.random() < 0.5:
                chance.shuffle(told)
            return type(node)(tuple(told))


@given(st.lists(papers, min_size=1, max_size=6), st.lists(trees, max_size=6), st.integers(0, 99))
def test_trees_of_one_form_match_the_same(some: list[Paper], asked: list[Node], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nobody is to be surprised
    both = [*asked, *(said_otherwise(one, chance) for one in asked for _ in range(4))]
    with closing(SmallIndex(*some)) as index:
        for _, alike in groupby(sorted(both, key=form), form):
            first, *others = alike
            for lexicon in (some_lexicon(first, seed), index.lexicon(FORMS)):
                found = index.numbers(expression(expand(first, lexicon)))
                for other in others:
                    assert index.numbers(expression(expand(other, lexicon))) == found


@pytest.mark.parametrize(
    "queries",
    [
        ("video OR diffusion", "diffusion | Video", "(video OR diffusion) OR video"),
        ("Video", '"video"', "the video", "video video"),
        ("Diffusion -survey title:x", "diffusion title:x NOT Survey", "title:x diffusion -survey"),
        ('"Video  Diffusion"', '"video diffusion"'),
        ("author:XIE", 'author:"Xie"'),
        ("quant*", "Quant*", "QUANT*"),
        ("Video 3d", "video 3d"),
        ('"SAM can do what no other model can do"', '"sam can do what no other model can do"'),
    ],
)
def test_queries_that_mean_the_same_have_one_form(queries: tuple[str, ...]) -> None:
    assert len({form(parse(one).tree) for one in queries}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SAM", "sam"),
        ("human feedback", "feedback human"),
        ("video*", "video"),
        ("title:video", "video"),
        ("video -3d", "video 3d"),
        ("video diffusion", "video OR diffusion"),
        ("3D-GS", '"3D GS"'),
        ("ian title:x gan", "ian gan title:x"),
    ],
)
def test_queries_that_may_mean_something_else_have_forms_of_their_own(one: str, other: str) -> None:
    assert form(parse(one).tree) != form(parse(other).tree)
