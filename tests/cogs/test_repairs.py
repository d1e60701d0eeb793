"""The buttons that put things right, by those who may and by those who may not any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.domain.schedules import State
from bot.ui import ids
from tests.cogs.conftest import Stage, answer, answers, labels, said
from tests.cogs.troubles import (
    demote,
    forged,
    let_bot,
    mend_unheard,
    quiet_line,
    schedule_of,
    status_of,
    stop,
    tick,
    with_button,
)
from tests.ui import check_limits

if TYPE_CHECKING:
    from simcord.results import InteractionResult

ON_AGAIN = "is on again. What it missed comes in a moment, as one edition."


async def press_in_dm(stage: Stage, told: discord.Message) -> InteractionResult:
    result: InteractionResult = await stage.admin.user.click(told, label="Resume")
    await stage.env.settle()
    return result


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_quiet_lines_button_tells_anyone_how_things_are(
    stage: Stage, restarts: bool
) -> None:
    line = await quiet_line(stage)
    if restarts:
        await stage.restart()
    read = answer(await stage.reader.click(line, label="Status"))
    managed = answers(await stage.admin.click(line, label="Status"))
    assert read.ephemeral
    assert "Sources" in said(read)
    assert f"<#{stage.channel.id}>" not in said(read)
    assert f"<#{stage.channel.id}>" in "\n".join(map(said, managed))


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_message_that_tells_of_it_resumes_a_stopped_digest(
    stage: Stage, restarts: bool
) -> None:
    told = await stop(stage)
    if restarts:
        await stage.restart()
    mend_unheard(stage)
    assert ON_AGAIN in said(await press_in_dm(stage, told))
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1


async def test_to_press_resume_twice_brings_one_edition(stage: Stage) -> None:
    told = await stop(stage)
    await let_bot(stage)  # resumes it already
    assert ON_AGAIN in said(await press_in_dm(stage, told))
    await tick(stage, seconds=20)
    again = said(await press_in_dm(stage, told))
    assert f"<#{stage.channel.id}> is on again. Next edition <t:" in again
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1


async def test_resume_says_what_is_still_missing(stage: Stage) -> None:
    told = await stop(stage, send_messages=False, read_message_history=False)
    answered = said(await press_in_dm(stage, told))
    assert "Paperboy cannot post in #papers" in answered.replace("\\", "")
    assert "it lacks Send Messages and Read Message History there" in answered
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_one_who_lost_manage_server_cannot_resume(stage: Stage) -> None:
    told = await stop(stage)
    demote(stage)
    answered = await press_in_dm(stage, told)
    assert "You need the Manage Server permission for that" in said(answered)
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_one_who_no_longer_sees_the_channel_cannot_resume(stage: Stage) -> None:
    told = await stop(stage)
    backend = stage.env.backend
    backend.edit_role(
        stage.guild.id,
        backend.get_guild(stage.guild.id).everyone_role.id,
        {"permissions": discord.Permissions(send_messages=True).value},
    )
    await stage.env.settle()
    assert "You cannot see that channel" in said(await press_in_dm(stage, told))


async def test_one_who_left_the_server_cannot_resume(stage: Stage) -> None:
    told = await stop(stage)
    stage.guild.remove_member(stage.admin)
    await stage.env.settle()
    assert "You are not a member of that server." in said(await press_in_dm(stage, told))
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_to_resume_a_channel_that_is_gone_removes_its_digest(stage: Stage) -> None:
    told = await stop(stage)
    cached = stage.bot.get_guild(stage.guild.id)
    assert cached is not None
    cached._channels.pop(stage.channel.id)  # deleted while the bot was down
    del stage.env.backend.channels[stage.channel.id]
    assert "That channel is gone, so its digest is removed." in said(await press_in_dm(stage, told))
    assert await stage.house.services.schedules.of_server(stage.guild.id) == []


async def test_a_server_without_the_bot_cannot_be_resumed(stage: Stage) -> None:
    told = await stop(stage)
    channels = dict(stage.env.backend.channels)
    stage.env.backend.remove_guild(stage.guild.id)
    stage.env.backend.channels |= channels  # they are there still, but not for the bot
    await stage.env.settle()
    stage.env.inject_error("GET", f"/channels/{stage.channel.id}", status=403, code=50001)
    assert "no longer a member of its server" in said(await press_in_dm(stage, told))
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_a_digest_removed_meanwhile_is_not_resumed(stage: Stage) -> None:
    told = await stop(stage)
    await stage.admin.slash(stage.channel, "digest remove")
    await let_bot(stage)
    assert "That channel has no schedule" in said(await press_in_dm(stage, told))


@pytest.mark.parametrize("restarts", [False, True])
async def test_status_offers_to_resume_what_is_stopped(stage: Stage, restarts: bool) -> None:
    await stop(stage)
    message = await with_button(stage, "Resume")
    if restarts:
        await stage.restart()
    check_limits(message.components)
    refused = said(await stage.admin.click(message, label="Resume"))
    assert "it lacks Send Messages there" in refused
    await let_bot(stage)
    assert ON_AGAIN in said(await stage.admin.click(message, label="Resume"))
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1
    assert not any("Resume" in labels(one) for one in await status_of(stage))


async def test_one_demoted_since_the_status_was_shown_cannot_resume(stage: Stage) -> None:
    await stop(stage)
    message = await with_button(stage, "Resume")
    demote(stage)
    answered = said(await stage.admin.click(message, label="Resume"))
    assert "You need the Manage Server permission" in answered
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_digest_resume_says_that_what_it_missed_comes_now(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    await stage.admin.slash(stage.channel, "digest pause")
    await tick(stage, days=2)
    assert ON_AGAIN in said(await stage.admin.slash(stage.channel, "digest resume"))
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1


async def test_digest_resume_before_anything_was_missed_says_when_the_next_comes(
    stage: Stage,
) -> None:
    await stage.schedule(time="10:00")
    await stage.admin.slash(stage.channel, "digest pause")
    told = said(await stage.admin.slash(stage.channel, "digest resume"))
    assert "is on again. Next edition <t:" in told


async def test_scheduling_a_stopped_channel_resumes_it(stage: Stage) -> None:
    await stop(stage)
    refused = said(await stage.admin.slash(stage.channel, "digest schedule", limit=2))
    assert "it lacks Send Messages there" in refused
    assert (await schedule_of(stage)).state is State.STOPPED
    mend_unheard(stage)
    told = said(await stage.admin.slash(stage.channel, "digest schedule", limit=2))
    assert "Stopped" not in told
    assert "Due since <t:" in told
    await tick(stage, seconds=20)
    assert len(stage.channel.history()) == 1


async def test_a_digest_of_another_server_is_not_for_its_manager_to_resume(stage: Stage) -> None:
    await stop(stage)
    mend_unheard(stage)
    answered = said(await forged(stage, ids.resume(stage.channel.id)))
    assert "You are not a member of that server." in answered
    assert (await schedule_of(stage)).state is State.STOPPED
