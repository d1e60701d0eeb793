"""A Discord on this machine: REST and gateway over real sockets, with faults on demand.

It does what Discord does as far as the bot can tell (nonces, permissions, history, sessions that
resume), and keeps what it was sent for the tests to look at.
"""

from __future__ import annotations

import json
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from discord import Permissions

from tests.process import discord_data as data
from tests.process.discord_data import EVERYONE, FIRST_CHANNEL, GUILD
from tests.process.faults import as_json, error
from tests.process.local_gateway import Gateway

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.process.discord_data import Json
    from tests.process.faults import Fault

TOKEN = "local.token.of-the-bot"  # noqa: S105 - it opens this server only
COMMAND, PRESS, AUTOCOMPLETE = 2, 3, 4
"""Kinds of interaction."""

_EPOCH_MS = 1_420_070_400_000
_WITH_MESSAGE = {4, 7}  # kinds of callback

_UNAUTHORIZED = error(401, message="401: Unauthorized")
_MISSING_ACCESS = error(403, 50001, "Missing Access")
_MISSING_PERMISSIONS = error(403, 50013, "Missing Permissions")
_UNKNOWN_CHANNEL = error(404, 10003, "Unknown Channel")
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
class LocalDiscord:
    """What is served at ``url``, and what came of it; one server with ``channels`` channels.

    ``nonce_seconds`` is how long a nonce is remembered. ``answers`` are the bodies that answered
    interactions, each with the ``interaction`` it was for.
    """

    channels: int = 1
    nonce_seconds: float = 120.0
    shards: int = 1
    url: str = ""
    requests: list[Recorded] = field(default_factory=list)
    messages: dict[int, list[Json]] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    gateway: Gateway = field(init=False)
    _denied: dict[int, Permissions] = field(default_factory=dict)
    _faults: list[tuple[str, str, Fault]] = field(default_factory=list)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self.gateway = Gateway(token=TOKEN, guild_id=GUILD, guild=self._guild)

    @property
    def channel_ids(self) -> range:
        """The channels of the server."""
        return range(FIRST_CHANNEL, FIRST_CHANNEL + self.channels)

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        """Meet the next requests of that method and path (``*`` for any part) with faults."""
        self._faults += [(method, path, fault) for fault in faults]

    def asked(self, method: str, path: str) -> list[Recorded]:
        """Return the requests of that method and path so far."""
        return [o for o in self.requests if o.method == method and fnmatchcase(o.path, path)]

    def delete(self, channel: int, message_id: str) -> None:
        """Take a message away, as a moderator does."""
        self.messages[channel] = [o for o in self.messages[channel] if o["id"] != message_id]

    async def deny(self, channel: int, **permissions: bool) -> None:
        """Take these permissions from the bot; without any, give all back."""
        self._denied[channel] = Permissions(**permissions)
        await self.gateway.dispatch("CHANNEL_UPDATE", self._channel(channel))

    async def interact(
        self, told: Json, *, kind: int = COMMAND, channel: int = FIRST_CHANNEL
    ) -> str:
        """Let an administrator use a command or press a button; return the interaction's id."""
        number = self.new_id()
        where, allowed = self._channel(channel), self._allowed(channel)
        used = data.interaction(number, kind, told, where, allowed)
        await self.gateway.dispatch("INTERACTION_CREATE", used)
        return number

    def new_id(self) -> str:
        """Return a snowflake of this moment, larger than every one before."""
        self._last_id = max(self._last_id + 1, (int(time.time() * 1000) - _EPOCH_MS) << 22)
        return str(self._last_id)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Write a request down and answer it: by the first fault that is meant for it, if any."""
        body = await request.text()
        asked = Recorded(
            method=request.method,
            path=request.path.removeprefix("/api/v10"),
            query=dict(request.query),
            body=json.loads(body) if body else None,
            at=time.monotonic(),
        )
        self.requests.append(asked)
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
        told: Json | list[Json] | Fault = _UNKNOWN_CHANNEL
        match asked.method, asked.path.split("/")[1:]:
            case "GET", ["gateway", "bot"]:
                told = self._gateway()
            case "GET", ["users", "@me"]:
                told = data.OURSELVES
            case "GET", ["oauth2", "applications", "@me"] | ["applications", "@me"]:
                told = data.application()
            case "PUT", ["applications", _, "commands"] | ["applications", _, "guilds", _, _]:
                told = self.commands = [data.command(self.new_id(), one) for one in asked.body]
            case "GET", ["channels", channel] if int(channel) in self.channel_ids:
                told = self._channel(int(channel))
            case _, ["channels", channel, "messages", *rest] if int(channel) in self.channel_ids:
                told = self._of_messages(asked, int(channel), "".join(rest))
            case "POST", ["interactions", number, _, "callback"]:
                told = self._called_back(number, asked.body)
            case "POST" | "PATCH", ["webhooks", _, number, *_]:
                self.answers.append(asked.body | {"interaction": number})
                told = data.message(self.new_id(), FIRST_CHANNEL, asked.body)
        return told

    def _of_messages(
        self, asked: Recorded, channel: int, message_id: str
    ) -> Json | list[Json] | Fault:
        allowed = self._allowed(channel)
        there = self.messages.setdefault(channel, [])
        told: Json | list[Json] | Fault = _UNKNOWN_MESSAGE
        if not allowed.view_channel:
            told = _MISSING_ACCESS
        elif asked.method == "GET":
            told = data.history(there if allowed.read_message_history else [], asked.query)
        elif not allowed.send_messages:
            told = _MISSING_PERMISSIONS
        elif not message_id:
            told = self._post(channel, asked.body)
        elif found := next((one for one in there if one["id"] == message_id), None):
            found.update(asked.body, edited_timestamp=datetime.now(UTC).isoformat())
            told = found
        return told

    def _post(self, channel: int, body: Json) -> Json:
        """Make a message; the same nonce again, soon enough, is the message that there is."""
        there = self.messages[channel]
        if body.get("enforce_nonce"):
            oldest = time.time() - self.nonce_seconds
            for message in there:
                posted = datetime.fromisoformat(message["timestamp"]).timestamp()
                if message.get("nonce") == body["nonce"] and posted >= oldest:
                    return message
        there.append(data.message(self.new_id(), channel, body))
        return there[-1]

    def _called_back(self, number: str, body: Json) -> Json:
        self.answers.append(body | {"interaction": number})
        told: Json = {"interaction": {"id": number, "type": COMMAND}}
        if body["type"] in _WITH_MESSAGE:
            message = data.message(self.new_id(), FIRST_CHANNEL, body.get("data", {}))
            told["resource"] = {"type": body["type"], "message": message}
        return told

    def _gateway(self) -> Json:
        limits = {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limits}

    def _allowed(self, channel: int) -> Permissions:
        denied = self._denied.get(channel, Permissions.none())
        return Permissions(EVERYONE.value & ~denied.value)

    def _channel(self, channel: int) -> Json:
        return data.channel(channel, self._denied.get(channel, Permissions.none()))

    def _guild(self) -> Json:
        return data.guild(map(self._channel, self.channel_ids))


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
