from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import simcord.actors

from bot.domain.papers import ArxivId
from bot.errors import SourceUnreachable
from bot.services.library import Card
from bot.ui.cards import card_view
from bot.ui.pages import page_view
from cogs import alert_buttons, alert_messages, buttons, found, privacy, repairs
from tests.builders import paper
from tests.cogs.conftest import answer, custom_ids, labels, said
from tests.ui import check_limits
from tests.ui.test_digest import an_edition, an_entry

if TYPE_CHECKING:
    import discord
    from discord import ui

    from tests.cogs.conftest import Stage

TWENTY_FIVE = [paper(number) for number in range(1, 26)]


async def an_edition_in_the_channel(stage: Stage) -> discord.Message:
    """Deliver five papers of twenty-five, the others under browse all."""
    await stage.list_papers(*TWENTY_FIVE)
    return await stage.deliver(limit=5)


@pytest.fixture(params=[False, True], ids=["at once", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def test_the_menu_opens_a_papers_card_for_the_one_who_picks(
    stage: Stage, restarts: bool
) -> None:
    message = await an_edition_in_the_channel(stage)
    if restarts:
        await stage.restart()
    result = await stage.reader.select(message, ["2502.00024"])
    assert answer(result).ephemeral
    assert "### [A study of thing 24]" in said(result)
    check_limits(answer(result).components)
    assert len(stage.sent()) == 1


async def test_browse_all_opens_every_paper_shown_ones_first(stage: Stage, restarts: bool) -> None:
    message = await an_edition_in_the_channel(stage)
    if restarts:
        await stage.restart()
    result = await stage.reader.click(message, label="Browse all 25 papers")
    assert answer(result).ephemeral
    assert "1 – 10 of 25 papers" in said(result)
    assert said(result).index("thing 25]") < said(result).index("thing 20]")
    check_limits(answer(result).components)


async def test_pages_turn_in_place_for_the_one_who_opened_them(
    stage: Stage, restarts: bool
) -> None:
    message = await an_edition_in_the_channel(stage)
    first = await stage.reader.click(message, label="Browse all 25 papers")
    if restarts:
        await stage.restart()
    page = answer(first)
    for label, where in (
        ("Next", "11 – 20 of 25"), ("Next", "21 – 25 of 25"), ("Back", "11 – 20 of 25"),
    ):  # fmt: skip
        result = await stage.reader.click(page, label=label)
        page = answer(result)
        assert page.id == answer(first).id
        assert page.ephemeral
        assert where in said(page)
        check_limits(page.components)
    card = await stage.reader.select(page, ["2502.00015"])
    assert "thing 15" in said(card)


async def test_a_press_on_a_public_page_opens_a_page_of_ones_own(
    stage: Stage, restarts: bool
) -> None:
    await stage.list_papers(*TWENTY_FIVE)
    shown = answer(await stage.admin.slash(stage.channel, "digest show", public=True))
    if restarts:
        await stage.restart()
    result = await stage.reader.click(shown, label="Next")
    own = answer(result)
    assert own.ephemeral
    assert own.id != shown.id
    assert "11 – 20 of 25 papers" in said(own)
    assert "1 – 10 of 25 papers" in said(shown)


async def test_bibtex_is_given_to_the_one_who_presses(stage: Stage, restarts: bool) -> None:
    card = answer(await stage.reader.slash(stage.channel, "paper", paper="2502.00002"))
    if restarts:
        await stage.restart()
    result = await stage.reader.click(card, label="BibTeX")
    assert answer(result).ephemeral
    assert said(result).startswith("```bibtex\n@misc{lovelace2025study,")


async def test_buttons_work_in_a_direct_message(stage: Stage) -> None:
    await stage.list_papers(*TWENTY_FIVE)
    user = stage.reader.user
    page = answer(await user.slash("digest show"))
    turned = await user.click(page, label="Next")
    assert "11 – 20 of 25 papers" in said(turned)
    card = await user.select(answer(turned), ["2502.00015"])
    bibtex = await user.click(answer(card), label="BibTeX")
    assert "@misc{lovelace2025study" in said(bibtex)


async def test_an_edition_that_is_gone_says_what_to_type(stage: Stage) -> None:
    edition = an_edition(2, more=3, id="ffffffffffff", channel_id=stage.channel.id)
    (part,) = stage.house.publisher.split(edition)
    await stage.house.publisher.publish(part, "e.ffffffffffff.1")
    await stage.env.settle()
    message = stage.channel.last_message
    assert message is not None
    result = await stage.reader.click(message, label="Browse all 5 papers")
    assert answer(result).ephemeral
    assert said(result) == ("That edition is no longer known; /digest show has the day's papers.")


async def test_a_button_pressed_in_another_channel_shows_nothing_of_the_first(
    stage: Stage,
) -> None:
    message = await an_edition_in_the_channel(stage)
    (name,) = [one for one in custom_ids(message) if one.startswith("all:")]
    edition_id = name.split(".")[1].split(":")[0]
    elsewhere = stage.guild.create_text_channel("elsewhere")
    forged = an_edition(2, more=3, id=edition_id, channel_id=elsewhere.id)
    (part,) = stage.house.publisher.split(forged)
    await stage.house.publisher.publish(part, f"e.{edition_id}.1")
    await stage.env.settle()
    copied = elsewhere.last_message
    assert copied is not None
    result = await stage.reader.click(copied, label="Browse all 5 papers")
    assert "no longer known" in said(result)


async def test_a_paper_that_no_source_has_any_more_says_so(stage: Stage) -> None:
    edition = an_edition(
        1, entries=(an_entry(1, id=ArxivId("2401.77777")),), channel_id=stage.channel.id
    )
    (part,) = stage.house.publisher.split(edition)
    await stage.house.publisher.publish(part, "e.0123456789ab.1")
    await stage.env.settle()
    message = stage.channel.last_message
    assert message is not None
    result = await stage.reader.select(message, ["2401.77777"])
    assert answer(result).ephemeral
    assert "There is no paper 2401.77777" in said(result)


async def posted(stage: Stage, view: ui.LayoutView) -> discord.Message:
    """Post a message of the bot's that has grown old since, or was forged."""
    await stage.bot.get_partial_messageable(stage.channel.id).send(view=view)
    await stage.env.settle()
    message = stage.channel.last_message
    assert message is not None
    return message


async def test_a_source_that_is_down_is_told_to_the_one_who_presses(stage: Stage) -> None:
    card = Card(paper=paper(1, id=ArxivId("2401.00001")), day=None, summary=None)
    message = await posted(stage, card_view(card))
    stage.source.failure = SourceUnreachable("Hugging Face answered 500")
    result = await stage.reader.click(message, label="BibTeX")
    assert answer(result).ephemeral
    assert said(result).startswith("Hugging Face answered 500")


async def test_a_forged_date_opens_the_latest_day(stage: Stage) -> None:
    entries = [an_entry(place) for place in range(1, 16)]
    message = await posted(stage, page_view("d.2025-02-30", "## A list", entries, 0))
    result = await stage.reader.click(message, label="Next")
    assert "Tuesday, 11 February 2025" in said(result)


async def test_a_page_past_the_end_of_a_list_is_its_last(stage: Stage) -> None:
    message = await posted(
        stage, page_view("d.2025-02-11", "## A list", [an_entry(n) for n in range(1, 101)], 8)
    )
    result = await stage.reader.click(message, label="Next")
    assert "1 – 3 of 3 papers" in said(result)


async def test_an_unexpected_error_is_answered_in_one_sentence_and_logged(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    message = await an_edition_in_the_channel(stage)

    async def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(stage.house.services.library, "card", broken)
    with caplog.at_level(logging.ERROR, logger="bot"):
        result = await stage.reader.select(message, ["2502.00024"])
    assert answer(result).ephemeral
    assert said(result) == "Something went wrong here. It has been logged."
    (record,) = [one for one in caplog.records if one.name == "bot.client"]
    assert "The button card:e." in record.getMessage()
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], RuntimeError)


async def test_a_menu_whose_press_says_nothing_is_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await an_edition_in_the_channel(stage)
    monkeypatch.setattr(simcord.actors, "_as_values", lambda _: [])
    menu = next(one for one in custom_ids(message) if one.startswith("card:"))
    stored = stage.env.backend.get_message(stage.channel.id, message.id)
    for component in stored.components[0]["components"]:
        for child in component.get("components", []):
            if child.get("custom_id") == menu:
                child["min_values"] = 0
    result = await stage.reader.select(message, [])
    assert answer(result).ephemeral
    assert said(result) == "Nothing was picked; open the menu again."


async def test_a_hundred_messages_leave_nothing_in_memory(stage: Stage) -> None:
    for number in range(100):
        name = f"{number:012x}"
        (part,) = stage.house.publisher.split(
            an_edition(3, more=2, id=name, channel_id=stage.channel.id)
        )
        await stage.house.publisher.publish(part, f"e.{name}.1")
    await stage.list_papers(*TWENTY_FIVE)
    page = answer(await stage.reader.slash(stage.channel, "digest show", public=True))
    own = answer(await stage.reader.click(page, label="Next"))
    await stage.reader.click(own, label="Next")
    card = answer(await stage.reader.slash(stage.channel, "paper", paper="2502.00002"))
    await stage.reader.click(card, label="BibTeX")
    await stage.reader.slash(stage.channel, "status")
    await stage.admin.slash(stage.channel, "digest schedule")
    store = stage.bot._connection._view_store
    assert store._views == {}
    assert store._synced_message_views == {}
    rooms = (alert_buttons, alert_messages, buttons, found, privacy, repairs)
    known = {item.__name__ for one in rooms for item in one.ITEMS}  # loaded anew for each bot
    assert {item.__name__ for item in store._dynamic_items.values()} == known
    assert len(store._dynamic_items) == len(known)
    assert not stage.bot._connection._messages


async def test_every_button_that_is_sent_is_one_that_is_answered(stage: Stage) -> None:
    message = await an_edition_in_the_channel(stage)
    page = answer(await stage.reader.click(message, label="Browse all 25 papers"))
    card = answer(await stage.reader.select(message, ["2502.00024"]))
    patterns = stage.bot._connection._view_store._dynamic_items
    for name in (*custom_ids(message), *custom_ids(page), *custom_ids(card)):
        assert sum(one.fullmatch(name) is not None for one in patterns) == 1, name
    assert labels(page) == ["Back", "1 / 3", "Next"]
