"""What the kill tests share: a bot with editions due, and the count of what came of them."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.app import opened
from bot.domain.schedules import Schedule, Style
from bot.settings import Settings
from bot.storage.schedules import ScheduleStore
from bot.ui.ids import card_menu
from tests.process.discord_data import GUILD, PERSON
from tests.process.faults import Held
from tests.process.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.process.conftest import Program
    from tests.process.discord_data import Json
    from tests.process.local_discord import LocalDiscord
    from tests.process.nursery import Life, Nursery

POST = "POST", "/channels/*/messages"
PAPERS = 25
LIMITS = {1: 5, 2: 15, 3: 0}
"""How many of the day's papers, in full, make so many messages."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What may be otherwise between the bot and Discord, apart from the kill."""

    name: str
    nonce_seconds: float = 120.0
    history: bool = True
    clock_off: float = 0.0


VARIANTS = [
    Variant(name="nonces honoured"),
    Variant(name="nonces forgotten", nonce_seconds=0),
    Variant(name="history forbidden", history=False),
    # Without nonces, so that only what is found in the history keeps a message single.
    Variant(name="clock ten seconds ahead", clock_off=10, nonce_seconds=0),
    Variant(name="clock ten seconds behind", clock_off=-10, nonce_seconds=0),
]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A row of the ledger."""

    key: str
    channel: int
    number: int
    state: str
    papers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Count:
    """What is wrong: parts that no message holds, parts that several do, and papers."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One bot's world, in which it lives, dies and lives again.

    ``parts`` says of how many messages each channel's edition is.
    """

    program: Program
    discord: LocalDiscord
    nursery: Nursery
    variant: Variant
    parts: tuple[int, ...]

    async def prepare(self) -> None:
        """Collect the day's papers, and make an edition of ``parts`` due in each channel."""
        self.discord.nonce_seconds = self.variant.nonce_seconds
        if not self.variant.history:
            for channel in self.discord.channel_ids:
                await self.discord.deny(channel, read_message_history=True)
        told: dict[str, Any] = {
            name.lower(): value for name, value in self.program.settings.items()
        }
        settings = Settings(_env_file=None, database_path=self.program.database, **told)
        now = datetime.now(UTC)
        due = now - timedelta(hours=1)  # by the bot's clock too, which may be behind
        async with opened(settings) as house:
            await house.services.daily.collect(now)
            for channel, parts in zip(self.discord.channel_ids, self.parts, strict=True):
                order = Schedule(
                    channel_id=channel, guild_id=GUILD, at=time(due.hour), zone=ZoneInfo("UTC"),
                    limit=LIMITS[parts], style=Style.FULL, created_by=PERSON, next_run=due,
                )  # fmt: skip
                await ScheduleStore(house.database).save(order)

    async def start(self, *, later: float = 0, **settings: str) -> Life:
        """Begin a life, so many seconds ``later`` by the bot's clock than it is."""
        environment = self.program.environment(settings)
        clock_off = self.variant.clock_off + later
        return await self.nursery.start(self.program.folder, environment, clock_off=clock_off)

    async def arrive(self) -> None:
        """Let one life go on until the ledger says that all has arrived, and end it kindly."""
        async with await self.start() as life:
            await life.says("Connected")
            await until(lambda: self.complete or life.ended, lambda: f"{self.states}\n{life.log}")
            assert await life.stop() == 0, life.log

    @property
    def planned(self) -> list[Planned]:
        """The ledger, in the order in which it is sent."""
        sql = """
            SELECT key, channel_id, number, state, content FROM deliveries
            WHERE edits IS NULL ORDER BY edition_id, number"""
        return [
            Planned(
                key=key, channel=channel, number=number, state=state,
                papers=tuple(one["title"] for one in json.loads(content)["entries"]),
            )
            for key, channel, number, state, content in self.rows(sql)
        ]  # fmt: skip

    @property
    def states(self) -> Counter[str]:
        """How many deliveries stand in each state."""
        return Counter(dict(self.rows("SELECT state, count(*) FROM deliveries GROUP BY state")))

    @property
    def complete(self) -> bool:
        """Whether every edition's every part is sent, as far as the ledger knows."""
        return self.states == Counter(sent=sum(self.parts))

    def rows(self, sql: str) -> list[Any]:
        """Ask the database itself, as somebody beside the bot would."""
        with closing(sqlite3.connect(self.program.database, timeout=10)) as connection:
            return connection.execute(sql).fetchall()

    def run(self, sql: str) -> None:
        """Change the database itself."""
        with closing(sqlite3.connect(self.program.database, timeout=10)) as connection, connection:
            connection.execute(sql)

    def made(self, one: Planned) -> int:
        """Return how many messages carry the key of a part."""
        messages = self.discord.messages.get(one.channel, [])
        return sum(card_menu(one.key) in _custom_ids(message) for message in messages)

    def count(self) -> Count:
        """Count what stands in the channels: each part and each paper must be there once."""
        planned = self.planned
        made = {one.key: self.made(one) for one in planned}
        strangers = sum(map(len, self.discord.messages.values())) - sum(made.values())
        papers: Counter[str] = Counter()
        for channel in {one.channel for one in planned}:
            text = "\n".join(map(_text, self.discord.messages.get(channel, [])))
            titles = [title for one in planned if one.channel == channel for title in one.papers]
            papers.update({f"{title} in {channel}": text.count(f"{title}]") for title in titles})
        return Count(
            lost=tuple(sorted(key for key, n in made.items() if not n)),
            doubled=tuple(sorted(key for key, n in made.items() if n > 1)) + ("?",) * strangers,
            papers=tuple(sorted(name for name, n in papers.items() if n != 1)),
        )


async def killed_while_sending(scene: Scene, holding: Held) -> None:
    """Kill the bot while its first request to send is under way."""
    scene.discord.fail(*POST, holding)
    async with await scene.start() as life:
        await until(holding.arrived.is_set, "the request is there")
        await life.kill()


async def killed_before_settling(scene: Scene) -> None:
    """Kill the bot when it has Discord's answer and has not written it down."""
    holding = Held(made_first=True)
    scene.discord.fail(*POST, holding)
    async with await scene.start(LOG_LEVEL="DEBUG") as life:
        await until(holding.arrived.is_set, "the message is made")
        with closing(sqlite3.connect(scene.program.database, isolation_level=None)) as ours:
            ours.execute("BEGIN IMMEDIATE")  # nobody else can write now
            holding.released.set()
            answered = re.compile(r"POST \S+/messages with .* has returned 200")
            await until(lambda: answered.search(life.log), "the bot has the answer")
            await life.kill()


def copied(template: Path, database: Path) -> None:
    """Put a database where it was taken from, without what a killed bot left beside it."""
    for file in database.parent.glob(f"{database.name}*"):
        file.unlink()
    shutil.copy(template, database)


def _components(part: Json) -> Iterator[Json]:
    inner: Sequence[Json] = part.get("components", [])
    for one in inner:
        yield one
        yield from _components(one)


def _custom_ids(message: Json) -> set[str]:
    return {str(one.get("custom_id")) for one in _components(message)}


def _text(message: Json) -> str:
    return "\n".join(str(one["content"]) for one in _components(message) if "content" in one)
