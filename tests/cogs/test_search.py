from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import ArxivId
from bot.domain.searches import Advice, Search, Sort, Trend
from bot.errors import SourceUnreachable, UserError
from tests.builders import paper
from tests.cogs.conftest import answer, custom_ids, labels, said
from tests.finding import SearchInMemory
from tests.ui import NASTY, check_limits, units, walked

if TYPE_CHECKING:
    from simcord.results import ResponseMessage

    from bot.app import House
    from tests.cogs.conftest import Stage

OFFERING = (("paper", "paper"), ("related", "paper"), ("papers", "topic"))
"""The commands, each with its option, that offer something while one types."""

TWELVE = [paper(number) for number in range(1, 13)]


@pytest.fixture
def search() -> SearchInMemory:
    """Give a search over twelve papers."""
    return SearchInMemory(TWELVE)


@pytest.fixture
def house(house: House, search: SearchInMemory) -> House:
    """Give the house with that search in it."""
    return replace(house, services=replace(house.services, search=search))


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """Give the stage with the same papers in its library."""
    await stage.list_papers(*TWELVE)
    return stage


@pytest.fixture(params=[False, True], ids=["at once", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def menu_of(message: ResponseMessage, kind: str) -> str:
    """Return the custom id of the menu of a kind."""
    (found,) = [one for one in custom_ids(message) if one.startswith(f"{kind}:")]
    return found


def chosen(message: ResponseMessage) -> list[str]:
    """Return what is chosen in a message's menus."""
    options = [one for menu in walked(message.components) for one in menu.get("options", [])]
    return [one["label"] for one in options if one.get("default")]


async def test_what_is_found_is_shown_to_the_person_who_asked(
    stage: Stage, search: SearchInMemory
) -> None:
    result = await stage.reader.slash(
        stage.channel, "papers", topic="study", days=30, sort="upvotes", min_upvotes=3
    )
    assert search.asked == [(Search(topic="study", days=30, sort=Sort.UPVOTES, min_upvotes=3), 0)]
    assert answer(result).ephemeral
    assert "10 match · 12 papers searched" in said(result)
    assert "most upvotes first · last 30 days · at least 3 upvotes" in said(result)
    assert said(result).index("**1.** [A study of thing 12]") < said(result).index("thing 11]")
    check_limits(answer(result).components)


async def test_what_is_found_is_shown_to_everyone_on_demand(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "papers", topic="study", public=True)
    assert not answer(result).ephemeral
    assert "12 match" in said(result)


async def test_a_direct_message_finds_the_same(stage: Stage) -> None:
    user = stage.reader.user
    page = answer(await user.slash("papers", topic="study"))
    assert "1 – 5 of 12 papers" in said(page)
    turned = answer(await user.click(page, label="Next"))
    assert "6 – 10 of 12 papers" in said(turned)
    assert "thing 7" in said(
        await user.select(turned, ["2502.00007"], custom_id=menu_of(turned, "card"))
    )


async def test_without_a_topic_it_is_what_is_trending(stage: Stage, search: SearchInMemory) -> None:
    search.trends = (Trend(topic="agents", papers=9, usual=2),)
    page = answer(await stage.reader.slash(stage.channel, "papers"))
    assert search.asked == [(Search(), 0)]
    assert said(page).startswith(
        "## Trending this week\n- **agents**  9 papers this week, 2 in a usual one"
    )
    turned = answer(await stage.reader.click(page, label="Next"))
    assert "6 – 10 of 12 papers" in said(turned)


MISTAKE = "This “(” is never closed; I expected a “)”.\n```\nvideo (\n      ^\n```"


@pytest.mark.parametrize("public", [False, True])
async def test_a_mistake_is_pointed_at_for_the_person_alone(stage: Stage, public: bool) -> None:
    result = await stage.reader.slash(stage.channel, "papers", topic="video (", public=public)
    assert answer(result).ephemeral
    assert said(result) == MISTAKE
    assert stage.channel.last_message is None


async def test_a_mistake_in_nasty_text_stays_in_its_block(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "papers", topic="``` @everyone ( " + "x" * 250)
    assert said(result).count("```") == 2
    assert said(result).endswith("^\n```")


async def test_a_source_that_fails_a_public_answer_is_told_to_the_person_alone(
    stage: Stage, search: SearchInMemory
) -> None:
    search.failure = UserError("The index is being built.")
    result = await stage.reader.slash(stage.channel, "papers", topic="study", public=True)
    assert answer(result).ephemeral
    assert said(result) == "The index is being built."
    assert stage.channel.last_message is None


async def test_pages_turn_in_place(stage: Stage, restarts: bool) -> None:
    first = answer(await stage.reader.slash(stage.channel, "papers", topic="study"))
    if restarts:
        await stage.restart()
    page = first
    for label, where in (("Next", "6 – 10 of 12"), ("Next", "11 – 12 of 12"), ("Back", "6 – 10")):
        page = answer(await stage.reader.click(page, label=label))
        assert page.id == first.id
        assert where in said(page)
        check_limits(page.components)
    card = await stage.reader.select(page, ["2502.00007"], custom_id=menu_of(page, "card"))
    assert "### [A study of thing 7]" in said(card)


async def test_a_button_says_its_page_however_often_and_by_whomever_it_is_pressed(
    stage: Stage,
) -> None:
    shown = answer(await stage.admin.slash(stage.channel, "papers", topic="study", public=True))
    pressed = [
        answer(await person.click(shown, label="Next"))
        for person in (stage.reader, stage.reader, stage.admin)
    ]
    assert all("6 – 10 of 12 papers" in said(one) for one in pressed)
    assert len({one.id for one in (shown, *pressed)}) == 4


async def test_the_order_and_the_period_change_in_place_and_keep_each_other(
    stage: Stage, search: SearchInMemory, restarts: bool
) -> None:
    first = answer(await stage.reader.slash(stage.channel, "papers", topic="study", min_upvotes=2))
    if restarts:
        await stage.restart()
    turned = answer(await stage.reader.click(first, label="Next"))
    sort = menu_of(turned, "sort")
    by_upvotes = answer(await stage.reader.select(turned, ["upvotes"], custom_id=sort))
    assert by_upvotes.id == first.id
    assert "**1.** [A study of thing 12]" in said(by_upvotes)
    assert chosen(by_upvotes) == ["Order: Upvotes", "Period: All time"]
    period = menu_of(by_upvotes, "days")
    recent = answer(await stage.reader.select(by_upvotes, ["7"], custom_id=period))
    assert chosen(recent) == ["Order: Upvotes", "Period: 7 days"]
    await stage.reader.click(recent, label="Next")
    assert search.asked[-1] == (
        Search(topic="study", days=7, sort=Sort.UPVOTES, min_upvotes=2), 1
    )  # fmt: skip
    period = menu_of(recent, "days")
    ever = answer(await stage.reader.select(recent, ["0"], custom_id=period))
    assert chosen(ever) == ["Order: Upvotes", "Period: All time"]


async def test_whoever_presses_on_a_public_page_gets_one_of_their_own(
    stage: Stage, restarts: bool
) -> None:
    shown = answer(await stage.admin.slash(stage.channel, "papers", topic="study", public=True))
    if restarts:
        await stage.restart()
    before = stage.channel.last_message
    untouched = before.edited_at if before else None
    turned = answer(await stage.reader.click(shown, label="Next"))
    ordered = answer(await stage.admin.select(shown, ["upvotes"], custom_id=menu_of(shown, "sort")))
    for own in (turned, ordered):
        assert own.ephemeral
        assert own.id != shown.id
    assert "6 – 10 of 12" in said(turned)
    assert "**1.** [A study of thing 12]" in said(ordered)
    posted = stage.channel.last_message
    assert posted is not None
    assert posted.id == shown.id
    assert posted.edited_at == untouched
    again = answer(await stage.reader.click(turned, label="Next"))
    assert again.id == turned.id


async def test_a_search_of_more_than_thirty_days_ago_says_what_to_type(stage: Stage) -> None:
    page = answer(await stage.reader.slash(stage.channel, "papers", topic="study"))
    stage.clock.move(days=31)
    sort, period = menu_of(page, "sort"), menu_of(page, "days")
    for result in (
        await stage.reader.click(page, label="Next"),
        await stage.reader.select(page, ["newest"], custom_id=sort),
        await stage.reader.select(page, ["7"], custom_id=period),
    ):
        assert "no longer kept; type /papers again" in said(result.followups[-1])
        assert result.followups[-1].ephemeral


async def test_nothing_found_is_answered_with_buttons_that_find_something(
    stage: Stage, search: SearchInMemory, restarts: bool
) -> None:
    search.advice = Advice(
        understood="both “red” and “study”", topics=("thing",), rarest="red", without="study",
        finds=12,
    )  # fmt: skip
    none = answer(
        await stage.reader.slash(stage.channel, "papers", topic="red study", days=7, public=True)
    )
    assert "nothing matches · 12 papers searched" in said(none)
    assert labels(none) == ["Without “red”", "thing", "Make this an alert"]
    check_limits(none.components)
    if restarts:
        await stage.restart()
    shorter = answer(await stage.admin.click(none, label="Without “red”"))
    nearest = answer(await stage.reader.click(none, label="thing"))
    assert shorter.ephemeral
    assert nearest.ephemeral
    assert "## study\n-# 12 match" in said(shorter)
    assert "last 7 days" in said(shorter)
    assert "## thing\n" in said(nearest)
    turned = answer(await stage.reader.click(nearest, label="Next"))
    assert turned.id == nearest.id
    stage.clock.move(days=31)
    assert "no longer kept" in said(await stage.reader.click(none, label="thing"))


async def test_the_papers_nearest_to_one_are_shown_and_turned(stage: Stage, restarts: bool) -> None:
    first = answer(
        await stage.reader.slash(stage.channel, "related", paper="arxiv.org/abs/2502.00001")
    )
    assert first.ephemeral
    assert said(first).startswith("### Related to [A study of thing 1](")
    assert "thing 1](" not in said(first).split("\n", 1)[1]
    if restarts:
        await stage.restart()
    turned = answer(await stage.reader.click(first, label="Next"))
    assert turned.id == first.id
    assert "6 – 10 of 11 papers" in said(turned)
    check_limits(turned.components)


async def test_the_relatives_of_a_paper_that_is_not_stored_are_found_once_it_is_fetched(
    stage: Stage, search: SearchInMemory
) -> None:
    afar = paper(9, id=ArxivId("2401.00009"), title="Afar")
    stage.source.papers[afar.id] = afar
    search.stored.append(afar)
    result = await stage.reader.slash(stage.channel, "related", paper="2401.00009")
    assert said(result).startswith("### Related to [Afar]")
    stage.source.papers.clear()
    assert "[Afar]" in said(await stage.reader.slash(stage.channel, "paper", paper="2401.00009"))


async def test_a_paper_that_no_source_has_has_no_relatives(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "related", paper="2401.99999")
    assert said(result) == "There is no paper 2401.99999 on Hugging Face or arXiv; check the id."
    stage.source.failure = SourceUnreachable("Hugging Face answered 500")
    result = await stage.reader.slash(stage.channel, "related", paper="2401.99999")
    assert said(result) == "Hugging Face answered 500"


async def test_a_card_opens_its_papers_relatives(stage: Stage, restarts: bool) -> None:
    card = answer(await stage.reader.slash(stage.channel, "paper", paper="2502.00002"))
    if restarts:
        await stage.restart()
    relatives = answer(await stage.reader.click(card, label="Related"))
    assert relatives.ephemeral
    assert relatives.id != card.id
    assert said(relatives).startswith("### Related to [A study of thing 2](")
    turned = answer(await stage.reader.click(relatives, label="Next"))
    assert turned.id == relatives.id


async def test_topics_are_offered_while_one_types(stage: Stage, search: SearchInMemory) -> None:
    search.known = ["world models", "World modelling", "agents", "", "world " * 20, "🌍" * 51]
    found = await stage.reader.autocomplete(stage.channel, "papers", "topic", "world")
    assert [(one["name"], one["value"]) for one in found] == [
        ("world models", "world models"),
        ("World modelling", "World modelling"),
    ]


@pytest.mark.parametrize("command", ["paper", "related"])
@pytest.mark.parametrize("text", ["", "2502", "2502.00002", "thing 2", "arxiv.org/abs/2502.00002"])
async def test_a_paper_is_offered_by_title_id_or_link(
    stage: Stage, command: str, text: str
) -> None:
    found = await stage.reader.autocomplete(stage.channel, command, "paper", text)
    assert {"name": "A study of thing 2", "value": "2502.00002"} in found


async def test_no_more_is_offered_than_discord_takes(stage: Stage, search: SearchInMemory) -> None:
    search.stored = [paper(number, title=f"🚀 Long {number} " * 30) for number in range(10, 60)]
    search.known = [f"long topic {number}" for number in range(50)]
    for command, option in OFFERING:
        found = await stage.reader.autocomplete(stage.channel, command, option, "long")
        assert len(found) == 25
        assert all(1 <= units(one["name"]) <= 100 for one in found)
        assert all(1 <= units(one["value"]) <= 100 for one in found)


async def test_what_has_no_readable_name_is_offered_all_the_same(
    stage: Stage, search: SearchInMemory
) -> None:
    usable = [one for one in NASTY if "\ud800" not in one]
    search.stored = [paper(number, title=one) for number, one in enumerate(usable, start=1)]
    found = await stage.reader.autocomplete(stage.channel, "paper", "paper", "")
    assert len(found) == min(25, len(usable))
    assert all(one["name"].strip() for one in found)


async def test_what_cannot_be_offered_leaves_an_empty_list_and_a_line_in_the_log(
    stage: Stage,
    search: SearchInMemory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    search.failure = RuntimeError("the index is torn")
    with caplog.at_level(logging.ERROR):
        for command, option in OFFERING:
            assert await stage.reader.autocomplete(stage.channel, command, option, "x") == []
    failed = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert [one.getMessage() for one in failed] == [
        "Nothing could be offered to a person who types"
    ] * len(OFFERING)
    assert all(one.exc_info for one in failed)


async def test_answers_leave_nothing_in_memory(stage: Stage) -> None:
    for public in (False, True):
        page = answer(
            await stage.reader.slash(stage.channel, "papers", topic="study", public=public)
        )
        await stage.reader.click(page, label="Next")
    await stage.reader.slash(stage.channel, "related", paper="2502.00001")
    store = stage.bot._connection._view_store
    assert store._views == {}
    assert store._synced_message_views == {}
