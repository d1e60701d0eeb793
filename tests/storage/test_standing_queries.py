"""Each query is stored once, follows those who have it, and goes with the last of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.standing import Anchor, Compiled
from bot.storage.standing_queries import StandingQueries
from tests.builders import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Database

VIDEO = Compiled(
    form="video",
    text="Video",
    pattern='["texts",true,"video"]',
    anchors=frozenset((Anchor("video", "", sure=True), Anchor("clip", "film|-cat", sure=False))),
)
AUDIO = Compiled(
    form="audio", text="audio", pattern="[]", anchors=frozenset((Anchor("audio", "", sure=True),))
)


NEVER = NOW + timedelta(days=1000)


async def entered(database: Database, *queries: Compiled, now: datetime = NOW) -> list[int]:
    store = StandingQueries(database)
    async with database.transaction() as connection:
        return [await store.enter(connection, one, now) for one in queries]


async def stored(database: Database, table: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await database.all(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608


async def noticed(database: Database, *keys: str) -> list[tuple[int, int, str, bool]]:
    return await StandingQueries(database).read(lambda reader: list(reader.noticed(keys)))


async def test_a_query_is_noticed_by_its_anchors_from_the_moment_that_it_is_entered(
    database: Database,
) -> None:
    assert await noticed(database, "video", "clip") == []
    video, audio = await entered(database, VIDEO, AUDIO)
    found = await noticed(database, "a cat", "video", "audio", "clip")
    assert found == [(1, video, "", 1), (2, audio, "", 1), (3, video, "film|-cat", 0)]
    read = StandingQueries(database).read
    assert await read(lambda reader: list(reader.patterns([audio, 99, video]))) == [
        (audio, AUDIO.pattern),
        (video, VIDEO.pattern),
    ]


async def test_a_query_that_two_have_is_stored_once_and_goes_with_the_second(
    database: Database,
) -> None:
    store = StandingQueries(database)
    first, second = await entered(database, VIDEO, replace(VIDEO, text="video"))
    assert first == second
    for left in (1, 0):
        async with database.transaction() as connection:
            await store.leave(connection, first)
        assert len(await stored(database, "standing_queries")) == left
        assert len(await noticed(database, "video", "clip")) == 2 * left
    async with database.transaction() as connection:
        await store.leave(connection, first)  # nobody has it any more
    assert await stored(database, "alert_anchors") == []


async def test_who_enters_a_query_again_brings_what_is_known_now(database: Database) -> None:
    (no,) = await entered(database, VIDEO)
    later = NOW + timedelta(hours=1)
    anew = replace(VIDEO, text="the video", pattern="[1]", anchors=AUDIO.anchors)
    await entered(database, anew, now=later)
    rows = await stored(database, "standing_queries")
    assert rows == [(no, "video", "Video", "[1]", 2, "2025-02-12T10:00:00.000000+00:00")]
    assert await stored(database, "alert_anchors") == [("audio", no, "", 1)]


async def test_the_queries_compiled_longest_ago_are_outdated_first(database: Database) -> None:
    (video,) = await entered(database, VIDEO, now=NOW + timedelta(hours=1))
    (audio,) = await entered(database, AUDIO)
    store = StandingQueries(database)
    both = await store.outdated(NOW + timedelta(days=1), NEVER, 9)
    assert [(one.no, one.text) for one in both] == [(audio, "audio"), (video, "Video")]
    assert await store.outdated(NOW + timedelta(days=1), NEVER, 1) == both[:1]
    assert await store.outdated(NOW + timedelta(hours=1), NEVER, 9) == both[:1]
    assert await store.outdated(NOW, NOW + timedelta(minutes=5), 9) == both[1:]  # a wrong clock's


async def test_renewal_changes_what_changed_and_brings_nobody_back(database: Database) -> None:
    video, audio = await entered(database, VIDEO, AUDIO)
    before = await stored(database, "alert_anchors")
    later = NOW + timedelta(days=1)
    anew = replace(AUDIO, pattern="[2]", anchors=frozenset((Anchor("sound", "", sure=False),)))
    await StandingQueries(database).renew({video: None, audio: anew, 99: VIDEO}, later)
    rows = await stored(database, "standing_queries")
    assert [row[3] for row in rows] == [VIDEO.pattern, "[2]"]
    assert {row[5] for row in rows} == {"2025-02-13T09:00:00.000000+00:00"}
    left = await stored(database, "alert_anchors")
    kept = [row for row in before if row[1] == video]
    assert sorted(left) == sorted([*kept, ("sound", audio, "", 0)])
    assert await StandingQueries(database).outdated(later, NEVER, 9) == []
