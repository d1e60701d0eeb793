"""The way to the channel: one content, one message, its nonce, and what Discord's answer means."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
import discord

from bot.domain.alerts import Batch
from bot.domain.deliveries import Line, Look, Notice, Sighting, nonce_of
from bot.domain.editions import Part
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.ui import ids, split
from bot.ui.alerts import batch_view
from bot.ui.digest import part_view
from bot.ui.lines import line_view, notice_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from discord import ui

    from bot.domain.deliveries import Claim, Content
    from bot.domain.editions import Edition, Entry, Receipt

log = logging.getLogger(__name__)

_REASONS = {
    10003: "The channel is gone",
    10004: "The server is gone",
    50001: "Paperboy cannot see the channel",
    50007: "Direct messages are closed",
    50013: "Paperboy may not send messages there",
}
_CLIENT_ERROR, _SERVER_ERROR = 400, 500
_BROKEN = (OSError, TimeoutError, aiohttp.ClientError)

Heard: TypeAlias = AbstractContextManager[Sequence[int | None]]
"""What each attempt of the requests made inside came to."""


def _unheard() -> Heard:
    return nullcontext((None,))


class DiscordPublisher:
    """Sends, edits and looks for messages through a client that is logged in."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None
        self._attempts: Callable[[], Heard] = _unheard

    def attach(
        self,
        client: discord.Client,
        attempts: Callable[[], Heard] = _unheard,
    ) -> None:
        """Say which client sends; the services exist before it does.

        ``attempts`` tells what each attempt of a request came to, as discord.py makes several: a
        status, or None where the connection broke.
        """
        self._client = client
        self._attempts = attempts

    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition into messages that Discord takes."""
        return split.split(edition)

    def extend(self, last: Part, late: Sequence[Entry], receipt: Receipt) -> tuple[Part, ...]:
        """Add late papers behind an edition's last part."""
        return split.extend(last, late, receipt)

    def fits(self, part: Part) -> bool:
        """Say whether Discord takes a part as one message; pure."""
        return split.fits(part)

    async def publish(self, content: Content, key: str) -> int:
        """Send one message under its key and return its id.

        The nonce is made from the key, and discord.py enforces it: a second send within the few
        minutes that Discord remembers nonces returns the first message instead of making one.

        Raises:
            DeliveryRefused: Discord said that no message was made.
            DeliveryUncertain: nobody knows whether one was made.
        """
        client = self._connected()
        with self._translated():
            channel = await _place(client, content)
            message = await channel.send(
                view=view_of(content, _name(client, content)),
                nonce=nonce_of(key),
                allowed_mentions=_mentions(content),
            )
        return message.id

    async def edit(self, content: Content, channel_id: int, message_id: int) -> None:
        """Put another content in a message's place; to do it twice does no harm.

        Raises:
            DeliveryRefused: Discord said that it was not done.
            DeliveryUncertain: nobody knows whether it was done.
        """
        client = self._connected()
        with self._translated():
            message = client.get_partial_messageable(channel_id).get_partial_message(message_id)
            await message.edit(view=view_of(content), allowed_mentions=_mentions(content))

    async def shows(self, content: Content, channel_id: int, message_id: int) -> bool:
        """Say whether a message shows a content by now; a message that is gone does not.

        Raises:
            DeliveryUncertain: Discord could not be asked.
        """
        place = self._connected().get_partial_messageable(channel_id)
        try:
            message = await place.fetch_message(message_id)
        except discord.NotFound:
            return False
        except (discord.DiscordException, *_BROKEN) as error:
            raise DeliveryUncertain(f"The message could not be read: {error!r}.") from error
        there = [component.to_dict() for component in message.components]
        return list(_said(there)) == list(_said(view_of(content).to_components()))

    async def look(self, claim: Claim, since: datetime) -> Sighting:
        """Look, from ``since`` on, for the message that carries a claim's key.

        Discord answers an empty list, not an error, where Read Message History is missing, so
        absence counts only while the bot's permissions, read just then, include it.
        """
        client = self._client
        if client is None or client.user is None:
            return Sighting(look=Look.UNREACHED)
        try:
            return await _look(client, client.user.id, claim, since)
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("The history of channel %d may not be read: %s", claim.channel_id, error)
            return Sighting(look=Look.UNREADABLE if error.code else Look.UNREACHED)
        except (discord.DiscordException, *_BROKEN) as error:
            log.warning("The history of channel %d cannot be read: %s", claim.channel_id, error)
            return Sighting(look=Look.UNREACHED)

    def _connected(self) -> discord.Client:
        if self._client is None:
            raise DeliveryRefused("Paperboy is not connected to Discord.", status=0)
        return self._client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say what an error means: whether Discord said that no message was made."""
        with self._attempts() as heard:
            try:
                yield
            except discord.HTTPException as error:
                raise _told(error, heard) from error
            except discord.RateLimited as error:
                why = f"Discord asks to wait {error.retry_after:.0f} seconds."
                if _unclear(heard):
                    raise DeliveryUncertain(why) from error
                raise DeliveryRefused(why, status=429) from error
            except _BROKEN as error:
                if not heard:
                    raise DeliveryRefused("Nothing was sent to Discord.", status=0) from error
                raise DeliveryUncertain(f"The connection to Discord broke: {error!r}.") from error


async def _place(client: discord.Client, content: Content) -> discord.abc.Messageable:
    if isinstance(content, Notice):
        return await client.create_dm(discord.Object(content.person_id))
    return client.get_partial_messageable(content.channel_id)


async def _look(client: discord.Client, me: int, claim: Claim, since: datetime) -> Sighting:
    place: discord.DMChannel | discord.PartialMessageable
    if claim.person_id is not None and not claim.direct:
        place = await client.create_dm(discord.Object(claim.person_id))
    else:
        place = client.get_partial_messageable(claim.channel_id)
    after = discord.Object(discord.utils.time_snowflake(since))
    async for message in place.history(limit=None, after=after, oldest_first=True):
        if claim.key in _keys(message.components):
            return Sighting(look=Look.FOUND, message_id=message.id)
    if claim.person_id is not None:  # one's own messages to a person can always be read
        return Sighting(look=Look.ABSENT)
    return Sighting(look=await _certainty(client, me, claim.channel_id))


async def _certainty(client: discord.Client, me: int, channel_id: int) -> Look:
    """Say what an empty history means, by what the bot may do there at this moment.

    All of it is read from Discord itself: the gateway may be behind with a role that was changed.
    """
    known = await client.fetch_channel(channel_id)
    if not isinstance(known, discord.TextChannel):
        return Look.UNREADABLE
    guild = await client.fetch_guild(known.guild.id, with_counts=False)
    member = await guild.fetch_member(me)
    channel = await guild.fetch_channel(channel_id)
    allowed = channel.permissions_for(member)
    readable = allowed.view_channel and allowed.read_message_history
    return Look.ABSENT if readable else Look.UNREADABLE


def _name(client: discord.Client, content: Content) -> str | None:
    channel = client.get_channel(content.channel_id) if isinstance(content, Notice) else None
    if not isinstance(channel, discord.abc.GuildChannel):
        return None
    return f"#{channel.name} in {channel.guild.name}"


def view_of(content: Content, place: str | None = None) -> ui.LayoutView:
    """Render what a message says; ``place`` names the channel that a notice is about."""
    match content:
        case Part():
            return part_view(content)
        case Line():
            return line_view(content)
        case Notice():
            return notice_view(content, place)
        case Batch():
            return batch_view(content)


def _mentions(content: Content) -> discord.AllowedMentions:
    """Allow the one role that an administrator chose, in an edition's first message."""
    match content:
        case Part(first=True) | Batch():
            role = content.mention_role
        case _:
            role = None
    roles = [discord.Object(role)] if role else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)


def _keys(components: Iterable[Any]) -> Iterator[str]:
    """Return the keys that stand in the custom ids of a message's components, however deep."""
    for component in components:
        key = ids.key_in(getattr(component, "custom_id", None) or "")
        if key is not None:
            yield key
        yield from _keys(getattr(component, "children", ()))


def _said(components: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """Return what tells one version of a message from another: its buttons and its menus."""
    for component in components:
        values = [option["value"] for option in component.get("options", ())]
        if component.get("custom_id"):
            yield (component["custom_id"], component.get("label") or "", *values)
        yield from _said(component.get("components", ()))


def _unclear(heard: Sequence[int | None]) -> bool:
    """Say whether one of some attempts may have made the message although nobody said so."""
    return any(status is None or status >= _SERVER_ERROR for status in heard)


def _told(
    error: discord.HTTPException, heard: Sequence[int | None]
) -> DeliveryRefused | DeliveryUncertain:
    *earlier, _ = heard or (None,)
    if _unclear(earlier):
        return DeliveryUncertain(f"Discord answered {error.status}, and nothing clear before that.")
    if _CLIENT_ERROR <= error.status < _SERVER_ERROR:
        said = f"Discord refused the message: {error.text or error.response.reason}"
        return DeliveryRefused(
            f"{_REASONS.get(error.code, said)} ({error.status}, code {error.code}).",
            status=error.status,
            code=error.code,
        )
    return DeliveryUncertain(f"Discord answered {error.status}.")
