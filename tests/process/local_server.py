"""The local Discord's one server: its channels, what the bot may do there, and what happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discord import Permissions

from tests.process import discord_data as data
from tests.process.discord_data import EVERYONE, FIRST_CHANNEL, GUILD, ROLE
from tests.process.local_clock import Clock
from tests.process.local_gateway import Gateway
from tests.process.local_messages import Messages

if TYPE_CHECKING:
    from tests.process.discord_data import Json

TOKEN = "local.token.of-the-bot"  # noqa: S105 - it opens this server only
COMMAND, PRESS, AUTOCOMPLETE = 2, 3, 4
"""Kinds of interaction."""

_FIRST_DM = FIRST_CHANNEL + 1_000_000


@dataclass(kw_only=True)
class Server:
    """One server with ``channels`` channels; ``closed`` are people who take no messages."""

    channels: int = 1
    clock: Clock = field(default_factory=Clock)
    gateway: Gateway = field(init=False)
    everyone: Permissions = EVERYONE
    role: Permissions = field(default_factory=Permissions.none)
    role_held: bool = True
    closed: set[int] = field(default_factory=set)
    posts: Messages = field(init=False)
    _denied: dict[int, Permissions] = field(default_factory=dict)
    _deleted: set[int] = field(default_factory=set)
    _dms: dict[int, int] = field(default_factory=dict)  # a channel's person

    def __post_init__(self) -> None:
        self.posts = Messages(clock=self.clock)
        self.gateway = Gateway(token=TOKEN, guild_id=GUILD, guild=self.guild)

    @property
    def channel_ids(self) -> range:
        """The channels of the server."""
        return range(FIRST_CHANNEL, FIRST_CHANNEL + self.channels)

    @property
    def messages(self) -> dict[int, list[Json]]:
        """The messages of each channel that has any, the oldest first."""
        return self.posts.of

    @property
    def revisions(self) -> dict[str, list[Json]]:
        """What each edited message was before, the first version first."""
        return self.posts.revisions

    def move(self, seconds: float) -> None:
        """Let time pass on Discord's clock alone."""
        self.clock.offset += seconds

    def delete(self, channel: int, message_id: str) -> None:
        """Take a message away, as a moderator does."""
        self.posts.delete(channel, message_id)

    async def deny(self, channel: int, **permissions: bool) -> None:
        """Take these permissions from the bot; without any, give all back."""
        self._denied[channel] = Permissions(**permissions)
        await self.gateway.dispatch("CHANNEL_UPDATE", self.channel(channel))

    async def change_everyone(self, allowed: Permissions) -> None:
        """Change what everybody may do in the server."""
        self.everyone = allowed
        await self._role_updated(GUILD)

    async def change_role(self, allowed: Permissions) -> None:
        """Change what the bot's own role may do."""
        self.role = allowed
        await self._role_updated(ROLE)

    async def give_role(self, *, held: bool = True) -> None:
        """Give the bot its role, or take it away."""
        self.role_held = held
        update = self.ourselves() | {"guild_id": str(GUILD)}
        await self.gateway.dispatch("GUILD_MEMBER_UPDATE", update)

    async def delete_channel(self, channel: int) -> None:
        """Delete a channel and all that is in it."""
        gone = self.channel(channel)
        self._deleted.add(channel)
        self.messages.pop(channel, None)
        await self.gateway.dispatch("CHANNEL_DELETE", gone)

    async def remove_bot(self) -> None:
        """Throw the bot out of the server."""
        self.gateway.joined = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(GUILD)})

    async def add_bot(self) -> None:
        """Let the bot into the server again."""
        self.gateway.joined = True
        await self.gateway.dispatch("GUILD_CREATE", self.guild())

    async def interact(
        self, told: Json, *, kind: int = COMMAND, channel: int = FIRST_CHANNEL
    ) -> str:
        """Let an administrator use a command or press a button; return the interaction's id."""
        number = self.clock.snowflake()
        where, allowed = self.channel(channel), self.allowed(channel)
        used = data.interaction(number, kind, told, where, allowed)
        await self.gateway.dispatch("INTERACTION_CREATE", used)
        return number

    def dm(self, person: int) -> Json:
        """Return the channel of direct messages with a person, always the same one."""
        number = next((n for n, one in self._dms.items() if one == person), 0)
        number = number or _FIRST_DM + len(self._dms)
        self._dms[number] = person
        return data.direct_messages(number, person)

    def person(self, channel: int) -> int | None:
        """Return with whom a channel of direct messages is, None for a channel of the server."""
        return self._dms.get(channel)

    def has(self, channel: int) -> bool:
        """Say whether there is such a channel."""
        return channel in self._dms or (
            channel in self.channel_ids and channel not in self._deleted
        )

    def allowed(self, channel: int) -> Permissions:
        """Return what the bot may do in a channel."""
        if channel in self._dms:
            return EVERYONE
        if not self.gateway.joined:
            return Permissions.none()
        held = self.role if self.role_held else Permissions.none()
        denied = self._denied.get(channel, Permissions.none())
        return Permissions((self.everyone.value | held.value) & ~denied.value)

    def channel(self, number: int) -> Json:
        """Return a channel as Discord tells it."""
        if (person := self._dms.get(number)) is not None:
            return data.direct_messages(number, person)
        return data.channel(number, self._denied.get(number, Permissions.none()))

    def ourselves(self) -> Json:
        """Return the bot as a member of the server."""
        return data.member(data.OURSELVES, *([ROLE] if self.role_held else []))

    def roles(self) -> list[Json]:
        """Return the server's roles: everybody's and the bot's own."""
        everyone = data.role(GUILD, "@everyone", self.everyone)
        return [everyone, data.role(ROLE, "Paperboy", self.role)]

    def guild(self) -> Json:
        """Return the server as a session hears of it."""
        there = (self.channel(one) for one in self.channel_ids if one not in self._deleted)
        return data.guild(there, self.roles(), self.ourselves())

    async def _role_updated(self, number: int) -> None:
        [role] = [one for one in self.roles() if one["id"] == str(number)]
        update = {"guild_id": str(GUILD), "role": role}
        await self.gateway.dispatch("GUILD_ROLE_UPDATE", update)
