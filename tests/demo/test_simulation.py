"""The demo: the real bot in the simulated Discord, with this morning's edition."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

import pytest

from bot.demo import sample, simulation
from bot.errors import PaperboyError

if TYPE_CHECKING:
    from collections.abc import Iterator


def texts(components: list[dict[str, Any]]) -> Iterator[str]:
    for one in components:
        if "content" in one:
            yield one["content"]
        yield from texts(one.get("components", []))


async def test_the_channel_has_this_mornings_edition_when_the_scene_is_set() -> None:
    async with simulation.scene() as stage:
        message = stage.channel.last_message
        assert message is not None
        stored = stage.env.backend.get_message(stage.channel.id, message.id)
        said = "\n".join(texts(stored.components))
        assert "AI papers · Tuesday, 11 February 2025" in said
        assert "10 of 21 papers" in said
        assert message.created_at.date() == sample.NOW.date()


async def test_people_can_use_commands_and_menus_there() -> None:
    async with simulation.scene() as stage:
        result = await stage.reader.slash(stage.channel, "paper", paper="2502.06782")
        assert result.ephemeral
        assert result.response is not None
        said = "\n".join(texts(result.response.components))
        assert "Lumina-Video" in said
        assert "**Results**" in said


async def test_a_schedule_made_in_the_demo_comes_due_by_itself() -> None:
    async with simulation.scene() as stage:
        assert stage.channel.guild is not None
        other = stage.channel.guild.create_text_channel("ml-team")
        await stage.admin.slash(stage.channel, "digest schedule", channel=other, time="09:05")
        assert other.last_message is None
        await stage.env.advance_time(400)
        assert await simulation.tick(stage)
        assert other.last_message is not None


async def test_the_lists_are_read_on_and_nothing_goes_quiet() -> None:
    async with simulation.scene() as stage:
        before = len(stage.channel.history())
        for _ in range(30):
            await stage.env.advance_time(3600)
            assert not await simulation.tick(stage)
        assert len(stage.channel.history()) == before
        status = await stage.house.services.status.gather(None, stage.env.now())
        assert status.missing == []
        assert status.collections[0].began_at == stage.env.now()
        schedule = await stage.house.services.schedules.of_channel(stage.channel.id)
        assert schedule.last_outcome == "no papers"


async def test_the_whole_sample_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    await simulation.print_edition()
    printed = capsys.readouterr().out
    assert "21 papers" in printed
    assert printed.count("https://arxiv.org/abs/") == 21


async def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PaperboyError, match=f"Port {port} cannot be used"):
            await simulation.serve(port)


async def test_the_page_is_served_until_it_is_closed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[bool] = []

    async def one_tick(stage: simulation.Scene) -> bool:
        ticks.append(True)
        if len(ticks) == 2:
            assert stage.env._preview is not None
            asyncio.get_running_loop().call_soon(
                lambda: asyncio.ensure_future(stage.env._preview.close())  # type: ignore[union-attr]
            )
        return len(ticks) == 1

    monkeypatch.setattr(simulation, "tick", one_tick)
    monkeypatch.setattr(simulation, "TICK_SECONDS", 0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    await simulation.serve(port)
    printed = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}/" in printed
    assert printed.endswith("Bye.\n")
    assert ticks
