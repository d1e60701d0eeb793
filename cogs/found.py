"""The buttons and menus of what was found: other pages, another order, another period."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.domain.papers import ArxivId
from bot.domain.searches import Sort
from bot.errors import UserError
from bot.ui import ids
from cogs.pressed import Pressed, Turned, picked
from cogs.search import related_page, results_page

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BotInteraction, Paperboy
    from bot.domain.searches import Search


async def recalled(interaction: BotInteraction, name: str) -> Search:
    """Return a search that is kept under a short id.

    Raises:
        UserError: it is more than thirty days old.
    """
    services = interaction.client.services
    asked = await services.search.recall(name, services.now())
    if asked is None:
        raise UserError(
            "That search is more than thirty days old and no longer kept; type /papers again, "
            "with its topic if it had one."
        )
    return asked


async def _narrowed(
    interaction: BotInteraction, name: str, sort: str, days: str, page: int = 0
) -> ui.LayoutView:
    """Return a page of a search that is kept, in the order and of the period given."""
    services = interaction.client.services
    kept = await recalled(interaction, name)
    asked = replace(kept, sort=Sort(sort), days=int(days) or None)
    return await results_page(services.search, asked, services.now(), page, name)


class FoundButton(Turned, template=ids.FOUND):
    """Turns the pages of a search."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page that is turned to."""
        name, sort, days, page = self.match.group("search", "sort", "days", "page")
        return await _narrowed(interaction, name, sort, days, int(page))


class SortMenu(Turned, template=ids.SORT):
    """Puts what was found into another order."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the first page in that order."""
        name, days = self.match.group("search", "days")
        return await _narrowed(interaction, name, picked(interaction), days)


class PeriodMenu(Turned, template=ids.PERIOD):
    """Looks further back, or less far."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the first page of that period."""
        name, sort = self.match.group("search", "sort")
        return await _narrowed(interaction, name, sort, picked(interaction))


class RunButton(Pressed, template=ids.RUN):
    """Runs a query that was offered; the offer stays, since others may be wanted too."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with what it finds."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        name = self.match["search"]
        asked = await recalled(interaction, name)
        view = await results_page(services.search, asked, services.now(), name=name)
        await interaction.followup.send(view=view, ephemeral=True)


class NearButton(Pressed, template=ids.NEAR):
    """Opens a paper's relatives, from its card."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the first page of them."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = await services.library.card(self.match["paper"], services.now())
        view = await related_page(services.search, card.paper.id, 0, services.now())
        await interaction.followup.send(view=view, ephemeral=True)


class RelatedButton(Turned, template=ids.RELATED):
    """Turns the pages of a paper's relatives."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page that is turned to."""
        services = interaction.client.services
        paper_id, page = ArxivId(self.match["paper"]), int(self.match["page"])
        return await related_page(services.search, paper_id, page, services.now())


ITEMS: tuple[type[Pressed], ...] = (
    FoundButton,
    SortMenu,
    PeriodMenu,
    RunButton,
    NearButton,
    RelatedButton,
)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
