"""Paperboy as Discord knows it: the client, the services it carries, the one error handler."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands
from typing_extensions import override

from bot.domain.editions import shortened
from bot.errors import QueryMistake, SourceError, UserError
from bot.search.pointing import pointed
from bot.ui import limits
from bot.ui.diagnosis import NEEDED
from bot.ui.text import code_block, escaped
from bot.ui.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.services.alerts import Alerts
    from bot.services.daily import Daily
    from bot.services.delivery import Deliveries
    from bot.services.departures import Departures
    from bot.services.editions import Editions
    from bot.services.library import Library
    from bot.services.privacy import Privacy
    from bot.services.schedules import Schedules
    from bot.services.search import PaperSearch
    from bot.services.status import StatusReport
    from bot.storage.records import FactStore

log = logging.getLogger(__name__)

LONGEST_LIMIT = 30.0
"""Seconds that a request waits for a rate limit; past it nothing was done, and it comes later."""

EXTENSIONS = (
    "cogs.papers",
    "cogs.search",
    "cogs.digest",
    "cogs.alerts",
    "cogs.status",
    "cogs.buttons",
    "cogs.found",
    "cogs.repairs",
    "cogs.privacy",
    "cogs.alert_buttons",
    "cogs.alert_messages",
    "cogs.alert_forms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The verbs that cogs and jobs use, and the clock they read."""

    library: Library
    search: PaperSearch
    schedules: Schedules
    alerts: Alerts
    editions: Editions
    deliveries: Deliveries
    daily: Daily
    status: StatusReport
    privacy: Privacy
    departures: Departures
    facts: FactStore
    now: Callable[[], datetime]


class Paperboy(commands.AutoShardedBot):
    """The bot: no privileged intent, no message content, nothing kept that is not needed."""

    def __init__(
        self,
        services: Services,
        *,
        dev_guild: int | None = None,
        shard_count: int | None = None,
        extensions: Sequence[str] = EXTENSIONS,
        traffic: Traffic | None = None,
    ) -> None:
        self._traffic = traffic or Traffic(services.now)
        intents = discord.Intents.none()
        intents.guilds = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=PaperboyTree,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_LIMIT,
            shard_count=shard_count,
            http_trace=self._traffic.trace,
        )
        self.services = services
        self._dev_guild = dev_guild
        self._extensions_wanted = extensions
        self.when_ready: Callable[[], object] = lambda: None

    @override
    async def setup_hook(self) -> None:
        """Load the cogs, and tell Discord of the commands where they have changed."""
        for extension in self._extensions_wanted:
            await self.load_extension(extension)
        await self._sync_changed()

    @override
    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what went wrong with an event, unless a stop cut it off: it is found out later."""
        if self.is_closed():
            log.info("The stop cut off %s", event_method)
        else:
            await super().on_error(event_method, *args, **kwargs)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the schedule of a channel that is gone: no command could name it any more."""
        await self.services.schedules.forget(channel.id)
        await self.services.alerts.lose(channel.id, self.services.now())

    async def on_ready(self) -> None:
        """Say that the bot is there, and start the clock; it comes again after a reconnect."""
        log.info("Connected as %s, servers: %d", self.user, len(self.guilds))
        self.when_ready()
        for guild_id in await self.services.schedules.troubled():
            if (guild := self.get_guild(guild_id)) is not None:
                await self._wake(guild)

    async def on_shard_ready(self, shard_id: int) -> None:
        """Find out which servers were left or joined while nobody listened.

        Those that an outage hides are among the shard's servers.
        """
        services = self.services

        def its(guild_id: int) -> bool:
            # https://docs.discord.com/developers/events/gateway#sharding
            return (guild_id >> 22) % (self.shard_count or 1) == shard_id

        there = {guild.id for guild in self.guilds if its(guild.id)}
        await services.departures.compare(there, its, services.now())

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Let schedules go on that stopped when the bot was sent away."""
        await self.services.departures.back(guild.id)
        await self._wake(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Write down when a server was left; discord.py tells an outage from that."""
        await self.services.departures.left(guild.id, self.services.now())

    async def on_guild_channel_update(
        self, _: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Let a stopped schedule go on when its channel is open again."""
        await self._wake(after.guild)

    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        """Let stopped schedules go on when a role is given what they lack."""
        await self._wake(after.guild)

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        """Let stopped schedules go on when the bot is given a role; Discord tells of itself."""
        if self.user is not None and after.id == self.user.id:
            await self._wake(after.guild)

    async def _wake(self, guild: discord.Guild) -> None:
        def may_post(channel_id: int) -> bool:
            channel = guild.get_channel(channel_id)
            if channel is None or guild.me is None:
                return False
            mine = channel.permissions_for(guild.me)
            return all(getattr(mine, name) for name in NEEDED)

        services = self.services
        for channel_id in await services.schedules.wake(guild.id, may_post, services.now()):
            log.info("The schedule of channel %d goes on: Paperboy may post there", channel_id)
        for channel_id in await services.alerts.wake(guild.id, may_post, services.now()):
            log.info("The alerts of channel %d go on: Paperboy may post there", channel_id)

    async def on_interaction(self, interaction: BotInteraction) -> None:
        """Take the time from here to the first answer, of commands and buttons alike."""
        self._traffic.expect_answer(interaction.id, _kind(interaction))

    async def _sync_changed(self) -> None:
        guild = discord.Object(self._dev_guild) if self._dev_guild else None
        if guild is not None:
            self.tree.copy_global_to(guild=guild)
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands(guild=guild)]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        fact = f"commands.{self.application_id}.{self._dev_guild or 'global'}"
        stored = json.loads(await self.services.facts.get(fact) or "{}")
        if stored.get("digest") == digest:
            return
        synced = await self.tree.sync(guild=guild)
        ids = {command.name: command.id for command in synced}
        await self.services.facts.set(fact, json.dumps({"digest": digest, "ids": ids}))
        log.info("Told Discord of %d commands", len(ids))

    async def command_ids(self) -> dict[str, int]:
        """Return the ids of the commands as Discord has them, for clickable mentions."""
        fact = f"commands.{self.application_id}.{self._dev_guild or 'global'}"
        stored = json.loads(await self.services.facts.get(fact) or "{}")
        return dict(stored.get("ids", {}))


BotInteraction: TypeAlias = "discord.Interaction[Paperboy]"


class PaperboyTree(app_commands.CommandTree[Paperboy]):
    """The command tree; every error of a command ends here."""

    @override
    async def on_error(
        self, interaction: BotInteraction, error: app_commands.AppCommandError, /
    ) -> None:
        """Answer what a command raised."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await answer_error(interaction, cause)


async def answer_error(interaction: BotInteraction, cause: Exception) -> None:
    """Answer an error of a command, a menu or a button: a sentence, and the cause for the log."""
    match cause:
        case QueryMistake():
            await reply(interaction, escaped(str(cause)), code_block(pointed(cause.text, cause.at)))
        case UserError():
            await reply(interaction, escaped(str(cause)))
        case SourceError():
            log.warning("%s failed for want of a source: %s", _name(interaction), cause)
            await reply(interaction, escaped(str(cause)))
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            log.warning("Discord has an old list of commands: %s", cause)
            await reply(interaction, "That command has just changed; reload and try again.")
        case app_commands.TransformerError():
            text = f"“{cause.value}” is not something that this option takes."
            await reply(interaction, escaped(text))
        case _:
            log.error("%s failed", _name(interaction), exc_info=cause)
            await reply(interaction, "Something went wrong here. It has been logged.")


def _name(interaction: BotInteraction) -> str:
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: dict[str, Any] = dict(interaction.data or {})
    return f"The button {data.get('custom_id', '?')}"


def _kind(interaction: BotInteraction) -> str:
    """Name an interaction without what differs from one to the next."""
    if interaction.command is not None:
        name = f"/{interaction.command.qualified_name}"
        typing = interaction.type is discord.InteractionType.autocomplete
        return f"{name} (typing)" if typing else name
    data: dict[str, Any] = dict(interaction.data or {})
    return f"button {str(data.get('custom_id', '?')).partition(':')[0]}"


async def reply(interaction: BotInteraction, text: str, block: str = "") -> None:
    """Answer the person alone, whether or not the answer was deferred; a block is not cut."""
    text = shortened(text, limits.CONTENT - limits.text_length(block) - 1)
    if block:
        text = f"{text}\n{block}"
    if interaction.response.is_done():
        if getattr(interaction.namespace, "public", False):
            # Deferred for everybody: what comes next takes its place and is for everybody too, so
            # something must, and go, before the person alone can be answered.
            await interaction.edit_original_response(content="…")
            await interaction.delete_original_response()
        await interaction.followup.send(text, ephemeral=True)
    else:
        await interaction.response.send_message(text, ephemeral=True)


async def send_all(interaction: BotInteraction, views: Sequence[discord.ui.LayoutView]) -> None:
    """Answer the person alone with one message or more, whether or not the answer was deferred."""
    for view in views:
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
