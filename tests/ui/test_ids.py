from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import edition_key
from bot.domain.papers import ArxivId, arxiv_id
from bot.ui import ids
from tests.ui import paper_ids

edition_ids = st.integers(0, 16**12 - 1).map(lambda number: f"{number:012x}")


@given(edition_ids, st.integers(1, 10))
def test_a_deliverys_key_stands_in_the_menus_custom_id(edition: str, number: int) -> None:
    key = edition_key(edition, number)
    match = ids.CARD_MENU.fullmatch(ids.card_menu(key))
    assert match is not None
    assert match["key"] == key


@given(
    st.one_of(edition_ids.map(ids.edition_list), st.dates().map(ids.day_list)), st.integers(0, 9999)
)
def test_a_list_and_its_page_are_read_back_from_the_custom_id(name: str, page: int) -> None:
    opened = ids.BROWSE.fullmatch(ids.browse(name, page))
    turned = ids.TURN.fullmatch(ids.turn("back", name, page))
    assert opened is not None
    assert turned is not None
    assert (opened["list"], int(opened["page"])) == (name, page)
    assert (turned["list"], int(turned["page"])) == (name, page)


@given(paper_ids)
def test_a_paper_is_read_back_from_the_bibtex_buttons_id(paper: ArxivId) -> None:
    match = ids.BIBTEX.fullmatch(ids.bibtex(paper))
    assert match is not None
    assert match["paper"] == paper


@pytest.mark.parametrize(
    "text", ["2502.06782", "cs/9901001", "cond-mat/9901001", "q-alg/9901001", "math.GT/0309136"]
)
def test_every_shape_of_id_fits_a_button(text: str) -> None:
    paper = arxiv_id(text)
    assert paper is not None
    assert ids.BIBTEX.fullmatch(ids.bibtex(paper))


def test_a_day_is_read_back_from_its_lists_name() -> None:
    name = ids.day_list(date(2025, 2, 11))
    assert ids.day_of(name.removeprefix("d.")) == date(2025, 2, 11)


def test_a_forged_date_is_no_day() -> None:
    assert ids.day_of("2025-13-45") is None


@given(st.text(max_size=120))
def test_no_custom_id_is_taken_by_two_kinds_of_item(custom_id: str) -> None:
    patterns = (ids.CARD_MENU, ids.BROWSE, ids.TURN, ids.BIBTEX)
    assert sum(one.fullmatch(custom_id) is not None for one in patterns) <= 1
