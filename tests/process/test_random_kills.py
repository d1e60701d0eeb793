"""The bot is killed at random moments of a fan-out; afterwards each message is there once.

``PAPERBOY_KILLS`` says how often, ``PAPERBOY_SEED`` at which moments.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.local_hf import local_hugging_face
from tests.process.conftest import Program, item
from tests.process.exactly_once import PAPERS, VARIANTS, Scene, copied
from tests.process.local_discord import TOKEN, local_discord
from tests.process.waiting import until

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pytest

    from tests.process.exactly_once import Variant
    from tests.process.nursery import Life, Nursery

KILLS = int(os.environ.get("PAPERBOY_KILLS", "50"))
SEED = os.environ.get("PAPERBOY_SEED", "2025")
PARTS = (1, 2, 3) * 6
AT_ONCE = 3


@dataclass(kw_only=True)
class Soak:
    """One variant's lives and deaths, and the sum of what was wrong after each round of them."""

    scene: Scene
    template: Path
    moments: random.Random
    kills: int
    rounds: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Kill as often as asked, in as many rounds as it takes to have something to kill."""
        await self.scene.prepare()
        copied(self.scene.program.database, self.template)
        whole = await self._undisturbed()
        left = self.kills
        while left:
            self._begin()
            while left and not self.scene.complete:
                await self._killed_after(self.moments.uniform(0, whole))
                left -= 1
            await self._finish()

    async def _undisturbed(self) -> float:
        """Return how long a delivery takes that nobody disturbs."""
        self._begin()
        async with await self._connected() as life:
            start = time.monotonic()
            await until(lambda: self.scene.complete or life.ended, "all is sent")
            whole = time.monotonic() - start
        self._look()
        return whole

    def _begin(self) -> None:
        """Start a round: the same editions are due again, and no message is there."""
        copied(self.template, self.scene.program.database)
        self.scene.discord.messages.clear()
        self.rounds += 1

    async def _connected(self) -> Life:
        before = self.scene.discord.gateway.identified
        life = await self.scene.start()
        await until(lambda: self.scene.discord.gateway.identified > before, "it connects")
        return life

    async def _killed_after(self, seconds: float) -> None:
        async with await self._connected() as life:
            await asyncio.sleep(seconds)
            await life.kill()
        self.hit[self._step()] += 1

    def _step(self) -> str:
        """Say what the kill has cut through, as the ledger and Discord have it."""
        claimed = [one for one in self.scene.planned if one.state == "claimed"]
        made = sum(map(self.scene.made, claimed))
        if made and made < len(claimed):
            return "sends and answers"
        if claimed:
            return "answers" if made else "sends"
        return "nothing under way"

    async def _finish(self) -> None:
        await self.scene.arrive()
        self._look()

    def _look(self) -> None:
        count = self.scene.count()
        self.lost += count.lost
        self.doubled += count.doubled
        self.papers += count.papers


async def soak(variant: Variant, kills: int, folder: Path, today: date, nursery: Nursery) -> Soak:
    """Run one variant in a world of its own."""
    lists = {today: [item(number, today) for number in range(1, PAPERS + 1)]}
    async with (
        local_hugging_face(lists) as hugging_face,
        local_discord(channels=len(PARTS)) as discord,
    ):
        settings = {
            "HF_BASE_URL": hugging_face.url,
            "ARXIV_API_URL": "http://127.0.0.1:9/api/query",
            "DISCORD_API_URL": discord.url,
            "DISCORD_TOKEN": TOKEN,
        }
        folder.mkdir()
        program = Program(folder=folder, settings=settings)
        scene = Scene(
            program=program, discord=discord, nursery=nursery, variant=variant, parts=PARTS
        )
        moments = random.Random(f"{SEED} {variant.name}")  # noqa: S311 - the same ones each time
        template = folder / "template.db"
        one = Soak(scene=scene, template=template, moments=moments, kills=kills)
        await one.run()
        return one


def table(soaks: list[Soak]) -> str:
    """Say for each variant how often the bot was killed and what was wrong afterwards."""
    lines = [f"\n{'fault':<28}{'times tried':>12}{'lost':>6}{'doubled':>9}  cut through"]
    for one in soaks:
        steps = ", ".join(f"{step} {n}" for step, n in sorted(one.hit.items()))
        lines.append(
            f"{one.scene.variant.name:<28}{one.hit.total():>12}"
            f"{len(one.lost):>6}{len(one.doubled):>9}  {steps}"
        )
    return "\n".join(lines) + "\n"


async def test_a_bot_killed_at_any_moment_delivers_each_message_once(
    tmp_path: Path, today: date, nursery: Nursery, capsys: pytest.CaptureFixture[str]
) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, variant: Variant) -> Soak:
        kills = KILLS // len(VARIANTS) + (number < KILLS % len(VARIANTS))
        async with places:
            return await soak(variant, kills, tmp_path / str(number), today, nursery)

    soaks = await asyncio.gather(*(one(n, variant) for n, variant in enumerate(VARIANTS)))
    with capsys.disabled():
        print(table(soaks))  # noqa: T201 - what a soak is run for
    assert [(one.lost, one.doubled, one.papers) for one in soaks] == [([], [], [])] * len(soaks)
