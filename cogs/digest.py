"""/digest: show a day's digest, and run the channels' schedules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import BotInteraction, send_all
from bot.domain.papers import list_date
from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import MAX_LIMIT, State, Style
from bot.errors import UserError
from bot.services.drafts import Outcome
from bot.services.library import check_day
from bot.services.schedules import CLEAR, Wishes
from bot.ui import limits
from bot.ui.digest import preview_view
from bot.ui.pages import day_view
from bot.ui.panels import panels
from bot.ui.reports import (
    nothing_note,
    resumed_note,
    schedule_list,
    schedule_note,
    sent_note,
)
from bot.ui.split import split
from bot.ui.text import counted, short_date
from cogs.choices import role_choices, topic_choices, zone_choices
from cogs.targets import managed_guild, mentioned_role, named_channel, target_channel

if TYPE_CHECKING:
    from bot.client import Paperboy, Services

_WEEKDAYS = ("daily", "mon-fri", "mon,wed,fri", "weekends", CLEAR)


class Digest(commands.GroupCog, name="digest", description="The digest of a day, and schedules"):
    """The day's papers in a channel."""

    def __init__(self, services: Services) -> None:
        self._library = services.library
        self._schedules = services.schedules
        self._editions = services.editions
        self._deliveries = services.deliveries
        self._search = services.search
        self._now = services.now
        super().__init__()

    @app_commands.command()
    @app_commands.describe(
        day="A date like 2025-02-11, today or yesterday; the latest list if left out",
        public="Show it to everyone in the channel",
    )
    async def show(
        self,
        interaction: BotInteraction,
        day: app_commands.Range[str, None, 40] | None = None,
        public: bool = False,
    ) -> None:
        """Show the digest of a day."""
        wanted = None if day is None else parse_day(day, list_date(self._now()))
        if wanted is not None:
            check_day(wanted, self._now())  # while the answer can still be for the person alone
        await interaction.response.defer(ephemeral=not public, thinking=True)
        digest = await self._library.digest(wanted, self._now())
        await interaction.followup.send(view=day_view(digest, 0), ephemeral=not public)

    @app_commands.command()
    @app_commands.describe(
        channel="Where the digest goes; here if left out",
        time="Local time of day, like 09:00",
        timezone="An IANA time zone, like Europe/Berlin",
        weekdays="Like mon-fri, mon,wed or daily",
        topic="Only papers that match this, like video diffusion; none for all",
        limit="How many papers are shown, most upvoted first; 0 for all",
        min_upvotes="Only papers with at least so many upvotes",
        style="compact: one line a paper; full: all five parts of each",
        mention="A role to mention, or none",
    )
    async def schedule(  # noqa: PLR0913, PLR0917 - the options are the contract's
        self,
        interaction: BotInteraction,
        channel: discord.TextChannel | None = None,
        time: app_commands.Range[str, 1, 20] | None = None,
        timezone: app_commands.Range[str, 1, 60] | None = None,
        weekdays: app_commands.Range[str, 1, 60] | None = None,
        topic: app_commands.Range[str, 1, LONGEST_QUERY] | None = None,
        limit: app_commands.Range[int, 0, MAX_LIMIT] | None = None,
        min_upvotes: app_commands.Range[int, 0, 100_000] | None = None,
        style: Literal["compact", "full"] | None = None,
        mention: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        """Deliver a digest to a channel, or change how; shows what would come."""
        target = target_channel(interaction, channel)
        wishes = Wishes(
            time=time,
            timezone=timezone,
            weekdays=weekdays,
            topic=topic,
            limit=limit,
            min_upvotes=min_upvotes,
            style=None if style is None else Style(style),
            mention_role=mentioned_role(interaction, target, mention),
        )
        await interaction.response.defer(ephemeral=True, thinking=True)
        schedule, new = await self._schedules.change(
            target.id, target.guild.id, interaction.user.id, wishes, self._now()
        )
        draft = await self._editions.preview(schedule, self._now())
        parts = () if draft.edition is None else split(draft.edition)
        note = schedule_note(schedule, draft, self._now(), new=new)
        await interaction.followup.send(view=preview_view(note, parts), ephemeral=True)

    @app_commands.command(name="list")
    async def list_(self, interaction: BotInteraction) -> None:
        """List this server's schedules."""
        guild = managed_guild(interaction)
        schedules = await self._schedules.of_server(guild.id)
        if not schedules:
            raise UserError("This server has no schedule yet; make one with /digest schedule.")
        title = counted(len(schedules), "schedule")
        await send_all(interaction, panels(title, schedule_list(schedules, self._now())))

    @app_commands.command()
    @app_commands.describe(channel="Whose digest rests; here if left out")
    async def pause(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Pause a channel's digest; what it misses comes as one edition later."""
        target = named_channel(interaction, channel)
        await self._schedules.pause(target.id)
        await self._say(interaction, f"The digest of {target.mention} is paused.")

    @app_commands.command()
    @app_commands.describe(channel="Whose digest goes on; here if left out")
    async def resume(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Resume a paused or stopped digest."""
        target = target_channel(interaction, channel)
        schedule = await self._schedules.resume(target.id, self._now())
        await self._say(interaction, resumed_note(schedule, self._now()))

    @app_commands.command()
    @app_commands.describe(channel="Whose digest ends; here if left out")
    async def remove(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Remove a channel's schedule."""
        target = named_channel(interaction, channel)
        await self._schedules.remove(target.id)
        await self._say(interaction, f"{target.mention} has no digest any more.")

    @app_commands.command()
    @app_commands.describe(channel="Where the edition goes; here if left out")
    async def send_now(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Send at once what the channel has not had yet."""
        target = target_channel(interaction, channel)
        await interaction.response.defer(ephemeral=True, thinking=True)
        schedule = await self._schedules.of_channel(target.id)
        if schedule.state is State.STOPPED:
            raise UserError(
                f"The digest of #{target.name} is stopped: {schedule.reason} Mend it, then use "
                "/digest resume."
            )
        made = await self._editions.make(schedule, self._now(), by_hand=True)
        if made.outcome is Outcome.RACED:
            raise UserError("An edition of that channel is being made right now; look there.")
        if made.edition is None:
            text = nothing_note(made.listed, schedule, self._now())
        elif await self._deliveries.deliver_edition(made.edition.id):
            text = sent_note(made.days, made.edition.receipt.shown, target.id)
        else:
            text = "The edition is written, but Discord has not taken it yet; see /status."
        await self._say(interaction, text)

    @show.autocomplete("day")
    async def _days(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        days = await self._library.known_days(200)
        return [
            app_commands.Choice(
                name=f"{day:%a} {short_date(day)} · {counted(papers, 'paper')}",
                value=day.isoformat(),
            )
            for day, papers in days
            if current.lower() in f"{day:%A} {day.isoformat()} {short_date(day)}".lower()
        ][: limits.CHOICES]

    @schedule.autocomplete("timezone")
    async def _zones(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        return zone_choices(current)

    @schedule.autocomplete("weekdays")
    async def _weekdays(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        fitting = [one for one in _WEEKDAYS if current.lower() in one]
        return [app_commands.Choice(name=one, value=one) for one in fitting]

    @schedule.autocomplete("topic")
    async def _topics(self, _: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
        if current and CLEAR.startswith(current.lower()):
            return [app_commands.Choice(name=CLEAR, value=CLEAR)]
        return await topic_choices(self._search, current)

    @schedule.autocomplete("mention")
    async def _roles(
        self, interaction: BotInteraction, current: str
    ) -> list[app_commands.Choice[str]]:
        return role_choices(interaction, current)

    async def _say(self, interaction: BotInteraction, text: str) -> None:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)


def parse_day(text: str, today: date) -> date:
    """Read a day: an ISO date, ``today`` or ``yesterday``.

    Raises:
        UserError: with the text and what was expected.
    """
    word = text.strip().lower()
    if word in {"today", "yesterday"}:
        return today - timedelta(days=word == "yesterday")
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise UserError(
            f"“{text}” is not a day; write it like {today.isoformat()}, today or yesterday."
        ) from None


async def setup(bot: Paperboy) -> None:
    """Hand the cog what it uses."""
    await bot.add_cog(Digest(bot.services))
