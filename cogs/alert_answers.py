"""What commands and buttons of alerts share: which alert is meant, and what it is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.alerts import Batch, Reported
from bot.domain.editions import entry
from bot.errors import UserError
from bot.ui import ids
from bot.ui.alert_list import alert_view, list_view
from bot.ui.alert_words import CLOSED, resumed_note, welcome_note
from bot.ui.alerts import batch_view
from bot.ui.backtests import alert_test_view, draft_view
from bot.ui.lines import note_view
from cogs.targets import managed_channel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from discord import ui

    from bot.client import BotInteraction, Services
    from bot.domain.alerts import Alert, Backtest, Draft


def managed_server(interaction: BotInteraction) -> int | None:
    """Return the server whose channels' alerts the person may manage here, None without any."""
    return interaction.guild_id if interaction.permissions.manage_guild else None


async def own_alert(interaction: BotInteraction, no: int | str) -> Alert:
    """Return an alert by its number, if it is the person's own or of a channel that they manage.

    Raises:
        UserError: it is neither, or gone.
    """
    alerts = interaction.client.services.alerts
    alert = await alerts.get(int(no), interaction.user.id, managed_server(interaction))
    if not _visible(interaction, alert):
        raise UserError("That alert goes to a channel that you cannot see.")
    return alert


async def alerts_of(interaction: BotInteraction) -> list[Alert]:
    """Return a person's alerts, and those of the channels here that they manage and can see."""
    alerts = await interaction.client.services.alerts.of_person(
        interaction.user.id, managed_server(interaction)
    )
    return [one for one in alerts if _visible(interaction, one)]


def _visible(interaction: BotInteraction, alert: Alert) -> bool:
    """Say whether a person may know of an alert: their own, or of a channel that they see."""
    if alert.person_id == interaction.user.id or interaction.guild is None:
        return alert.person_id == interaction.user.id
    channel = interaction.guild.get_channel(alert.channel_id)
    person = interaction.user
    if channel is None or not isinstance(person, discord.Member):
        return True  # the channel is gone, and whoever manages the server may tidy up
    return channel.permissions_for(person).view_channel


async def alert_named(interaction: BotInteraction, typed: str, *, exactly: bool = False) -> Alert:
    """Return the alert that a person means by its number, its query, or a part of their own's.

    With ``exactly`` a part is not enough: what is removed is gone.

    Raises:
        UserError: none or several of theirs are meant.
    """
    alerts = await alerts_of(interaction)
    wanted = " ".join(typed.split())
    if wanted.removeprefix("#").isdecimal():
        meant = [one for one in alerts if str(one.no) == wanted.removeprefix("#")]
    else:
        meant = [one for one in alerts if one.query.casefold() == wanted.casefold()]
        if not meant and wanted and not exactly:
            own = [one for one in alerts if one.person_id == interaction.user.id]
            meant = [one for one in own if wanted.casefold() in one.query.casefold()]
    if not meant:
        raise UserError(f"None of your alerts is “{wanted}”; /alerts list shows them.")
    if len(meant) > 1:
        numbers = ", ".join(str(one.no) for one in meant)
        raise UserError(f"“{wanted}” may mean alert {numbers}; say which by its number.")
    return meant[0]


async def draft_page(
    interaction: BotInteraction, draft: Draft, others: Sequence[Draft] = ()
) -> ui.LayoutView:
    """Return what a draft would have sent, with Save, Change and Cancel."""
    services = interaction.client.services
    asked_in = draft.order.channel_id or interaction.channel_id
    test = await services.alerts.backtest(draft.order.query, services.now(), asked_in)
    return draft_view(draft, test, services.now(), others)


async def alert_page(interaction: BotInteraction, alert: Alert) -> ui.LayoutView:
    """Return an alert with what can be done with it."""
    services = interaction.client.services
    counts = await services.alerts.counts([alert], services.now())
    return alert_view(alert, counts.get(alert.no, 0), services.now())


async def list_page(interaction: BotInteraction, page: int = 0) -> ui.LayoutView:
    """Return one page of a person's own alerts.

    Raises:
        UserError: there are none.
    """
    services = interaction.client.services
    alerts = await services.alerts.of_person(interaction.user.id)
    if not alerts:
        raise UserError("You have no alert yet; /alerts add makes one.")
    counts = await services.alerts.counts(alerts, services.now())
    return list_view(alerts, counts, page, services.now())


async def test_pages(interaction: BotInteraction, alert: Alert) -> list[ui.LayoutView]:
    """Return what an alert would have sent, and its message with the newest papers."""
    services = interaction.client.services
    asked_in = interaction.channel_id if alert.direct else alert.channel_id
    test = await services.alerts.backtest(alert.query, services.now(), asked_in)
    pages = [alert_test_view(alert, test, services.now())]
    if test.examples:
        sample = await _sample(services, alert, test)
        pages += [note_view("A message of it looks like this:"), batch_view(sample, sample=True)]
    return pages


async def _sample(services: Services, alert: Alert, test: Backtest) -> Batch:
    papers = []
    for place, one in enumerate(test.examples, start=1):
        card = await services.library.card(one.id, services.now())
        papers.append(
            Reported(
                entry=entry(card.paper, place, card.paper.upvotes, card.summary),
                alerts=(alert.no,),
                why=one.why,
                reason=one.reason,
            )
        )
    return Batch(
        id="sample",
        channel_id=alert.channel_id,
        person_id=alert.person_id if alert.direct else None,
        alerts=((alert.no, alert.query),),
        papers=tuple(papers),
        total=len(papers),
        mention_role=alert.mention_role,
    )


async def greeted(interaction: BotInteraction, text: str, nonce: str) -> int:
    """Write to the person directly, and return the channel: their own with the bot.

    Only a message shows whether Discord lets it through. Who presses twice gets one: Discord
    knows it again by its nonce.

    Raises:
        UserError: direct messages are closed, with what can be done.
    """
    try:
        channel = await interaction.user.create_dm()
        await channel.send(view=note_view(text), nonce=nonce)
    except discord.DiscordServerError:
        raise
    except discord.HTTPException as error:
        raise UserError(CLOSED) from error
    return channel.id


async def resumed_page(interaction: BotInteraction, alert: Alert) -> ui.LayoutView:
    """Let an alert go on, once its papers can be brought where they go; say how it is now.

    Raises:
        UserError: they cannot be, or not by this person.
    """
    services = interaction.client.services
    channel_id = None
    if alert.direct:
        channel_id = await greeted(interaction, welcome_note(alert.query), f"w.{alert.no}.wake")
    else:
        await managed_channel(interaction, alert.channel_id)
    resumed, *others = await services.alerts.resume(alert, services.now(), channel_id)
    return note_view(
        resumed_note(resumed, services.now(), len(others)),
        ("Pause", ids.of_alert("pause", resumed.no)),
    )
