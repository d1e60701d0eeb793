"""The buttons that put things right: how things are, resume, post it again, it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from typing_extensions import override

from bot.errors import UserError
from bot.ui import ids
from bot.ui.reports import resumed_note
from cogs.pressed import Pressed
from cogs.status import answer_status
from cogs.targets import managed_channel, managed_guild, named_channel

if TYPE_CHECKING:
    from bot.client import BotInteraction, Paperboy

_UNKNOWN_CHANNEL = 10003


class StatusButton(Pressed, template=ids.STATUS):
    """Says, below a quiet line, how things are."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer as /status does."""
        services = interaction.client.services
        await answer_status(interaction, services.status, services.now())


class ResumeButton(Pressed, template=ids.RESUME):
    """Lets a stopped schedule run again, in /status or in the message that told of it."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Resume it, if the person may and the bot can post there again."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        if await _is_gone(interaction, channel_id := int(self.match["channel"])):
            await services.schedules.forget(channel_id)  # no command could name it any more
            raise UserError("That channel is gone, so its digest is removed.")
        channel = await managed_channel(interaction, channel_id)
        schedule = await services.schedules.resume(channel.id, services.now())
        await interaction.followup.send(resumed_note(schedule, services.now()), ephemeral=True)


async def _is_gone(interaction: BotInteraction, channel_id: int) -> bool:
    """Ask Discord for a channel that is not known here: it may be a server without the bot."""
    if interaction.client.get_channel(channel_id) is not None:
        return False
    try:
        await interaction.client.fetch_channel(channel_id)
    except discord.HTTPException as error:
        return error.code == _UNKNOWN_CHANNEL
    return False


class DecideButton(Pressed, template=ids.DECIDE):
    """Takes a person's word for a message of which nobody else can know."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Write it down, once."""
        services = interaction.client.services
        guild = managed_guild(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        key, there = self.match["key"], self.match["word"] == "there"
        channel = guild.get_channel(await services.schedules.channel_of(key))
        if isinstance(channel, discord.TextChannel):  # else it is gone, and anybody may say so
            named_channel(interaction, channel)
        await services.schedules.decide(key, guild.id, there=there, now=services.now())
        text = "Good: it counts as sent." if there else "It is posted again in a moment."
        await interaction.followup.send(text, ephemeral=True)


ITEMS: tuple[type[Pressed], ...] = (StatusButton, ResumeButton, DecideButton)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
