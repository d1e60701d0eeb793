"""Every request that goes to Discord: paced, timed, and watched for what Discord blocks for."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

import aiohttp
from aiolimiter import AsyncLimiter

from bot.errors import PaperboyError, SettingsError
from bot.metrics import Metrics
from bot.ui.discord_time import DiscordTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta
    from types import SimpleNamespace

    from yarl import URL

log = logging.getLogger(__name__)

REFUSED = (
    "DISCORD_TOKEN is not a token that Discord takes; copy it again from the Developer Portal, "
    "under Bot."
)

ANSWERED_WITHIN = 10.0
"""Seconds; Discord takes the first answer to an interaction within three."""

# Discord's global limit does not hold for these:
# https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
_ANSWER = re.compile(r"/(?:interactions/(?P<id>\d+)/[^/]+/callback|webhooks/\d+/[^/]+)")

_OPENING = "/users/@me/channels"
_INVALID = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}

_hearing: ContextVar[list[int | None] | None] = ContextVar("hearing", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How fast requests go out, and how many invalid ones in how many seconds are too many.

    Discord takes fifty a second, and blocks an address after ten thousand invalid ones in ten
    minutes. ``patience`` is below the five minutes that aiohttp gives a request, which begin
    before the rest does: one that outlived them would have no time-out at all. Who opens direct
    messages with many people in a row is taken for one who spams.
    """

    per_second: float = 45
    openings_per_second: float = 1
    window: float = 600
    rest_at: int = 5_000
    stop_at: int = 8_000
    patience: float = 240


class Traffic:
    """Sees each request of the client that is made with ``http_trace=traffic.trace``.

    Args:
        clock: this machine's time.
        metrics: what counts the requests, and how long people waited.
        limits: other than Discord's, for tests.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        metrics: Metrics | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._waiting: dict[int, tuple[str, float]] = {}
        self._limits = limits or Limits()
        # A burst of one: a larger one and the pace after it would both fall into one second.
        self._limiter = AsyncLimiter(1, 1 / self._limits.per_second)
        self._opening = AsyncLimiter(1, 1 / self._limits.openings_per_second)
        self._time = DiscordTime()
        self._invalid = InvalidRequests(self._limits)
        self._error: PaperboyError | None = None
        self._stopping = asyncio.Event()
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_start.append(self._begun)
        self.trace.on_request_end.append(self._answered)
        self.trace.on_request_exception.append(self._broken)

    def now(self) -> datetime:
        """Return Discord's time, or this machine's where that is right or Discord's not known."""
        return self._clock() + self._time.offset

    @property
    def offset(self) -> timedelta:
        """How far Discord's time is ahead of this machine's; zero while that is about right."""
        return self._time.offset

    @property
    def invalid(self) -> int:
        """How many requests of the last ten minutes count towards Discord's block."""
        return len(self._invalid)

    async def stopped(self) -> PaperboyError:
        """Wait until the bot has to stop, and return why."""
        await self._stopping.wait()
        return self._error or PaperboyError("Paperboy has to stop.")

    @contextmanager
    def attempts(self) -> Iterator[list[int | None]]:
        """Collect the status of each request made in the block, None where the connection broke.

        discord.py tries again by itself, so one call may be several requests; one that was
        never sent, since it was stopped while it waited for its turn, is not among them.
        """
        heard: list[int | None] = []
        token = _hearing.set(heard)
        try:
            yield heard
        finally:
            _hearing.reset(token)

    def expect_answer(self, interaction_id: int, name: str) -> None:
        """Take the time from now until the first answer to an interaction."""
        now = time.monotonic()
        while self._waiting:  # the oldest come first, and some are never answered
            oldest = next(iter(self._waiting))
            if now - self._waiting[oldest][1] < ANSWERED_WITHIN:
                break
            del self._waiting[oldest]
        self._waiting[interaction_id] = (name, now)

    def _came(self, interaction_id: int) -> None:
        if (waiting := self._waiting.pop(interaction_id, None)) is not None:
            name, since = waiting
            self._metrics.command(name, time.monotonic() - since)

    async def _begun(
        self,
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        request: aiohttp.TraceRequestStartParams,
    ) -> None:
        if not _gateway(request.url) and not _answer(request.url):
            await self._rest()
            if request.url.path.endswith(_OPENING):
                await self._opening.acquire()
            await self._limiter.acquire()
        context.sent_at = self._clock()

    async def _rest(self) -> None:
        async with asyncio.timeout(self._limits.patience):
            wait = self._invalid.rest()
            while wait:
                await asyncio.sleep(wait)
                wait = self._invalid.rest()

    async def _answered(
        self,
        _: aiohttp.ClientSession,
        context: SimpleNamespace,
        request: aiohttp.TraceRequestEndParams,
    ) -> None:
        if _gateway(request.url):
            return
        status, headers = request.response.status, request.response.headers
        self._heard(status)
        self._time.hear(context.sent_at, self._clock(), headers.get("Date", ""))
        # A limit that is shared with other bots is nobody's fault, and Discord does not count it.
        if status in _INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._invalid.add()
            if len(self._invalid) >= self._limits.stop_at:
                self._stop(_too_many(self._limits))
        answer = _answer(request.url)
        if status == HTTPStatus.UNAUTHORIZED and answer is None:
            self._stop(SettingsError(REFUSED))
        if answer is not None and answer["id"] is not None and request.response.ok:
            self._came(int(answer["id"]))

    async def _broken(
        self,
        _: aiohttp.ClientSession,
        __: SimpleNamespace,
        request: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        if not _gateway(request.url):
            self._heard(None)

    def _heard(self, status: int | None) -> None:
        self._metrics.request(status)
        if (heard := _hearing.get()) is not None:
            heard.append(status)

    def _stop(self, error: PaperboyError) -> None:
        if self._error is None:
            self._error = error
            self._stopping.set()


class InvalidRequests:
    """Counts what Discord counts before it blocks an address.

    https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._times: deque[float] = deque()
        self._told_at: float | None = None

    def __len__(self) -> int:
        """Return how many there were in the window that ends now."""
        oldest = time.monotonic() - self._limits.window
        while self._times and self._times[0] <= oldest:
            self._times.popleft()
        return len(self._times)

    def add(self) -> None:
        """Count one; the first that is too many in a window is an error for a person to see."""
        now = time.monotonic()
        self._times.append(now)
        told = self._told_at is not None and now - self._told_at < self._limits.window
        if len(self) >= self._limits.rest_at and not told:
            self._told_at = now
            log.error(
                "Discord refused %d requests in %.0f minutes; all but answers to people wait, as "
                "it blocks an address at 10,000: see above for what it refused",
                len(self), self._limits.window / 60,
            )  # fmt: skip

    def rest(self) -> float:
        """Return for how many seconds to send nothing; 0 while there is room."""
        too_many = len(self) - self._limits.rest_at
        if too_many < 0:
            return 0
        return max(self._times[too_many] + self._limits.window - time.monotonic(), 0.001)


def _gateway(url: URL) -> bool:
    """Say whether this is the handshake of a web socket, which is no request to the API."""
    return url.scheme in {"ws", "wss"}


def _answer(url: URL) -> re.Match[str] | None:
    """Match a request that answers an interaction, with a token of its own in its path."""
    return _ANSWER.search(url.path)


def _too_many(limits: Limits) -> PaperboyError:
    return PaperboyError(
        f"Discord refused {limits.stop_at:,} requests within {limits.window / 60:.0f} minutes; "
        "Paperboy stopped before Discord blocks this address: see the log for what was refused."
    )
