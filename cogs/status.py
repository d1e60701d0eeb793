"""/status and /help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction, send_all
from bot.ui.panels import panels
from bot.ui.reports import help_sections
from bot.ui.status import status_sections

if TYPE_CHECKING:
    from datetime import datetime

    from bot.client import Paperboy, Services
    from bot.services.status import StatusReport


class Status(commands.Cog):
    """What the bot says of itself."""

    def __init__(self, services: Services) -> None:
        self._report = services.status
        self._now = services.now

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """Say what was read, what is open or missing, and what comes next."""
        await answer_status(interaction, self._report, self._now())

    @app_commands.command()
    async def help(self, interaction: BotInteraction) -> None:
        """List what Paperboy does."""
        sections = help_sections(await interaction.client.command_ids())
        await send_all(interaction, panels("Paperboy", sections))


async def answer_status(interaction: BotInteraction, report: StatusReport, now: datetime) -> None:
    """Answer the person alone; the server's details are for those who manage it."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    details = interaction.guild_id is not None and interaction.permissions.manage_guild
    status = await report.gather(interaction.guild_id if details else None, now)
    await send_all(interaction, panels("Status", status_sections(status, details=details)))


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Status(bot.services))
