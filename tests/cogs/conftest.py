"""A stage: the real bot in a simulated Discord, with a server, channels and people."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands
from simcord.env import Env
from simcord.results import InteractionResult

from bot.client import Paperboy
from bot.errors import SourceError, UserError
from bot.services.schedules import Wishes
from tests.builders import paper, reading
from tests.ui import texts_of, walked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle, GuildHandle
    from simcord.results import ResponseMessage

    from bot.app import House
    from bot.domain.papers import Paper
    from bot.domain.schedules import Schedule
    from tests.builders import Clock, FakeSource


@dataclass(kw_only=True)
class Stage:
    """The simulated server and the bot's services; errors that are told to people are expected."""

    env: Env
    house: House
    source: FakeSource
    clock: Clock
    bot: Paperboy
    guild: GuildHandle
    channel: ChannelHandle
    admin: MemberActor
    reader: MemberActor
    forgiving: bool = False

    async def restart(self, bot: Paperboy | None = None) -> None:
        """Let the bot die and come back as a new process would."""
        old, self.bot = self.bot, bot or Paperboy(self.house.services, shard_count=1)
        self.house.publisher.attach(self.bot)
        await self.env.restart_bot(self.bot)
        await old.close()

    async def list_papers(self, *papers: Paper) -> None:
        """Put papers on the day's list and collect it."""
        day = reading(*papers)
        self.source.readings[day.day] = day
        await self.house.collector.collect([day.day], self.clock())

    async def schedule(self, channel: ChannelHandle | None = None, **wishes: Any) -> Schedule:
        """Give a channel a schedule, past the commands."""
        made, _ = await self.house.services.schedules.change(
            (channel or self.channel).id,
            self.guild.id,
            self.admin.id,
            Wishes(**wishes),
            self.clock(),
        )
        return made

    async def deliver(self, **wishes: Any) -> discord.Message:
        """Schedule the channel, send its edition now, and return the last message of it."""
        schedule = await self.schedule(**wishes)
        made = await self.house.services.editions.make(schedule, self.clock(), by_hand=True)
        assert made.edition is not None
        assert await self.house.services.deliveries.deliver_edition(made.edition.id)
        await self.env.settle()
        message = self.channel.last_message
        assert message is not None
        return message

    def sent(self) -> list[dict[str, Any]]:
        """Return the bodies of the messages posted to channels."""
        return [
            one.json or {}
            for one in self.env.http_requests
            if one.method == "POST" and one.path.startswith("/channels/")
        ]


def answer(result: InteractionResult) -> ResponseMessage:
    """Return the one message that answered, wherever it stands."""
    found = [*([result.response] if result.response else []), *result.followups]
    assert len(found) == 1, result
    return found[0]


def answers(result: InteractionResult) -> list[ResponseMessage]:
    """Return every message that answered, all of them for the person alone."""
    found = [*([result.response] if result.response else []), *result.followups]
    assert found
    assert all(one.ephemeral for one in found)
    return found


def said(message: ResponseMessage | InteractionResult) -> str:
    """Return all the text that a message shows."""
    one = answer(message) if isinstance(message, InteractionResult) else message
    return "\n".join([one.content, *texts_of(one.components)]).strip()


def custom_ids(message: ResponseMessage | discord.Message) -> list[str]:
    """Return the custom ids of a message's buttons and menus."""
    if isinstance(message, discord.Message):
        components: list[Any] = [one.to_dict() for one in message.components]
    else:
        components = message.components
    return [one["custom_id"] for one in walked(components) if one.get("custom_id")]


def labels(message: ResponseMessage) -> list[str]:
    """Return the labels of a message's buttons."""
    return [one["label"] for one in walked(message.components) if one["type"] == 2]


@pytest.fixture
async def stage(house: House, source: FakeSource, clock: Clock) -> AsyncIterator[Stage]:
    """Give the bot on its stage, with three papers of the day collected."""
    bot = Paperboy(house.services, shard_count=1)
    house.publisher.attach(bot)
    env = Env(bot)
    await env.start()
    try:
        guild = env.create_guild("Reading group")
        managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
        stage = Stage(
            env=env,
            house=house,
            source=source,
            clock=clock,
            bot=bot,
            guild=guild,
            channel=guild.create_text_channel("papers"),
            admin=guild.add_member(env.create_user("ada"), roles=[managers]),
            reader=guild.add_member(env.create_user("grace")),
        )
        await stage.list_papers(*(paper(number) for number in (1, 2, 3)))
        await env.settle()
        yield stage
        bot = stage.bot
    finally:
        await env.shutdown()
        with suppress(Exception):
            await bot.close()
    if not stage.forgiving:
        check_errors(env)


def check_errors(env: Env) -> None:
    """Fail on an error that was not meant for a person."""
    for error in env.errors:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        if not isinstance(cause, (UserError, SourceError)):
            raise cause
