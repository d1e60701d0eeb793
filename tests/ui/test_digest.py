from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import edition_key
from bot.domain.editions import DayState, Edition, Entry, Order, Receipt
from bot.domain.papers import ArxivId, closes_at
from bot.domain.schedules import Style
from bot.services.drafts import order_text
from bot.ui import ids
from bot.ui.digest import entry_text, part_view, preview_view, receipt_text, title_text
from bot.ui.split import split
from bot.ui.text import one_line, shown
from tests.builders import DAY, NOW, entry, receipt
from tests.ui import (
    LONG,
    NASTY,
    all_of,
    buttons_of,
    check_limits,
    editions,
    live_markdown,
    options_of,
    read_aloud,
    text_of,
    texts,
    texts_of,
    topics,
    walked,
)

CLOSED = DayState(day=DAY, papers=20, read_at=NOW, closes_at=closes_at(DAY), complete=True)
OPEN = replace(CLOSED, read_at=datetime(2025, 2, 11, 14, tzinfo=UTC), complete=False)


def an_entry(place: int = 1, **told: object) -> Entry:
    usual: dict[str, object] = {
        "id": ArxivId(f"2502.{place:05d}"),
        "place": place,
        "title": f"A study of thing {place}",
        "authors": ("Ada Lovelace", "Grace Hopper", "Alan Turing"),
        "upvotes": 1200 - place,
        "tldr": f"Thing {place} is faster by 12%.",
    }
    return Entry(**usual | told)  # type: ignore[arg-type]


def an_edition(papers: int = 3, *, more: int = 0, **told: object) -> Edition:
    usual: dict[str, object] = {
        "id": "0123456789ab",
        "channel_id": 5,
        "made_at": NOW,
        "entries": tuple(an_entry(place) for place in range(1, papers + 1)),
        "receipt": Receipt(
            shown=papers, matching=papers + more, listed=papers + more, days=(CLOSED,)
        ),
    }
    return Edition(**usual | told)  # type: ignore[arg-type]


@given(editions())
async def test_no_edition_makes_a_message_that_discord_would_refuse(edition: Edition) -> None:
    for part in split(edition):
        check_limits(part_view(part).to_components())


@given(st.one_of(topics, st.sampled_from(["@everyone", "[a](https://evil.example)", "汉" * 300])))
def test_a_topic_stands_in_the_header_as_it_was_typed(topic: str) -> None:
    told = order_text(Order(topic=topic))
    assert told is not None
    days = Receipt(shown=1, matching=1, listed=1, days=(CLOSED,))
    header = title_text(days, told)
    assert live_markdown(header.split(" · ", 3)[-1]) == []
    assert header.count("\n") == 1
    assert read_aloud(header).endswith(one_line(told))


@given(editions())
def test_every_paper_stands_in_exactly_one_part_or_is_counted_under_browse_all(
    edition: Edition,
) -> None:
    parts = split(edition)
    placed = [one for part in parts for one in part.entries]
    assert tuple(placed) == edition.entries[: len(placed)]
    assert 1 <= len(parts) <= 10
    assert all(1 <= len(part.entries) <= 10 for part in parts)
    assert [(part.number, part.of) for part in parts] == [
        (number, len(parts)) for number in range(1, len(parts) + 1)
    ]
    assert len(placed) == len(edition.entries) or len(parts) == 10
    for part in parts:
        assert part.receipt.shown == len(placed)
        assert part.receipt.more == edition.receipt.matching - len(placed)
        assert part.receipt.listed == edition.receipt.listed


@given(editions(most=30))
async def test_each_part_shows_its_papers_in_order_and_offers_their_cards(edition: Edition) -> None:
    for part in split(edition):
        view = part_view(part)
        said = text_of(view)
        addresses = [f"(https://arxiv.org/abs/{one.id})" for one in part.entries]
        places = [said.find(address) for address in addresses]
        assert -1 not in places
        assert places == sorted(places)
        assert [option["value"] for option in options_of(view)] == [one.id for one in part.entries]


@given(editions(most=15))
async def test_browse_all_stands_under_the_last_part_where_there_is_more(edition: Edition) -> None:
    parts = split(edition)
    for part in parts:
        opened = [one for one in buttons_of(part_view(part)) if one.get("custom_id")]
        wanted = part.last and part.receipt.more > 0
        assert [one["custom_id"] for one in opened] == (
            [ids.browse(ids.edition_list(edition.id))] if wanted else []
        )


@given(editions(most=15))
async def test_the_deliverys_key_can_be_found_in_each_part(edition: Edition) -> None:
    for part in split(edition):
        menus = [one for one in all_of(part_view(part)) if one["type"] == 3]
        assert [one["custom_id"] for one in menus] == [
            ids.card_menu(edition_key(edition.id, part.number))
        ]


@given(editions(most=15), texts)
async def test_a_preview_is_a_message_that_discord_takes(edition: Edition, note: str) -> None:
    view = preview_view(f"### note\n{shown(note, 200)}", split(edition))
    check_limits(view.to_components())
    assert buttons_of(view) == []


async def test_a_preview_of_nothing_is_its_note() -> None:
    assert texts_of(preview_view("Nothing yet.", ()).to_components()) == ["Nothing yet."]


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("nasty", NASTY)
async def test_the_heaviest_edition_of_one_text_is_taken(style: Style, nasty: str) -> None:
    people = (nasty[:LONG],) * (664 if len(nasty) < 30 else 3)
    heavy = an_entry(1, title=nasty, authors=people, upvotes=2**53, tldr=nasty,
                     objective=nasty, method=nasty, results=nasty, implications=nasty)  # fmt: skip
    papers = 120 if len(nasty) <= LONG else 6
    entries = tuple(
        replace(heavy, place=place, id=ArxivId(f"2502.{place:05d}"))
        for place in range(1, papers + 1)
    )
    edition = an_edition(papers, entries=entries, style=style, mention_role=2**63 - 1)
    parts = split(edition)
    for part in parts:
        check_limits(part_view(part).to_components())
    assert sum(len(part.entries) for part in parts) + parts[-1].receipt.more == papers


def test_ten_compact_papers_fit_one_message() -> None:
    (part,) = split(an_edition(10))
    assert part.first
    assert part.last


def test_parts_hold_much_the_same_number_of_papers() -> None:
    assert [len(part.entries) for part in split(an_edition(21))] == [7, 7, 7]
    assert [len(part.entries) for part in split(an_edition(11))] == [6, 5]


def test_past_a_hundred_papers_the_rest_is_left_to_browse_all() -> None:
    parts = split(an_edition(120))
    assert [len(part.entries) for part in parts] == [10] * 10
    assert parts[-1].receipt.more == 20
    assert "100 of 120 papers" in receipt_text(parts[-1].receipt)


async def test_only_the_first_part_has_the_header_and_the_mention() -> None:
    views = [part_view(part) for part in split(an_edition(25, mention_role=77))]
    assert ["<@&77>" in text_of(view) for view in views] == [True, False, False]
    assert ["## AI papers · Tuesday, 11 February 2025" in text_of(one) for one in views] == [
        True, False, False,
    ]  # fmt: skip
    assert text_of(views[1]).startswith("-# AI papers · Tuesday, 11 February 2025 · part 2\n")
    assert ["closed <t:" in text_of(view) for view in views] == [False, False, True]


async def test_the_filter_is_told_in_the_header() -> None:
    (part,) = split(an_edition(2, filter="at least 5 upvotes"))
    assert "2 papers · Hugging Face Daily Papers · at least 5 upvotes" in text_of(part_view(part))


def test_a_compact_paper_is_a_title_a_line_of_facts_and_a_tldr() -> None:
    lines = entry_text(an_entry(3)).split("\n")
    assert lines[0] == "**3.** [A study of thing 3](https://arxiv.org/abs/2502.00003)"
    assert lines[1].replace("\u00a0", " ") == (
        "-# Ada Lovelace, Grace Hopper +1 · ▲ 1,197 · [HF](https://hf.co/papers/2502.00003)"
    )
    assert lines[2] == "Thing 3 is faster by 12%."


def test_what_is_not_known_of_a_paper_is_left_out() -> None:
    bare = an_entry(1, authors=(), upvotes=None, tldr=None)
    assert entry_text(bare).split("\n")[1:] == ["-# [HF](https://hf.co/papers/2502.00001)"]


def test_a_compact_line_cuts_a_long_tldr_at_a_word() -> None:
    said = entry_text(an_entry(1, tldr="word " * 100)).split("\n")[2]
    assert said.endswith("word…")
    assert len(said) <= 220


def test_the_full_style_says_the_parts_that_there_are() -> None:
    said = entry_text(an_entry(1, objective="Find it.", results="It is 5% up."), Style.FULL)
    assert said.split("\n")[2:] == [
        "Thing 1 is faster by 12%.",
        "**Objective**  Find it.",
        "**Results**  It is 5% up.",
    ]


def test_the_full_style_does_without_a_tldr() -> None:
    said = entry_text(an_entry(1, tldr=None, method="Look."), Style.FULL)
    assert said.split("\n")[2:] == ["**Method**  Look."]


def test_the_receipt_says_that_summaries_are_extracts_for_want_of_tokens() -> None:
    told = replace(receipt(1), extracts=True)
    assert "summaries are extracts, as the day's tokens are spent" in receipt_text(told)
    assert "extracts" not in receipt_text(replace(told, extracts=False))


def test_a_closed_list_says_when_it_closed() -> None:
    receipt = Receipt(shown=3, matching=3, listed=3, days=(CLOSED,))
    assert receipt_text(receipt) == "-# 3 of 3 papers · list closed <t:1739327400:t>"


def test_an_open_list_says_when_it_was_read_and_closes() -> None:
    said = receipt_text(Receipt(shown=3, matching=5, listed=9, days=(OPEN,)))
    assert said == (
        "-# 3 of 5 papers so far · 4 more did not match · list read <t:1739282400:t>"
        " · closes <t:1739327400:t>"
    )


def test_several_lists_are_named_by_their_days() -> None:
    two = Receipt(shown=3, matching=3, listed=3, days=(CLOSED, replace(OPEN, read_at=None)))
    assert receipt_text(two) == "-# 3 of 3 papers so far · closes <t:1739327400:t>"
    both_open = replace(two, days=(OPEN, OPEN))
    assert receipt_text(both_open).count("list of 11 Feb 2025 read") == 2
    assert "all 2 lists closed" in receipt_text(replace(two, days=(CLOSED, CLOSED)))


@given(st.integers(1, 120), st.sampled_from(Style))
def test_splitting_twice_gives_the_same_parts(papers: int, style: Style) -> None:
    edition = an_edition(papers, style=style)
    assert split(edition) == split(edition)


async def test_a_view_is_marked_finished_so_that_nothing_keeps_it() -> None:
    (part,) = split(an_edition(2, more=4))
    assert part_view(part).is_finished()


async def test_a_menu_names_each_paper_with_its_place_and_authors() -> None:
    (part,) = split(an_edition(2, entries=(an_entry(1), an_entry(2, authors=()))))
    first, second = options_of(part_view(part))
    assert first["label"] == "1. A study of thing 1"
    assert first["description"] == "Ada Lovelace, Grace Hopper, Alan Turing"
    assert second.get("description") is None


async def test_nothing_but_text_separators_menu_and_buttons_is_sent() -> None:
    (part,) = split(an_edition(10, more=3, mention_role=4))
    kinds = [one["type"] for one in walked(part_view(part).to_components())]
    assert set(kinds) == {1, 2, 3, 10, 14, 17}


def test_a_full_entry_says_no_sentence_twice() -> None:
    told = entry(tldr="It is faster.", method="It is faster.", results="By 12%.")
    text = entry_text(told, Style.FULL)
    assert text.count("It is faster.") == 1
    assert "Method" not in text
    assert "**Results**  By 12%." in text
