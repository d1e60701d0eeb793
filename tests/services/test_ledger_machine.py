"""Exactly once, whatever happens in whatever order: a machine of faults over the real ledger."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from bot.domain.deliveries import DeliveryState, Look, Silence
from bot.domain.papers import closes_at
from bot.domain.schedules import State
from bot.errors import SourceUnreachable, UserError
from bot.services.schedules import Wishes
from bot.storage import cells
from bot.storage.deliveries import DeliveryLedger
from tests.builders import Clock
from tests.services.channel import Answer, Discord, Life
from tests.services.world import Lists, MortalDatabase, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from datetime import date

TRUSTED = timedelta(seconds=120)
MOVES = [
    timedelta(seconds=5),
    timedelta(seconds=31),
    timedelta(seconds=60),
    timedelta(seconds=119),
    timedelta(seconds=121),
    timedelta(minutes=10),
    timedelta(minutes=31),
    timedelta(hours=3),
    timedelta(hours=9),
    timedelta(hours=24),
]
KEYWORDS = ("even", "odd")
PERMANENT, SLOW_MODE, PROXY = 50013, 20016, 0
HISTORIES = st.sampled_from([None, Look.UNREADABLE, Look.UNREACHED])
UPVOTES = st.lists(st.integers(0, 6), min_size=1, max_size=4)
DIES = st.none() | st.integers(1, 9)
SENDS = st.sampled_from([*Answer, PERMANENT, SLOW_MODE, PROXY])
EDITS = st.sampled_from([*Answer, PERMANENT, SLOW_MODE])


class LedgerMachine(RuleBasedStateMachine):
    """One channel, and everything that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.life = Life()
        self.numbers = 0
        self.upvotes: dict[int, int] = {}
        self.days: dict[int, set[date]] = {}
        self.minima = [0]
        self.topics: set[str] = set()
        self.owed_from: date | None = None
        self.forgetful = False
        self.steady = False

    def wait(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Let the machine's own loop run something to its end."""
        return self.runner.run(doing)

    @initialize(forgetful=st.booleans(), steady=st.booleans(), limit=st.sampled_from([0, 2, 3]))
    def begin(self, forgetful: bool, steady: bool, limit: int) -> None:
        """Open everything; a forgetful Discord knows no nonces, but lets itself be read.

        Nobody removes the schedule of a steady channel, which is why all it got is accounted for.
        """
        self.forgetful, self.steady = forgetful, steady
        self.wait(self._begin(limit))

    async def _begin(self, limit: int) -> None:
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        path = Path(folder) / "paperboy.db"
        database = await self.stack.enter_async_context(MortalDatabase.open(path))
        assert isinstance(database, MortalDatabase)
        await database._writer.execute("PRAGMA synchronous = OFF")  # no power cut is tried here
        database.life = self.life
        self.clock = Clock()
        self.discord = Discord(self.clock, papers_a_part=2)
        self.discord.life = self.life
        self.discord.nonces_kept = timedelta(0) if self.forgetful else TRUSTED
        self.world = World(database, self.clock, self.discord, Lists(self.clock))
        await self._order(Wishes(limit=limit))

    async def _order(self, wishes: Wishes) -> None:
        services = self.world.house.services
        await services.schedules.change(5, 1, 7, wishes, self.clock())

    # What the lists do

    @rule(back=st.integers(0, 1), upvotes=UPVOTES, again=st.integers(0, 9))
    def papers_arrive(self, back: int, upvotes: list[int], again: int) -> None:
        """List new papers, and an old one on this day too or with another count."""
        for count in upvotes:
            self.numbers += 1
            self._list(self.numbers, back, count)
        if 0 < again <= self.numbers:
            self._list(again, back, max(upvotes[0], self.upvotes.get(again, 0)))

    def _list(self, number: int, back: int, upvotes: int) -> None:
        day = self.clock().date() - timedelta(days=back)
        if self.clock() >= closes_at(day):
            return
        self.world.lists.put(day, number, upvotes=upvotes, keyword=KEYWORDS[number % 2])
        self.upvotes[number] = upvotes
        self.days.setdefault(number, set()).add(day)

    @rule(down=st.booleans())
    def the_source_fails_or_recovers(self, down: bool) -> None:
        self.world.lists.failure = SourceUnreachable("no answer") if down else None

    # What the bot does by the clock, as long as it lives

    @rule(by=st.sampled_from(MOVES), job=st.sampled_from(["collect", "run_due", "settle", "round"]),
          dies=DIES)  # fmt: skip
    def time_passes_and_the_bot_works(self, by: timedelta, job: str, dies: int | None) -> None:
        self.clock.now += by
        self.wait(self._live(getattr(self.world, job), dies))

    @rule()
    def all_of_it_at_once(self) -> None:
        world = self.world

        async def at_once() -> None:
            await asyncio.gather(world.collect(), world.run_due(), world.settle(), world.run_due())

        self.wait(self._live(at_once, None))

    @rule(upvotes=UPVOTES, sends=st.lists(SENDS, max_size=3), down=st.booleans(), dies=DIES)
    def another_day_comes(
        self, upvotes: list[int], sends: list[Answer | int], down: bool, dies: int | None
    ) -> None:
        """Let an edition be due, or a line in its place, and Discord answer as it likes."""
        self.clock.now += timedelta(hours=24)
        self.papers_arrive(back=0, upvotes=upvotes, again=0)
        self.the_source_fails_or_recovers(down=down)
        self.discord.answers.extend(sends)
        self.wait(self._live(self.world.round, dies))

    @rule(upvotes=UPVOTES, edits=st.lists(EDITS, max_size=2), dies=DIES)
    def papers_come_late(
        self, upvotes: list[int], edits: list[Answer | int], dies: int | None
    ) -> None:
        self.clock.now += timedelta(minutes=31)
        self.papers_arrive(back=0, upvotes=upvotes, again=0)
        self.the_source_fails_or_recovers(down=False)
        self.discord.edit_answers.extend(edits)
        self.wait(self._live(self.world.round, dies))

    @rule(
        first=st.sampled_from([Answer.UNHEARD, Answer.LOST]), then=SENDS, by=st.sampled_from(MOVES),
        history=HISTORIES, dies=DIES,
    )  # fmt: skip
    def a_send_has_no_answer_and_is_looked_for(
        self, first: Answer, then: Answer | int, by: timedelta, history: Look | None,
        dies: int | None,
    ) -> None:  # fmt: skip
        self.discord.answers.clear()
        self.another_day_comes(upvotes=[1, 4, 5], sends=[first, then], down=False, dies=None)
        self.the_history_can_be_read_or_not(history=history)
        self.time_passes_and_the_bot_works(by=by, job="settle", dies=dies)

    async def _live(self, doing: Callable[[], Awaitable[object]], dies: int | None) -> None:
        self.life.left = dies
        with suppress(asyncio.CancelledError):
            await doing()
        died, self.life.left = self.life.over, None
        if died:
            self.world.start()
        await self._notice_beginning()

    async def _notice_beginning(self) -> None:
        """See from which day on the channel is owed what is listed: its first edition says."""
        with suppress(UserError):
            schedule = await self.world.schedule()
            if self.owed_from is None and schedule.since is not None:
                self.owed_from = self.clock().date() + timedelta(days=1)

    # What Discord does

    @rule(history=HISTORIES)
    def the_history_can_be_read_or_not(self, history: Look | None) -> None:
        if self.forgetful and history is Look.UNREADABLE:
            return
        self.discord.history = history

    @rule(code=st.sampled_from([None, None, 50001, 10003]))
    def the_channel_is_closed_or_opened(self, code: int | None) -> None:
        self.discord.closed = code
        if code is None:
            services = self.world.house.services
            self.wait(services.schedules.wake(1, lambda _: True, self.clock()))

    @rule(which=st.integers(0, 9), deleted=st.booleans())
    def a_moderator_deletes_a_message_or_it_can_be_edited_no_more(
        self, which: int, deleted: bool
    ) -> None:
        if self.discord.standing:
            message = self.discord.standing[-1 - which % len(self.discord.standing)]
            message.deleted, message.locked = deleted, not deleted

    # What people do

    @rule(pauses=st.booleans())
    def a_person_pauses_or_resumes(self, pauses: bool) -> None:
        schedules = self.world.house.services.schedules
        with suppress(UserError):
            self.wait(schedules.pause(5) if pauses else schedules.resume(5, self.clock()))

    @rule(
        limit=st.sampled_from([None, 0, 2, 3]), least=st.sampled_from([None, 0, 3]),
        topic=st.sampled_from([None, "none", *KEYWORDS]),
    )  # fmt: skip
    def a_person_changes_the_order(
        self, limit: int | None, least: int | None, topic: str | None
    ) -> None:
        self.wait(self._order(Wishes(limit=limit, min_upvotes=least, topic=topic)))
        if least is not None:
            self.minima.append(least)
        if topic in KEYWORDS:
            self.topics.add(topic)

    @rule()
    def a_person_removes_it_and_makes_another(self) -> None:
        if self.steady:
            return
        self.wait(self.world.house.services.schedules.remove(5))
        self.owed_from = None
        self.wait(self._order(Wishes()))

    @rule(dies=DIES)
    def a_person_sends_it_now(self, dies: int | None) -> None:
        self.wait(self._live(self._send_now, dies))

    async def _send_now(self) -> None:
        services = self.world.house.services
        schedule = await self.world.schedule()
        if schedule.state is not State.STOPPED:
            made = await services.editions.make(schedule, self.clock(), by_hand=True)
            if made.edition is not None:
                await services.deliveries.deliver_edition(made.edition.id)

    @rule()
    def a_person_looks_and_says_how_it_is(self) -> None:
        self.wait(self._decide())

    async def _decide(self) -> None:
        for row in await self._rows(DeliveryState.UNKNOWN):
            there = any(one.key == row["key"] for one in self.discord.standing)
            services = self.world.house.services
            await services.schedules.decide(row["key"], 1, there=there, now=self.clock())

    async def _rows(self, state: DeliveryState) -> list[Any]:
        return await self.world.database.all(
            "SELECT * FROM deliveries WHERE state = :state", {"state": state.value}
        )

    # What always holds

    @invariant()
    def no_key_stands_in_two_messages(self) -> None:
        keys = [one.key for one in self.discord.standing]
        assert len(keys) == len(set(keys))

    @invariant()
    def no_paper_stands_in_two_messages(self) -> None:
        numbers = [number for message in self.discord.shown for number in message]
        assert len(numbers) == len(set(numbers)), self.discord.shown

    @invariant()
    def nothing_is_unknown_that_could_be_known(self) -> None:
        if self.discord.history is Look.UNREADABLE:
            self.wait(self._doubted_late())

    async def _doubted_late(self) -> None:
        for row in await self._rows(DeliveryState.UNKNOWN):
            claimed = cells.moment(row["doubtful_since"] or row["claimed_at"])
            assert self.clock() - claimed >= TRUSTED

    @override
    def teardown(self) -> None:
        """Heal everything, let days pass, and account for every paper."""
        try:
            if hasattr(self, "world"):
                self.wait(self._heal())
                self.wait(self._account())
        finally:
            self.wait(self.stack.aclose())
            self.runner.close()

    async def _heal(self) -> None:
        discord = self.discord
        discord.answers.clear()
        discord.edit_answers.clear()
        discord.closed = discord.history = self.world.lists.failure = None
        self.world.start()
        services = self.world.house.services
        await services.schedules.wake(1, lambda _: True, self.clock())
        await services.schedules.resume(5, self.clock())
        for hours in (1, 12, 12, 12, 12, 1):
            self.clock.move(hours=hours)
            for _ in range(3):
                await self._decide()
                await self.world.round()
                self.clock.move(seconds=40)

    async def _account(self) -> None:
        self.no_key_stands_in_two_messages()
        self.no_paper_stands_in_two_messages()
        counts = await DeliveryLedger(self.world.database).counts()
        assert set(counts) <= {DeliveryState.SENT}, counts
        shown = {number for message in self.discord.messages for number in message.numbers}
        brought = await self._brought()
        for number, days in self.days.items():
            upvotes = self.upvotes[number]
            if upvotes < min(self.minima):
                assert number not in brought
            owed = self.owed_from is not None and min(days) >= self.owed_from
            about = KEYWORDS[number % 2]
            if owed and upvotes >= max(self.minima) and self.topics <= {about}:
                assert number in brought, f"paper {number} is lost"
        for number, (place, edition_id) in brought.items():
            if not self.steady:  # what was doubtful at a removal is nobody's any more
                break
            if place:
                assert number in shown, f"paper {number} counts as shown and stands nowhere"
            else:
                assert any(f".{edition_id}." in one.key for one in self.discord.messages)
        if self.steady:
            self._no_line_is_left()

    async def _brought(self) -> dict[int, tuple[int, str]]:
        rows = await self.world.database.all(
            "SELECT p.id, place, edition_id FROM brought JOIN papers AS p ON p.no = paper_no"
        )
        return {int(row["id"][-5:]): (row["place"], row["edition_id"]) for row in rows}

    def _no_line_is_left(self) -> None:
        for message in self.discord.standing:
            silence = getattr(message.content, "silence", None)
            assert silence is not Silence.UNREAD or message.locked, message


def test_whatever_fails_no_message_comes_twice_and_no_paper_is_lost() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
