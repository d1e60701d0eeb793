"""The buttons and menus of the messages that alerts send: all papers, not this, let it rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.domain.papers import ArxivId
from bot.errors import UserError
from bot.services.alerts import Wishes
from bot.ui import ids
from bot.ui.alert_words import paused_note
from bot.ui.alerts import unwanted_by_view, whole_view
from bot.ui.lines import note_view
from cogs.alert_answers import draft_page, own_alert
from cogs.pressed import Pressed, Turned, picked

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BotInteraction, Paperboy
    from bot.domain.alerts import Batch


async def _batch(interaction: BotInteraction, name: str) -> Batch:
    alerts = interaction.client.services.alerts
    batch = await alerts.papers_of(name, interaction.channel_id or 0)
    if batch is None:
        raise UserError(
            "It is no longer known what came with that message; /papers finds its papers, and "
            "/alerts edit changes what comes."
        )
    return batch


class MoreButton(Turned, template=ids.MORE):
    """Opens all the papers that came with a message."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page that is turned to."""
        batch = await _batch(interaction, self.match["batch"])
        return whole_view(batch, int(self.match["page"]))


class PauseMenu(Pressed, template=ids.PAUSE_ONE):
    """Lets one of the alerts of a message rest."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Pause the one that was picked, and say how it goes on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        alert = await own_alert(interaction, picked(interaction))
        await interaction.client.services.alerts.pause(alert)
        view = note_view(paused_note(alert), ("Resume", ids.wake(alert.no)))
        await interaction.followup.send(view=view, ephemeral=True)


class UnwantedMenu(Pressed, template=ids.UNWANTED):
    """Proposes how an alert leaves out a paper that should not have come."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the proposals, or ask which of several alerts is meant."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        paper_id = ArxivId(picked(interaction))
        batch = await _batch(interaction, self.match["batch"])
        reported = next((one for one in batch.papers if one.entry.id == paper_id), None)
        if reported is not None and len(reported.alerts) == 1:
            view = await _without(interaction, reported.alerts[0], paper_id)
        elif reported is not None:
            view = unwanted_by_view(batch, reported)
        else:
            raise UserError("That alert is gone, so nothing like that paper comes by it any more.")
        await interaction.followup.send(view=view, ephemeral=True)


class UnwantedByMenu(Turned, template=ids.UNWANTED_BY):
    """Proposes how the alert that was picked leaves out a paper."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the proposals."""
        paper_id = ArxivId(self.match["paper"])
        return await _without(interaction, int(picked(interaction)), paper_id)


async def _without(interaction: BotInteraction, no: int, paper_id: ArxivId) -> ui.LayoutView:
    """Propose an alert's query with a term excluded, the likeliest first."""
    services = interaction.client.services
    alert = await own_alert(interaction, no)
    drafts = [
        await services.alerts.edit(alert, interaction.user.id, Wishes(query=query), services.now())
        for query in await services.alerts.excluding(alert, paper_id)
    ]
    if not drafts:
        raise UserError(
            "That paper has no keyword that could be excluded without more; /alerts edit changes "
            "the query by hand: -word leaves out what has the word."
        )
    return await draft_page(interaction, drafts[0], drafts)


ITEMS: tuple[type[Pressed], ...] = (MoreButton, PauseMenu, UnwantedMenu, UnwantedByMenu)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
