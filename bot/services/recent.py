"""What the channels of one round share: the last days' lists, and what was found on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.domain.editions import Order
    from bot.domain.papers import ArxivId, DayList
    from bot.domain.summaries import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The lists from ``first`` on, all of one moment.

    ``filters`` are what channels asked for before. ``summaries``, and ``matches`` by topic and
    day, fill up as the round goes on. ``awaited`` are the papers that a model is about to
    summarise, and ``extracts`` says that the day's tokens for one are spent.
    """

    first: date
    lists: Mapping[date, DayList]
    filters: Mapping[int, Sequence[tuple[datetime, Order]]]
    summaries: dict[ArxivId, Summary] = field(default_factory=dict)
    matches: dict[str, dict[date, frozenset[ArxivId]]] = field(default_factory=dict)
    awaited: frozenset[ArxivId] = frozenset()
    extracts: bool = False
