"""What is stored of a person: how much of it there is, and all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Record: TypeAlias = Mapping[str, object]
"""One row as it is given out: its cells under names that stay, ids of Discord's as text."""

NOBODY = 0
"""Who made what stands in a server, once that person has asked to be forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much is stored of a person.

    ``papers`` are what their own alerts have found; ``unsent`` counts those of the ``messages`` to
    them that have not arrived. ``channel_alerts`` and ``schedules`` are what they made in servers.
    """

    alerts: int = 0
    papers: int = 0
    drafts: int = 0
    zones: int = 0
    messages: int = 0
    unsent: int = 0
    channel_alerts: int = 0
    schedules: int = 0

    @property
    def personal(self) -> bool:
        """Whether anything is the person's own, and goes with them."""
        return bool(self.alerts or self.drafts or self.zones or self.messages)

    @property
    def shared(self) -> bool:
        """Whether anything belongs to a server, and stays without them."""
        return bool(self.channel_alerts or self.schedules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that is stored of a person, table by table, as of one moment.

    ``alerts`` are theirs and those that they made for channels, each with what it has found.
    """

    holdings: Holdings
    zone: str | None
    alerts: tuple[Record, ...]
    drafts: tuple[Record, ...]
    schedules: tuple[Record, ...]
    messages: tuple[Record, ...]
