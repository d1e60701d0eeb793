"""A Discord on this machine: REST and gateway over real sockets, with faults on demand.

It does what Discord does as far as the bot can tell (nonces, permissions, history, rate limits,
sessions that resume), all by a clock of its own, and keeps what it was sent for the tests.
"""

from __future__ import annotations

import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from typing_extensions import override

from tests.process import discord_data as data
from tests.process.discord_data import BOT, FIRST_CHANNEL, GUILD
from tests.process.faults import as_json, error
from tests.process.local_messages import shown
from tests.process.local_server import AUTOCOMPLETE, COMMAND, PRESS, TOKEN, Server
from tests.process.rate_limits import RateLimits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.process.discord_data import Json
    from tests.process.faults import Fault

__all__ = ["AUTOCOMPLETE", "COMMAND", "PRESS", "TOKEN", "LocalDiscord", "local_discord"]

_WITH_MESSAGE = {4, 7}  # kinds of callback

_UNAUTHORIZED = error(401, message="401: Unauthorized")
_CLOSED = error(403, 50007, "Cannot send messages to this user")
_MISSING_ACCESS = error(403, 50001, "Missing Access")
_MISSING_PERMISSIONS = error(403, 50013, "Missing Permissions")
_NOT_FOUND = error(404, 0, "404: Not Found")
_UNKNOWN_CHANNEL = error(404, 10003, "Unknown Channel")
_UNKNOWN_GUILD = error(404, 10004, "Unknown Guild")
_UNKNOWN_MEMBER = error(404, 10007, "Unknown Member")
_UNKNOWN_MESSAGE = error(404, 10008, "Unknown Message")


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One request as it came, and when by ``time.monotonic``."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    at: float


@dataclass(kw_only=True)
class LocalDiscord(Server):
    """What is served at ``url``, and what came of it.

    ``nonce_seconds`` is how long a nonce is remembered, 0 for not at all. ``answers`` are the
    bodies that answered interactions, each with the ``interaction`` it was for. ``limited`` says
    whether rate limits are kept.
    """

    nonce_seconds: float = 120.0
    limited: bool = True
    shards: int = 1
    url: str = ""
    requests: list[Recorded] = field(default_factory=list)
    commands: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    limits: RateLimits = field(init=False)
    _faults: list[tuple[str, str, Fault]] = field(default_factory=list)

    @override
    def __post_init__(self) -> None:
        super().__post_init__()
        self.limits = RateLimits(clock=self.clock, on=self.limited)

    @property
    def throttled(self) -> int:
        """How many requests were answered 429 because they were too many."""
        return self.limits.throttled

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        """Meet the next requests of that method and path (``*`` for any part) with faults."""
        self._faults += [(method, path, fault) for fault in faults]

    def asked(self, method: str, path: str) -> list[Recorded]:
        """Return the requests of that method and path so far."""
        return [o for o in self.requests if o.method == method and fnmatchcase(o.path, path)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Write a request down and answer it, with the headers that every answer has."""
        body = await request.text()
        asked = Recorded(
            method=request.method,
            path=request.path.removeprefix("/api/v10"),
            query=dict(request.query),
            body=json.loads(body) if body else None,
            at=time.monotonic(),
        )
        self.requests.append(asked)
        headers, refusal = self.limits.meet(asked.method, asked.path)
        answer = refusal or await self._faulty(request, asked)
        for name, value in {**headers, "Date": self.clock.date()}.items():
            answer.headers.setdefault(name, value)
        return answer

    async def _faulty(self, request: web.Request, asked: Recorded) -> web.StreamResponse:
        """Answer by the first fault that is meant for the request, if any."""
        answer = partial(self._answer, request, asked)
        for planned in self._faults:
            method, path, fault = planned
            if method == asked.method and fnmatchcase(asked.path, path):
                self._faults.remove(planned)
                return await fault(request, answer)
        return await answer()

    async def _answer(self, request: web.Request, asked: Recorded) -> web.StreamResponse:
        # An interaction's own token is in its path.
        open_door = asked.path.startswith(("/interactions/", "/webhooks/"))
        if not open_door and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return await _UNAUTHORIZED(request, _nothing)
        told = self._told(asked)
        if callable(told):
            return await told(request, _nothing)
        return as_json(told)

    def _told(self, asked: Recorded) -> Json | list[Json] | Fault:
        """Do what was asked and return what is answered, or the fault that says why not."""
        told: Json | list[Json] | Fault = _NOT_FOUND
        match asked.method, asked.path.split("/")[1:]:
            case _, ["channels", channel, *rest]:
                told = self._of_channel(asked, int(channel), rest)
            case "GET", ["guilds", number, *rest]:
                told = self._of_guild(rest) if int(number) == GUILD else _UNKNOWN_GUILD
            case "POST", ["users", "@me", "channels"]:
                told = self.dm(int(asked.body["recipient_id"]))
            case "PUT", ["applications", _, "commands"] | ["applications", _, "guilds", _, _]:
                told = self.commands = [
                    data.command(self.clock.snowflake(), one) for one in asked.body
                ]
            case "POST", ["interactions", number, _, "callback"]:
                told = self._called_back(number, asked.body)
            case "POST" | "PATCH", ["webhooks", _, number, *_]:
                self.answers.append(asked.body | {"interaction": number})
                told = self._aside(asked.body)
            case "GET", path:
                told = self._of_account(path)
        return told

    def _of_account(self, path: list[str]) -> Json | list[Json] | Fault:
        told: Json | list[Json] | Fault = _NOT_FOUND
        match path:
            case ["gateway", "bot"]:
                told = self._gateway()
            case ["users", "@me"]:
                told = data.OURSELVES
            case ["users", "@me", "guilds"]:
                told = [self._partial_guild()] if self.gateway.joined else []
            case ["oauth2", "applications", "@me"] | ["applications", "@me"]:
                told = data.application()
        return told

    def _of_guild(self, path: list[str]) -> Json | list[Json] | Fault:
        told: Json | list[Json] | Fault = _NOT_FOUND
        match path:
            case _ if not self.gateway.joined:
                told = _UNKNOWN_GUILD
            case []:
                told = self._partial_guild() | {"roles": self.roles()}
            case ["roles"]:
                told = self.roles()
            case ["channels"]:
                told = self.guild()["channels"]
            case ["members", member]:
                told = self.ourselves() if member in {str(BOT), "@me"} else _UNKNOWN_MEMBER
        return told

    def _of_channel(
        self, asked: Recorded, channel: int, path: list[str]
    ) -> Json | list[Json] | Fault:
        told: Json | list[Json] | Fault = _NOT_FOUND
        match asked.method, path:
            case _ if not self.has(channel):
                told = _UNKNOWN_CHANNEL
            case _ if not self.allowed(channel).view_channel:
                told = _MISSING_ACCESS
            case "GET", []:
                told = self.channel(channel)
            case "GET", ["messages"]:
                readable = self.allowed(channel).read_message_history
                told = self.posts.page(channel, asked.query) if readable else []
            case "GET", ["messages", number]:
                told = self.posts.find(channel, number) or _UNKNOWN_MESSAGE
            case "POST", ["messages"]:
                told = self._post(channel, asked.body)
            case "PATCH", ["messages", number]:
                found = self.posts.find(channel, number)
                told = self.posts.edit(found, asked.body) if found else _UNKNOWN_MESSAGE
        return told

    def _post(self, channel: int, body: Json) -> Json | Fault:
        if self.person(channel) in self.closed:
            return _CLOSED
        if not self.allowed(channel).send_messages:
            return _MISSING_PERMISSIONS
        return self.posts.post(channel, body, self.nonce_seconds)

    def _called_back(self, number: str, body: Json) -> Json:
        self.answers.append(body | {"interaction": number})
        told: Json = {"interaction": {"id": number, "type": COMMAND}}
        if body["type"] in _WITH_MESSAGE:
            message = self._aside(body.get("data", {}))
            told["resource"] = {"type": body["type"], "message": message}
        return told

    def _aside(self, body: Json) -> Json:
        """Return a message that answers an interaction: it stands in no channel's history."""
        clock = self.clock
        return data.message(clock.snowflake(), FIRST_CHANNEL, shown(body), clock.iso())

    def _partial_guild(self) -> Json:
        unheard = {"channels", "members", "threads", "presences", "voice_states", "roles"}
        whole = data.guild((), self.roles(), self.ourselves())
        return {name: value for name, value in whole.items() if name not in unheard}

    def _gateway(self) -> Json:
        limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limits}


async def _nothing() -> web.StreamResponse:
    return web.Response()


@asynccontextmanager
async def local_discord(port: int = 0, **told: Any) -> AsyncIterator[LocalDiscord]:
    """Serve a Discord on this machine until the block ends, on a free port if none is named."""
    discord = LocalDiscord(**told)
    app = web.Application()
    app.router.add_get("/gateway", discord.gateway.serve)
    app.router.add_route("*", "/api/v10/{path:.*}", discord.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, port = runner.addresses[0][:2]
        discord.url = f"http://{host}:{port}/api/v10"
        discord.gateway.url = f"ws://{host}:{port}/gateway"
        yield discord
    finally:
        await discord.gateway.drop()
        await runner.cleanup()
