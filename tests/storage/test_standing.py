from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from bot.storage.standing import StandingStore
from tests.builders import DAY, NOW, paper, reading, schedule

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId
    from bot.storage.database import Database

ONE, TWO, THREE = (paper(number).id for number in (1, 2, 3))
NONE: set[ArxivId] = set()


async def with_editions(database: Database, *topics: str | None) -> StandingStore:
    """Give each of these topics a channel that has had an edition of DAY, and DAY two papers."""
    await DayStore(database).save_reading(reading(paper(1), paper(2), day=DAY, read_at=NOW))
    for channel, topic in enumerate(topics, start=1):
        edition = f"e{channel}"
        await ScheduleStore(database).save(schedule(channel, topic=topic, edition_id=edition))
        async with database.transaction() as connection:
            await connection.execute(
                "INSERT INTO editions (id, channel_id, made_at, shown, matching, listed, days) "
                "VALUES (:id, :channel, '', 1, 1, 1, :days)",
                {"id": edition, "channel": channel, "days": f'["{DAY}"]'},
            )
    return StandingStore(database)


async def bring(database: Database, channel: int, paper_id: ArxivId) -> None:
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO brought SELECT :channel, no, 1, 'e' FROM papers WHERE id = :id",
            {"channel": channel, "id": paper_id},
        )


async def test_active_channels_are_told_with_their_topics(database: Database) -> None:
    standing = await with_editions(database, "a", None, "b")
    await ScheduleStore(database).save(schedule(9, topic="never had one"))
    assert await standing.active(0, 10) == {1: "a", 2: None, 3: "b"}
    assert await standing.active(1, 1) == {2: None}
    assert await standing.active(3, 10) == {}


async def test_late_papers_are_for_those_whose_topic_they_match(database: Database) -> None:
    standing = await with_editions(database, 'a "quoted" one', None, "b", "c", "a")
    matching = {'a "quoted" one': {ONE}, "b": {THREE}, "c": NONE, "a": {ONE, TWO}}
    late = await standing.late([DAY], 1, 9, matching)
    assert [one.channel_id for one in late] == [1, 2, 5]
    for channel in (1, 2, 5):
        await bring(database, channel, ONE)
    late = await standing.late([DAY], 1, 9, matching)
    assert [one.channel_id for one in late] == [2, 5]


async def test_a_topic_of_which_nothing_is_told_takes_nothing_late(database: Database) -> None:
    standing = await with_editions(database, "a", None)
    assert [one.channel_id for one in await standing.late([DAY], 1, 9, {})] == [2]
