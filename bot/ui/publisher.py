"""The way to the channel: one part, one message, its nonce, and what Discord's answer means."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.domain.deliveries import nonce_of
from bot.domain.editions import Sighting
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.ui import ids
from bot.ui.digest import part_view, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.domain.editions import Edition, Part

log = logging.getLogger(__name__)

_REASONS = {
    10003: "the channel is gone",
    10004: "the server is gone",
    50001: "Paperboy cannot see the channel",
    50007: "direct messages are closed",
    50013: "Paperboy may not send messages there",
}
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


class DiscordPublisher:
    """Sends parts through a client that is logged in."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None

    def attach(self, client: discord.Client) -> None:
        """Say which client sends; the services exist before it does."""
        self._client = client

    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition into messages that Discord takes."""
        return split(edition)

    async def publish(self, part: Part, key: str) -> int:
        """Send one part under its key and return the message's id.

        The nonce is made from the key, and discord.py enforces it: a second send within the few
        minutes that Discord remembers nonces returns the first message instead of making one.

        Raises:
            DeliveryRefused: Discord said that no message was made.
            DeliveryUncertain: nobody knows whether one was made.
        """
        if self._client is None:
            raise DeliveryRefused("Paperboy is not connected to Discord.", status=0)
        roles = [discord.Object(part.mention_role)] if part.first and part.mention_role else False
        channel = self._client.get_partial_messageable(part.channel_id)
        try:
            message = await channel.send(
                view=part_view(part),
                nonce=nonce_of(key),
                allowed_mentions=discord.AllowedMentions(
                    everyone=False, users=False, roles=roles, replied_user=False
                ),
            )
        except discord.HTTPException as error:
            raise _told(error) from error
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            raise DeliveryUncertain(f"The connection to Discord broke: {error!r}.") from error
        return message.id

    async def look(self, channel_id: int, key: str, since: datetime) -> Sighting:
        """Look in a channel, from ``since`` on, for the message that carries a key.

        Discord answers an empty list, not an error, where Read Message History is missing, so
        absence counts only while the bot's permissions, read just then, include it.
        """
        mine = None if self._client is None else self._client.user
        if self._client is None or mine is None:
            return Sighting()
        try:
            channel = await self._client.fetch_channel(channel_id)
            if not isinstance(channel, discord.TextChannel):
                return Sighting()
            after = discord.Object(discord.utils.time_snowflake(since))
            async for message in channel.history(limit=None, after=after, oldest_first=True):
                if key in _keys(message.components):
                    return Sighting(message_id=message.id)
            me: discord.Member | None = channel.guild.get_member(mine.id)
            if me is None:  # the server is away just now
                return Sighting()
            allowed = channel.permissions_for(me)
        except (discord.DiscordException, OSError, TimeoutError, aiohttp.ClientError) as error:
            log.warning("The history of channel %d cannot be read: %s", channel_id, error)
            return Sighting()
        return Sighting(certain=allowed.view_channel and allowed.read_message_history)


def _keys(components: Iterable[Any]) -> Iterator[str]:
    """Return the keys that stand in the custom ids of a message's menus, however deep."""
    for component in components:
        custom_id = getattr(component, "custom_id", None) or ""
        if match := ids.CARD_MENU.fullmatch(custom_id):
            yield match["key"]
        yield from _keys(getattr(component, "children", ()))


def _told(error: discord.HTTPException) -> DeliveryRefused | DeliveryUncertain:
    if _CLIENT_ERROR <= error.status < _SERVER_ERROR:
        reason = _REASONS.get(error.code) or f"{error.text or error.response.reason}"
        return DeliveryRefused(
            f"Discord refused the message: {reason} ({error.status}, code {error.code}).",
            status=error.status,
            code=error.code,
        )
    return DeliveryUncertain(f"Discord answered {error.status}.")
