"""The buttons and menus on messages: answered from their custom ids, after any restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.domain.papers import ArxivId
from bot.ui import ids
from bot.ui.cards import bibtex_view, card_view
from bot.ui.pages import day_view, edition_view
from cogs.pressed import Pressed, Turned, picked

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BotInteraction, Paperboy


class CardMenu(Pressed, template=ids.CARD_MENU):
    """Opens the card of the paper that was picked, for the person who picked it."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the card or the entry."""
        services = interaction.client.services
        named = picked(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await services.library.card(named, services.now())
        await interaction.followup.send(view=card_view(card), ephemeral=True)


class BibtexButton(Pressed, template=ids.BIBTEX):
    """Gives a paper's BibTeX entry."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the card or the entry."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await services.library.card(ArxivId(self.match["paper"]), services.now())
        await interaction.followup.send(view=bibtex_view(card.paper), ephemeral=True)


class BrowseButton(Pressed, template=ids.BROWSE):
    """Opens a whole list for the person who presses it."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the list."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await _list_page(interaction, self.match["list"], int(self.match["page"]))
        await interaction.followup.send(view=view, ephemeral=True)


class TurnButton(Turned, template=ids.TURN):
    """Turns a list's page."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page that is turned to."""
        return await _list_page(interaction, self.match["list"], int(self.match["page"]))


async def _list_page(interaction: BotInteraction, name: str, page: int) -> ui.LayoutView:
    services = interaction.client.services
    kind, _, which = name.partition(".")
    if kind == "d":
        digest = await services.library.digest(ids.day_of(which), services.now())
        return day_view(digest, page)
    found = await services.editions.whole(which, interaction.channel_id or 0, services.now())
    return edition_view(which, found, page)


ITEMS: tuple[type[Pressed], ...] = (CardMenu, BibtexButton, BrowseButton, TurnButton)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
