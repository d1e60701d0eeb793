"""Alerts over a small world: ordered and saved in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.services.alerts import Wishes

if TYPE_CHECKING:
    from bot.domain.alerts import Alert, Batch
    from tests.services.world import World

ADA, GRACE = 11, 12
OWN = {ADA: 911, GRACE: 912}
"""People, and the channel that each has with the bot."""

GUILD, CHANNEL = 1, 5


async def alert(world: World, query: str, person: int = ADA, **told: Any) -> Alert:
    """Save an alert to a person, or to a ``channel_id``."""
    alerts = world.house.services.alerts
    draft = await alerts.order(person, Wishes(query=query, **told), world.clock())
    return await alerts.save(draft, told.get("channel_id") or OWN[person], world.clock())


def brought(world: World) -> list[tuple[int, list[int]]]:
    """Return the messages of alerts that stand: the channel, and its papers' numbers."""
    return [
        (one.content.channel_id, one.numbers)
        for one in world.discord.standing
        if one.content in world.discord.batches
    ]


def queries(batch: Batch) -> list[str]:
    """Return the queries that a message is for."""
    return [query for _, query in batch.alerts]
