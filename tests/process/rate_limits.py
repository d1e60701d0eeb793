"""Discord's rate limits: one for all requests together, and one for each bucket.

They are documented at https://docs.discord.com/developers/topics/rate-limits; how many messages a
channel takes is not, and is what Discord's headers have said for years.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from tests.process.faults import too_many

if TYPE_CHECKING:
    from aiohttp import web

    from tests.process.local_clock import Clock

EVERYWHERE = 50
"""Requests in any one second; answers to interactions are not counted."""

_MESSAGES, _OTHERS = (5, 5.0), (50, 1.0)  # requests, in so many seconds
_UNCOUNTED = ("/interactions/", "/webhooks/")
_WITH_MAJOR_ID = {"channels", "guilds", "webhooks"}


@dataclass(kw_only=True)
class _Window:
    ends: float
    left: int


@dataclass(kw_only=True)
class RateLimits:
    """What the bot has used of each limit; ``throttled`` counts the answers 429."""

    clock: Clock
    on: bool = True
    throttled: int = 0
    _recent: deque[float] = field(default_factory=lambda: deque(maxlen=EVERYWHERE))
    _windows: dict[tuple[str, str], _Window] = field(default_factory=dict)

    def meet(self, method: str, path: str) -> tuple[dict[str, str], web.StreamResponse | None]:
        """Count a request; return the headers for its answer, and the 429 if it is too many."""
        if not self.on:
            return {}, None
        now = self.clock.time()
        counted = not path.startswith(_UNCOUNTED)
        if counted and len(self._recent) == EVERYWHERE and now < self._recent[0] + 1:
            return {}, self._too_many(self._recent[0] + 1 - now, {}, everywhere=True)
        template = re.sub(r"\d+", "*", f"{method} {path}")
        _, kind, *rest = path.split("/")
        limit, seconds = _MESSAGES if _sends(method, template) else _OTHERS
        key = template, rest[0] if rest and kind in _WITH_MAJOR_ID else ""
        window = self._windows.get(key)
        if window is None or now >= window.ends:
            window = self._windows[key] = _Window(ends=now + seconds, left=limit)
        too_many = not window.left
        window.left -= not too_many
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{self.clock.wall(window.ends - now):.3f}",
            "X-RateLimit-Bucket": _bucket(template),
        }
        if too_many:
            return headers, self._too_many(window.ends - now, headers)
        if counted:
            self._recent.append(now)
        return headers, None

    def _too_many(
        self, seconds: float, headers: dict[str, str], *, everywhere: bool = False
    ) -> web.StreamResponse:
        self.throttled += 1
        wait = self.clock.wall(seconds)
        return too_many(wait, headers, scope="global" if everywhere else "user")


@cache
def _sends(method: str, template: str) -> bool:
    """Say whether this is the making or editing of a channel's message."""
    paths = {"POST": "/channels/*/messages", "PATCH": "/channels/*/messages/*"}
    return template == f"{method} {paths.get(method)}"


@cache
def _bucket(template: str) -> str:
    return hashlib.sha256(template.encode()).hexdigest()[:32]
