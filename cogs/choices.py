"""What is offered while a person types: topics, papers, alerts, time zones, roles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from discord import app_commands

from bot.services.schedules import CLEAR
from bot.ui import limits
from bot.ui.text import plain
from bot.zones import matching_zones

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from bot.client import BotInteraction
    from bot.domain.alerts import Alert
    from bot.services.search import PaperSearch

T = TypeVar("T")

log = logging.getLogger(__name__)


async def paper_choices(search: PaperSearch, typed: str) -> list[app_commands.Choice[str]]:
    """Offer stored papers by title or id; nothing where they cannot be had."""
    found = await _or_nothing(search.papers(typed, limits.CHOICES))
    return _choices((one.title, one.id) for one in found)


async def topic_choices(search: PaperSearch, typed: str) -> list[app_commands.Choice[str]]:
    """Offer queries that what was typed may become; nothing where they cannot be had."""
    found = await _or_nothing(search.topics(typed, limits.CHOICES))
    return _choices((one, one) for one in found)


async def alert_choices(
    alerts: Awaitable[list[Alert]], typed: str
) -> list[app_commands.Choice[str]]:
    """Offer a person's alerts by number or a part of the query; the value is the number."""
    found = {str(one.no): f"{one.no}. {one.query}" for one in await _or_nothing(alerts)}
    wanted = typed.strip().casefold()
    return _choices((name, no) for no, name in found.items() if wanted in name.casefold())


def zone_choices(typed: str) -> list[app_commands.Choice[str]]:
    """Offer the time zones that what was typed may mean."""
    return [app_commands.Choice(name=zone, value=zone) for zone in matching_zones(typed)]


def role_choices(interaction: BotInteraction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the roles of this server, and to mention none; the value is the role's id."""
    roles = interaction.guild.roles[1:] if interaction.guild is not None else []
    wanted = typed.lower().removeprefix("@")
    choices = [app_commands.Choice(name=CLEAR, value=CLEAR)] if wanted in CLEAR else []
    choices += [
        app_commands.Choice(name=f"@{role.name}"[: limits.CHOICE_NAME], value=str(role.id))
        for role in roles
        if wanted in role.name.lower()
    ]
    return choices[: limits.CHOICES]


async def _or_nothing(offering: Awaitable[list[T]]) -> list[T]:
    try:
        return await offering
    except Exception:
        # Discord has no way to tell a person who types of an error: they type on without a list.
        log.exception("Nothing could be offered to a person who types")
        return []


def _choices(offers: Iterable[tuple[str, str]]) -> list[app_commands.Choice[str]]:
    """Name each value; one that Discord does not take whole would be another and is left out."""
    names = {
        value: name for name, value in offers if 0 < limits.text_length(value) <= limits.CHOICE_NAME
    }
    return [
        app_commands.Choice(name=plain(name, limits.CHOICE_NAME), value=value)
        for value, name in names.items()
    ][: limits.CHOICES]
