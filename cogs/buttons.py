"""The buttons and menus on messages: answered from their custom ids, after any restart."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui
from typing_extensions import override

from bot.client import answer_error
from bot.domain.papers import ArxivId
from bot.errors import UserError
from bot.ui import ids
from bot.ui.cards import bibtex_view, card_view
from bot.ui.pages import day_view, edition_view

if TYPE_CHECKING:
    import re

    from bot.client import BotInteraction, Paperboy


class _Pressed(ui.DynamicItem[ui.Item[Any]], template=r"never:"):
    """What all of them share: errors are answered like those of commands."""

    def __init__(self, item: ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @override
    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Make the item from the custom id that was pressed."""
        return cls(item, match)

    @override
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answer the press, or say what went wrong."""
        try:
            await self.pressed(interaction)
        except Exception as error:  # noqa: BLE001 - it is logged and the person is answered
            await answer_error(interaction, error)

    @abstractmethod
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer the press."""


class CardMenu(_Pressed, template=ids.CARD_MENU):
    """Opens the card of the paper that was picked, for the person who picked it."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the card or the entry."""
        services = interaction.client.services
        data: dict[str, Any] = dict(interaction.data or {})
        values = data.get("values") or []
        if not values:
            raise UserError("Nothing was picked; open the menu again.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await services.library.card(str(values[0]), services.now())
        await interaction.followup.send(view=card_view(card), ephemeral=True)


class BibtexButton(_Pressed, template=ids.BIBTEX):
    """Gives a paper's BibTeX entry."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the card or the entry."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await services.library.card(ArxivId(self.match["paper"]), services.now())
        await interaction.followup.send(view=bibtex_view(card.paper), ephemeral=True)


class BrowseButton(_Pressed, template=ids.BROWSE):
    """Opens a whole list for the person who presses it."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the list."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        view = await _list_page(interaction, self.match["list"], int(self.match["page"]))
        await interaction.followup.send(view=view, ephemeral=True)


class TurnButton(_Pressed, template=ids.TURN):
    """Turns a list's page: in place for its owner, anew for anybody else."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Turn the page."""
        message = interaction.message
        own = message is not None and message.flags.ephemeral
        if own:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        view = await _list_page(interaction, self.match["list"], int(self.match["page"]))
        if own:
            await interaction.edit_original_response(view=view)
        else:
            await interaction.followup.send(view=view, ephemeral=True)


async def _list_page(interaction: BotInteraction, name: str, page: int) -> ui.LayoutView:
    services = interaction.client.services
    kind, _, which = name.partition(".")
    if kind == "d":
        digest = await services.library.digest(ids.day_of(which), services.now())
        return day_view(digest, page)
    found = await services.editions.whole(which, interaction.channel_id or 0, services.now())
    return edition_view(which, found, page)


ITEMS: tuple[type[_Pressed], ...] = (CardMenu, BibtexButton, BrowseButton, TurnButton)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
