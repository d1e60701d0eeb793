"""/alerts: make, list, change, rest and try the alerts of a person or of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction, send_all
from bot.domain.queries import LONGEST_QUERY
from bot.errors import UserError
from bot.services.alerts import Wishes
from bot.ui import ids
from bot.ui.alert_words import paused_note, removed_note
from bot.ui.lines import note_view
from cogs.alert_answers import (
    alert_named,
    alerts_of,
    draft_page,
    list_page,
    resumed_page,
    test_pages,
)
from cogs.choices import alert_choices, role_choices, topic_choices, zone_choices
from cogs.targets import managed_channel, mentioned_role, target_channel

if TYPE_CHECKING:
    from bot.client import Paperboy, Services
    from bot.domain.alerts import Alert

_NO_ROLE = "Only an alert in a channel mentions a role; pick the channel with “where”."
_NAMES = app_commands.describe(alert="Its number, or a part of its query")


class Alerts(commands.GroupCog, name="alerts", description="Papers on what you care about"):
    """Standing queries, and where what they find goes."""

    def __init__(self, services: Services) -> None:
        self._alerts = services.alerts
        self._search = services.search
        self._now = services.now
        super().__init__()

    @app_commands.command()
    @app_commands.describe(
        query="Words, “a phrase”, a OR b, -not, title: author: cat:",
        where="A channel, with Manage Server; your direct messages if left out",
        when="At once if left out",
        time="For daily: local time of day, like 09:00",
        timezone="For daily: an IANA time zone, like Europe/Berlin",
        mention="A role to mention in the channel, or none",
    )
    async def add(  # noqa: PLR0913, PLR0917 - the options are the contract's
        self,
        interaction: BotInteraction,
        query: app_commands.Range[str, 1, LONGEST_QUERY],
        where: discord.TextChannel | None = None,
        when: Literal["at once", "daily"] | None = None,
        time: app_commands.Range[str, 1, 20] | None = None,
        timezone: app_commands.Range[str, 1, 60] | None = None,
        mention: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Be told of new papers; shows first what would have come."""
        target = None if where is None else target_channel(interaction, where)
        wishes = Wishes(
            query=query,
            when=when,
            time=time,
            timezone=timezone,
            guild_id=None if target is None else target.guild.id,
            channel_id=None if target is None else target.id,
            mention_role=_role(interaction, target, mention),
        )
        await interaction.response.defer(ephemeral=True, thinking=True)
        draft = await self._alerts.order(interaction.user.id, wishes, self._now())
        await interaction.followup.send(view=await draft_page(interaction, draft), ephemeral=True)

    @app_commands.command(name="list")
    async def list_(self, interaction: BotInteraction) -> None:
        """List your alerts."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await send_all(interaction, [await list_page(interaction)])

    @app_commands.command()
    @_NAMES
    @app_commands.describe(
        query="What it looks for instead",
        when="At once or daily",
        time="For daily: local time of day, like 09:00",
        timezone="For daily: an IANA time zone, like Europe/Berlin",
        mention="A role to mention in the channel, or none",
    )
    async def edit(  # noqa: PLR0913, PLR0917 - the options are the contract's
        self,
        interaction: BotInteraction,
        alert: app_commands.Range[str, 1, LONGEST_QUERY],
        query: app_commands.Range[str, 1, LONGEST_QUERY] | None = None,
        when: Literal["at once", "daily"] | None = None,
        time: app_commands.Range[str, 1, 20] | None = None,
        timezone: app_commands.Range[str, 1, 60] | None = None,
        mention: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Change an alert; shows first what would have come."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        meant = await alert_named(interaction, alert)
        target = await _checked(interaction, meant)
        wishes = Wishes(
            query=query,
            when=when,
            time=time,
            timezone=timezone,
            mention_role=_role(interaction, target, mention),
        )
        draft = await self._alerts.edit(meant, interaction.user.id, wishes, self._now())
        await interaction.followup.send(view=await draft_page(interaction, draft), ephemeral=True)

    @app_commands.command()
    @_NAMES
    async def remove(
        self, interaction: BotInteraction, alert: app_commands.Range[str, 1, LONGEST_QUERY]
    ) -> None:
        """Remove an alert."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        meant = await alert_named(interaction, alert, exactly=True)
        await self._alerts.remove(meant)
        await send_all(interaction, [note_view(removed_note(meant))])

    @app_commands.command()
    @_NAMES
    async def pause(
        self, interaction: BotInteraction, alert: app_commands.Range[str, 1, LONGEST_QUERY]
    ) -> None:
        """Let an alert rest; what comes meanwhile is not kept for it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        meant = await alert_named(interaction, alert)
        await self._alerts.pause(meant)
        view = note_view(paused_note(meant), ("Resume", ids.wake(meant.no)))
        await send_all(interaction, [view])

    @app_commands.command()
    @_NAMES
    async def resume(
        self, interaction: BotInteraction, alert: app_commands.Range[str, 1, LONGEST_QUERY]
    ) -> None:
        """Let a paused or stopped alert go on."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        meant = await alert_named(interaction, alert)
        await send_all(interaction, [await resumed_page(interaction, meant)])

    @app_commands.command()
    @_NAMES
    async def test(
        self, interaction: BotInteraction, alert: app_commands.Range[str, 1, LONGEST_QUERY]
    ) -> None:
        """Show what an alert would have sent, and how it looks."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        meant = await alert_named(interaction, alert)
        await send_all(interaction, await test_pages(interaction, meant))

    @add.autocomplete("query")
    @edit.autocomplete("query")
    async def _topics(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return await topic_choices(self._search, current)

    @add.autocomplete("timezone")
    @edit.autocomplete("timezone")
    async def _zones(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return zone_choices(current)

    @add.autocomplete("mention")
    @edit.autocomplete("mention")
    async def _roles(
        self, interaction: BotInteraction, current: str
    ) -> list[app_commands.Choice[str]]:
        return role_choices(interaction, current)

    @edit.autocomplete("alert")
    @remove.autocomplete("alert")
    @pause.autocomplete("alert")
    @resume.autocomplete("alert")
    @test.autocomplete("alert")
    async def _own(
        self, interaction: BotInteraction, current: str
    ) -> list[app_commands.Choice[str]]:
        return await alert_choices(alerts_of(interaction), current)


async def _checked(interaction: BotInteraction, alert: Alert) -> discord.TextChannel | None:
    """Return an alert's channel, if the person may have papers brought there; None without one."""
    return None if alert.direct else await managed_channel(interaction, alert.channel_id)


def _role(
    interaction: BotInteraction, target: discord.TextChannel | None, mention: str | None
) -> int | None:
    if target is not None:
        return mentioned_role(interaction, target, mention)
    if mention is not None and mention.strip().lower() != "none":
        raise UserError(_NO_ROLE)
    return None


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Alerts(bot.services))
