from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.papers import ArxivId, DayList
from bot.services.editions import WholeEdition
from bot.services.library import Card, DayDigest
from bot.ui.pages import day_view, edition_view, entries_of, page_bounds, page_view
from bot.ui.text import shown
from tests.builders import DAY, NOW, listed, paper
from tests.ui import (
    buttons_of,
    check_limits,
    day,
    entries,
    options_of,
    text_of,
    texts,
    texts_of,
)

if TYPE_CHECKING:
    from bot.domain.editions import Entry

NAME = "d.2025-02-11"


def a_digest(papers: int, *, read_at: datetime | None = NOW, stale: str | None = None) -> DayDigest:
    some = listed(*(paper(number) for number in range(1, papers + 1)))
    return DayDigest(
        day=DayList(day=DAY, listed=some, read_at=read_at),
        cards=tuple(Card(paper=one.paper, day=DAY, summary=None) for one in some),
        stale=stale,
    )


@given(entries(), texts)
async def test_every_page_of_every_list_is_taken_by_discord(
    some: tuple[Entry, ...], note: str
) -> None:
    for page in range(len(page_bounds(some))):
        check_limits(page_view(NAME, "## A list", some, page, shown(note, 200)).to_components())


@given(entries())
def test_the_pages_hold_every_paper_once_and_in_order(some: tuple[Entry, ...]) -> None:
    bounds = page_bounds(some)
    assert bounds[0][0] == 0
    assert bounds[-1][1] == len(some)
    assert all(end == start for (_, end), (start, _) in pairwise(bounds))
    assert all(1 <= end - start <= 10 for start, end in bounds)


@given(st.integers(-5, 10_000))
async def test_a_page_that_is_not_there_is_the_nearest_one(page: int) -> None:
    said = text_of(day_view(a_digest(25), page))
    wanted = min(max(page, 0), 2)
    assert ["1 – 10 of 25", "11 – 20 of 25", "21 – 25 of 25"][wanted] in said


async def test_the_first_page_turns_on_and_the_last_one_back() -> None:
    first, middle, last = (buttons_of(day_view(a_digest(25), page)) for page in range(3))
    assert [(one["label"], one["disabled"]) for one in first] == [
        ("Back", True), ("1 / 3", True), ("Next", False),
    ]  # fmt: skip
    assert [one["disabled"] for one in middle] == [False, True, False]
    assert [one["disabled"] for one in last] == [False, True, True]
    assert [one["custom_id"] for one in middle] == [
        f"turn:back:{NAME}:0", f"turn:first:{NAME}:1", f"turn:on:{NAME}:2",
    ]  # fmt: skip


async def test_one_page_has_no_buttons_to_turn() -> None:
    view = day_view(a_digest(10), 0)
    assert buttons_of(view) == []
    assert len(options_of(view)) == 10
    assert view.is_finished()


async def test_a_day_without_papers_says_so() -> None:
    view = day_view(a_digest(0), 0)
    check_limits(view.to_components())
    assert "There are no papers on this list." in text_of(view)
    assert "list closed <t:1739327400:t>" in text_of(view)
    assert texts_of(page_view(NAME, "## A list", (), 0).to_components()) == [
        "## A list", "There are no papers on this list.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("read_at", "said"),
    [
        (NOW, "list closed <t:1739327400:t>"),
        (
            datetime(2025, 2, 11, 14, tzinfo=UTC),
            "read <t:1739282400:t> · closes <t:1739327400:t>",
        ),
        (None, "never read"),
    ],
)
async def test_a_day_says_how_far_its_list_is_known(read_at: datetime | None, said: str) -> None:
    assert said in text_of(day_view(a_digest(2, read_at=read_at), 0))


async def test_a_day_that_could_not_be_read_again_says_why() -> None:
    said = text_of(day_view(a_digest(2, stale="Hugging Face answered 500 for *it*"), 0))
    assert "-# ⚠️ Hugging Face answered 500 for \\*it\\*" in said


async def test_a_heavy_page_leaves_room_for_its_notes() -> None:
    digest = a_digest(10, stale="Hugging Face answered 500 " * 8)
    heavy = tuple(
        replace(one, paper=replace(one.paper, title="汉*" * 130, abstract="*" * 900))
        for one in digest.cards
    )
    for page in range(3):
        check_limits(day_view(replace(digest, cards=heavy), page).to_components())


async def test_a_whole_edition_names_its_days_and_its_papers_in_order() -> None:
    cards = [Card(paper=paper(number), day=None, summary=None) for number in range(1, 13)]
    whole = WholeEdition(days=[day("2025-02-07"), day("2025-02-10")], cards=cards)
    view = edition_view("0123456789ab", whole, 1)
    check_limits(view.to_components())
    assert "## AI papers · 7 – 10 February 2025" in text_of(view)
    assert "12 papers · shown papers first" in text_of(view)
    assert [one["value"] for one in options_of(view)] == ["2502.00011", "2502.00012"]


def test_cards_are_numbered_as_the_entries_of_a_list() -> None:
    cards = [Card(paper=paper(number), day=None, summary=None) for number in (7, 3)]
    found = entries_of(cards)
    assert [(one.place, one.id, one.upvotes) for one in found] == [
        (1, ArxivId("2502.00007"), 7),
        (2, ArxivId("2502.00003"), 3),
    ]
