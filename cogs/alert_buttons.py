"""The buttons and menus of one's alerts: look at a draft, save it, and manage what is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.services.alerts import Wishes
from bot.ui import ids
from bot.ui.alert_form import alert_form
from bot.ui.alert_words import paused_note, removed_note, saved_note, welcome_note
from bot.ui.lines import note_view
from cogs.alert_answers import (
    alert_page,
    draft_page,
    greeted,
    list_page,
    own_alert,
    resumed_page,
    test_pages,
)
from cogs.found import recalled
from cogs.pressed import Pressed, Turned, picked
from cogs.targets import managed_channel, mentionable_role

if TYPE_CHECKING:
    from discord import ui

    from bot.client import BotInteraction, Paperboy
    from bot.domain.alerts import Draft


class WatchButton(Pressed, template=ids.WATCH):
    """Makes an alert of a search."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with what it would have sent, to be saved."""
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True, thinking=True)
        asked = await recalled(interaction, self.match["search"])
        wishes = Wishes(query=asked.topic or "")
        draft = await services.alerts.order(interaction.user.id, wishes, services.now())
        await interaction.followup.send(view=await draft_page(interaction, draft), ephemeral=True)


async def _drafted(interaction: BotInteraction, name: str) -> Draft:
    services = interaction.client.services
    return await services.alerts.draft(name, interaction.user.id, services.now())


class SaveButton(Pressed, template=ids.SAVE):
    """Saves a draft, once it is known that its papers can be brought."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Save it, in the place of the back-test."""
        services = interaction.client.services
        await interaction.response.defer()
        draft = await _drafted(interaction, self.match["draft"])
        await services.alerts.check_room(draft.person_id, draft.order)  # before it is promised
        channel_id = await _destination(interaction, draft)
        alert = await services.alerts.save(draft, channel_id, services.now())
        text = saved_note(alert, services.now(), new=draft.order.alert_no is None)
        await interaction.edit_original_response(view=note_view(text))


async def _destination(interaction: BotInteraction, draft: Draft) -> int:
    """Return the channel that a draft's papers go to, if they can be brought there."""
    order = draft.order
    if order.channel_id is not None:
        channel = await managed_channel(interaction, order.channel_id)
        if order.mention_role is not None:  # what may be mentioned may have changed meanwhile
            await mentionable_role(interaction, channel, order.mention_role)
        return channel.id
    if order.alert_no is not None:  # its channel is open already, and stays
        return (await own_alert(interaction, order.alert_no)).channel_id
    return await greeted(interaction, welcome_note(order.query), f"w.{draft.id}")


class ChangeButton(Pressed, template=ids.CHANGE):
    """Opens the form that changes a draft."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Show the form, filled in."""
        draft = await _drafted(interaction, self.match["draft"])
        form = alert_form(ids.redraft(draft.id), draft.order)
        await interaction.response.send_modal(form)


class CancelButton(Pressed, template=ids.CANCEL):
    """Lets a draft be."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Say that nothing is saved, in the place of the back-test."""
        await interaction.response.defer()
        draft = await _drafted(interaction, self.match["draft"])
        await interaction.client.services.alerts.cancel(draft)
        view = note_view("Nothing is saved, and nothing is changed.")
        await interaction.edit_original_response(view=view)


class OthersMenu(Turned, template=ids.OTHERS):
    """Shows another of the drafts that were proposed together."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the back-test of the one that was picked."""
        names = self.match["drafts"].split(".")
        others = [await _drafted(interaction, name) for name in names]
        wanted = picked(interaction)
        draft = next((one for one in others if one.id == wanted), others[0])
        return await draft_page(interaction, draft, others)


class AlertsButton(Turned, template=ids.ALERTS):
    """Turns the pages of a person's alerts."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Return the page that is turned to."""
        return await list_page(interaction, int(self.match["page"]))


class PickMenu(Pressed, template=ids.PICK):
    """Opens one of a person's alerts."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with it and its buttons."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        alert = await own_alert(interaction, picked(interaction))
        await interaction.followup.send(view=await alert_page(interaction, alert), ephemeral=True)


class EditButton(Pressed, template=ids.EDIT):
    """Opens the form that changes a saved alert."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Show the form, filled in."""
        alert = await own_alert(interaction, self.match["alert"])
        await interaction.response.send_modal(alert_form(ids.reword(alert.no), alert))


class PauseButton(Turned, template=ids.PAUSE):
    """Lets an alert rest, from the list or from a message that it sent."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Pause it, and say how it goes on."""
        alert = await own_alert(interaction, self.match["alert"])
        await interaction.client.services.alerts.pause(alert)
        return note_view(paused_note(alert), ("Resume", ids.wake(alert.no)))


class WakeButton(Pressed, template=ids.WAKE):
    """Lets an alert go on that rests or was stopped; a list of several stays."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Resume it, if its papers can be brought."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        alert = await own_alert(interaction, self.match["alert"])
        await interaction.followup.send(view=await resumed_page(interaction, alert), ephemeral=True)


class TestButton(Pressed, template=ids.TEST):
    """Shows what an alert would have sent."""

    @override
    async def pressed(self, interaction: BotInteraction) -> None:
        """Answer with the back-test, and with a message as it would look."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        alert = await own_alert(interaction, self.match["alert"])
        for view in await test_pages(interaction, alert):
            await interaction.followup.send(view=view, ephemeral=True)


class RemoveButton(Turned, template=ids.REMOVE):
    """Removes an alert."""

    @override
    async def page(self, interaction: BotInteraction) -> ui.LayoutView:
        """Remove it, and say how it is made again."""
        alert = await own_alert(interaction, self.match["alert"])
        await interaction.client.services.alerts.remove(alert)
        return note_view(removed_note(alert))


ITEMS: tuple[type[Pressed], ...] = (
    WatchButton,
    SaveButton,
    ChangeButton,
    CancelButton,
    OthersMenu,
    AlertsButton,
    PickMenu,
    EditButton,
    PauseButton,
    WakeButton,
    TestButton,
    RemoveButton,
)


async def setup(bot: Paperboy) -> None:
    """Tell discord.py which custom ids are ours."""
    bot.add_dynamic_items(*ITEMS)
