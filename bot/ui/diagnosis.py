"""What ``doctor`` asks Discord, over HTTP alone: the token, the application, the channels."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import TYPE_CHECKING, cast

import aiohttp
import discord

from bot.domain.health import Diagnosis, Link, sound, unsure, wrong
from bot.ui.discord_api import without_voice
from bot.ui.text import counted, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.health import Finding
    from bot.domain.schedules import Schedule

log = logging.getLogger(__name__)

PATIENCE = 15.0
"""Seconds for the login, and as many again for all the channels."""

LISTED = 10
"""So many channels that are all right get a line each; more get one together."""

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
}
INVITED = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, read_message_history=True
)

_PRIVILEGED = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}
_CODES = {
    10003: "it is gone",
    10004: "Paperboy is not a member of the server",
    10007: "Paperboy is not a member of the server",
    50001: "Paperboy cannot see it",
}
_UNREACHED = (OSError, TimeoutError, aiohttp.ClientError)
# What discord.py raises over a body that is not Discord's, such as a web page sent with 200.
_STRANGE = (AttributeError, LookupError, TypeError, ValueError)

_PORTAL = "the Developer Portal (https://discord.com/developers/applications)"


async def examine_discord(
    token: str | None, schedules: Sequence[Schedule], *, patience: float = PATIENCE
) -> Diagnosis:
    """Check the token, the application and every scheduled channel; never raise."""
    if token is None:
        missing = wrong(
            "token",
            "DISCORD_TOKEN is not set, so nothing about Discord was checked.",
            f"Copy the bot's token from {_PORTAL}, under Bot, and put it into .env.",
        )
        return Diagnosis(findings=(missing,))
    without_voice()
    # Without the intent discord.py warns, although no gateway will ever be opened.
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        login = await _login(client, token, patience)
        if not login.ok:
            return Diagnosis(findings=(login,))
        application = cast("discord.AppInfo", client.application)  # the login has set it
        channels = await _channels(client, schedules, patience)
        return Diagnosis(
            findings=(login, *_application(application), *channels),
            links=tuple(_links(application)),
        )


async def _login(client: discord.Client, token: str, patience: float) -> Finding:
    try:
        async with asyncio.timeout(patience):
            await client.login(token)
    except discord.LoginFailure:
        return wrong(
            "token",
            "DISCORD_TOKEN is not a token that Discord takes.",
            f"Copy it again from {_PORTAL}, under Bot, with Reset Token.",
        )
    except (discord.DiscordException, *_UNREACHED, *_STRANGE) as error:
        return wrong(
            "token",
            f"The token could not be checked: {_happened(error)}.",
            "Check DISCORD_API_URL and this machine's way to the network, then try again.",
        )
    return sound("token", f"Discord takes the token: the bot is {one_line(str(client.user))}.")


def _happened(error: Exception) -> str:
    """Say what went wrong; never an address or an answer's text, which may hold a secret."""
    match error:
        case discord.HTTPException():
            return _CODES.get(error.code) or f"Discord answered {error.status}"
        case discord.InvalidData():
            return "it is not a channel of the server that its schedule is for"
        case TimeoutError():
            return "Discord did not answer in time"
        case OSError() | aiohttp.ClientError():
            return f"Discord could not be reached ({_reason(error)})"
        case _:
            log.info("An answer could not be read", exc_info=error)
            return "what answered does not speak as Discord does"


def _reason(error: Exception) -> str:
    number = getattr(error, "errno", None) or 0
    # Below zero it is a name that was not resolved, which has a text of its own.
    text = os.strerror(number) if number > 0 else getattr(error, "strerror", None)
    return one_line(text or type(error).__name__)


def _application(application: discord.AppInfo) -> Iterator[Finding]:
    if application.bot_public:
        yield sound("public", "The bot is public: whoever has the invite link may add it.")
    else:
        yield unsure(
            "public",
            "The bot is not public: only its owner may add it to a server.",
            f"That suits one team; for others, switch on Public Bot in {_PORTAL}, under Bot.",
        )
    if application.bot_require_code_grant:
        yield wrong(
            "code grant",
            "The invite link does not work: the bot requires an OAuth2 code grant.",
            f"Switch off Requires OAuth2 Code Grant in {_PORTAL}, under Bot.",
        )
    if application.interactions_endpoint_url:
        yield wrong(
            "commands",
            "Discord sends the commands to an Interactions Endpoint URL, not to Paperboy.",
            f"Clear that field in {_PORTAL}, under General Information.",
        )
    yield from _installs(application)
    yield _intents(application.flags)


def _installs(application: discord.AppInfo) -> Iterator[Finding]:
    alone = application.user_integration_config is not None
    if not alone:
        yield unsure(
            "user install",
            "People cannot install the bot for themselves: User Install is switched off.",
            f"Switch it on in {_PORTAL}, under Installation, if they should.",
        )
    elif application.guild_integration_config is None:
        yield wrong(
            "guild install",
            "The bot cannot be added to servers: Guild Install is switched off.",
            f"Switch it on in {_PORTAL}, under Installation.",
        )


def _intents(flags: discord.ApplicationFlags) -> Finding:
    on = [label for label, names in _PRIVILEGED.items() if any(getattr(flags, n) for n in names)]
    if not on:
        return sound("intents", "No privileged intent is switched on, and none is needed.")
    return unsure(
        "intents",
        f"Privileged intents are switched on ({', '.join(on)}); Paperboy needs none.",
        f"Switch them off in {_PORTAL}, under Bot.",
    )


def _links(application: discord.AppInfo) -> Iterator[Link]:
    yield Link(
        label="Add Paperboy to a server",
        url=discord.utils.oauth_url(application.id, permissions=INVITED),
    )
    if application.user_integration_config is not None:
        url = discord.utils.oauth_url(application.id, scopes=["applications.commands"])
        # https://docs.discord.com/developers/resources/application#installation-context
        yield Link(label="Install it for yourself alone", url=f"{url}&integration_type=1")


async def _channels(
    client: discord.Client, schedules: Sequence[Schedule], patience: float
) -> list[Finding]:
    """Check channels server by server, one request at a time: a running bot shares the limit."""
    servers: dict[int, list[Schedule]] = {}
    for schedule in schedules:
        servers.setdefault(schedule.guild_id, []).append(schedule)
    findings: list[Finding] = []
    left = len(schedules)
    try:
        async with asyncio.timeout(patience):
            for guild_id, its in servers.items():
                findings += await _server(client, guild_id, its)
                left -= len(its)
    except _UNREACHED as error:
        text = f"{counted(left, 'scheduled channel')} could not be checked: {_happened(error)}."
        findings.append(unsure("channels", text, "Try again in a few minutes."))
    return _brief(findings)


async def _server(
    client: discord.Client, guild_id: int, schedules: Sequence[Schedule]
) -> list[Finding]:
    bot_id = cast("discord.ClientUser", client.user).id  # the login has set it
    try:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        me = await guild.fetch_member(bot_id)
    except (discord.DiscordException, *_STRANGE) as error:
        channels = counted(len(schedules), "scheduled channel")
        text = f"The server {guild_id} with {channels} cannot be read: {_happened(error)}."
        return [wrong("server", text, "Add the bot to it again with the invite link.")]
    return [await _channel(guild, me, schedule) for schedule in schedules]


async def _channel(guild: discord.Guild, me: discord.Member, schedule: Schedule) -> Finding:
    place = f"in {one_line(guild.name)}"
    try:
        channel = await guild.fetch_channel(schedule.channel_id)
    except (discord.DiscordException, *_STRANGE) as error:
        return wrong(
            "channel",
            f"The scheduled channel {schedule.channel_id} {place} cannot be read: "
            f"{_happened(error)}.",
            "Let the bot see it, or give another channel the schedule with /digest schedule.",
        )
    name = f"#{one_line(channel.name)} {place}"
    if not isinstance(channel, discord.TextChannel):
        return wrong(
            "channel",
            f"{name} has a schedule, but is no text channel.",
            "Give a text channel the schedule with /digest schedule.",
        )
    mine = channel.permissions_for(me)
    missing = [label for permission, label in NEEDED.items() if not getattr(mine, permission)]
    if missing:
        return wrong(
            "channel",
            f"Paperboy cannot post in {name}: it lacks {' and '.join(missing)} there.",
            "Give it these in the channel's settings; /digest resume wakes a stopped schedule.",
        )
    role = guild.get_role(schedule.mention_role or 0)
    if schedule.mention_role and not (mine.mention_everyone or (role and role.mentionable)):
        return unsure(
            "channel",
            f"Nobody is notified in {name}: the role that its schedule mentions is gone or may "
            "not be mentioned by Paperboy.",
            "Let anyone mention that role in the server's settings, or change the schedule.",
        )
    return sound("channel", f"Paperboy may post in {name}.")


def _brief(findings: list[Finding]) -> list[Finding]:
    fine = [finding for finding in findings if finding.ok]
    if len(fine) <= LISTED:
        return findings
    together = sound("channels", f"Paperboy may post in {len(fine):,} scheduled channels.")
    return [together, *(finding for finding in findings if not finding.ok)]
