from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
import simcord.interactions

from tests.cogs.conftest import answer, said

if TYPE_CHECKING:
    from tests.cogs.conftest import Stage

COMMANDS = ("schedule", "list", "pause", "resume", "remove", "send_now")


@pytest.mark.parametrize("command", COMMANDS)
async def test_in_a_direct_message_the_servers_commands_answer_with_a_sentence(
    stage: Stage, command: str
) -> None:
    result = await stage.admin.user.slash(f"digest {command}")
    assert said(result) == (
        "That works in a server only, as a schedule belongs to a channel there."
    )


@pytest.mark.parametrize("command", COMMANDS)
async def test_where_only_the_person_installed_the_app_a_sentence_says_so(
    stage: Stage, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.bot, "get_guild", lambda _: None)
    result = await stage.admin.slash(stage.channel, f"digest {command}")
    assert answer(result).ephemeral
    assert said(result).startswith("Paperboy is not a member of this server")


@pytest.mark.parametrize("command", ["schedule", "pause", "resume", "remove", "send_now"])
async def test_a_channel_that_the_person_cannot_see_is_refused(
    stage: Stage, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Discord's picker would not offer it; a forged interaction can name it all the same.
    monkeypatch.setattr(simcord.interactions, "channel_accessible", lambda *_: True)
    hidden = stage.guild.create_text_channel(
        "secret", overwrites={stage.admin: discord.PermissionOverwrite(view_channel=False)}
    )
    await stage.schedule(hidden)
    result = await stage.admin.slash(stage.channel, f"digest {command}", channel=hidden)
    assert answer(result).ephemeral
    assert said(result).startswith("You cannot see that channel")
    assert stage.sent() == []


@pytest.mark.parametrize("command", ["schedule", "resume", "send_now"])
@pytest.mark.parametrize(
    ("denied", "named"),
    [
        ({"send_messages": False}, "it lacks Send Messages there"),
        ({"read_message_history": False}, "it lacks Read Message History there"),
        ({"view_channel": False}, "View Channel"),
        (
            {"send_messages": False, "read_message_history": False},
            "it lacks Send Messages and Read Message History there",
        ),
    ],
)
async def test_what_the_bot_lacks_in_a_channel_is_named(
    stage: Stage, command: str, denied: dict[str, bool], named: str
) -> None:
    me = stage.guild.me
    assert me is not None
    closed = stage.guild.create_text_channel(
        "closed", overwrites={me: discord.PermissionOverwrite(**denied)}
    )
    await stage.schedule(closed)
    before = await stage.house.services.schedules.of_channel(closed.id)
    result = await stage.admin.slash(stage.channel, f"digest {command}", channel=closed)
    assert answer(result).ephemeral
    assert "Paperboy cannot post in #closed" in said(result).replace("\\", "")
    assert named in said(result)
    assert await stage.house.services.schedules.of_channel(closed.id) == before
    assert stage.sent() == []


@pytest.mark.parametrize("command", ["pause", "remove"])
async def test_a_digest_that_cannot_be_posted_can_still_be_ended(
    stage: Stage, command: str
) -> None:
    me = stage.guild.me
    assert me is not None
    closed = stage.guild.create_text_channel(
        "closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    await stage.schedule(closed)
    result = await stage.admin.slash(stage.channel, f"digest {command}", channel=closed)
    assert f"<#{closed.id}>" in said(result)


@pytest.mark.parametrize("command", ["schedule", "pause", "send_now"])
async def test_a_place_that_is_no_text_channel_is_refused(stage: Stage, command: str) -> None:
    voice = stage.guild.create_voice_channel("talk")
    result = await stage.admin.slash(voice, f"digest {command}")
    assert said(result).startswith("Pick a text channel")


async def schedule_with(stage: Stage, mention: str) -> str:
    result = await stage.admin.slash(stage.channel, "digest schedule", mention=mention)
    assert answer(result).ephemeral
    return said(result)


async def role_of(stage: Stage) -> int | None:
    schedules = await stage.house.services.schedules.of_server(stage.guild.id)
    return schedules[0].mention_role if schedules else None


@pytest.mark.parametrize("text", ["@everyone", "everyone", "EVERYONE"])
async def test_everyone_is_never_mentioned(stage: Stage, text: str) -> None:
    told = await schedule_with(stage, text)
    assert "mention" in told
    assert await role_of(stage) is None


async def test_everyone_is_not_mentioned_even_for_those_who_may(stage: Stage) -> None:
    loud = stage.guild.create_role(
        "Loud", permissions=discord.Permissions(mention_everyone=True, manage_guild=True)
    )
    owner = stage.guild.add_member(stage.env.create_user("owner"), roles=[loud])
    for text in ("@everyone", str(stage.guild.id), f"<@&{stage.guild.id}>"):
        result = await owner.slash(stage.channel, "digest schedule", mention=text)
        assert "does not mention everyone" in said(result)
    assert await role_of(stage) is None


async def test_a_role_that_the_person_may_not_mention_is_refused(stage: Stage) -> None:
    role = stage.guild.create_role("Staff")
    told = await schedule_with(stage, f"<@&{role.id}>")
    assert "You may not mention \\@Staff" in told
    assert await role_of(stage) is None


async def test_a_person_with_the_right_may_name_any_role(stage: Stage) -> None:
    role = stage.guild.create_role("Staff")
    loud = stage.guild.create_role(
        "Loud", permissions=discord.Permissions(mention_everyone=True, manage_guild=True)
    )
    owner = stage.guild.add_member(stage.env.create_user("owner"), roles=[loud])
    await owner.slash(stage.channel, "digest schedule", mention="staff")
    assert await role_of(stage) == role.id


@pytest.mark.parametrize("form", ["<@&{}>", "{}", "@Fans", "fans", " Fans "])
async def test_a_mentionable_role_is_taken_in_any_form(stage: Stage, form: str) -> None:
    role = stage.guild.create_role("Fans", mentionable=True)
    told = await schedule_with(stage, form.format(role.id))
    assert await role_of(stage) == role.id
    assert f"mentions <@&{role.id}>" in told


async def test_an_omitted_role_stays(stage: Stage) -> None:
    role = stage.guild.create_role("Fans", mentionable=True)
    await schedule_with(stage, str(role.id))
    await stage.admin.slash(stage.channel, "digest schedule", limit=3)
    assert await role_of(stage) == role.id


async def test_a_role_that_the_bot_may_not_mention_is_refused(stage: Stage) -> None:
    role = stage.guild.create_role("Staff")
    loud = stage.guild.create_role(
        "Loud", permissions=discord.Permissions(mention_everyone=True, manage_guild=True)
    )
    owner = stage.guild.add_member(stage.env.create_user("owner"), roles=[loud])
    me = stage.guild.me
    assert me is not None
    quiet = stage.guild.create_text_channel(
        "quiet", overwrites={me: discord.PermissionOverwrite(mention_everyone=False)}
    )
    result = await owner.slash(quiet, "digest schedule", mention=str(role.id))
    assert "Paperboy may not mention \\@Staff" in said(result)
    assert await role_of(stage) is None
