from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import edition_key
from bot.domain.papers import ArxivId, arxiv_id
from bot.domain.searches import Sort
from bot.ui import ids
from tests.ui import paper_ids

search_names = st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=10, max_size=10)
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


@given(search_names, st.sampled_from(Sort), st.integers(0, 3650), st.integers(0, 9999))
def test_a_search_and_how_it_is_narrowed_is_read_back_from_the_custom_id(
    name: str, sort: Sort, days: int, page: int
) -> None:
    turned = ids.FOUND.fullmatch(ids.found("back", name, sort, days or None, page))
    sorted_ = ids.SORT.fullmatch(ids.sort_menu(name, days or None))
    since = ids.PERIOD.fullmatch(ids.period_menu(name, sort))
    again = ids.RUN.fullmatch(ids.run(name))
    assert turned is not None
    assert sorted_ is not None
    assert since is not None
    assert again is not None
    assert turned.group("search", "sort", "days", "page") == (name, sort, str(days), str(page))
    assert sorted_.group("search", "days") == (name, str(days))
    assert since.group("search", "sort") == (name, sort)
    assert again["search"] == name


@given(paper_ids, st.integers(0, 9999))
def test_a_paper_is_read_back_from_what_opens_its_relatives(paper: ArxivId, page: int) -> None:
    opened = ids.NEAR.fullmatch(ids.near(paper))
    turned = ids.RELATED.fullmatch(ids.related("on", paper, page))
    assert opened is not None
    assert turned is not None
    assert opened["paper"] == paper
    assert turned.group("paper", "page") == (paper, str(page))


@given(st.lists(search_names, min_size=2, max_size=4))
def test_drafts_that_were_proposed_together_are_read_back_from_their_menus_id(
    names: list[str],
) -> None:
    match = ids.OTHERS.fullmatch(ids.others(names))
    assert match is not None
    assert match["drafts"].split(".") == names


@given(edition_ids, paper_ids, st.integers(0, 9999), st.integers(1, 10**18 - 1))
def test_what_a_message_of_alerts_asks_for_is_read_back_from_its_ids(
    batch: str, paper: ArxivId, page: int, alert: int
) -> None:
    more = ids.MORE.fullmatch(ids.more("on", batch, page))
    unwanted = ids.UNWANTED.fullmatch(ids.unwanted(batch, page))
    paused = ids.PAUSE_ONE.fullmatch(ids.pause_one(batch))
    by = ids.UNWANTED_BY.fullmatch(ids.unwanted_by(paper))
    assert more is not None
    assert unwanted is not None
    assert paused is not None
    assert by is not None
    assert more.group("batch", "page") == (batch, str(page))
    assert (unwanted["batch"], paused["batch"], by["paper"]) == (batch, batch, paper)
    waking = ids.WAKE.fullmatch(ids.wake(alert))
    assert waking is not None
    assert waking["alert"] == str(alert)


def test_a_lost_notice_is_found_by_the_key_in_its_resume_button() -> None:
    assert ids.key_in(ids.wake(7, "n.abcdef012345")) == "n.abcdef012345"
    assert ids.key_in(ids.wake(7)) is None


def test_a_day_is_read_back_from_its_lists_name() -> None:
    name = ids.day_list(date(2025, 2, 11))
    assert ids.day_of(name.removeprefix("d.")) == date(2025, 2, 11)


def test_a_forged_date_is_no_day() -> None:
    assert ids.day_of("2025-13-45") is None


@pytest.mark.parametrize(
    "custom_id",
    [
        ids.card_menu("abcdefgh27.newest.7.0"),
        ids.browse("d.2025-02-11"),
        ids.turn("on", "d.2025-02-11", 1),
        ids.bibtex(ArxivId("cs/9901001")),
        ids.found("on", "abcdefgh27", Sort.NEWEST, 3650, 9999),
        ids.sort_menu("abcdefgh27", 7),
        ids.period_menu("abcdefgh27", Sort.UPVOTES),
        ids.run("abcdefgh27"),
        ids.near(ArxivId("cond-mat/9901001")),
        ids.related("on", ArxivId("cond-mat/9901001"), 9),
        ids.status("e.ab.1"),
        ids.resume(5),
        ids.resume(5, "n.abcdef012345"),
        ids.watch("abcdefgh27"),
        ids.of_draft("save", "abcdefgh27"),
        ids.of_draft("change", "abcdefgh27"),
        ids.of_draft("cancel", "abcdefgh27"),
        ids.others(["abcdefgh27"] * 4),
        ids.redraft("abcdefgh27"),
        ids.reword(10**17),
        ids.alerts("first", 9),
        ids.pick(9),
        ids.of_alert("edit", 10**17),
        ids.of_alert("pause", 10**17),
        ids.of_alert("test", 10**17),
        ids.of_alert("remove", 10**17),
        ids.wake(10**17),
        ids.wake(10**17, "n.abcdef012345"),
        ids.pause_one("abcdef012345"),
        ids.unwanted("abcdef012345"),
        ids.unwanted("abcdef012345", 9),
        ids.unwanted_by(ArxivId("cond-mat/9901001")),
        ids.more("open", "abcdef012345", 0),
        ids.decide("again", "e.ab.1"),
    ],
)
def test_each_custom_id_is_taken_by_one_kind_of_item(custom_id: str) -> None:
    patterns = [one for one in vars(ids).values() if isinstance(one, re.Pattern)]
    assert sum(one.fullmatch(custom_id) is not None for one in patterns) == 1


@given(st.text(max_size=120))
def test_no_custom_id_is_taken_by_two_kinds_of_item(custom_id: str) -> None:
    patterns = [one for one in vars(ids).values() if isinstance(one, re.Pattern)]
    assert sum(one.fullmatch(custom_id) is not None for one in patterns) <= 1
