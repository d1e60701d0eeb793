"""A message that must reach Discord exactly once: its key, its nonce, its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.editions import Part

NONCE_LENGTH = 25
"""Discord's limit: https://docs.discord.com/developers/resources/message#create-message."""

PERMANENT_CODES = frozenset({10003, 10004, 50001, 50007, 50013})
"""Unknown channel, unknown guild, missing access, closed DMs, missing permissions."""

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=1)


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``planned`` (written, not yet tried) → ``claimed`` (somebody is sending it, or died while
    doing so) → ``sent`` or ``refused`` (Discord said that no message was made; tried again
    unless the refusal is permanent).
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: a part under its key."""

    key: str
    part: Part
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    not_before: datetime | None = None
    error: str | None = None


def edition_key(edition_id: str, number: int) -> str:
    """Return the key of an edition's part, at most 25 characters."""
    return f"e.{edition_id}.{number}"


def nonce_of(key: str) -> str:
    """Return the nonce that makes Discord recognise a second send of the same key.

    Raises:
        ValueError: if the key would not fit.
    """
    if len(key) > NONCE_LENGTH:
        raise ValueError(f"the key {key!r} is longer than {NONCE_LENGTH} characters")
    return key


def retry_wait(attempts: int) -> timedelta:
    """Return how long a refused delivery rests: 30 s, doubled with each attempt, at most 1 h."""
    doublings = min(max(attempts, 0), 16)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
