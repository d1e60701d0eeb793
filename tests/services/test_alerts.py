"""Alerts as people order, change, pause and remove them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts import ALERTS_A_PERSON, BACKTEST, FLOOD_A_DAY, Backtest
from bot.domain.papers import ArxivId
from bot.domain.schedules import State
from bot.errors import QueryMistake, UserError
from bot.search.parsing import parse
from bot.services import alerts as alerts_module
from bot.services.alerts import Wishes
from bot.storage import alerts as store_module
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, schedule
from tests.services.alerting import ADA, CHANNEL, GRACE, GUILD, OWN, alert, brought

if TYPE_CHECKING:
    from bot.services.alerts import Alerts
    from tests.services.world import World

TODAY = NOW.date()


@pytest.fixture
def alerts(world: World) -> Alerts:
    """Give the alerts of a bot that has read nothing yet."""
    return world.house.services.alerts


@pytest.mark.parametrize(
    ("wishes", "at", "zone"),
    [
        (Wishes(query="a"), None, None),
        (Wishes(query="a", when="at once"), None, None),
        (Wishes(query="a", when="daily"), time(9), "UTC"),
        (Wishes(query="a", time="7:30"), time(7, 30), "UTC"),
        (Wishes(query="a", timezone="Europe/Berlin"), time(9), "Europe/Berlin"),
    ],
)
async def test_what_comes_daily_has_a_time_and_a_zone(
    alerts: Alerts, wishes: Wishes, at: time | None, zone: str | None
) -> None:
    order = (await alerts.order(ADA, wishes, NOW)).order
    assert (order.at, order.zone) == (at, None if zone is None else ZoneInfo(zone))


async def test_the_zone_that_somebody_named_last_is_theirs(world: World, alerts: Alerts) -> None:
    await alert(world, "a", time="08:00", timezone="Asia/Tokyo")
    assert (await alerts.order(ADA, Wishes(query="b", when="daily"), NOW)).order.zone == ZoneInfo(
        "Asia/Tokyo"
    )
    assert (await alerts.order(GRACE, Wishes(query="b", when="daily"), NOW)).order.zone == ZoneInfo(
        "UTC"
    )


@pytest.mark.parametrize(
    ("wishes", "error", "said"),
    [
        (Wishes(query="(a"), QueryMistake, "expected"),
        (Wishes(query="-a"), QueryMistake, "something to look for"),
        (Wishes(query="a", time="25:00"), UserError, "25:00"),
        (Wishes(query="a", timezone="Atlantis"), UserError, "Atlantis"),
        (Wishes(query="a", when="at once", time="07:00"), UserError, "no time"),
        (Wishes(query="a", when="at once", timezone="UTC"), UserError, "no time"),
    ],
)
async def test_what_cannot_be_read_is_said_and_nothing_kept(
    world: World, alerts: Alerts, wishes: Wishes, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        await alerts.order(ADA, wishes, NOW)
    assert await world.database.all("SELECT 1 FROM alert_drafts") == []


async def test_a_draft_is_saved_once_by_its_person_within_thirty_days(alerts: Alerts) -> None:
    draft = await alerts.order(ADA, Wishes(query="  video   diffusion "), NOW)
    assert await alerts.draft(draft.id, ADA, NOW) == draft
    with pytest.raises(UserError, match="somebody else's"):
        await alerts.draft(draft.id, GRACE, NOW)
    with pytest.raises(UserError, match="thirty days"):
        await alerts.draft(draft.id, ADA, NOW + timedelta(days=31))
    saved = await alerts.save(draft, OWN[ADA], NOW)
    assert (saved.query, saved.direct, saved.state) == ("video diffusion", True, State.ACTIVE)
    with pytest.raises(UserError, match="saved already"):
        await alerts.save(draft, OWN[ADA], NOW)
    with pytest.raises(UserError, match="saved already"):
        await alerts.draft(draft.id, ADA, NOW)
    assert await alerts.of_person(ADA) == [saved]


async def test_a_draft_is_changed_before_it_is_saved(alerts: Alerts) -> None:
    draft = await alerts.order(ADA, Wishes(query="a", time="08:00"), NOW)
    other = await alerts.reorder(draft, Wishes(query="b"), NOW)
    assert (other.order.query, other.order.at) == ("b", time(8))
    assert other.id != draft.id


async def test_a_zone_that_is_only_kept_is_nobodys_choice(world: World, alerts: Alerts) -> None:
    told = {"channel_id": CHANNEL, "guild_id": GUILD}
    hers = await alert(world, "a", GRACE, time="08:00", timezone="Asia/Tokyo", **told)
    draft = await alerts.edit(hers, ADA, Wishes(query="b"), NOW)
    await alerts.save(draft, CHANNEL, NOW)
    again = await alerts.order(ADA, Wishes(query="c", when="daily"), NOW)
    assert again.order.zone == ZoneInfo("UTC")


async def test_what_was_changed_meanwhile_is_not_written_over(world: World, alerts: Alerts) -> None:
    first = await alert(world, "video")
    drafts = [await alerts.edit(first, ADA, Wishes(query=one), NOW) for one in ("a", "b")]
    await alerts.save(drafts[0], OWN[ADA], NOW)
    with pytest.raises(UserError, match="changed meanwhile"):
        await alerts.save(drafts[1], OWN[ADA], NOW)
    assert [one.query for one in await alerts.of_person(ADA)] == ["a"]


async def test_a_cancelled_draft_cannot_be_saved(world: World, alerts: Alerts) -> None:
    draft = await alerts.order(ADA, Wishes(query="a"), NOW)
    await alerts.cancel(draft)
    with pytest.raises(UserError, match="saved already"):
        await alerts.save(draft, OWN[ADA], NOW)
    assert await alerts.of_person(ADA) == []


async def test_a_servers_channels_have_so_many_at_the_most(
    world: World, alerts: Alerts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (alerts_module, store_module):
        monkeypatch.setattr(module, "ALERTS_A_SERVER", 2)
    draft = await alerts.order(ADA, Wishes(query="c", channel_id=CHANNEL, guild_id=GUILD), NOW)
    for person, query in ((ADA, "a"), (GRACE, "b")):
        await alert(world, query, person, channel_id=CHANNEL, guild_id=GUILD)
    with pytest.raises(UserError, match="This server's channels have 2 alerts"):
        await alerts.save(draft, CHANNEL, NOW)
    await alert(world, "c")


async def test_old_drafts_are_forgotten(world: World, alerts: Alerts) -> None:
    await alerts.order(ADA, Wishes(query="a"), NOW)
    await alerts.order(ADA, Wishes(query="b"), NOW + timedelta(days=31))
    [row] = await world.database.all("SELECT wanted FROM alert_drafts")
    assert '"b"' in row["wanted"]


async def test_a_person_has_fifty_at_the_most(world: World, alerts: Alerts) -> None:
    early = await alerts.order(ADA, Wishes(query="early"), NOW)
    made = [await alert(world, f"thing{n}") for n in range(ALERTS_A_PERSON)]
    with pytest.raises(UserError, match="50"):
        await alerts.order(ADA, Wishes(query="a"), NOW)
    with pytest.raises(UserError, match="50"):
        await alerts.save(early, OWN[ADA], NOW)
    await alerts.remove(made[0])
    assert (await alerts.save(early, OWN[ADA], NOW)).query == "early"
    await alert(world, "another person's", GRACE)


async def test_an_alert_is_changed_and_looks_for_the_new_from_then_on(
    world: World, alerts: Alerts
) -> None:
    world.lists.title = "A study of thing{}"
    first = await alert(world, "thing1", time="12:00")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2)
    await world.collect()
    draft = await alerts.edit(first, ADA, Wishes(query="thing2 OR thing3", when="at once"), NOW)
    assert (await alerts.get(first.no, ADA)).query == "thing1"  # until it is saved
    world.clock.move(minutes=1)
    changed = await alerts.save(draft, OWN[ADA], world.clock())
    assert (changed.no, changed.query, changed.at) == (first.no, "thing2 OR thing3", None)
    assert changed.since == world.clock()
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 3)
    await world.collect()
    assert brought(world) == [(OWN[ADA], [3])]  # 1 was found by what nobody asks for any more
    rows = await world.database.all("SELECT form FROM standing_queries")
    assert len(rows) == 1


async def test_when_it_comes_is_changed_without_a_gap(world: World, alerts: Alerts) -> None:
    first = await alert(world, "thing")
    world.clock.move(hours=1)
    draft = await alerts.edit(first, ADA, Wishes(time="10:00", timezone="UTC"), world.clock())
    changed = await alerts.save(draft, OWN[ADA], world.clock())
    assert changed.since == first.since
    assert changed.next_run == NOW + timedelta(days=1, hours=1)


async def test_what_is_gone_cannot_be_changed(world: World, alerts: Alerts) -> None:
    first = await alert(world, "a")
    draft = await alerts.edit(first, ADA, Wishes(query="b"), NOW)
    await alerts.remove(first)
    with pytest.raises(UserError, match="not there any more"):
        await alerts.save(draft, OWN[ADA], NOW)
    with pytest.raises(UserError, match="not there any more"):
        await alerts.get(first.no, ADA)
    with pytest.raises(UserError, match="not there any more"):
        await alerts.resume(first, NOW)
    await alerts.remove(first)  # clicked twice


async def test_the_same_query_of_many_stands_once(world: World, alerts: Alerts) -> None:
    made = [await alert(world, "Video Diffusion", person) for person in (ADA, GRACE)]
    assert len(await world.database.all("SELECT 1 FROM standing_queries")) == 1
    for one in made:
        await alerts.remove(one)
    left = "SELECT no FROM standing_queries UNION SELECT query_no FROM alert_anchors"
    assert await world.database.all(left) == await alerts.of_person(ADA) == []


async def test_each_sees_their_own_and_managers_those_of_their_servers_channels(
    world: World, alerts: Alerts
) -> None:
    mine = await alert(world, "a")
    channels = await alert(world, "b", GRACE, channel_id=CHANNEL, guild_id=GUILD)
    assert await alerts.of_person(ADA) == [mine]
    assert await alerts.of_person(ADA, GUILD) == [mine, channels]
    assert await alerts.get(channels.no, ADA, GUILD) == channels
    for guild in (None, GUILD + 1):
        with pytest.raises(UserError, match="somebody else's"):
            await alerts.get(channels.no, ADA, guild)
    with pytest.raises(UserError, match="somebody else's"):
        await alerts.get(mine.no, GRACE, GUILD)


async def test_a_back_test_says_how_many_when_and_which(world: World, alerts: Alerts) -> None:
    world.lists.put(DAY - timedelta(days=60), 1)
    world.lists.put(DAY - timedelta(days=3), 1, 2, 3)  # 1 is no news any more
    world.lists.put(DAY, 4, 5)
    await world.house.collector.collect([DAY - timedelta(days=60)], NOW)
    await world.collect()
    await ScheduleStore(world.database).save(schedule(CHANNEL, limit=1))
    await world.run_due()
    found = await alerts.backtest('"study of thing"', NOW, CHANNEL)
    assert (found.papers, found.listed, found.quiet) == (4, 4, False)
    assert found.per_day == ((DAY - timedelta(days=3), 2), (DAY, 2))
    assert [one.id for one in found.examples] == ["2502.00005", "2502.00004", "2502.00003"]
    assert found.examples[0].reason == "It stands in the title."
    assert found.shown == 1
    assert found.since == TODAY - BACKTEST + timedelta(days=1)
    assert (await alerts.backtest("study", NOW)).shown is None
    assert (await alerts.backtest("study", NOW, CHANNEL + 1)).shown is None
    assert (await alerts.backtest("zebra", NOW)).quiet
    with pytest.raises(QueryMistake):
        await alerts.backtest("(", NOW)


async def test_nothing_in_thirty_days_is_not_nothing_in_ninety(
    world: World, alerts: Alerts
) -> None:
    world.lists.put(DAY - timedelta(days=60), 1)
    await world.house.collector.collect([DAY - timedelta(days=60)], NOW)
    found = await alerts.backtest("study", NOW)
    assert (found.papers, found.quiet) == (0, False)


@pytest.mark.parametrize(
    ("papers", "days", "floods"), [(301, 30, True), (300, 30, False), (22, 2, True), (0, 0, False)]
)
def test_more_than_ten_a_day_are_a_flood(papers: int, days: int, floods: bool) -> None:
    per_day = tuple((TODAY - timedelta(days=n), 1) for n in range(days))
    found = Backtest(query="a", since=TODAY, papers=papers, listed=papers, per_day=per_day)
    assert found.floods is floods
    assert found.a_day == papers / BACKTEST.days
    assert FLOOD_A_DAY == 10


async def test_a_papers_own_keywords_are_what_to_leave_out(world: World, alerts: Alerts) -> None:
    first = await alert(world, "thing OR study")
    world.lists.put(TODAY, 1, keyword="video")
    keywords = ("thing", "video diffusion", "3D", "study of things", "thing three", "c")
    world.lists.keywords[1] = (*keywords, 'foo" OR "thing')
    await world.collect()
    paper_id = ArxivId("2502.00001")
    proposed = await alerts.excluding(first, paper_id)
    assert proposed[0] == '(thing OR study) -"video diffusion"'
    assert len(proposed) == 4
    for one in proposed:
        parse(one)
        assert (await alerts.backtest(one, NOW)).papers == 0
    assert await alerts.excluding(first, ArxivId("2502.09999")) == []


async def test_what_would_be_too_long_is_not_proposed(world: World, alerts: Alerts) -> None:
    first = await alert(world, f'study OR "{"thinging " * 30}"')
    world.lists.put(TODAY, 1)
    world.lists.keywords[1] = ("x" * 80, "video")
    await world.collect()
    assert all("xxx" not in one for one in await alerts.excluding(first, ArxivId("2502.00001")))


async def test_found_papers_are_counted_by_alert(world: World, alerts: Alerts) -> None:
    first, second = await alert(world, "study"), await alert(world, "zebra")
    world.clock.move(minutes=1)
    world.lists.put(TODAY, 1, 2)
    await world.collect()
    assert await alerts.counts([first, second], world.clock()) == {first.no: 2}


async def test_the_stopped_alerts_of_a_channel_resume_together(
    world: World, alerts: Alerts
) -> None:
    told = {"channel_id": CHANNEL, "guild_id": GUILD}
    first = await alert(world, "a", **told)
    await alert(world, "b", GRACE, **told)
    elsewhere = await alert(world, "c", channel_id=CHANNEL + 1, guild_id=GUILD)
    for channel in (CHANNEL, CHANNEL + 1):
        await alerts.lose(channel, NOW)
    resumed = await alerts.resume(await alerts.get(first.no, ADA), NOW)
    assert [one.query for one in resumed] == ["a", "b"]
    assert (await alerts.get(elsewhere.no, ADA)).state is State.STOPPED


async def test_all_that_go_to_a_person_resume_together(world: World, alerts: Alerts) -> None:
    stopped = [await alert(world, query) for query in ("study", "thing")]
    paused = await alert(world, "zebra")
    await alerts.pause(paused)
    world.clock.move(minutes=1)
    world.discord.answers.append(50007)
    world.lists.put(TODAY, 1)
    await world.collect()
    assert {one.state for one in await alerts.of_person(ADA)} == {State.STOPPED, State.PAUSED}
    one = await alerts.get(stopped[0].no, ADA)
    await alerts.resume(one, world.clock(), channel_id=950)
    told = {one.no: (one.state, one.channel_id) for one in await alerts.of_person(ADA)}
    assert told == {
        stopped[0].no: (State.ACTIVE, 950),
        stopped[1].no: (State.ACTIVE, 950),
        paused.no: (State.PAUSED, OWN[ADA]),
    }
