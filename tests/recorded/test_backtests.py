"""A back-test says what would have been sent, had its days come one collection at a time."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import furnish
from bot.domain.alerts import BACKTEST
from bot.services.alerts import Wishes
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.days import DayStore
from tests.builders import Clock, FakePublisher, FakeSource, reading
from tests.recorded.corpus import END, papers_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.app import House
    from bot.domain.papers import Paper

BEFORE = timedelta(days=30)
"""How much longer than the back-test looks back the bot has read lists: it has learned words."""

QUERIES = (
    "diffusion", "video-diffusion", "rag", "RLHF", '"large language model" -agent', "quant*",
    "(agent | agents) (web OR gui)", "title:benchmark", "cat:cs.CV -video", "text-to-3d OR 3dgs",
    "tokenizers", "keyword:reasoning", "moe", "author:wang -llm", "vlm", "speech", "zzzzqqqq",
    "world model", "code generation", "llm", "speculative decoding", "SAM", "GRPO",
)  # fmt: skip


@pytest.fixture(scope="module")
def days(recorded: Path) -> dict[date, list[Paper]]:
    """Give the last lists of the corpus."""
    found: dict[date, list[Paper]] = defaultdict(list)
    for paper, day in papers_of(recorded):
        if day is not None and day > END.date() - BACKTEST - BEFORE:
            found[day].append(paper)
    return dict(sorted(found.items()))


@pytest.fixture
async def replayed(days: dict[date, list[Paper]], tmp_path: Path) -> AsyncIterator[House]:
    """Let a bot with an alert for each query read day after day, each list in two pieces."""
    clock, source = Clock(), FakeSource()
    async with Database.open(tmp_path / "paperboy.db") as database:
        settings = Settings(_env_file=None, database_path=database.path)
        house = furnish(database, settings, source, (source,), now=clock, publisher=FakePublisher())
        store, saved = DayStore(database), False
        for day, papers in days.items():
            clock.now = datetime.combine(day, time(12), tzinfo=UTC)
            if day > END.date() - BACKTEST and not saved:
                await _save(house, clock.now - timedelta(hours=1))
                saved = True
            for so_far in (papers[: len(papers) // 2], papers):
                clock.move(hours=1)
                await store.save_reading(reading(*so_far, day=day, read_at=clock.now))
                await house.services.daily.alert(clock.now)
        clock.now = END
        yield house


async def _save(house: House, now: datetime) -> None:
    alerts = house.services.alerts
    for person, query in enumerate(QUERIES, start=1):
        draft = await alerts.order(person, Wishes(query=query), now)
        await alerts.save(draft, 1000 + person, now)


async def test_a_back_test_is_what_would_have_been_sent(replayed: House) -> None:
    told, sent = {}, {}
    for person, query in enumerate(QUERIES, start=1):
        [alert] = await replayed.services.alerts.of_person(person)
        back = await replayed.services.alerts.backtest(query, END)
        told[query] = back.papers
        sent[query] = (await replayed.services.alerts.counts([alert], END)).get(alert.no, 0)
    assert told == sent
    assert sum(told.values()) > 500
    assert told["zzzzqqqq"] == 0
