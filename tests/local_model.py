"""A model behind an OpenAI-compatible endpoint on this machine, which misbehaves on demand.

It speaks ``POST /chat/completions`` of https://platform.openai.com/docs/api-reference/chat.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Chat = dict[str, Any]
Behaviour = Callable[["LocalModel", web.Request, Chat], Awaitable[web.StreamResponse]]

TRUE = {
    "tldr": "A method for thing 1 is proposed.",
    "objective": "Thing 1 is studied.",
    "method": "A method is proposed.",
    "results": "It reaches 1%.",
    "implications": "",
}
"""A summary of ``tests.builders.paper(1)`` whose every word holds."""


@dataclass(kw_only=True)
class LocalModel:
    """What is served at ``url``.

    ``behaviours`` come first, one a request; after them every request is answered by ``usually``.
    """

    usually: Behaviour
    url: str = ""
    tokens: tuple[int, int] = (900, 100)
    asked: list[Chat] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    given_up: int = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        chat: Chat = await request.json()
        self.asked.append(chat)
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            behaviour = self.behaviours.pop(0) if self.behaviours else self.usually
            return await behaviour(self, request, chat)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        finally:
            self.at_once -= 1

    def completion(self, chat: Chat, message: dict[str, Any], finish: str) -> web.Response:
        """Return a whole completion with one message."""
        read, written = self.tokens
        return web.json_response(
            {
                "id": f"chatcmpl-{len(self.asked)}",
                "object": "chat.completion",
                "created": 1_790_000_000,
                "model": chat["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {
                    "prompt_tokens": read,
                    "completion_tokens": written,
                    "total_tokens": read + written,
                },
            }
        )


def text_of(chat: Chat) -> str:
    """Return all that a request says to the model."""
    return "\n".join(str(message.get("content")) for message in chat["messages"])


def says(parts: dict[str, Any] | Callable[[Chat], dict[str, Any]]) -> Behaviour:
    """Answer with these parts: by the tool if one is offered, else as the whole text."""

    async def behave(model: LocalModel, _: web.Request, chat: Chat) -> web.StreamResponse:
        told = parts(chat) if callable(parts) else parts
        return _answer(model, chat, json.dumps(told))

    return behave


def says_json(text: str) -> Behaviour:
    """Answer with these arguments, whether or not they are JSON."""

    async def behave(model: LocalModel, _: web.Request, chat: Chat) -> web.StreamResponse:
        return _answer(model, chat, text)

    return behave


def says_text(text: str, finish: str = "stop") -> Behaviour:
    """Answer with a text and no structure."""

    async def behave(model: LocalModel, _: web.Request, chat: Chat) -> web.StreamResponse:
        return model.completion(chat, {"role": "assistant", "content": text}, finish)

    return behave


def answers(status: int, body: str = "{}", **headers: str) -> Behaviour:
    """Answer with an error."""

    async def behave(model: LocalModel, _: web.Request, chat: Chat) -> web.StreamResponse:
        kind = "application/json" if body.startswith("{") else "text/html"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=body, content_type=kind, headers=named)

    return behave


def waits(until: asyncio.Event, then: Behaviour) -> Behaviour:
    """Answer once an event is set."""

    async def behave(model: LocalModel, request: web.Request, chat: Chat) -> web.StreamResponse:
        await until.wait()
        return await then(model, request, chat)

    return behave


async def never_ends(_: LocalModel, request: web.Request, chat: Chat) -> web.StreamResponse:
    """Send spaces for ever, so that no read times out."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" " * 1024)
        await asyncio.sleep(0.02)


async def drops(_: LocalModel, request: web.Request, chat: Chat) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _answer(model: LocalModel, chat: Chat, text: str) -> web.StreamResponse:
    if not chat.get("tools"):
        return model.completion(chat, {"role": "assistant", "content": text}, "stop")
    name = chat["tools"][0]["function"]["name"]
    call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    return model.completion(chat, message, "tool_calls")


@asynccontextmanager
async def local_model(usually: Behaviour | None = None) -> AsyncIterator[LocalModel]:
    """Serve a model on a free port of this machine until the block ends."""
    served = LocalModel(usually=usually or says(TRUE))
    app = web.Application()
    app.router.add_post("/v1/chat/completions", served.serve)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        served.url = f"http://{host}:{port}/v1"
        yield served
    finally:
        await runner.cleanup()
