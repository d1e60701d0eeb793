"""The buttons that put things right: how things are, resume, post it again, it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.ui import ids
from bot.ui.reports import resumed_note
from cogs.pressed import Pressed
from cogs.status import answer_status
from cogs.targets import managed_channel, managed_guild

if TYPE_CHECKING:
    from bot.client import BotInteraction, Paperboy


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
        channel = await managed_channel(interaction, int(self.match["channel"]))
        schedule = await services.schedules.resume(channel.id, services.now())
        await interaction.followup.send(resumed_note(schedule, services.now()), ephemeral=True)


class DecideButton(Pressed, template=ids.DECIDE):
    """Takes a person's word for a message of which nobody else can know."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Write it down, once."""
        services = interaction.client.services
        guild = managed_guild(interaction)
        there = self.match["word"] == "there"
        await services.schedules.decide(
            self.match["key"], guild.id, there=there, now=services.now()
        )
        text = "Good: it counts as sent." if there else "It is posted again in a moment."
        await interaction.response.send_message(text, ephemeral=True)


ITEMS: tuple[type[Pressed], ...] = (StatusButton, ResumeButton, DecideButton)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
