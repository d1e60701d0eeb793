"""A schedule that Discord stopped: who is told, and what lets it go on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord.backend import serializers

from bot.domain.schedules import State
from tests.builders import paper, reading
from tests.cogs.conftest import Stage, custom_ids, said
from tests.cogs.troubles import let_bot, schedule_of, shown_by, stop, tick
from tests.ui import check_limits

if TYPE_CHECKING:
    from simcord.builders import RoleHandle


async def took_up(stage: Stage) -> bool:
    """Say whether the schedule runs again and has brought what it missed, once."""
    before = len(stage.channel.history())
    await tick(stage, minutes=1)
    await tick(stage, minutes=1)
    brought = len(stage.channel.history()) - before
    assert brought <= 1
    return (await schedule_of(stage)).state is State.ACTIVE and brought == 1


async def give_bot(stage: Stage, role: RoleHandle) -> None:
    """Give the bot a role, and tell it as Discord does.

    Discord tells a bot of its own member without the members intent; the simulation keeps that
    back: https://docs.discord.com/developers/events/gateway#list-of-intents.
    """
    assert stage.bot.user is not None
    backend = stage.env.backend
    backend.add_member_role(stage.guild.id, stage.bot.user.id, role.id)
    member = backend.get_member(stage.guild.id, stage.bot.user.id)
    payload = serializers.member_payload(backend, backend.get_guild(stage.guild.id), member)
    told: Any = {**payload, "guild_id": str(stage.guild.id)}
    with stage.env._bot_scope():  # what comes of it is the bot's work, which settling waits for
        stage.bot._connection.parse_guild_member_update(told)
    await stage.env.settle()


@pytest.mark.parametrize(
    ("denied", "reason"),
    [
        ({"send_messages": False}, "Paperboy may not send messages there"),
        ({"view_channel": False}, "Paperboy cannot see the channel"),
    ],
)
async def test_who_made_the_schedule_is_told_once_why_it_stopped(
    stage: Stage, denied: dict[str, bool], reason: str
) -> None:
    told = await stop(stage, **denied)
    head = "### The digest of \\#papers in Reading group is stopped\n"
    assert shown_by(told).startswith(head)
    assert f"<#{stage.channel.id}>: {reason}" in shown_by(told)
    assert custom_ids(told)[0].startswith(f"resume:{stage.channel.id}:n.")
    check_limits([one.to_dict() for one in told.components])  # type: ignore[misc]
    for _ in range(3):
        await tick(stage, days=1)
    assert stage.admin.user.dm_channel.history() == [told]
    assert stage.reader.user.dm_channel.history() == []
    assert stage.channel.history() == []
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_it_is_told_anew_when_it_stops_anew(stage: Stage) -> None:
    await stop(stage)
    await let_bot(stage)
    assert await took_up(stage)
    today = stage.clock().date()
    stage.source.readings[today] = reading(paper(7), day=today, read_at=stage.clock())
    await stage.house.collector.collect([today], stage.clock())
    await let_bot(stage, send_messages=False)
    await tick(stage, days=1)
    await tick(stage, seconds=20)
    assert len(stage.admin.user.dm_channel.history()) == 2


async def test_a_person_whose_direct_messages_are_closed_is_not_asked_again(stage: Stage) -> None:
    stage.env.inject_error(
        "POST",
        f"/channels/{stage.admin.user.dm_channel.id}/messages",
        status=403,
        code=50007,
        times=None,
    )
    await stage.schedule(time="10:00")
    await let_bot(stage, send_messages=False)
    await tick(stage, hours=1)
    await tick(stage, seconds=20)
    tried = len(stage.sent())
    for _ in range(3):
        await tick(stage, hours=1)
    assert len(stage.sent()) == tried
    assert await stage.house.database.one("SELECT 1 FROM deliveries") is None
    status = said(await stage.admin.slash(stage.channel, "status"))
    assert "Paperboy may not send messages there" in status
    await let_bot(stage)
    assert await took_up(stage)


async def test_it_goes_on_when_the_channel_is_opened(stage: Stage) -> None:
    await stop(stage)
    await let_bot(stage)
    assert await took_up(stage)


async def test_it_does_not_go_on_while_something_is_still_missing(stage: Stage) -> None:
    await stop(stage, send_messages=False, read_message_history=False)
    await let_bot(stage, read_message_history=False)
    assert not await took_up(stage)
    assert (await schedule_of(stage)).state is State.STOPPED
    await let_bot(stage)
    assert await took_up(stage)


async def test_it_goes_on_when_a_role_of_the_bot_is_given_what_it_lacks(stage: Stage) -> None:
    guild = stage.env.backend.get_guild(stage.guild.id)
    role = next(one for one in guild.roles.values() if one.managed)
    for one in (role, guild.everyone_role):
        stage.env.backend.edit_role(stage.guild.id, one.id, {"permissions": 0})
    await stage.env.settle()
    await stop(stage, view_channel=True, read_message_history=True)
    stage.env.backend.edit_role(
        stage.guild.id, role.id, {"permissions": discord.Permissions(view_channel=True).value}
    )
    await stage.env.settle()
    assert not await took_up(stage)
    stage.env.backend.edit_role(
        stage.guild.id, role.id, {"permissions": discord.Permissions(send_messages=True).value}
    )
    await stage.env.settle()
    assert await took_up(stage)


async def test_it_goes_on_when_the_bot_is_given_a_role(stage: Stage) -> None:
    guild = stage.env.backend.get_guild(stage.guild.id)
    for one in guild.roles.values():
        stage.env.backend.edit_role(stage.guild.id, one.id, {"permissions": 0})
    posters = stage.guild.create_role("Posters", permissions=discord.Permissions.text())
    useless = stage.guild.create_role("Useless")
    await stage.env.settle()
    await stop(stage, view_channel=True, read_message_history=True)
    await give_bot(stage, useless)
    assert not await took_up(stage)
    await give_bot(stage, posters)
    assert await took_up(stage)


async def test_another_persons_new_role_wakes_nothing(stage: Stage) -> None:
    await stop(stage)
    before = await schedule_of(stage)
    stage.env.backend.announce_member_update(stage.guild.id, stage.reader.id)
    await stage.env.settle()
    assert await schedule_of(stage) == before


async def test_it_goes_on_when_the_bot_is_invited_again(stage: Stage) -> None:
    backend = stage.env.backend
    guild = backend.get_guild(stage.guild.id)
    channels = {one: backend.channels[one] for one in guild.channel_ids}
    await stage.schedule(time="10:00")
    backend.remove_guild(stage.guild.id)
    await stage.env.settle()
    path = f"/channels/{stage.channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50001)
    await tick(stage, hours=1)
    assert (await schedule_of(stage)).state is State.STOPPED
    backend.guilds[guild.id] = guild
    backend.channels |= channels
    backend.messages |= {one: {} for one in channels}
    payload: dict[str, Any] = dict(serializers.guild_create_payload(backend, guild))
    del payload["unavailable"]  # so Discord tells a new server from one that is back
    backend.emit("GUILD_CREATE", payload)
    await stage.env.settle()
    assert await took_up(stage)


async def test_it_goes_on_after_a_restart_when_it_was_mended_meanwhile(stage: Stage) -> None:
    await stop(stage)
    stage.env.backend.get_channel(stage.channel.id).overwrites.clear()  # nobody hears of it
    assert not await took_up(stage)
    await stage.restart()
    await stage.env.settle()
    assert await took_up(stage)


async def test_it_stays_stopped_after_a_restart_that_found_nothing_mended(stage: Stage) -> None:
    await stop(stage)
    await stage.restart()
    await stage.env.settle()
    assert not await took_up(stage)


async def test_one_servers_change_wakes_no_other_server(stage: Stage) -> None:
    await stop(stage)
    stage.env.backend.get_channel(stage.channel.id).overwrites.clear()
    elsewhere = stage.env.create_guild("Elsewhere")
    elsewhere.create_role("New")
    channel = elsewhere.create_text_channel("papers")
    stage.env.backend.announce_channel_update(channel.id)
    await stage.env.settle()
    assert (await schedule_of(stage)).state is State.STOPPED


async def test_a_paused_schedule_is_not_woken_by_a_change(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    await stage.house.services.schedules.pause(stage.channel.id)
    await let_bot(stage)
    assert (await schedule_of(stage)).state is State.PAUSED
