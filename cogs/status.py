"""/status and /help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction, send_all
from bot.ui.reports import help_sections, panels, status_sections

if TYPE_CHECKING:
    from bot.client import Paperboy, Services


class Status(commands.Cog):
    """What the bot says of itself."""

    def __init__(self, services: Services) -> None:
        self._report = services.status
        self._now = services.now

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """Say what was read, what is open or missing, and what comes next."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        details = interaction.guild_id is not None and interaction.permissions.manage_guild
        status = await self._report.gather(interaction.guild_id if details else None, self._now())
        await send_all(interaction, panels("Status", status_sections(status, details=details)))

    @app_commands.command()
    async def help(self, interaction: BotInteraction) -> None:
        """List what Paperboy does."""
        sections = help_sections(await interaction.client.command_ids())
        await send_all(interaction, panels("Paperboy", sections))


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Status(bot.services))
