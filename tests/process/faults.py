"""What can go wrong between the bot and Discord, each as an answer to one request."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Make = Callable[[], Awaitable[web.StreamResponse]]
Fault = Callable[[web.Request, Make], Awaitable[web.StreamResponse]]
"""Answers in place of the server; ``make`` is what the server itself would do and answer."""


def as_json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer with JSON as Discord does: discord.py reads no other spelling of the type as JSON."""
    told = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=told)


def answering(
    status: int, body: str | dict[str, Any], headers: dict[str, str] | None = None
) -> Fault:
    """Return a fault that makes nothing and answers so; a text is a page for people."""

    async def fault(_: web.Request, __: Make) -> web.StreamResponse:
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html", headers=headers)
        return as_json(body, status, headers)

    return fault


def error(status: int, code: int = 0, message: str = "") -> Fault:
    """Return a fault that answers as Discord does when it refuses."""
    return answering(status, {"message": message or f"{status}: error", "code": code})


server_error = error(500)
unauthorized = error(401, message="401: Unauthorized")
forbidden = error(403, 50013, "Missing Permissions")
html_page = answering(403, "<!DOCTYPE html><html>Access denied</html>")


def rate_limited(seconds: float, *, scope: str = "user") -> Fault:
    """Return a fault that answers 429; ``scope`` is ``user``, ``global`` or ``shared``."""

    async def fault(_: web.Request, __: Make) -> web.StreamResponse:
        return too_many(seconds, {}, scope=scope)

    return fault


def too_many_edits(seconds: float = 0.1) -> Fault:
    """Return a fault that refuses to edit an old message once more: a 429 with a code."""
    body = {
        "message": "Maximum number of edits to messages older than 1 hour reached. Try again later",
        "code": 30046, "retry_after": seconds, "global": False,
    }  # fmt: skip
    return answering(429, body, {"Retry-After": str(math.ceil(seconds)), "Via": "1.1 local"})


def too_many(wait: float, headers: dict[str, str], *, scope: str) -> web.Response:
    """Answer 429 as Discord does; ``scope`` is ``user``, ``global`` or ``shared``."""
    told = headers | {
        "Retry-After": str(math.ceil(wait)),
        "X-RateLimit-Scope": scope,
        # discord.py takes a 429 without Via for one of Cloudflare's, which it does not wait for.
        "Via": "1.1 local",
    }
    everywhere = scope == "global"
    if everywhere:
        told["X-RateLimit-Global"] = "true"
    # Rounded up: who waits exactly so long must find the limit over.
    retry_after = math.ceil(wait * 1000) / 1000
    body = {"message": "You are being rate limited.", "retry_after": retry_after}
    return as_json(body | {"global": everywhere}, 429, told)


def failing_after(status: int) -> Fault:
    """Return a fault that does what was asked and yet answers with an error."""

    async def fault(_: web.Request, make: Make) -> web.StreamResponse:
        await make()
        return as_json({"message": f"{status}: error", "code": 0}, status)

    return fault


async def dropped_before(request: web.Request, _: Make) -> web.StreamResponse:
    """Close the connection without having done anything."""
    return _dropped(request)


async def dropped_after(request: web.Request, make: Make) -> web.StreamResponse:
    """Do what was asked and close the connection without an answer."""
    await make()
    return _dropped(request)


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@dataclass
class Held:
    """A fault that waits to be released before it answers: time for a test to kill the bot.

    What was asked is done before the wait (``made_first``) or after it.
    """

    made_first: bool = True
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _: web.Request, make: Make) -> web.StreamResponse:
        """Say that the request has arrived, and wait."""
        answer = await make() if self.made_first else None
        self.arrived.set()
        await self.released.wait()
        return answer or await make()
