"""Who may do what, and where: asked of the interaction and of the channel meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.errors import UserError
from bot.ui.diagnosis import NEEDED

if TYPE_CHECKING:
    from bot.client import BotInteraction

_NOT_A_MANAGER = "You need the Manage Server permission for that; ask an administrator."
_UNSEEN = "You cannot see that channel, so you cannot have papers brought there."


def managed_guild(interaction: BotInteraction) -> discord.Guild:
    """Return the server, if the person may manage it and the bot is a member of it.

    Raises:
        UserError: it is no server, the person lacks Manage Server, or the bot is not there.
    """
    if interaction.guild_id is None:
        raise UserError("That works in a server only, as a schedule belongs to a channel there.")
    if not interaction.permissions.manage_guild:
        raise UserError(_NOT_A_MANAGER)
    guild = interaction.client.get_guild(interaction.guild_id)
    if guild is None or guild.me is None:
        raise UserError(
            "Paperboy is not a member of this server, so it cannot post here; "
            "an administrator can add it with the invite link."
        )
    return guild


def target_channel(
    interaction: BotInteraction, channel: discord.TextChannel | None
) -> discord.TextChannel:
    """Return the channel meant, if the person sees it and the bot can post and look back there.

    Raises:
        UserError: says which permission is missing, and whose.
    """
    meant = named_channel(interaction, channel)
    _check_ours(meant)
    return meant


def _check_ours(channel: discord.TextChannel) -> None:
    mine = channel.permissions_for(channel.guild.me)
    missing = [label for name, label in NEEDED.items() if not getattr(mine, name)]
    if missing:
        raise UserError(
            f"Paperboy cannot post in #{channel.name}: it lacks {' and '.join(missing)} there. "
            "Give it these in the channel's settings, then try again."
        )


async def managed_channel(interaction: BotInteraction, channel_id: int) -> discord.TextChannel:
    """Return a channel by its id, if the person may manage its server and the bot can post there.

    It may be asked for from elsewhere, such as a direct message: the person's permissions are
    then read from the server itself.

    Raises:
        UserError: the channel is gone, or says which permission is missing, and whose.
    """
    channel = interaction.client.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel) or channel.guild.me is None:
        raise UserError("That channel is gone, or Paperboy is no longer a member of its server.")
    if interaction.guild_id == channel.guild.id:
        return target_channel(interaction, channel)
    try:
        person = await channel.guild.fetch_member(interaction.user.id)
    except discord.NotFound as error:
        raise UserError("You are not a member of that server.") from error
    allowed = channel.permissions_for(person)
    if not allowed.manage_guild:
        raise UserError(_NOT_A_MANAGER)
    if not allowed.view_channel:
        raise UserError(_UNSEEN)
    _check_ours(channel)
    return channel


def named_channel(
    interaction: BotInteraction, channel: discord.TextChannel | None
) -> discord.TextChannel:
    """Return the channel meant, if the person may manage this server and sees it.

    Raises:
        UserError: it is not a text channel, or not one that the person can see.
    """
    guild = managed_guild(interaction)
    meant = channel or guild.get_channel(interaction.channel_id or 0)
    if not isinstance(meant, discord.TextChannel):
        raise UserError("Pick a text channel: a digest cannot be scheduled in a thread or a forum.")
    person = interaction.user
    if not isinstance(person, discord.Member) or not meant.permissions_for(person).view_channel:
        raise UserError(_UNSEEN)
    return meant


def mentioned_role(
    interaction: BotInteraction, channel: discord.TextChannel, text: str | None
) -> int | None:
    """Read the role to mention: its mention, id or name; 0 clears it, None keeps it.

    Raises:
        UserError: there is no such role, or the person may not mention it themself.
    """
    if text is None:
        return None
    wanted = text.strip()
    if wanted.lower() == "none":
        return 0
    guild = channel.guild
    if interaction.guild_id != guild.id:
        raise UserError("A role is chosen in its own server; use the command there.")
    digits = wanted.removeprefix("<@&").removesuffix(">")
    named = wanted.removeprefix("@").lower()
    role = (guild.get_role(int(digits)) if digits.isdecimal() and len(digits) < 20 else None) or (  # noqa: PLR2004 - a snowflake's digits
        next((one for one in guild.roles if one.name.removeprefix("@").lower() == named), None)
    )
    if role is None:
        raise UserError(f"There is no role “{text}” in this server; pick one, or type none.")
    _check_mention(interaction.user, channel, role)
    return role.id


async def mentionable_role(
    interaction: BotInteraction, channel: discord.TextChannel, role_id: int
) -> None:
    """Refuse a role that was chosen some time ago and may not be mentioned any more.

    Raises:
        UserError: it is gone, or says who may not.
    """
    role = channel.guild.get_role(role_id)
    if role is None:
        raise UserError("The role that would be mentioned is gone; choose another, or none.")
    person: discord.abc.User = interaction.user
    if not isinstance(person, discord.Member) or person.guild != channel.guild:
        person = await channel.guild.fetch_member(person.id)
    _check_mention(person, channel, role)


def _check_mention(
    person: discord.abc.User, channel: discord.TextChannel, role: discord.Role
) -> None:
    may = isinstance(person, discord.Member) and channel.permissions_for(person).mention_everyone
    if not (role.mentionable or may):
        raise UserError(
            f"You may not mention @{role.name} in #{channel.name}, so Paperboy may not for you."
        )
    if not (role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone):
        raise UserError(
            f"Paperboy may not mention @{role.name}: allow anyone to mention that role, in the "
            "server's settings under Roles."
        )
    if role.is_default():
        raise UserError("Paperboy does not mention everyone; make a role for those who want it.")
