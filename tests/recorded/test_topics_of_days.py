"""A topic over recorded days: half of a list in the morning, all of it in the afternoon."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.domain.papers import closes_at
from bot.sources.huggingface import reading
from bot.storage.database import Database
from bot.storage.days import DayStore
from bot.storage.summaries import SummaryStore
from tests.builders import Clock
from tests.services.channel import Discord
from tests.services.topics import WordTopics
from tests.services.world import Lists, World

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.papers import ArxivId, DayReading

TOPICS = ("diffusion", "reasoning", "video generation", "agents", "no paper has this word")
FIRST_DAY_WITH_KEYWORDS = date(2025, 5, 23)


class RecordedLists(Lists):
    """One recorded day as it grew, and empty lists around it."""

    def __init__(self, clock: Clock, file: Path) -> None:
        super().__init__(clock)
        self.recorded_day = date.fromisoformat(file.stem)
        self.records = json.loads(file.read_bytes())

    @override
    async def day(self, day: date) -> DayReading:
        """Read half of the day without keywords in the morning, and all of it in the afternoon."""
        now = self.clock()
        if day != self.recorded_day:
            return reading([], day, now)
        whole = reading(self.records, day, now)
        if now.time() >= time(12) or now.date() > day:
            return whole
        early = [
            replace(one, paper=replace(one.paper, ai_keywords=(), ai_summary=None))
            for one in whole.listed[::2]
        ]
        return replace(whole, listed=tuple(early))


async def matching(world: World, day: date, topic: str) -> set[ArxivId]:
    """Return what a whole list has on a topic now."""
    listed = (await DayStore(world.database).day(day)).listed
    summaries = await SummaryStore(world.database).many([one.paper.id for one in listed])
    told = [(one.paper, summaries.get(one.paper.id)) for one in listed]
    return set(await WordTopics().matching(topic, told))


async def brought(world: World, channel: int) -> dict[ArxivId, int]:
    rows = await world.database.all(
        "SELECT p.id, place FROM brought JOIN papers AS p ON p.no = paper_no "
        "WHERE channel_id = :channel",
        {"channel": channel},
    )
    return {row["id"]: row["place"] for row in rows}


@pytest.fixture
def files(recorded: Path) -> list[Path]:
    """Give the recorded days that have keywords, every third of them."""
    days = sorted((recorded / "hf" / "daily_papers").glob("*.json"))
    return [one for one in days if date.fromisoformat(one.stem) >= FIRST_DAY_WITH_KEYWORDS][::3]


async def test_each_channel_has_exactly_what_its_topic_matched_when_the_day_closed(
    files: list[Path], tmp_path: Path
) -> None:
    late = 0
    for file in files:
        clock = Clock()
        lists = RecordedLists(clock, file)
        day = lists.recorded_day
        clock.now = datetime.combine(day, time(9), tzinfo=UTC)
        async with Database.open(tmp_path / f"{day}.db") as database:
            world = World(database, clock, Discord(clock), lists)
            await world.collect()
            for channel, topic in enumerate(TOPICS, start=1):
                await world.order(channel, topic=topic, limit=3)
            await world.round()
            early = [set(await brought(world, channel + 1)) for channel in range(len(TOPICS))]
            for moment in (
                clock.now + timedelta(hours=5),
                closes_at(day) + timedelta(hours=2),
                clock.now + timedelta(days=1),
            ):
                await world.until(moment)
            for channel, topic in enumerate(TOPICS, start=1):
                had = await brought(world, channel)
                assert set(had) == await matching(world, day, topic), (day, topic)
                late += len(had.keys() - early[channel - 1]) if early[channel - 1] else 0
                shown = [
                    one.id
                    for part in world.discord.parts
                    if part.channel_id == channel
                    for one in part.entries
                ]
                assert sorted(shown) == sorted(one for one, place in had.items() if place)
                assert len(shown) == len(set(shown))
            assert await brought(world, len(TOPICS)) == {}
    assert len(files) >= 10
    assert late >= 20  # else nothing came late, and this shows little
