"""A day of a hundred papers: read from a server, stored, summarised and rendered."""

from __future__ import annotations

import io
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from bot.app import furnish
from bot.domain.editions import Edition, Receipt, entry
from bot.domain.schedules import Style
from bot.services.drafts import day_state
from bot.settings import Settings
from bot.sources.http import SourceHttp
from bot.sources.huggingface import HuggingFaceDaily
from bot.storage.database import Database
from bot.ui import plain
from bot.ui.digest import part_view
from bot.ui.split import split
from tests.benchmarks import DAY, NOW, Measure, Table, items
from tests.local_hf import local_hugging_face

if TYPE_CHECKING:
    from bot.services.library import DayDigest

PAPERS, TIMES = 100, 7


async def measure() -> Table:
    """Time the day over a real server and a database of its own, several times."""
    body = json.dumps(items(PAPERS))
    async with local_hugging_face({DAY: json.loads(body)}) as served:
        steps = [await _one_day(served.url) for _ in range(TIMES)]
    read, rendered, whole = (statistics.median(step) for step in zip(*steps, strict=True))
    naive = statistics.median(_naively(body) for _ in range(TIMES))
    return Table(
        title=f"A day of {PAPERS} papers, median of {TIMES}",
        baseline=f"the same {len(body) // 1000} kB parsed with json.loads and printed line by line",
        measures=(
            Measure(what="collected, stored, summarised", value=read, unit="s", baseline=naive),
            Measure(what="read back and rendered", value=rendered, unit="s", baseline=naive),
            Measure(what="all of it", value=whole, unit="s", baseline=naive, goal="< 1 s"),
        ),
    )


async def _one_day(url: str) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paperboy.db"
        async with httpx.AsyncClient() as http, Database.open(path) as database:
            asked = SourceHttp(client=http, name="Hugging Face")
            source = HuggingFaceDaily(asked, url, now=lambda: NOW)
            settings = Settings(_env_file=None, database_path=path)
            house = furnish(database, settings, source, (source,), now=lambda: NOW)
            started = time.perf_counter()
            await house.collector.collect([DAY], NOW)
            stored = time.perf_counter()
            digest = await house.services.library.digest(DAY, NOW)
            _render(digest)
            ended = time.perf_counter()
    return stored - started, ended - stored, ended - started


def _render(digest: DayDigest) -> None:
    """Render the day as a terminal's text, as JSON, and as a full edition's messages."""
    assert len(digest.cards) == PAPERS
    plain.as_text(digest)
    plain.as_json(digest)
    papers = len(digest.cards)
    edition = Edition(
        id="0" * 12,
        channel_id=1,
        made_at=NOW,
        style=Style.FULL,
        entries=tuple(
            entry(card.paper, place, card.paper.upvotes, card.summary)
            for place, card in enumerate(digest.cards, start=1)
        ),
        receipt=Receipt(
            shown=papers, matching=papers, listed=papers, days=(day_state(digest.day),)
        ),
    )
    for part in split(edition):
        json.dumps(part_view(part).to_components())


def _naively(body: str) -> float:
    """Time what a script of ten lines would do."""
    page = io.StringIO()
    started = time.perf_counter()
    for one in json.loads(body):
        record = one["paper"]
        print(record["title"], record["upvotes"], record["summary"], sep="\n", file=page)
    return time.perf_counter() - started
