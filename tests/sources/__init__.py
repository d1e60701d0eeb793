"""What the tests of the sources share: a clock that nobody waits for, and a canned network."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from bot.sources.http import SourceHttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

NOW = datetime(2026, 8, 22, 9, 0, tzinfo=UTC)
Canned = httpx.Response | BaseException


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


class Network:
    """Serves canned answers in order, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Canned | Callable[[httpx.Request], httpx.Response]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return answer(request)


async def chunks(pieces: Iterable[bytes], broken: Exception | None = None) -> AsyncIterator[bytes]:
    """A body that comes in pieces, and may break."""
    for piece in pieces:
        yield piece
    if broken:
        raise broken


def asking(network: Network, clock: Clock, **options: Any) -> SourceHttp:
    """Return a client of a source named "The source" over a canned network."""
    return SourceHttp(
        client=httpx.AsyncClient(transport=httpx.MockTransport(network)),
        name=options.pop("name", "The source"),
        sleep=clock.sleep,
        clock=clock,
        now=lambda: NOW,
        **options,
    )
