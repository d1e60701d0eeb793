"""The local Discord's gateway: sessions that identify, hear events, break off and are resumed."""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.process.discord_data import APPLICATION, OURSELVES, Json

Send = Callable[[Json], Awaitable[None]]

GONE, REFUSED = 4000, 4004  # https://docs.discord.com/developers/topics/opcodes-and-status-codes
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _INVALID, _HELLO, _ACK = 0, 1, 2, 6, 9, 10, 11
_BEATS_MS = 41_250


@dataclass(kw_only=True)
class Session:
    """What one shard was told; it outlives its socket, so that it can be gone on with."""

    id: str
    shard: tuple[int, int]
    socket: web.WebSocketResponse
    send: Send
    sent: list[Json] = field(default_factory=list)

    async def tell(self, event: str, data: Any) -> None:
        """Send an event, or keep it until the session is resumed."""
        self.sent.append({"op": _DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data})
        if not self.socket.closed:
            with contextlib.suppress(ConnectionResetError):  # whoever listened was killed
                await self.send(self.sent[-1])


@dataclass(kw_only=True)
class Gateway:
    """The gateway of one server, which ``guild`` describes to each new session while ``joined``."""

    token: str
    guild_id: int
    guild: Callable[[], Json]
    url: str = ""
    joined: bool = True
    identified: int = 0
    resumed: int = 0
    sessions: dict[str, Session] = field(default_factory=dict)

    async def dispatch(self, event: str, data: Any) -> None:
        """Send an event to every session."""
        for session in self.sessions.values():
            await session.tell(event, data)

    async def drop(self, *, resumable: bool = True) -> None:
        """Close every socket; unless ``resumable``, the sessions are forgotten too."""
        dropped = list(self.sessions.values())
        if not resumable:
            self.sessions.clear()
        for session in dropped:
            await session.socket.close(code=GONE)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one shard until its socket closes."""
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        send = _sender(socket, compressed=request.query.get("compress") == "zlib-stream")
        await send({"op": _HELLO, "d": {"heartbeat_interval": _BEATS_MS}})
        async for message in socket:
            said = json.loads(message.data)
            if said["op"] == _HEARTBEAT:
                await send({"op": _ACK, "d": None})
            elif said["op"] not in {_IDENTIFY, _RESUME}:
                continue
            elif said["d"]["token"] != self.token:
                await socket.close(code=REFUSED, message=b"Authentication failed.")
            elif said["op"] == _IDENTIFY:
                await self._identify(said["d"], socket, send)
            else:
                await self._resume(said["d"], socket, send)
        return socket

    async def _identify(self, told: Json, socket: web.WebSocketResponse, send: Send) -> None:
        self.identified += 1
        number, count = told.get("shard") or (0, 1)
        name = f"session-{self.identified}"
        session = Session(id=name, shard=(number, count), socket=socket, send=send)
        self.sessions[name] = session
        ours = self.joined and (self.guild_id >> 22) % count == number
        start = {
            "v": 10,
            "user": OURSELVES,
            "application": {"id": str(APPLICATION), "flags": 0},
            "session_id": name,
            "shard": [number, count],
            "guilds": [{"id": str(self.guild_id), "unavailable": True}] if ours else [],
            "resume_gateway_url": self.url,
        }
        await session.tell("READY", start)
        if ours:
            await session.tell("GUILD_CREATE", self.guild())

    async def _resume(self, told: Json, socket: web.WebSocketResponse, send: Send) -> None:
        session = self.sessions.get(told["session_id"])
        if session is None:
            await send({"op": _INVALID, "d": False})
            return
        self.resumed += 1
        session.socket, session.send = socket, send
        for missed in session.sent[told["seq"] :]:
            await send(missed)
        await session.tell("RESUMED", {})


def _sender(socket: web.WebSocketResponse, *, compressed: bool) -> Send:
    """Return how to write on a socket: as one zlib stream where that was asked for."""
    stream = zlib.compressobj()

    async def plainly(payload: Json) -> None:
        await socket.send_str(json.dumps(payload))

    async def packed(payload: Json) -> None:
        text = json.dumps(payload).encode()
        await socket.send_bytes(stream.compress(text) + stream.flush(zlib.Z_SYNC_FLUSH))

    return packed if compressed else plainly
