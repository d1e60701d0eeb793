"""What is offered while a person types a topic or a paper."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from discord import app_commands

from bot.ui import limits
from bot.ui.text import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

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
