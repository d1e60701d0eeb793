"""What all buttons and menus share: answered from the custom id, errors as those of commands."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Self

import discord
from discord import ui
from typing_extensions import override

from bot.client import answer_error
from bot.errors import UserError

if TYPE_CHECKING:
    import re

    from bot.client import BotInteraction


class Pressed(ui.DynamicItem[ui.Item[Any]], template=r"never:"):
    """A button or a menu on a message, after any restart."""

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


class Turned(Pressed, template=r"never:"):
    """A button or a menu that shows another page: in place for its owner, anew for anybody else."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Show the page."""
        message = interaction.message
        own = message is not None and message.flags.ephemeral
        if own:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        view = await self.page(interaction)
        if own:
            await interaction.edit_original_response(view=view)
        else:
            await interaction.followup.send(view=view, ephemeral=True)

    @abstractmethod
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page to show."""


def picked(interaction: BotInteraction) -> str:
    """Return what was picked in a menu.

    Raises:
        UserError: nothing was.
    """
    data: dict[str, Any] = dict(interaction.data or {})
    values = data.get("values") or []
    if not values:
        raise UserError("Nothing was picked; open the menu again.")
    return str(values[0])
