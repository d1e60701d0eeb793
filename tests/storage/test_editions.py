from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.editions import DayState, Part
from bot.domain.papers import ArxivId, closes_at
from bot.domain.schedules import State, Style
from bot.storage.contents import part_cell, part_from
from bot.storage.deliveries import DeliveryLedger
from bot.storage.editions import EditionStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, FakePublisher, edition, entry, paper, receipt, schedule

if TYPE_CHECKING:
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

PARTS = FakePublisher(papers_a_part=2).split(edition(*[entry(n, n) for n in range(1, 4)]))
BEFORE = schedule()
AFTER = schedule(
    next_run=NOW + timedelta(days=1), since=DAY, last_run=NOW, last_outcome="delivered 3"
)


@pytest.fixture
async def editions(database: Database) -> EditionStore:
    await PaperStore(database).save([paper(n) for n in range(1, 7)], NOW)
    await ScheduleStore(database).save(BEFORE)
    return EditionStore(database)


async def counted(database: Database) -> dict[str, int]:
    counts = {}
    for table in ("editions", "brought", "deliveries"):
        row = await database.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - our own names
        assert row is not None
        counts[table] = row["n"]
    return counts


async def test_a_plan_writes_the_edition_its_papers_and_its_messages(
    editions: EditionStore, database: Database
) -> None:
    assert await editions.plan(BEFORE, AFTER, PARTS, [paper(5).id, paper(6).id], NOW)
    assert await ScheduleStore(database).get(5) == AFTER
    assert await editions.days("e1") == (5, [DAY])
    # Those shown in their order, then the others, most upvoted first.
    papers = await editions.papers("e1", 5)
    assert [one[-1] for one in papers] == ["1", "2", "3", "6", "5"]
    planned = await DeliveryLedger(database).ready(NOW, 10)
    assert [(one.key, one.content) for one in planned] == [("e.e1.1", PARTS[0])]
    assert await counted(database) == {"editions": 1, "brought": 5, "deliveries": 2}


NOT_AS_BEFORE = [
    replace(BEFORE, next_run=NOW + timedelta(days=1)),
    replace(BEFORE, last_run=NOW),
    replace(BEFORE, state=State.PAUSED),
]


@pytest.mark.parametrize("now_stored", NOT_AS_BEFORE)
async def test_a_plan_for_a_schedule_that_has_moved_on_writes_nothing(
    editions: EditionStore, database: Database, now_stored: Schedule
) -> None:
    await ScheduleStore(database).remove(5)
    await ScheduleStore(database).save(now_stored)
    assert not await editions.plan(BEFORE, AFTER, PARTS, [], NOW)
    assert not await editions.pass_over(BEFORE, AFTER, NOW)
    assert await ScheduleStore(database).get(5) == now_stored
    assert await counted(database) == {"editions": 0, "brought": 0, "deliveries": 0}


async def test_a_plan_for_a_schedule_that_was_removed_writes_nothing(
    editions: EditionStore, database: Database
) -> None:
    await ScheduleStore(database).remove(5)
    assert not await editions.plan(BEFORE, AFTER, PARTS, [], NOW)
    assert await ScheduleStore(database).get(5) is None
    assert await counted(database) == {"editions": 0, "brought": 0, "deliveries": 0}


async def test_a_plan_with_one_paper_that_was_brought_writes_nothing_and_moves_nothing(
    editions: EditionStore, database: Database
) -> None:
    assert await editions.plan(BEFORE, AFTER, PARTS, [], NOW)
    again = replace(AFTER, next_run=NOW + timedelta(days=2))
    other = FakePublisher().split(edition(entry(4), entry(3, 2), edition_id="e2"))
    assert not await editions.plan(AFTER, again, other, [], NOW)
    unknown = [ArxivId("2502.99999")]
    third = FakePublisher().split(edition(entry(5), edition_id="e3"))
    assert not await editions.plan(AFTER, again, third, unknown, NOW)
    assert await ScheduleStore(database).get(5) == AFTER
    assert await counted(database) == {"editions": 1, "brought": 3, "deliveries": 2}


async def test_a_plan_that_fails_half_way_leaves_nothing(
    editions: EditionStore, database: Database
) -> None:
    twice = (PARTS[0], replace(PARTS[1], number=1))  # the same key
    with pytest.raises(Exception, match="UNIQUE"):
        await editions.plan(BEFORE, AFTER, twice, [], NOW)
    assert await ScheduleStore(database).get(5) == BEFORE
    assert await counted(database) == {"editions": 0, "brought": 0, "deliveries": 0}
    assert await editions.plan(BEFORE, AFTER, PARTS, [], NOW)


async def test_other_channels_are_brought_the_same_papers(
    editions: EditionStore, database: Database
) -> None:
    other = schedule(6)
    await ScheduleStore(database).save(other)
    assert await editions.plan(BEFORE, AFTER, PARTS, [], NOW)
    parts = FakePublisher().split(edition(entry(1), edition_id="e2", channel_id=6))
    assert await editions.plan(other, replace(AFTER, channel_id=6), parts, [], NOW)
    assert await editions.papers("e2", 6) == [paper(1).id]
    assert await editions.papers("e1", 6) == []
    assert await editions.days("e9") is None


TEXTS = st.text(max_size=12)
STATES = st.builds(
    DayState,
    day=st.dates(),
    papers=st.integers(0, 99),
    read_at=st.none() | st.just(NOW),
    closes_at=st.just(closes_at(DAY)),
    complete=st.booleans(),
)
ENTRIES = st.builds(
    entry,
    title=TEXTS,
    authors=st.lists(TEXTS, max_size=3).map(tuple),
    upvotes=st.none() | st.integers(0, 10**6),
    tldr=st.none() | TEXTS,
    results=st.none() | TEXTS,
)


@given(
    st.builds(
        Part,
        edition_id=TEXTS,
        channel_id=st.integers(1, 2**63 - 1),
        number=st.integers(1, 10),
        of=st.integers(1, 10),
        style=st.sampled_from(Style),
        mention_role=st.none() | st.integers(1, 2**63 - 1),
        filter=st.none() | TEXTS,
        entries=st.lists(ENTRIES, max_size=3).map(tuple),
        receipt=st.builds(receipt, days=st.lists(STATES, max_size=3).map(tuple)),
    )
)
def test_every_part_is_read_as_it_was_planned(part: Part) -> None:
    assert part_from(part_cell(part)) == part
