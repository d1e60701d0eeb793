"""/paper: one paper's card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction
from bot.ui.cards import card_view
from cogs.choices import paper_choices

if TYPE_CHECKING:
    from bot.client import Paperboy, Services


class Papers(commands.Cog):
    """Single papers."""

    def __init__(self, services: Services) -> None:
        self._library = services.library
        self._search = services.search
        self._now = services.now

    @app_commands.command()
    @app_commands.describe(paper="An arXiv id, a link to arXiv or Hugging Face, or a title")
    async def paper(
        self, interaction: BotInteraction, paper: app_commands.Range[str, 1, 300]
    ) -> None:
        """Show a paper's card: summary, links, BibTeX."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await self._library.card(paper, self._now())
        await interaction.followup.send(view=card_view(card), ephemeral=True)

    @paper.autocomplete("paper")
    async def _papers(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return await paper_choices(self._search, current)


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Papers(bot.services))
