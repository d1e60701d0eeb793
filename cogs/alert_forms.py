"""What people send with the form of an alert: answered from its custom id, after any restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ext import commands

from bot.client import BotInteraction, answer_error
from bot.errors import UserError
from bot.ui import ids
from bot.ui.alert_form import wishes_of
from cogs.alert_answers import draft_page, own_alert

if TYPE_CHECKING:
    from bot.client import Paperboy
    from bot.services.alerts import Wishes


class AlertForms(commands.Cog):
    """The form that changes a draft or an alert.

    discord.py answers forms only while the process lives that showed them, so they are read here.
    """

    @commands.Cog.listener()
    async def on_interaction(self, interaction: BotInteraction) -> None:
        """Answer a form of ours, or say what went wrong."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: dict[str, Any] = dict(interaction.data or {})
        custom_id = data.get("custom_id", "")
        try:
            if (match := ids.REDRAFT.fullmatch(custom_id)) is not None:
                await _redraft(interaction, match["draft"], wishes_of(data))
            elif (match := ids.REWORD.fullmatch(custom_id)) is not None:
                await _reword(interaction, match["alert"], wishes_of(data))
            else:
                raise UserError("That form is of an older Paperboy; open it again.")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001 - it is logged and the person is answered
            await answer_error(interaction, error)


async def _redraft(interaction: BotInteraction, name: str, wishes: Wishes) -> None:
    """Show the changed draft in the place of the one before."""
    services = interaction.client.services
    await interaction.response.defer()
    draft = await services.alerts.draft(name, interaction.user.id, services.now())
    changed = await services.alerts.reorder(draft, wishes, services.now())
    await interaction.edit_original_response(view=await draft_page(interaction, changed))


async def _reword(interaction: BotInteraction, no: str, wishes: Wishes) -> None:
    """Show what a saved alert would send once it is changed."""
    services = interaction.client.services
    await interaction.response.defer(ephemeral=True, thinking=True)
    alert = await own_alert(interaction, no)
    draft = await services.alerts.edit(alert, interaction.user.id, wishes, services.now())
    await interaction.followup.send(view=await draft_page(interaction, draft), ephemeral=True)


async def setup(bot: Paperboy) -> None:
    """Hear the forms that are sent."""
    await bot.add_cog(AlertForms())
