"""A message of which nobody else can know: a person who manages the server says how it is."""

from __future__ import annotations

import discord
import pytest

from bot.ui import ids
from bot.ui.panels import Actions, panels
from tests.cogs.conftest import Stage, answer, custom_ids, labels, said
from tests.cogs.troubles import (
    demote,
    forged,
    let_bot,
    lose_track,
    status_of,
    tick,
    with_button,
)
from tests.ui import check_limits


async def states(stage: Stage) -> list[str]:
    rows = await stage.house.database.all("SELECT state FROM deliveries WHERE kind <> 'notice'")
    return [row["state"] for row in rows]


@pytest.mark.parametrize("restarts", [False, True])
async def test_it_is_there_takes_the_persons_word(stage: Stage, restarts: bool) -> None:
    await lose_track(stage)
    message = await with_button(stage, "It is there")
    check_limits(message.components)
    if restarts:
        await stage.restart()
        await stage.env.settle()
    result = answer(await stage.admin.click(message, label="It is there"))
    assert result.ephemeral
    assert said(result) == "Good: it counts as sent."
    assert await states(stage) == ["sent"]
    await tick(stage, days=1)
    assert stage.channel.history() == []
    assert not any("It is there" in labels(one) for one in await status_of(stage))


@pytest.mark.parametrize("restarts", [False, True])
async def test_post_it_again_posts_it_once(stage: Stage, restarts: bool) -> None:
    key = await lose_track(stage)
    message = await with_button(stage, "Post it again")
    if restarts:
        await stage.restart()
        await stage.env.settle()
    told = said(await stage.admin.click(message, label="Post it again"))
    assert told == "It is posted again in a moment."
    twice = said(await stage.admin.click(message, label="Post it again"))
    other = said(await stage.admin.click(message, label="It is there"))
    assert "settled already" in twice
    assert "settled already" in other
    await tick(stage, seconds=20)
    (posted,) = stage.channel.history()
    assert ids.card_menu(key) in custom_ids(posted)
    assert "settled already" in said(await stage.admin.click(message, label="Post it again"))
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1


async def test_what_was_found_meanwhile_needs_no_word(stage: Stage) -> None:
    await lose_track(stage)
    message = await with_button(stage, "Post it again")
    await let_bot(stage)  # the history can be read again: it is absent, and is sent
    await tick(stage, minutes=1)
    await tick(stage, minutes=1)
    assert len(stage.channel.history()) == 1
    assert "settled already" in said(await stage.admin.click(message, label="Post it again"))
    await tick(stage, minutes=1)
    assert len(stage.channel.history()) == 1


async def test_only_who_manages_the_server_may_say_how_it_is(stage: Stage) -> None:
    await lose_track(stage)
    message = await with_button(stage, "It is there")
    demote(stage)
    for label in ("It is there", "Post it again"):
        told = said(await stage.admin.click(message, label=label))
        assert "You need the Manage Server permission" in told
    assert await states(stage) == ["unknown"]


async def test_a_message_of_another_server_is_not_for_its_manager_to_settle(stage: Stage) -> None:
    key = await lose_track(stage)
    assert "settled already" in said(await forged(stage, ids.decide("there", key)))
    assert await states(stage) == ["unknown"]


async def test_how_it_is_cannot_be_said_in_a_direct_message(stage: Stage) -> None:
    key = await lose_track(stage)
    (view,) = panels("Forged", [Actions("Press it.", (("Press", ids.decide("there", key)),))])
    person = await stage.bot.create_dm(discord.Object(stage.admin.id))
    message = await person.send(view=view)
    await stage.env.settle()
    told = said(await stage.admin.user.click(message, label="Press"))
    assert "That works in a server only" in told
    assert await states(stage) == ["unknown"]
