"""Counters, and the page that shows them; the only importer of prometheus_client."""

from __future__ import annotations

import math
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from datetime import datetime, timedelta

DELIVERY_OUTCOMES = ("sent", "refused", "uncertain", "found", "absent", "unknown", "edited")

# Discord gives up on a command after three seconds.
_COMMAND_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What is read when somebody asks; None where it is not known.

    Attributes:
        deliveries: how many stand in each state.
        queue_age: for how long the oldest delivery is ready and not sent, zero if none is.
        invalid_requests: those of the last ten minutes that count towards Discord's block.
        latency: of the gateway, in seconds.
        clock_offset: how far Discord's clock is ahead of ours.
    """

    deliveries: Mapping[str, int] = field(default_factory=dict)
    queue_age: timedelta | None = None
    invalid_requests: int = 0
    servers: int = 0
    latency: float | None = None
    last_collected: datetime | None = None
    database_bytes: int | None = None
    clock_offset: timedelta | None = None


class Metrics:
    """Counts what the bot does; each one has a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._collections = Counter(
            "paperboy_collections", "Readings of a source.", ("source", "outcome"),
            registry=registry,
        )  # fmt: skip
        self._papers = Counter(
            "paperboy_papers", "Papers that a source listed.", ("source",), registry=registry
        )
        self._editions = Counter(
            "paperboy_editions", "Editions that came due.", ("outcome",), registry=registry
        )
        self._tokens = Counter(
            "paperboy_model_tokens", "Tokens that a model read and wrote.", ("model",),
            registry=registry,
        )  # fmt: skip
        self._summaries = Counter(
            "paperboy_model_summaries", "Summaries that a model wrote.", ("model",),
            registry=registry,
        )  # fmt: skip
        self._deliveries = Counter(
            "paperboy_delivery_outcomes", "What became of messages.", ("outcome",),
            registry=registry,
        )  # fmt: skip
        for outcome in DELIVERY_OUTCOMES:  # a rate needs the zero that comes before the first
            self._deliveries.labels(outcome)
        self._commands = Histogram(
            "paperboy_command_seconds", "From an interaction to its first answer.", ("command",),
            buckets=_COMMAND_SECONDS, registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            "paperboy_discord_requests", "Requests to Discord by the answer's status.",
            ("status",), registry=registry,
        )  # fmt: skip
        self._read = _Read(registry)

    def collected(self, source: str, ok: bool, papers: int) -> None:
        """Count a reading of a source, and the papers that it listed."""
        self._collections.labels(source, "ok" if ok else "failed").inc()
        self._papers.labels(source).inc(papers)

    def edition(self, outcome: str) -> None:
        """Count an edition by what came of it."""
        self._editions.labels(outcome).inc()

    def asked_model(self, model: str, tokens: int) -> None:
        """Count the tokens of one request to a model."""
        self._tokens.labels(model).inc(tokens)

    def summarised(self, model: str) -> None:
        """Count one summary that a model wrote."""
        self._summaries.labels(model).inc()

    def delivery(self, outcome: str) -> None:
        """Count a message by what came of it, one of ``DELIVERY_OUTCOMES``."""
        self._deliveries.labels(outcome).inc()

    def command(self, name: str, seconds: float) -> None:
        """Count a command or a button, and the time to its first answer."""
        self._commands.labels(name).observe(seconds)

    def request(self, status: int | None) -> None:
        """Count a request to Discord by its status class; None if the connection broke."""
        self._requests.labels("broken" if status is None else f"{status // 100}xx").inc()

    def text(self, gauges: Gauges) -> bytes:
        """Return everything in Prometheus' text format."""
        self._read.set(gauges)
        return generate_latest(self._registry)

    @asynccontextmanager
    async def serve(
        self,
        host: str,
        port: int,
        health: Callable[[], Awaitable[Sequence[str]]],
        gauges: Callable[[], Awaitable[Gauges]],
    ) -> AsyncIterator[int]:
        """Serve ``/metrics`` and ``/healthz`` until the block ends; yield the port.

        Args:
            host: the address to listen at.
            port: 0 takes a free one.
            health: says what is wrong, a sentence each.
            gauges: reads what is not counted.

        Raises:
            SettingsError: nothing can listen there.
        """

        async def show(_: web.Request) -> web.Response:
            text = self.text(await gauges())
            return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

        async def examine(_: web.Request) -> web.Response:
            wrong = list(await health())
            told = {"status": "failing" if wrong else "ok", "wrong": wrong}
            return web.json_response(told, status=503 if wrong else 200)

        app = web.Application()
        app.add_routes([web.get("/metrics", show), web.get("/healthz", examine)])
        # Stopping must not wait for whoever holds a connection open.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            yield await _listen(runner, host, port)
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        shown = f"[{host}]" if ":" in host else host
        raise SettingsError(
            f"METRICS_PORT asks for {shown}:{port}, where nothing can listen ({why}); "
            "name another port, or leave METRICS_PORT empty."
        ) from error
    listening: int = runner.addresses[0][1]
    return listening


class _Read:
    """The gauges, which are set when somebody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, text: str) -> Gauge:
            return Gauge(f"paperboy_{name}", text, registry=registry)

        self._deliveries = Gauge(
            "paperboy_deliveries", "Deliveries in the ledger.", ("state",), registry=registry
        )
        self._queue = gauge("queue_age_seconds", "Age of the oldest delivery ready and not sent.")
        self._invalid = gauge("invalid_requests", "Requests that count towards Discord's block.")
        self._servers = gauge("servers", "Servers that the bot is in.")
        self._latency = gauge("gateway_latency_seconds", "Latency of the gateway.")
        self._collected = gauge("last_collection_timestamp_seconds", "When a list was last read.")
        self._bytes = gauge("database_bytes", "Size of the database.")
        self._offset = gauge("clock_offset_seconds", "How far Discord's clock is ahead of ours.")

    def set(self, gauges: Gauges) -> None:
        """Take over what was read."""
        self._deliveries.clear()
        for state, number in gauges.deliveries.items():
            self._deliveries.labels(state).set(number)
        self._queue.set(_seconds(gauges.queue_age))
        self._invalid.set(gauges.invalid_requests)
        self._servers.set(gauges.servers)
        self._latency.set(math.nan if gauges.latency is None else gauges.latency)
        collected = gauges.last_collected
        self._collected.set(math.nan if collected is None else collected.timestamp())
        self._bytes.set(math.nan if gauges.database_bytes is None else gauges.database_bytes)
        self._offset.set(_seconds(gauges.clock_offset))


def _seconds(span: timedelta | None) -> float:
    return math.nan if span is None else span.total_seconds()
