"""How sources are asked: one GET, patient, polite and bounded; no httpx exception leaves here."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, wait_exponential, wait_random

from bot.errors import SourceUnreachable, UnexpectedAnswer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tenacity import RetryCallState

log = logging.getLogger(__name__)

T = TypeVar("T")
Turn: TypeAlias = "Callable[[], AbstractAsyncContextManager[float]]"
"""Held during one attempt; yields how many seconds that has to wait before it starts."""

TIMEOUT = 10.0
LARGEST_BODY = 32 * 2**20
_LONGEST_PAUSE = 3600.0  # a header that asks for more does not silence a source for days
_LONGEST_WINDOW = 300.0  # of Hugging Face's rate limit
_BACK_OFF = wait_exponential(multiplier=0.5, max=7) + wait_random(0, 1)
# What happened by kind of error, the narrower first; what is not listed cannot be asked at all.
_HAPPENED = (
    ((TimeoutError, httpx.TimeoutException), "did not answer in time"),
    ((httpx.ConnectError, httpx.ProxyError), "could not be reached"),
    ((httpx.NetworkError, httpx.RemoteProtocolError), "broke the connection"),
    ((httpx.DecodingError,), "sent a body that cannot be decompressed"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_RATE_LIMIT = re.compile(r";\s*(r|t)\s*=\s*(\d{1,9})(?=\s*(?:;|$))", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One GET; ``what`` names what is asked for in sentences and logs.

    Statuses other than 2xx are errors unless they are in ``accept``.
    """

    url: str
    what: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole body, with the status that it came with."""

    status: int
    body: bytes


class Unusable(Exception):
    """An attempt that is made again with back-off; ``text`` follows the source's name.

    ``after`` is how many seconds the source asked to wait, None where it did not say.
    """

    def __init__(self, text: str, *, after: float | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.after = after


class Misshapen(Unusable):
    """A body that is not what it should be: asked for once more, then an ``UnexpectedAnswer``."""


def at_once() -> AbstractAsyncContextManager[float]:
    """Take a turn without waiting for it."""
    return nullcontext(0.0)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(kw_only=True)
class SourceHttp:
    """Asks one source, over a client that all sources share.

    A pause that the source asks for holds for every later request of this object: a spent quota
    (``RateLimit``) is waited for, a longer ``Retry-After`` than the patience is an error at once.
    ``now`` is asked only when an HTTP date came without a ``Date``.
    """

    client: httpx.AsyncClient
    name: str
    patience: float = 30.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc_now
    _paused_until: float = field(default=float("-inf"), init=False)
    _refilled_at: float = field(default=float("-inf"), init=False)

    async def read(
        self,
        request: Request,
        parse: Callable[[Answer], T],
        *,
        turn: Turn = at_once,
        patience: float | None = None,
    ) -> T:
        """Return what ``parse`` makes of the answer, asking again while it is worth it.

        ``parse`` may raise ``Misshapen`` (asked once more) or ``Unusable`` (asked with back-off);
        this raises ``SourceUnreachable`` after ``patience`` seconds (the source's own unless
        given), ``UnexpectedAnswer`` for the rest.
        """
        patience = self.patience if patience is None else patience
        until = self.clock() + patience
        trying = _Trying(clock=self.clock, patience=patience, deadline=until)
        again = retry_if_exception_type(Unusable)
        attempts = AsyncRetrying(
            sleep=self.sleep, wait=trying.wait, stop=trying.stop, retry=again, reraise=True
        )
        try:
            return await attempts(self._attempt, request, parse, trying, turn)
        except Misshapen as error:
            raise UnexpectedAnswer(
                f"{self.name} {error.text} for {request.what}: try again later, and if it stays "
                "so its API has changed."
            ) from error
        except Unusable as error:
            raise SourceUnreachable(
                f"{self.name} {error.text} for {request.what}{trying.outcome()}"
            ) from error

    async def _attempt(
        self, request: Request, parse: Callable[[Answer], T], trying: _Trying, turn: Turn
    ) -> T:
        try:
            return parse(await self._in_turn(request, trying, turn))
        except Unusable as error:
            trying.failed(error)
            log.info("%s %s for %s (try %d)", self.name, error.text, request.what, trying.attempts)
            raise

    async def _in_turn(self, request: Request, trying: _Trying, turn: Turn) -> Answer:
        while True:
            await self._wait(self._paused_until - self.clock(), trying, "must not be asked yet")
            queued = self.clock()
            if self._refilled_at > queued:
                await self.sleep(self._refilled_at - queued)
            async with turn() as wait:
                trying.deadline += self.clock() - queued  # standing in line is not trying
                # Whoever was before us in the line may have been told to pause.
                if max(self._paused_until, self._refilled_at) <= self.clock():
                    await self._wait(wait, trying, "has too many requests waiting")
                    return await self._send(request, trying)

    async def _wait(self, seconds: float, trying: _Trying, why: str) -> None:
        if seconds >= trying.left():
            raise Unusable(why, after=seconds)
        if seconds > 0:
            await self.sleep(seconds)

    async def _send(self, request: Request, trying: _Trying) -> Answer:
        stream = self.client.stream(
            "GET",
            request.url,
            params=dict(request.params) or None,
            headers=dict(request.headers),
            follow_redirects=True,
            timeout=TIMEOUT,
        )
        try:
            async with asyncio.timeout(min(TIMEOUT, trying.left())), stream as response:
                self._check(response, request)
                body = await self._body(response, request)
                return Answer(status=response.status_code, body=body)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            for kinds, happened in _HAPPENED:
                if isinstance(error, kinds):
                    raise Unusable(happened) from error
            raise SourceUnreachable(
                f"{self.name} cannot be asked for {request.what}: check its address and token."
            ) from error

    def _check(self, response: httpx.Response, request: Request) -> None:
        status = response.status_code
        refill = _reset(response.headers.get("RateLimit", ""))
        if refill is not None:
            self._refilled_at = self.clock() + min(refill, _LONGEST_WINDOW)
        if status in {408, 429} or response.is_server_error:
            pause = _retry_after(response.headers, self.now)
            if pause is not None:
                self._paused_until = self.clock() + min(pause, _LONGEST_PAUSE)
            raise Unusable(f"answered {status}", after=refill if pause is None else pause)
        if not response.is_success and status not in request.accept:
            raise UnexpectedAnswer(
                f"{self.name} answered {status} for {request.what}: check its address and token."
            )

    async def _body(self, response: httpx.Response, request: Request) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_BODY:
                most = f"{LARGEST_BODY // 2**20} MiB"
                raise UnexpectedAnswer(f"{self.name} sent more than {most} for {request.what}.")
        return bytes(body)


@dataclass(slots=True, kw_only=True)
class _Trying:
    """The attempts of one request, and until when they may go on."""

    clock: Callable[[], float]
    patience: float
    deadline: float
    attempts: int = 0
    misshapen: int = 0
    after: float | None = None

    def left(self) -> float:
        return self.deadline - self.clock()

    def failed(self, error: Unusable) -> None:
        self.attempts += 1
        self.misshapen += isinstance(error, Misshapen)
        self.after = error.after

    def wait(self, state: RetryCallState) -> float:
        return _BACK_OFF(state) if self.after is None else self.after

    def stop(self, state: RetryCallState) -> bool:
        return self.misshapen > 1 or state.upcoming_sleep >= self.left()

    def outcome(self) -> str:
        if self.after is None:
            return f", tried {self.attempts} times: try again in a few minutes."
        return (
            f" and asks to wait {self.after:.0f} seconds, more than is left of the "
            f"{self.patience:.0f} that a request may take: try again after that."
        )


def _retry_after(headers: httpx.Headers, now: Callable[[], datetime]) -> float | None:
    """Read ``Retry-After`` as seconds, by the server's own clock where it says its time."""
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        said = headers.get("Date")
        left = parsedate_to_datetime(value) - (parsedate_to_datetime(said) if said else now())
    except (ValueError, TypeError, OverflowError):  # rubbish, or one date without a zone
        return None
    return max(left.total_seconds(), 0.0)


def _reset(header: str) -> float | None:
    """Read ``"api";r=0;t=55``: the seconds to the reset when nothing remains, else None."""
    limits = [dict(_RATE_LIMIT.findall(policy)) for policy in header.split(",")]
    waits = [float(limit["t"]) for limit in limits if "t" in limit and limit.get("r", "") == "0"]
    return max(waits, default=None)


def json_of(answer: Answer) -> object:
    """Read a body as JSON; raise ``Misshapen`` if it is anything else."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Misshapen(f"sent {kind_of(answer.body)} instead of JSON") from error


def kind_of(body: bytes) -> str:
    """Name in a few words what a body is that should have been something else."""
    start = body[:200].decode(errors="replace").strip().lower()
    if not start:
        return "an empty body"
    if start.startswith(("<!doctype html", "<html")):
        return "an HTML page"
    return "a broken body" if start[0] in "[{<" else f'the text "{one_line(start)[:40]}"'


def one_line(text: str) -> str:
    """Return text from the wire without control characters, runs of whitespace made one space."""
    return " ".join(_CONTROL.sub("", text).split())


def moment(text: str) -> datetime | None:
    """Read an ISO time in UTC, None if it is not one."""
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
