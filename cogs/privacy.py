"""/privacy: all that is stored of a person, given to them or erased."""

from __future__ import annotations

import asyncio
import gzip
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.client import BotInteraction
from bot.errors import UserError
from bot.ui import ids
from bot.ui.privacy import erase_view, erased_view, export_note, nothing_view
from cogs.pressed import Pressed

if TYPE_CHECKING:
    from bot.client import Paperboy, Services

_NAME = "paperboy-about-you.json"


class PrivacyCommands(
    commands.GroupCog, name="privacy", description="What is stored of you: get it, or erase it"
):
    """What is stored of the person who asks."""

    def __init__(self, services: Services) -> None:
        self._privacy = services.privacy
        self._now = services.now
        super().__init__()

    @app_commands.command()
    async def export(self, interaction: BotInteraction) -> None:
        """Get all that Paperboy stores of you, as a file for you alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        export = await self._privacy.export(interaction.user.id, self._now())
        name, data = _NAME, export.document
        if len(data) > interaction.filesize_limit:
            name, data = f"{_NAME}.gz", await asyncio.to_thread(gzip.compress, data)
        file = discord.File(BytesIO(data), filename=name)
        await interaction.followup.send(export_note(export.holdings), file=file, ephemeral=True)

    @app_commands.command()
    async def delete(self, interaction: BotInteraction) -> None:
        """Erase what Paperboy stores of you; it says what goes and what stays, and asks first."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        person_id = interaction.user.id
        holdings = await self._privacy.holdings(person_id)
        something = holdings.personal or holdings.shared
        view = erase_view(holdings, person_id) if something else nothing_view()
        await interaction.followup.send(view=view, ephemeral=True)


class EraseButton(Pressed, template=ids.ERASE):
    """Erases what is stored of the person who asked for it, after any restart."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Erase it, and say so in place of the question."""
        if interaction.user.id != int(self.match["person"]):
            raise UserError("That button is another person's; type /privacy delete for your own.")
        await interaction.response.defer()
        erased = await interaction.client.services.privacy.erase(interaction.user.id)
        await interaction.edit_original_response(view=erased_view(erased))


ITEMS: tuple[type[Pressed], ...] = (EraseButton,)


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses, and tell discord.py which button is ours."""
    bot.add_dynamic_items(*ITEMS)
    await bot.add_cog(PrivacyCommands(bot.services))
