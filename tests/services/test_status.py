"""The status: what was read, what is open or missing, and a server's own troubles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import SourceUnreachable
from bot.storage.days import DayStore
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, paper, reading, schedule
from tests.services.models import FakeModel

if TYPE_CHECKING:
    from bot.app import House
    from tests.builders import FakeSource
    from tests.services.world import World

TODAY = NOW.date()


async def test_a_bot_that_has_done_nothing_yet_says_so(house: House) -> None:
    status = await house.services.status.gather(None, NOW)
    assert (status.papers, status.collections, status.successes, status.days) == (0, [], [], [])
    assert status.missing == [TODAY - timedelta(days=n) for n in (3, 2, 1, 0)]


async def test_the_recent_days_are_there_open_or_missing(house: House) -> None:
    days = DayStore(house.database)
    await days.save_reading(reading(paper(1), paper(2)))
    await days.save_reading(reading(day=TODAY))
    await days.save_reading(reading(paper(9), day=DAY - timedelta(days=9)))
    status = await house.services.status.gather(None, NOW)
    assert status.papers == 3
    assert [(one.day, one.papers, one.complete) for one in status.days] == [
        (DAY, 2, True),
        (TODAY, 0, False),
    ]
    assert status.missing == [TODAY - timedelta(days=3), TODAY - timedelta(days=2)]


async def test_the_last_collection_and_the_last_good_one_are_told_apart(
    house: House, source: FakeSource
) -> None:
    await house.collector.collect([DAY], NOW)
    source.failure = SourceUnreachable("Hugging Face gives no answer.")
    with pytest.raises(SourceUnreachable):
        await house.collector.collect([DAY], NOW + timedelta(hours=1))
    status = await house.services.status.gather(None, NOW)
    assert [one.error for one in status.collections] == ["Hugging Face gives no answer."]
    assert [(one.began_at, one.error) for one in status.successes] == [(NOW, None)]


async def test_a_servers_schedules_and_troubles_are_its_own(house: House) -> None:
    await DayStore(house.database).save_reading(reading(paper()))
    for channel, guild in ((5, 1), (6, 2)):
        order = schedule(channel, guild_id=guild)
        await ScheduleStore(house.database).save(order)
        await house.services.editions.make(order, NOW)
    status = await house.services.status.gather(1, NOW)
    assert [one.channel_id for one in status.schedules] == [5]
    assert [one.channel_id for one in status.unsettled] == [5]
    nobody = await house.services.status.gather(None, NOW)
    assert (nobody.schedules, nobody.unsettled) == ([], [])


async def test_the_models_are_there_with_what_they_used(world: World) -> None:
    assert (await world.house.services.status.gather(None, NOW)).models is None
    world.with_model(FakeModel(tokens=700), tokens=1000)
    world.lists.put(TODAY, 1)
    await world.collect()
    await world.write()
    models = (await world.house.services.status.gather(None, NOW)).models
    assert models is not None
    assert [(one.model, one.tokens, one.summaries) for one in models.used] == [("gpt-x", 700, 1)]
    assert (models.limit, models.spent, models.trouble) == (1000, False, None)
    assert models.renewed_at > NOW
