"""Alerts by the clock: what comes at once and what daily, each paper once, and to whom nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.alerts import PAPERS_A_MESSAGE
from bot.domain.deliveries import Notice
from bot.domain.schedules import State
from bot.services.alert_rounds import HITS_KEPT
from bot.services.schedules import Wishes as Times
from bot.storage.alert_hits import HitStore
from bot.storage.summaries import SummaryStore
from tests.builders import NOW
from tests.services.alerting import ADA, CHANNEL, GRACE, GUILD, OWN, alert, brought, queries
from tests.services.channel import Discord, Life
from tests.services.world import Lists, MortalDatabase, World
from tests.storage.indexed import summary

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders import Clock

TODAY = NOW.date()


@pytest.fixture
def world(world: World) -> World:
    """Let a paper be a study of thing and its number, and the alerts be older than all lists."""
    world.lists.title = "A study of thing{} and another"
    return world


async def test_what_comes_is_brought_at_once_with_the_words_that_matched(world: World) -> None:
    await alert(world, "thing3")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2, 3)
    await world.collect()
    assert brought(world) == [(OWN[ADA], [3])]
    [batch] = world.discord.batches
    assert (batch.person_id, batch.total, queries(batch)) == (ADA, 1, ["thing3"])
    assert batch.papers[0].why is not None
    [(start, end)] = batch.papers[0].why.matched
    assert batch.papers[0].why.text[start:end] == "thing 3"


async def test_one_message_brings_what_came_in_one_collection_each_paper_once(
    world: World,
) -> None:
    first = await alert(world, "thing1 OR thing2")
    second = await alert(world, "thing2 OR thing3")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2, 3)
    await world.collect()
    assert brought(world) == [(OWN[ADA], [3, 2, 1])]
    [batch] = world.discord.batches
    assert [one.alerts for one in batch.papers] == [
        (second.no,),
        (first.no, second.no),
        (first.no,),
    ]
    world.clock.move(minutes=30)
    world.lists.put(TODAY, 4)
    await world.collect()
    assert len(brought(world)) == 1


async def test_a_paper_fires_an_alert_once_whatever_comes_to_be_known_of_it(world: World) -> None:
    await alert(world, 'keyword:"late words"')
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    assert brought(world) == []
    world.clock.move(minutes=30)
    world.lists.put(TODAY, 1, keyword="late words")
    await world.collect()
    assert brought(world) == [(OWN[ADA], [1])]
    world.clock.move(minutes=30)
    world.lists.put(TODAY, 1, keyword="late words indeed")
    await world.collect()
    assert len(brought(world)) == 1


async def test_a_better_summary_may_be_what_matches(world: World) -> None:
    await alert(world, "zebra")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    [paper_id] = [one.paper.id for one in (await world.lists.day(TODAY)).listed]
    await SummaryStore(world.database).save({paper_id: summary(tldr="It finds a zebra.")})
    await world.collect()
    assert brought(world) == [(OWN[ADA], [1])]
    [batch] = world.discord.batches
    assert batch.papers[0].why is not None
    assert batch.papers[0].why.text == "It finds a zebra."


async def test_what_was_listed_before_an_alert_was_made_never_comes(world: World) -> None:
    world.lists.put(TODAY, 1)
    await world.collect()
    world.clock.move(minutes=1)
    await alert(world, "thing1")
    world.lists.put(TODAY, 1, keyword="new")
    await world.collect()
    assert brought(world) == []


async def test_old_lists_are_no_news(world: World) -> None:
    await alert(world, "thing1")
    world.clock.move(minutes=1)
    old = TODAY - timedelta(days=40)
    world.lists.put(TODAY, 5)
    await world.collect()
    world.lists.put(old, 1)
    await world.house.collector.collect([old], world.clock())
    await world.collect()
    assert brought(world) == []


async def test_a_daily_alert_waits_for_its_time_and_brings_all_at_once(world: World) -> None:
    daily = await alert(world, "thing1 OR thing2", time="11:00", timezone="Europe/Berlin")
    assert daily.next_run == NOW + timedelta(hours=1)
    for number in (1, 2):
        world.clock.move(minutes=10)
        world.lists.put(TODAY, number)
        await world.collect()
        await world.run_due()
    assert brought(world) == []
    world.clock.now = NOW + timedelta(hours=1)
    await world.run_due()
    assert brought(world) == [(OWN[ADA], [2, 1])]
    [later] = await world.house.services.alerts.of_person(ADA)
    assert later.next_run == NOW + timedelta(days=1, hours=1)
    await world.run_due()
    assert len(brought(world)) == 1


async def test_of_very_many_the_most_upvoted_are_shown_and_the_others_counted(
    world: World,
) -> None:
    await alert(world, "another")
    world.clock.move(minutes=1)
    numbers = range(1, PAPERS_A_MESSAGE + 13)
    world.lists.put(TODAY, *numbers)
    await world.collect()
    [batch] = world.discord.batches
    assert (batch.total, batch.more, len(batch.papers)) == (22, 12, PAPERS_A_MESSAGE)
    assert brought(world)[0][1] == sorted(numbers, reverse=True)[:PAPERS_A_MESSAGE]
    whole = await world.house.services.alerts.papers_of(batch.id, batch.channel_id)
    assert whole is not None
    assert len(whole.papers) == 22
    assert await world.house.services.alerts.papers_of(batch.id, 1) is None


async def test_a_channel_is_told_with_the_one_role_and_no_person(world: World) -> None:
    await alert(world, "thing1", mention_role=77, channel_id=CHANNEL, guild_id=GUILD)
    await alert(world, "thing1 OR thing2", channel_id=CHANNEL, guild_id=GUILD)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2)
    await world.collect()
    told = {(one.mention_role, one.person_id, one.total) for one in world.discord.batches}
    assert told == {(77, None, 1), (None, None, 2)}


async def test_paused_alerts_miss_what_comes_meanwhile(world: World) -> None:
    alerts = world.house.services.alerts
    paused = await alert(world, "another")
    world.clock.move(minutes=1)
    await alerts.pause(paused)
    world.lists.put(TODAY, 1)
    await world.collect()
    world.clock.move(minutes=1)
    [resumed] = await alerts.resume(await alerts.get(paused.no, ADA), world.clock())
    assert (resumed.state, resumed.since) == (State.ACTIVE, world.clock())
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 2)
    await world.collect()
    assert brought(world) == [(OWN[ADA], [2])]


@pytest.mark.parametrize("code", [10003, 50001, 50007, 50013])
async def test_who_cannot_be_reached_is_not_tried_again_until_resumed(
    world: World, code: int
) -> None:
    mine, other = await alert(world, "another"), await alert(world, "another", GRACE)
    world.clock.move(minutes=1)
    world.discord.answers.append(code)
    world.lists.put(TODAY, 1)
    await world.collect()
    assert len(brought(world)) == 1  # the other's
    stopped = [
        one
        for person in (ADA, GRACE)
        for one in await world.house.services.alerts.of_person(person)
        if one.state is State.STOPPED
    ]
    assert [one.reason for one in stopped] == [f"refused with {code}"]
    assert world.discord.notices == []
    for number in (2, 3):
        world.clock.move(minutes=30)
        world.lists.put(TODAY, number)
        await world.collect()
    waiting = await world.database.all("SELECT 1 FROM alert_hits WHERE batch IS NULL")
    planned = await world.database.all("SELECT 1 FROM deliveries WHERE state <> 'sent'")
    assert (waiting, planned) == ([], [])
    world.clock.move(minutes=1)
    alerts = world.house.services.alerts
    [again] = await alerts.resume(stopped[0], world.clock(), channel_id=950)
    assert (again.channel_id, again.state) == (950, State.ACTIVE)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 4)
    await world.collect()
    assert (950, [4]) in brought(world)
    assert {mine.no, other.no} >= {again.no}


async def test_who_made_a_channels_alerts_is_told_once_why_they_stopped(world: World) -> None:
    told = {"channel_id": CHANNEL, "guild_id": GUILD}
    made = [await alert(world, query, **told) for query in ("thing1", "another")]
    world.clock.move(minutes=1)
    world.discord.closed = 50013
    world.lists.put(TODAY, 1)
    await world.collect()
    await world.collect()
    [notice] = world.discord.notices
    assert isinstance(notice, Notice)
    assert (notice.person_id, notice.channel_id) == (ADA, CHANNEL)
    assert notice.alert_no in {one.no for one in made}
    alerts = world.house.services.alerts
    assert await alerts.wake(GUILD, lambda _: False, world.clock()) == []
    assert await alerts.wake(GUILD, lambda channel: channel == CHANNEL, world.clock()) == [CHANNEL]
    assert {one.state for one in await alerts.of_person(ADA)} == {State.ACTIVE}


async def test_who_made_the_alerts_of_a_channel_that_is_gone_is_told(world: World) -> None:
    await alert(world, "another", channel_id=CHANNEL, guild_id=GUILD)
    await alert(world, "another", GRACE)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    world.discord.closed = 500
    await world.house.services.daily.read(world.clock())
    await world.house.services.daily.alert(world.clock())
    await world.house.services.alerts.lose(CHANNEL, world.clock())
    world.discord.closed = None
    await world.house.services.deliveries.deliver_ready()
    assert [channel for channel, _ in brought(world)] == [OWN[GRACE]]
    [notice] = world.discord.notices
    assert (notice.person_id, notice.reason) == (ADA, "The channel is gone.")
    [left] = await world.house.services.alerts.of_person(ADA)
    assert (left.state, left.reason) == (State.STOPPED, "The channel is gone.")


async def test_an_edition_goes_before_the_alerts(world: World) -> None:
    await alert(world, "another")
    await world.house.services.schedules.change(CHANNEL, GUILD, ADA, Times(time="09:00"), NOW)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.house.services.daily.read(world.clock())
    async with world.database.transaction() as connection:
        await connection.execute(
            "UPDATE schedules SET next_run = '2025-01-01T00:00:00.000000+00:00'"
        )
    await world.house.services.daily.alert(world.clock())
    await world.house.services.daily.make_due(world.clock())
    await world.house.services.deliveries.deliver_ready()
    assert [type(one.content).__name__ for one in world.discord.standing] == ["Part", "Batch"]


async def test_what_was_found_long_ago_is_forgotten_and_never_found_again(world: World) -> None:
    await alert(world, "another")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    world.clock.now += HITS_KEPT + timedelta(days=2)
    await world.house.services.daily.upkeep(world.clock())  # by a clock that may be wrong
    assert len(await world.database.all("SELECT 1 FROM alert_hits")) == 1
    later = world.clock().date()
    world.lists.put(later, 1, 2)  # listed once more
    await world.collect()
    await world.house.services.daily.upkeep(world.clock())
    assert len(await world.database.all("SELECT 1 FROM alert_hits")) == 1  # the other's
    world.lists.put(later, 1, keyword="new")
    await world.collect()
    assert brought(world) == [(OWN[ADA], [1]), (OWN[ADA], [2])]


async def test_what_comes_while_a_list_is_read_is_not_lost_to_an_alert_saved_meanwhile(
    world: World,
) -> None:
    world.lists.put(TODAY, 1)
    read_at = world.clock()
    world.clock.move(seconds=2)
    await alert(world, "another")
    now, world.clock.now = world.clock(), read_at
    await world.house.services.daily.read(read_at)
    world.clock.now = now
    await world.house.services.daily.alert(now)
    await world.house.services.deliveries.deliver_ready()
    assert brought(world) == [(OWN[ADA], [1])]


async def test_a_channel_that_takes_nothing_gets_no_pile_and_is_given_up_after_a_week(
    world: World,
) -> None:
    await alert(world, "another")
    world.discord.closed = 50278
    for number in range(1, 5):
        world.clock.move(hours=1)
        world.lists.put(TODAY, number)
        await world.collect()
    assert len(await world.database.all("SELECT 1 FROM deliveries")) == 1
    world.discord.closed = None
    world.clock.move(hours=2)
    for _ in range(2):
        await world.collect()
        await world.house.services.deliveries.deliver_ready()
    assert [numbers for _, numbers in brought(world)] == [[1], [4, 3, 2]]
    world.discord.closed = 50278
    world.lists.put(TODAY, 9)
    await world.collect()
    world.clock.move(days=8)
    await world.house.services.daily.upkeep(world.clock())
    [stopped] = await world.house.services.alerts.of_person(ADA)
    assert (stopped.state, stopped.reason) == (
        State.STOPPED,
        "Discord has taken no message there for a week.",
    )


async def test_what_words_come_to_mean_brings_what_was_passed_over(world: World) -> None:
    world.lists.title = "About thing{}"
    await alert(world, "fzb")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 6, keyword="fuzzy zonal bazaars")
    await world.collect()
    assert brought(world) == []
    world.lists.title = "Fuzzy zonal bazaars (FZB), {}"
    world.lists.put(TODAY, *range(11, 16))
    await world.collect()
    assert len(brought(world)) == 1
    world.clock.move(hours=30)
    await world.house.services.daily.renew_alerts(world.clock())
    await world.collect()
    assert {6} < {number for _, numbers in brought(world) for number in numbers}


async def test_what_one_pauses_keeps_no_others_daily_papers_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {"channel_id": CHANNEL, "guild_id": GUILD, "time": "10:00"}
    first = await alert(world, "thing1", **told)
    await alert(world, "thing2", GRACE, **told)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2)
    await world.collect()
    plan = HitStore.plan

    async def paused(*args: Any) -> set[str]:
        monkeypatch.setattr(HitStore, "plan", plan)
        await world.house.services.alerts.pause(first)
        return await plan(*args)

    monkeypatch.setattr(HitStore, "plan", paused)
    world.clock.now = NOW + timedelta(hours=1)
    for _ in range(2):
        await world.run_due()
    assert brought(world) == [(CHANNEL, [2])]


async def test_a_time_zone_that_is_no_more_stops_nobodys_alerts(world: World) -> None:
    await alert(world, "another", time="10:00", timezone="UTC")
    await alert(world, "another", GRACE, time="10:00", timezone="UTC")
    async with world.database.transaction() as connection:
        await connection.execute("UPDATE alerts SET zone = 'Mars/Base' WHERE person_id = 11")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    world.clock.now = NOW + timedelta(hours=1)
    await world.run_due()
    assert sorted(brought(world)) == [(OWN[ADA], [1]), (OWN[GRACE], [1])]


async def test_nothing_is_left_of_a_channel_whose_last_alert_is_removed(world: World) -> None:
    made = await alert(world, "another", channel_id=CHANNEL, guild_id=GUILD)
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    world.discord.answers.append(500)
    await world.collect()
    await world.house.services.alerts.remove(made)
    assert await world.database.all("SELECT 1 FROM deliveries") == []


async def test_the_messages_of_alerts_are_kept_for_two_days(world: World) -> None:
    await alert(world, "another")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    kept = "SELECT 1 FROM deliveries WHERE kind = 'batch'"
    for days, left in ((1, 1), (2, 0)):
        world.clock.now = NOW + timedelta(days=days, hours=1)
        await world.house.services.daily.upkeep(world.clock())
        assert len(await world.database.all(kept)) == left
    [batch] = world.discord.batches
    assert await world.house.services.alerts.papers_of(batch.id, OWN[ADA]) is not None


async def test_what_a_clock_wrote_that_was_ahead_silences_no_alert(world: World) -> None:
    world.clock.now = NOW + timedelta(days=400)
    await alert(world, "thing1")
    await alert(world, "thing1", GRACE, time="10:00", timezone="UTC")
    world.clock.now = NOW
    await world.house.clockwork.mend(world.clock())
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1)
    await world.collect()
    assert brought(world) == [(OWN[ADA], [1])]
    world.clock.now = NOW + timedelta(hours=1)
    await world.run_due()
    assert brought(world)[1:] == [(OWN[GRACE], [1])]


async def test_a_bot_that_dies_at_any_step_reports_each_match_once(
    world: World, clock: Clock, tmp_path: Path
) -> None:
    await world.collect()  # the lists before are read by then
    await alert(world, "another")
    await alert(world, "thing2", GRACE)
    where: dict[str, Any] = {"channel_id": CHANNEL, "guild_id": GUILD}
    await alert(world, "another", time="09:30", timezone="UTC", **where)
    await world.database.backup(tmp_path / "before.db")
    lived, step = False, 0
    while not lived:
        step += 1
        clock.now = NOW + timedelta(minutes=1)
        shutil.copy(tmp_path / "before.db", path := tmp_path / f"{step}.db")
        async with MortalDatabase.open(path) as database:
            assert isinstance(database, MortalDatabase)
            world = World(database, clock, Discord(clock), Lists(clock))
            world.lists.title = "A study of thing{} and another"
            world.lists.put(TODAY, 1, 2)
            database.life = world.discord.life = Life()
            database.life.left = step
            lived = await _lives(world)
            database.life.left = None
            clock.move(minutes=40)
            world.start()
            for _ in range(2):
                await world.house.services.daily.settle()
                await world.collect()
                await world.run_due()
                clock.move(minutes=2)
        times = Counter(
            (channel, number) for channel, numbers in brought(world) for number in numbers
        )
        assert times == Counter(
            {
                (OWN[ADA], 1): 1,
                (OWN[ADA], 2): 1,
                (OWN[GRACE], 2): 1,
                (CHANNEL, 1): 1,
                (CHANNEL, 2): 1,
            }
        ), step
    assert step > 20


async def _lives(world: World) -> bool:
    """Let the bot read, bring at once, and bring at its time; False if it dies of it."""
    try:
        await world.collect()
        world.clock.move(minutes=30)
        await world.run_due()
    except asyncio.CancelledError:
        return False
    return not world.discord.life.over
