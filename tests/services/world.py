"""A small world for the services: lists that grow, and a bot that lives or dies."""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from bot.app import furnish
from bot.errors import SourceError
from bot.services.schedules import Wishes
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from tests.builders import FakeSource, paper, reading
from tests.services.channel import Life
from tests.services.topics import WordTopics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date, datetime

    import aiosqlite

    from bot.app import House
    from bot.domain.papers import DayReading
    from bot.domain.schedules import Schedule
    from tests.builders import Clock
    from tests.services.channel import Discord
    from tests.services.models import FakeModel, FakeTexts

INTERVAL = timedelta(minutes=30)


class Lists(FakeSource):
    """The daily lists as they grow: read at the moment at which they are asked for."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.upvotes: dict[date, dict[int, int]] = {}
        self.keywords: dict[int, tuple[str, ...]] = {}
        self.title = "A study of thing {}"

    def put(
        self, day: date, *numbers: int, upvotes: int | None = None, keyword: str | None = None
    ) -> None:
        """List papers, or count their upvotes anew; without a count a paper's number is it."""
        for number in numbers:
            count = number if upvotes is None else upvotes
            self.upvotes.setdefault(day, {})[number] = count
            if keyword is not None:
                self.keywords[number] = (keyword,)

    @override
    async def day(self, day: date) -> DayReading:
        """Read a day as it is just now."""
        await super().day(day)
        papers = [
            paper(
                number,
                upvotes=upvotes,
                title=self.title.format(number),
                ai_keywords=self.keywords.get(number, ()),
            )
            for number, upvotes in self.upvotes.get(day, {}).items()
        ]
        return reading(*papers, day=day, read_at=self.clock())


class MortalDatabase(Database):
    """A database whose process may die before and after each statement."""

    life = Life()

    @override
    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Begin, do and commit, if one lives to."""
        self.life.step()
        async with super().transaction() as connection:
            yield connection
            self.life.step()
        self.life.step()


class World:
    """Channel 5 over some days: its bot, the lists and its Discord."""

    def __init__(self, database: Database, clock: Clock, discord: Discord, lists: Lists) -> None:
        self.database, self.clock = database, clock
        self.discord, self.lists = discord, lists
        self.topics = WordTopics()
        self.model: FakeModel | None = None
        self.texts: FakeTexts | None = None
        self.tokens = 0
        self.house = self.start()

    def start(self) -> House:
        """Start the bot over what is on the disk; nothing else is left of the last one."""
        settings = Settings(
            _env_file=None, database_path=self.database.path, llm_daily_tokens=self.tokens
        )
        self.house = furnish(
            self.database,
            settings,
            self.lists,
            (self.lists,),
            now=self.clock,
            interval=INTERVAL,
            publisher=self.discord,
            models=self.model,
            texts=self.texts,
            topics=self.topics,
        )
        return self.house

    async def collect(self) -> None:
        """Read the lists by the clock; a source that is down is a matter of every day."""
        with suppress(SourceError):
            await self.house.services.daily.collect(self.clock())

    async def run_due(self) -> None:
        """Make and deliver what is due."""
        await self.house.services.daily.run_due(self.clock())

    def with_model(self, model: FakeModel, *, tokens: int = 0) -> House:
        """Start the bot anew with a model, of which so many tokens may be spent a day."""
        self.model, self.tokens = model, tokens
        return self.start()

    async def write(self) -> int:
        """Have the model write what is missing, and deliver what that changes."""
        had = await self._by_model()
        await self.house.services.daily.write(self.clock)
        await self.house.services.deliveries.deliver_ready()
        return await self._by_model() - had

    async def _by_model(self) -> int:
        used = await self.house.writing.budget.used()
        return sum(one.summaries for one in used)

    async def settle(self) -> None:
        """Look for what has no answer, and send what is to be sent again."""
        await self.house.services.daily.settle()
        await self.house.services.deliveries.deliver_ready()

    async def until(self, moment: datetime) -> None:
        """Let the clock go on to a moment, and the bot do there what it does by the clock."""
        self.clock.now = moment
        await self.round()

    async def round(self) -> None:
        """Collect, make what is due, and settle, at this moment."""
        await self.collect()
        await self.run_due()
        await self.settle()

    async def order(self, channel: int = 5, **wishes: Any) -> Schedule:
        """Make or change a channel's schedule; a new one is due at once."""
        schedules = self.house.services.schedules
        made, new = await schedules.change(channel, 1, 7, Wishes(**wishes), self.clock())
        if new:
            made = replace(made, next_run=self.clock())
            await ScheduleStore(self.database).save(made)
        return made

    async def schedule(self, channel: int = 5) -> Schedule:
        """Return what a channel has ordered."""
        return await self.house.services.schedules.of_channel(channel)

    async def edition(self, *numbers: int, **wishes: Any) -> None:
        """Bring the channel an edition of today's papers so far, and go on half an hour."""
        await self.order(**wishes)
        self.lists.put(self.clock().date(), *numbers)
        await self.round()
        assert self.discord.messages or not numbers
        self.clock.move(minutes=30)

    async def recover(self, *numbers: int) -> None:
        """Let the source answer again, with papers of today, half an hour later."""
        self.lists.put(self.clock().date(), *numbers)
        self.lists.failure = None
        self.clock.move(minutes=30)
        await self.round()

    async def brought(self, channel: int = 5) -> dict[int, int]:
        """Return the place of each paper that a channel was brought; 0 is under browse all."""
        rows = await self.database.all(
            "SELECT p.id, b.place FROM brought AS b JOIN papers AS p ON p.no = b.paper_no "
            "WHERE b.channel_id = :channel ORDER BY p.id",
            {"channel": channel},
        )
        return {int(row["id"][-5:]): row["place"] for row in rows}
