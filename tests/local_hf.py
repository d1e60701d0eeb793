"""A Hugging Face on this machine: the daily lists over real sockets, with faults on demand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from aiohttp import web

Item = dict[str, Any]
Fault = Callable[[web.Request], web.StreamResponse]


def rate_limited(request: web.Request, *, retry_after: str = "1") -> web.StreamResponse:
    """Answer 429 with ``Retry-After``."""
    return web.json_response(
        {"error": "Too many requests"},
        status=429,
        headers={"Retry-After": retry_after, "RateLimit": '"api";r=0;t=1'},
    )


def server_error(request: web.Request) -> web.StreamResponse:
    """Answer 500."""
    return web.Response(status=500, text="Internal Server Error")


def html_page(request: web.Request) -> web.StreamResponse:
    """Answer 200 with a page for people."""
    return web.Response(text="<!DOCTYPE html><html></html>", content_type="text/html")


def truncated(request: web.Request) -> web.StreamResponse:
    """Answer 200 with a JSON body that ends too early."""
    return web.Response(text='[{"paper": {"id": "2608.0', content_type="application/json")


def dropped(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass(kw_only=True)
class LocalHuggingFace:
    """What is served at ``url``; ``faults`` come before the real answers, the first first."""

    days: dict[date, list[Item]]
    url: str = ""
    requests: list[web.Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        if self.faults:
            return self.faults.pop(0)(request)
        if request.path == "/api/daily_papers":
            return self._list(request)
        return self._paper(request.match_info["id"])

    def _list(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        try:
            day = date.fromisoformat(query["date"])
            limit, page = int(query.get("limit", "50")), int(query.get("p", "0"))
        except (KeyError, ValueError):
            return web.json_response({"error": 'Invalid "date"'}, status=400)
        items = sorted(self.days.get(day, []), key=lambda item: -item["paper"].get("upvotes", 0))
        return web.json_response(items[page * limit : (page + 1) * limit])

    def _paper(self, paper_id: str) -> web.StreamResponse:
        for item in (item for items in self.days.values() for item in items):
            if item["paper"]["id"] == paper_id:
                return web.json_response(item["paper"])
        return web.json_response({"error": "Paper not found"}, status=404)


@asynccontextmanager
async def local_hugging_face(days: Mapping[date, list[Item]]) -> AsyncIterator[LocalHuggingFace]:
    """Serve these days on a free port of this machine until the block ends."""
    served = LocalHuggingFace(days=dict(days))
    app = web.Application()
    app.router.add_get("/api/daily_papers", served.serve)
    app.router.add_get("/api/papers/{id:.+}", served.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        served.url = f"http://{host}:{port}"
        yield served
    finally:
        await runner.cleanup()
