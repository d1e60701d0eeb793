"""Editions: what a channel gets on an occasion, over any sequence of occasions."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import furnish
from bot.domain.papers import closes_at
from bot.domain.schedules import Style
from bot.errors import UserError
from bot.services.drafts import Outcome
from bot.services.schedules import Wishes
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, Clock, FakePublisher, FakeSource, paper, reading, schedule

if TYPE_CHECKING:
    from bot.app import House
    from bot.domain.papers import Paper
    from bot.domain.schedules import Schedule

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2025, 2, 7 + n) for n in range(4))


async def collect(
    house: House, source: FakeSource, day: date, *papers: Paper, at: datetime | None = None
) -> None:
    """Read a day's list, for certain after it closed if nothing else is said."""
    at = at or max(closes_at(day) + timedelta(hours=2), NOW)
    source.readings[day] = reading(*papers, day=day, read_at=at)
    await house.collector.collect([day], at)


async def ordered(house: House, **told: Any) -> Schedule:
    order = schedule(**told)
    await ScheduleStore(house.database).save(order)
    return order


async def brought(house: House) -> list[tuple[str, int]]:
    rows = await house.database.all(
        "SELECT p.id, b.place FROM brought AS b JOIN papers AS p ON p.no = b.paper_no "
        "ORDER BY b.place = 0, b.place, p.id"
    )
    return [(row["id"], row["place"]) for row in rows]


async def test_the_first_edition_starts_with_the_latest_day_that_has_papers(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, FRIDAY, paper(1))
    await collect(house, source, DAY, paper(2), paper(3))
    await collect(house, source, NOW.date())
    made = await house.services.editions.make(await ordered(house), NOW)
    assert made.outcome is Outcome.DELIVERED
    assert await brought(house) == [("2502.00003", 1), ("2502.00002", 2)]


async def test_over_the_limit_stands_under_browse_all_and_is_not_brought_again(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, DAY, *(paper(n) for n in range(1, 6)))
    order = await ordered(house, limit=2)
    made = await house.services.editions.make(order, NOW)
    assert made.edition is not None
    assert made.edition.receipt.shown == 2
    assert made.edition.receipt.more == 3
    assert [place for _, place in await brought(house)] == [1, 2, 0, 0, 0]
    whole = await house.services.editions.whole(made.edition.id, 5, NOW)
    assert [card.paper.upvotes for card in whole.cards] == [5, 4, 3, 2, 1]
    assert list(whole.days) == [DAY]
    again = await house.services.schedules.of_channel(5)
    assert (await house.services.editions.make(again, NOW)).outcome is Outcome.NO_PAPERS


async def test_on_monday_also_comes_what_came_over_the_weekend(
    house: House, source: FakeSource
) -> None:
    afternoon = datetime(2025, 2, 7, 15, tzinfo=UTC)
    await collect(house, source, FRIDAY, paper(1), at=afternoon)
    order = await ordered(house, since=FRIDAY)
    await house.services.editions.make(order, afternoon)
    await collect(house, source, FRIDAY, paper(1), paper(2))
    for day in (SATURDAY, SUNDAY):
        await collect(house, source, day)
    await collect(house, source, MONDAY, paper(3))
    order = await house.services.schedules.of_channel(5)
    made = await house.services.editions.make(order, datetime(2025, 2, 10, 9, tzinfo=UTC))
    assert made.edition is not None
    assert [state.day for state in made.edition.receipt.days] == [FRIDAY, MONDAY]
    assert [one.id for one in made.edition.entries] == ["2502.00003", "2502.00002"]


async def test_a_paper_on_two_days_is_brought_once(house: House, source: FakeSource) -> None:
    await collect(house, source, MONDAY, paper(1))
    order = await ordered(house, since=MONDAY)
    await house.services.editions.make(order, NOW)
    await collect(house, source, DAY, paper(1, upvotes=50), paper(2))
    order = await house.services.schedules.of_channel(5)
    made = await house.services.editions.make(order, NOW)
    assert made.edition is not None
    assert [one.id for one in made.edition.entries] == ["2502.00002"]


async def test_a_day_that_was_not_read_is_brought_once_it_is(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, FRIDAY, paper(1))
    order = await ordered(house, since=FRIDAY)
    await collect(house, source, DAY, paper(3))
    await house.services.editions.make(order, NOW)
    await collect(house, source, MONDAY, paper(2))
    order = await house.services.schedules.of_channel(5)
    assert order.since == SATURDAY
    made = await house.services.editions.make(order, NOW)
    assert made.edition is not None
    assert [one.id for one in made.edition.entries] == ["2502.00002"]


async def test_without_papers_there_is_no_edition_and_the_reason_is_kept(house: House) -> None:
    order = await ordered(house)
    made = await house.services.editions.make(order, NOW)
    assert made.edition is None
    after = await house.services.schedules.of_channel(5)
    assert after.last_outcome == "no papers"
    assert after.last_run == NOW
    assert after.next_run == NOW + timedelta(days=1)


async def test_when_none_match_the_number_is_kept(house: House, source: FakeSource) -> None:
    await collect(house, source, DAY, *(paper(n) for n in range(1, 4)))
    made = await house.services.editions.make(await ordered(house, min_upvotes=9), NOW)
    assert made.outcome is Outcome.NO_MATCH
    after = await house.services.schedules.of_channel(5)
    assert after.last_outcome == "none matched of 3"


async def test_by_hand_with_nothing_to_bring_changes_nothing(house: House) -> None:
    order = await ordered(house)
    made = await house.services.editions.make(order, NOW, by_hand=True)
    assert made.edition is None
    assert await house.services.schedules.of_channel(5) == order


async def test_by_hand_the_next_run_stays(house: House, source: FakeSource) -> None:
    await collect(house, source, DAY, paper())
    order = await ordered(house, next_run=NOW + timedelta(hours=3))
    await house.services.editions.make(order, NOW, by_hand=True)
    assert (await house.services.schedules.of_channel(5)).next_run == order.next_run


async def test_two_at_once_make_one_edition(house: House, source: FakeSource) -> None:
    await collect(house, source, DAY, *(paper(n) for n in range(1, 6)))
    order = await ordered(house)
    made = await asyncio.gather(*(house.services.editions.make(order, NOW) for _ in range(5)))
    assert sorted(one.outcome for one in made) == ["delivered", *["raced"] * 4]
    rows = await house.database.all("SELECT key FROM deliveries")
    assert len(rows) == 1


async def test_two_bots_on_one_file_make_one_edition(house: House, source: FakeSource) -> None:
    await collect(house, source, DAY, *(paper(n) for n in range(1, 6)))
    order = await ordered(house)
    settings_ = Settings(_env_file=None, database_path=house.database.path)
    async with Database.open(house.database.path) as database:
        other = furnish(database, settings_, source, (source,), now=Clock())
        made = await asyncio.gather(
            *(one.services.editions.make(order, NOW) for one in (house, other))
        )
    assert sorted(one.outcome for one in made) == ["delivered", "raced"]
    assert len(await house.database.all("SELECT key FROM deliveries")) == 1


async def test_a_paper_brought_meanwhile_voids_the_whole_edition(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, DAY, paper(1), paper(2))
    order = await ordered(house)
    async with house.database.transaction() as connection:
        await connection.execute("INSERT INTO brought SELECT 5, no, 1, 'x' FROM papers LIMIT 1")
    draft = await house.services.editions.preview(replace(order), NOW)
    assert draft.edition is not None
    async with house.database.transaction() as connection:
        await connection.execute("INSERT OR IGNORE INTO brought SELECT 5, no, 1, 'x' FROM papers")
    store = house.services.editions._store
    parts = house.publisher.split(draft.edition)
    assert not await store.plan(order, order, parts, [], NOW)
    assert await house.database.one("SELECT 1 FROM deliveries") is None


async def test_more_than_ten_messages_worth_is_left_to_browse_all(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, DAY, *(paper(n) for n in range(1, 121)))
    order = await ordered(house, limit=0, style=Style.FULL)
    made = await house.services.editions.make(order, NOW)
    assert made.edition is not None
    receipt = made.edition.receipt
    assert receipt.shown == sum(1 for _, place in await brought(house) if place)
    assert receipt.shown + receipt.more == 120
    assert len(await brought(house)) == 120


async def test_an_edition_of_another_channel_is_not_opened(
    house: House, source: FakeSource
) -> None:
    await collect(house, source, DAY, paper())
    made = await house.services.editions.make(await ordered(house), NOW)
    assert made.edition is not None
    with pytest.raises(UserError, match="no longer known"):
        await house.services.editions.whole(made.edition.id, 6, NOW)
    with pytest.raises(UserError, match="no longer known"):
        await house.services.editions.whole("000000000000", 5, NOW)


# What may happen, in any order: a day's list grows, the clock goes on, an edition is made by the
# clock or by hand, and the person changes the limit, the minimum or pauses.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("list"), st.integers(0, 3), st.sets(st.integers(1, 12), max_size=5)),
        st.tuples(st.just("move"), st.integers(1, 40), st.none()),
        st.tuples(st.just("run"), st.booleans(), st.none()),
        st.tuples(st.just("change"), st.integers(0, 4), st.integers(0, 6)),
        st.tuples(st.just("pause"), st.none(), st.none()),
    ),
    min_size=5,
    max_size=30,
)


class World:
    """A channel over some days: lists that grow, and every paper it was brought."""

    def __init__(self, house: House, source: FakeSource, clock: Clock) -> None:
        self.house, self.source, self.clock = house, source, clock
        self.lists: dict[date, set[int]] = {}
        self.editions: list[list[str]] = []

    async def list(self, back: int, numbers: set[int]) -> None:
        """Add papers to a list that is open, and read it."""
        day = self.clock().date() - timedelta(days=back)
        if self.clock() < closes_at(day):
            self.lists.setdefault(day, set()).update(numbers)
        await self.read()

    async def read(self) -> None:
        now = self.clock()
        for day in await self.house.collector.wanted(now):
            papers = [paper(n) for n in sorted(self.lists.get(day, ()))]
            self.source.readings[day] = reading(*papers, day=day, read_at=now)
            await self.house.collector.collect([day], now)

    async def run(self, *, by_hand: bool) -> None:
        order = await self.house.services.schedules.of_channel(5)
        if order.state != "active" and not by_hand:
            return
        made = await self.house.services.editions.make(order, self.clock(), by_hand=by_hand)
        if made.edition is not None:
            assert await self.house.services.deliveries.deliver_edition(made.edition.id)
            rows = await self.house.database.all(
                "SELECT p.id FROM brought JOIN papers AS p ON no = paper_no WHERE edition_id = :e",
                {"e": made.edition.id},
            )
            self.editions.append([row["id"] for row in rows])

    async def step(self, name: str, one: int | bool | None, two: object) -> None:
        schedules = self.house.services.schedules
        match name:
            case "list":
                await self.list(int(one or 0), set(two))  # type: ignore[call-overload]
            case "move":
                self.clock.move(hours=int(one or 0))
                await self.read()
            case "run":
                await self.run(by_hand=bool(one))
            case "change":
                wishes = Wishes(limit=int(one or 0), min_upvotes=int(two or 0))  # type: ignore[call-overload]
                await schedules.change(5, 1, 7, wishes, self.clock())
            case _:
                order = await schedules.of_channel(5)
                if order.state == "active":
                    await schedules.pause(5)
                else:
                    await schedules.resume(5, self.clock())


@given(steps=STEPS)
@settings(max_examples=40)
def test_whatever_happens_nothing_is_brought_twice_and_nothing_that_matches_is_lost(
    steps: list[tuple[str, int | bool | None, object]],
) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "paperboy.db"
            async with Database.open(path) as database:
                clock, source = Clock(), FakeSource()
                settings_ = Settings(_env_file=None, database_path=path)
                way = FakePublisher()
                house = furnish(database, settings_, source, (source,), now=clock, publisher=way)
                await _play(World(house, source, clock), steps)

    asyncio.run(play())


async def _play(world: World, steps: list[tuple[str, int | bool | None, object]]) -> None:
    start = world.clock().date()
    await ordered(world.house, limit=0, since=start)
    for step in steps:
        await world.step(*step)
    # In the end the person takes everything, and every list has been closed for long.
    await world.house.services.schedules.change(
        5, 1, 7, Wishes(limit=0, min_upvotes=0), world.clock()
    )
    changed = any(step[0] == "change" and step[2] for step in steps)
    world.clock.move(hours=60)
    await world.read()
    await world.run(by_hand=True)
    everything = [one for edition in world.editions for one in edition]
    assert len(everything) == len(set(everything))
    listed = {paper(n).id for day, ns in world.lists.items() if day >= start for n in ns}
    assert set(everything) <= listed
    if not changed:  # no minimum ever kept a paper back
        assert set(everything) == listed
