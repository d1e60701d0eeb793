"""The metrics and the health page, asked over a real socket."""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.errors import SettingsError
from bot.metrics import DELIVERY_OUTCOMES, Gauges, Metrics
from tests.builders import NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOPBACK = "127.0.0.1"


async def healthy() -> Sequence[str]:
    return []


async def nothing_known() -> Gauges:
    return Gauges()


def lines(metrics: Metrics, gauges: Gauges | None = None) -> list[str]:
    return metrics.text(gauges or Gauges()).decode().splitlines()


def test_what_is_counted_is_shown() -> None:
    metrics = Metrics()
    metrics.collected("huggingface", ok=True, papers=25)
    metrics.collected("huggingface", ok=False, papers=0)
    metrics.edition("delivered")
    metrics.delivery("sent")
    metrics.delivery("sent")
    metrics.command("/paper", 0.007)
    for status in (200, 204, 429, 502, None):
        metrics.request(status)
    shown = lines(metrics)
    for line in (
        'paperboy_collections_total{outcome="ok",source="huggingface"} 1.0',
        'paperboy_collections_total{outcome="failed",source="huggingface"} 1.0',
        'paperboy_papers_total{source="huggingface"} 25.0',
        'paperboy_editions_total{outcome="delivered"} 1.0',
        'paperboy_delivery_outcomes_total{outcome="sent"} 2.0',
        'paperboy_command_seconds_bucket{command="/paper",le="0.005"} 0.0',
        'paperboy_command_seconds_bucket{command="/paper",le="0.01"} 1.0',
        'paperboy_command_seconds_bucket{command="/paper",le="3.0"} 1.0',
        'paperboy_discord_requests_total{status="2xx"} 2.0',
        'paperboy_discord_requests_total{status="4xx"} 1.0',
        'paperboy_discord_requests_total{status="5xx"} 1.0',
        'paperboy_discord_requests_total{status="broken"} 1.0',
    ):
        assert line in shown


def test_an_outcome_that_never_came_is_shown_as_zero() -> None:
    shown = lines(Metrics())
    for outcome in DELIVERY_OUTCOMES:
        assert f'paperboy_delivery_outcomes_total{{outcome="{outcome}"}} 0.0' in shown


def test_what_is_read_is_shown_as_it_is_now() -> None:
    metrics = Metrics()
    gauges = Gauges(
        deliveries={"planned": 2, "sent": 5},
        queue_age=timedelta(seconds=90),
        invalid_requests=3,
        servers=4,
        latency=0.05,
        last_collected=NOW,
        database_bytes=4096,
        clock_offset=timedelta(seconds=-7),
    )
    shown = lines(metrics, gauges)
    for line in (
        'paperboy_deliveries{state="planned"} 2.0',
        "paperboy_queue_age_seconds 90.0",
        "paperboy_invalid_requests 3.0",
        "paperboy_servers 4.0",
        "paperboy_gateway_latency_seconds 0.05",
        "paperboy_last_collection_timestamp_seconds 1.7393508e+09",
        "paperboy_database_bytes 4096.0",
        "paperboy_clock_offset_seconds -7.0",
    ):
        assert line in shown
    shown = lines(metrics)
    assert not [line for line in shown if line.startswith("paperboy_deliveries{")]
    assert "paperboy_gateway_latency_seconds NaN" in shown


def test_two_bots_in_one_process_count_each_for_itself() -> None:
    one, other = Metrics(), Metrics()
    one.edition("delivered")
    assert 'paperboy_editions_total{outcome="delivered"} 1.0' in lines(one)
    assert not [line for line in lines(other) if line.startswith("paperboy_editions_total{")]


async def test_the_metrics_are_served_in_prometheus_format() -> None:
    async with (
        Metrics().serve(LOOPBACK, 0, healthy, nothing_known) as port,
        httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}") as http,
    ):
        answer = await http.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "# TYPE paperboy_command_seconds histogram" in answer.text
        assert (await http.get("/")).status_code == 404


async def test_health_is_200_or_503_with_what_is_wrong() -> None:
    wrong: list[str] = []

    async def health() -> Sequence[str]:
        return wrong

    async with (
        Metrics().serve(LOOPBACK, 0, health, nothing_known) as port,
        httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{port}") as http,
    ):
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "wrong": []})
        wrong.append("It is not connected to Discord.")
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()) == (
            503,
            {"status": "failing", "wrong": ["It is not connected to Discord."]},
        )


async def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as caught:
            async with Metrics().serve(LOOPBACK, port, healthy, nothing_known):
                pass
    assert str(caught.value) == (
        f"METRICS_PORT asks for {LOOPBACK}:{port}, where nothing can listen (address already in "
        "use); name another port, or leave METRICS_PORT empty."
    )


async def test_the_port_is_free_again_afterwards() -> None:
    async with Metrics().serve(LOOPBACK, 0, healthy, nothing_known) as port:
        pass
    async with Metrics().serve(LOOPBACK, port, healthy, nothing_known) as again:
        assert again == port
