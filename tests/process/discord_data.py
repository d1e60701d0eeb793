"""What the local Discord says of its one server: the payloads of the documentation, filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import Permissions

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

GUILD, BOT, APPLICATION, OWNER, PERSON, ROLE = (10**18 + number for number in range(6))
FIRST_CHANNEL = GUILD + 1000
EVERYONE = Permissions(view_channel=True, send_messages=True, read_message_history=True)
SHOWN = ("content", "components", "flags", "embeds")
"""What a message shows of the request that made it."""

COMPONENT: dict[int, Json] = {
    3: {"min_values": 1, "max_values": 1, "disabled": False},
    14: {"divider": True, "spacing": 1},
    17: {"accent_color": None, "spoiler": False},
}
"""What Discord adds to a menu, a separator and a container."""

_TEXT, _DM, _MEMBER = 0, 1, 1
_JOINED = "2025-01-01T00:00:00+00:00"


def user(number: int, name: str, *, bot: bool = False) -> Json:
    """Return an account."""
    told = {"id": str(number), "username": name, "discriminator": "0", "avatar": None, "flags": 0}
    return told | {"global_name": None, "bot": bot, "mfa_enabled": True}


OURSELVES = user(BOT, "paperboy", bot=True)


def member(account: Json, *roles: int) -> Json:
    """Return an account as a member of the server."""
    held = list(map(str, roles))
    told = {"user": account, "roles": held, "deaf": False, "mute": False, "flags": 0}
    return told | {"joined_at": _JOINED, "nick": None, "avatar": None}


def application() -> Json:
    """Return the bot's application."""
    return {
        "id": str(APPLICATION), "name": "Paperboy", "description": "", "icon": None, "flags": 0,
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64,
        "owner": user(OWNER, "owner"), "team": None, "summary": "",
    }  # fmt: skip


def channel(number: int, denied: Permissions) -> Json:
    """Return a text channel, with what the bot may not do there."""
    overwrite = {"id": str(BOT), "type": _MEMBER, "allow": "0", "deny": str(denied.value)}
    return {
        "id": str(number), "guild_id": str(GUILD), "type": _TEXT, "nsfw": False, "topic": None,
        "name": f"papers-{number - FIRST_CHANNEL}", "position": number - FIRST_CHANNEL,
        "permission_overwrites": [overwrite], "parent_id": None, "last_message_id": None,
    }  # fmt: skip


def direct_messages(number: int, person: int) -> Json:
    """Return the channel of direct messages with a person."""
    told = {"id": str(number), "type": _DM, "flags": 0, "last_message_id": None}
    return told | {"recipients": [user(person, f"person-{person}")]}


def role(number: int, name: str, allowed: Permissions) -> Json:
    """Return a role of the server; the one with the server's id is everyone's."""
    return {
        "id": str(number), "name": name, "permissions": str(allowed.value), "flags": 0,
        "position": int(number != GUILD), "color": 0, "hoist": False, "managed": False,
        "mentionable": False, "icon": None, "unicode_emoji": None,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
    }  # fmt: skip


def guild(channels: Iterable[Json], roles: list[Json], ourselves: Json) -> Json:
    """Return the server as a session hears of it, with the bot as its only visible member."""
    return {
        "id": str(GUILD), "name": "Reading group", "owner_id": str(OWNER), "unavailable": False,
        "roles": roles, "channels": list(channels), "members": [ourselves],
        "member_count": 2, "joined_at": _JOINED, "large": False, "emojis": [], "stickers": [],
        "threads": [], "presences": [], "voice_states": [], "stage_instances": [], "features": [],
        "guild_scheduled_events": [], "soundboard_sounds": [], "icon": None, "nsfw_level": 0,
        "verification_level": 0, "default_message_notifications": 0, "mfa_level": 0,
        "explicit_content_filter": 0, "premium_tier": 0, "afk_timeout": 300, "afk_channel_id": None,
        "preferred_locale": "en-US", "system_channel_flags": 0, "system_channel_id": None,
        "premium_progress_bar_enabled": False, "application_id": None,
    }  # fmt: skip


def message(number: str, channel: int, shown: Json, at: str) -> Json:
    """Return a message of the bot's."""
    told = {
        "id": number, "channel_id": str(channel), "type": 0, "tts": False, "content": "",
        "author": OURSELVES, "mentions": [], "mention_roles": [], "mention_everyone": False,
        "attachments": [], "embeds": [], "components": [], "pinned": False, "flags": 0,
        "timestamp": at, "edited_timestamp": None,
    }  # fmt: skip
    return told | shown


def command(number: str, told: Json) -> Json:
    """Return a slash command as it is registered."""
    usual: Json = {"description": "", "options": [], "default_member_permissions": None}
    return usual | told | {"id": number, "application_id": str(APPLICATION), "version": "1"}


def interaction(number: str, kind: int, told: Json, where: Json, allowed: Permissions) -> Json:
    """Return an administrator's use of a command or a press of a button."""
    person = member(user(PERSON, "ada")) | {"permissions": str(Permissions.all().value)}
    return {
        "id": number, "application_id": str(APPLICATION), "type": kind, "data": told,
        "guild_id": str(GUILD), "channel_id": where["id"], "channel": where, "member": person,
        "token": number, "version": 1, "app_permissions": str(allowed.value), "locale": "en-US",
        "guild_locale": "en-US", "entitlements": [], "attachment_size_limit": 10_485_760,
        "context": 0, "authorizing_integration_owners": {"0": str(GUILD)},
    }  # fmt: skip
