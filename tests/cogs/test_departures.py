"""Servers that the bot is sent away from, called back to, or only cannot see for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simcord.backend import serializers

from bot.client import Paperboy
from bot.storage.departures import DepartureStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW, schedule

if TYPE_CHECKING:
    from tests.cogs.conftest import Stage

ELSEWHERE = 7 << 22
"""A server where the bot is not."""


def departed(stage: Stage) -> DepartureStore:
    database = stage.house.database
    return DepartureStore(database, StandingQueries(database))


async def schedules_of(stage: Stage) -> list[int]:
    return [one.guild_id for one in await ScheduleStore(stage.house.database).all()]


def tell(stage: Stage, event: str, **payload: Any) -> None:
    stage.env.backend.emit(event, {"id": str(stage.guild.id), **payload})


async def leave_and_invite_again(stage: Stage) -> None:
    """Send the bot away and call it back, which Discord tells as it tells of a new server."""
    backend = stage.env.backend
    guild = backend.get_guild(stage.guild.id)
    channels = {one: backend.channels[one] for one in guild.channel_ids}
    backend.remove_guild(guild.id)
    await stage.env.settle()
    assert await departed(stage).departed() == [guild.id]
    backend.guilds[guild.id] = guild
    backend.channels |= channels
    payload: dict[str, Any] = dict(serializers.guild_create_payload(backend, guild))
    del payload["unavailable"]
    backend.emit("GUILD_CREATE", payload)
    await stage.env.settle()


async def test_a_server_that_the_bot_was_sent_away_from_is_erased_after_thirty_days(
    stage: Stage,
) -> None:
    await stage.deliver()
    stage.env.backend.remove_guild(stage.guild.id)
    await stage.env.settle()
    assert await departed(stage).departed() == [stage.guild.id]
    daily = stage.house.services.daily
    await daily.upkeep(NOW + timedelta(days=30))
    assert await schedules_of(stage) == [stage.guild.id]
    await daily.upkeep(NOW + timedelta(days=31))
    for table in ("schedules", "editions", "brought", "deliveries", "channels", "departures"):
        assert await stage.house.database.all(f"SELECT 1 FROM {table}") == [], table  # noqa: S608 - names above


async def test_a_server_that_invites_the_bot_again_keeps_everything(stage: Stage) -> None:
    await stage.schedule()
    await leave_and_invite_again(stage)
    assert await departed(stage).departed() == []
    await stage.house.services.daily.upkeep(NOW + timedelta(days=99))
    assert await schedules_of(stage) == [stage.guild.id]


async def test_an_outage_is_not_leaving(stage: Stage) -> None:
    await stage.schedule()
    tell(stage, "GUILD_DELETE", unavailable=True)
    await stage.env.settle()
    assert await departed(stage).departed() == []
    await stage.bot.on_shard_ready(0)  # a connection that is made anew during the outage
    assert await departed(stage).departed() == []


async def test_a_server_that_was_left_while_the_bot_was_down_is_noted_at_the_start(
    stage: Stage,
) -> None:
    await ScheduleStore(stage.house.database).save(schedule(70, guild_id=ELSEWHERE))
    await stage.schedule()
    assert await departed(stage).departed() == []
    stage.clock.move(days=3)
    await stage.restart()
    await stage.env.settle()
    assert await departed(stage).departed() == [ELSEWHERE]
    assert await departed(stage).departed(NOW + timedelta(days=3)) == []


async def test_a_server_that_is_there_at_the_start_is_taken_back(stage: Stage) -> None:
    await stage.schedule()
    await stage.house.services.departures.left(stage.guild.id, stage.clock())
    await stage.restart()
    await stage.env.settle()
    assert await departed(stage).departed() == []


async def test_a_shard_judges_its_own_servers_alone(stage: Stage) -> None:
    for guild_id in (6 << 22, ELSEWHERE):
        await ScheduleStore(stage.house.database).save(schedule(guild_id, guild_id=guild_id))
    bot = Paperboy(stage.house.services, shard_count=2)
    await bot.on_shard_ready(1)
    assert await departed(stage).departed() == [ELSEWHERE]
    await bot.on_shard_ready(0)
    assert set(await departed(stage).departed()) == {6 << 22, ELSEWHERE}
