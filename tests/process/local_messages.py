"""The local Discord's messages: made once a nonce, edited, deleted, and read a page at a time."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.process import discord_data as data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.process.discord_data import Json
    from tests.process.local_clock import Clock


@dataclass(kw_only=True)
class Messages:
    """Every channel's messages, the oldest first, and what edits have replaced."""

    clock: Clock
    of: dict[int, list[Json]] = field(default_factory=dict)
    revisions: dict[str, list[Json]] = field(default_factory=dict)
    _nonces: dict[tuple[int, str], tuple[float, str]] = field(default_factory=dict)

    def post(self, channel: int, body: Json, nonce_seconds: float) -> Json:
        """Make a message; the same nonce again, soon enough, is the message that there is."""
        nonce, now = str(body.get("nonce", "")), self.clock.time()
        told = {"nonce": nonce} if nonce else {}
        if nonce and body.get("enforce_nonce"):
            at, former = self._nonces.get((channel, nonce), (0.0, ""))
            if now - at < nonce_seconds and (found := self.find(channel, former)):
                return found | told
        made = data.message(self.clock.snowflake(), channel, shown(body), self.clock.iso())
        self.of.setdefault(channel, []).append(made)
        if nonce:
            self._nonces[channel, nonce] = now, made["id"]
        return made | told  # a nonce stands in this answer only: the history does not tell it

    def edit(self, message: Json, body: Json) -> Json:
        """Change a message; what it was is kept with its revisions."""
        self.revisions.setdefault(message["id"], []).append(dict(message))
        message.update(shown(body), edited_timestamp=self.clock.iso())
        return message

    def delete(self, channel: int, message_id: str) -> None:
        """Take a message away."""
        there = self.of.get(channel, [])
        if (found := self.find(channel, message_id)) is not None:
            there.remove(found)

    def find(self, channel: int, message_id: str) -> Json | None:
        """Return a message of a channel, None if it is not there."""
        there = self.of.get(channel, [])
        place = bisect_left(there, int(message_id or 0), key=_number)
        found = there[place] if place < len(there) else None
        return found if found is not None and found["id"] == message_id else None

    def page(self, channel: int, query: dict[str, str]) -> list[Json]:
        """Return one page of a channel's messages, the newest first."""
        there = self.of.get(channel, [])
        limit = int(query.get("limit", 50))
        start = bisect_left(there, int(query.get("after", 0)) + 1, key=_number)
        end = bisect_left(there, int(query.get("before", 2**63)), key=_number)
        if "after" in query:
            end = min(end, start + limit)
        return there[max(start, end - limit) : end][::-1]


def shown(body: Json) -> Json:
    """Return what a request says that a message shows, its components numbered."""
    told = {name: body[name] for name in data.SHOWN if body.get(name) is not None}
    if components := told.get("components"):
        told["components"] = _numbered(components, count(1))
    return told


def _numbered(components: list[Json], numbers: Iterator[int]) -> list[Json]:
    """Number components as Discord does, from 1, those with parts before their parts."""
    told = []
    for one in components:
        usual: dict[str, Any] = data.COMPONENT.get(one["type"], {})
        told.append({**usual, "id": next(numbers), **one})
        if parts := one.get("components"):
            told[-1]["components"] = _numbered(parts, numbers)
    return told


def _number(message: Json) -> int:
    return int(message["id"])
