"""A schedule's topic: what matches is brought, late if it must be, and closed days stay closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.papers import closes_at
from bot.domain.summaries import Summary
from bot.services.drafts import Outcome
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.schedules import ScheduleStore
from bot.storage.summaries import SummaryStore
from tests.builders import DAY, NOW, paper, reading, schedule

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId
    from tests.services.world import World

MORNING = NOW - timedelta(days=1)
"""09:00 on DAY, whose list is open until NOW's night."""

NIGHT = closes_at(DAY)
AFTER_CLOSING = NIGHT + timedelta(hours=2)
TOPIC = "diffusion"


@pytest.fixture
async def ordered(world: World) -> World:
    """Give a channel that wants diffusion, on DAY's morning; it has had a day before."""
    world.clock.now = MORNING
    await DayStore(world.database).save_reading(
        reading(day=DAY - timedelta(days=1), read_at=MORNING)
    )
    await ScheduleStore(world.database).save(schedule(since=DAY, topic=TOPIC, next_run=MORNING))
    return world


def numbers(world: World) -> list[int]:
    return [number for shown in world.discord.shown for number in shown]


def arxiv_id(number: int) -> ArxivId:
    return paper(number).id


async def write_summary(world: World, number: int, tldr: str) -> None:
    """Let a model write a better summary, as it may hours later."""
    told = Summary(
        tldr=tldr, model="a-model", source="full text", prompt=1, grounded=True, sought=True,
        written_at=world.clock(),
    )  # fmt: skip
    await SummaryStore(world.database).save({arxiv_id(number): told})


async def learn_keyword(world: World, number: int, keyword: str) -> None:
    """Let a source tell of a keyword outside of any list."""
    told = paper(number, ai_keywords=(keyword,))
    await PaperStore(world.database).save([told], world.clock())


async def test_what_matches_is_shown_and_the_others_are_counted(ordered: World) -> None:
    ordered.lists.put(DAY, 1, 2, 3)
    ordered.lists.put(DAY, 4, 5, keyword="Diffusion")
    await ordered.round()
    assert ordered.discord.shown == [[5, 4]]
    [part] = ordered.discord.parts
    assert part.filter == "matching “diffusion”"
    assert (part.receipt.shown, part.receipt.matching, part.receipt.listed) == (2, 2, 5)
    assert await ordered.brought() == {5: 1, 4: 2}


async def test_both_the_topic_and_the_minimum_must_hold(ordered: World) -> None:
    await ordered.order(min_upvotes=5)
    ordered.lists.put(DAY, 9, 10)
    ordered.lists.put(DAY, 4, 6, keyword=TOPIC)
    await ordered.round()
    assert ordered.discord.shown == [[6]]
    assert ordered.discord.parts[0].filter == "matching “diffusion” · at least 5 upvotes"


async def test_over_the_limit_what_matches_stands_under_browse_all(ordered: World) -> None:
    await ordered.order(limit=1)
    ordered.lists.put(DAY, 1)
    ordered.lists.put(DAY, 2, 3, keyword=TOPIC)
    await ordered.round()
    assert await ordered.brought() == {3: 1, 2: 0}


async def test_where_nothing_matches_the_channel_is_silent_and_it_is_written_down_why(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1, 2)
    await ordered.order(topic="video   diffusion", min_upvotes=3)
    await ordered.round()
    assert ordered.discord.messages == []
    told = (await ordered.schedule()).last_outcome
    assert told == "none matched of 2 on 2025-02-11 2025-02-11 3 video diffusion"


async def test_a_paper_whose_keywords_arrive_late_joins_the_edition_at_its_end(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 8, 1)
    ordered.lists.put(DAY, 3, keyword=TOPIC)
    await ordered.round()
    assert ordered.discord.shown == [[3]]
    ordered.lists.put(DAY, 8, keyword=TOPIC)
    await ordered.until(MORNING + timedelta(hours=1))
    assert ordered.discord.shown == [[3, 8]]
    [part] = ordered.discord.parts
    assert (part.receipt.matching, part.receipt.listed) == (2, 3)
    await ordered.until(NOW)
    assert ordered.discord.shown == [[3, 8]]


async def test_late_papers_that_do_not_match_edit_nothing(ordered: World) -> None:
    ordered.lists.put(DAY, 3, keyword=TOPIC)
    await ordered.round()
    ordered.lists.put(DAY, 9)
    await ordered.until(MORNING + timedelta(hours=1))
    assert ordered.discord.standing[0].edits == 0


async def test_without_an_edition_to_add_it_to_it_comes_with_the_next(ordered: World) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    await ordered.until(MORNING + timedelta(hours=1))
    assert numbers(ordered) == []
    await ordered.until(NOW)
    assert numbers(ordered) == [1]


async def test_a_keyword_that_came_with_the_last_reading_counts(ordered: World) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == [1]


@pytest.mark.parametrize("with_edition", [True, False])
async def test_what_does_not_match_when_the_day_closes_never_does(
    ordered: World, with_edition: bool
) -> None:
    ordered.lists.put(DAY, 1, 2)
    if with_edition:
        ordered.lists.put(DAY, 3, keyword=TOPIC)
    await ordered.round()
    await ordered.until(AFTER_CLOSING)
    await learn_keyword(ordered, 1, TOPIC)
    await write_summary(ordered, 2, "It is about diffusion after all.")
    await ordered.collect()
    for days in range(3):
        await ordered.until(NOW + timedelta(days=days))
    assert numbers(ordered) == ([3] if with_edition else [])


async def test_what_did_not_match_then_stays_so_when_the_topic_is_cleared_before_the_last_reading(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    ordered.clock.now = NIGHT + timedelta(minutes=1)
    await ordered.order(topic="none")
    await ordered.until(AFTER_CLOSING)
    await learn_keyword(ordered, 1, TOPIC)
    await ordered.until(NOW)
    assert numbers(ordered) == []


async def test_what_matched_when_the_day_closed_is_brought_whatever_is_written_of_it_later(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    await write_summary(ordered, 1, "It is about diffusion.")
    await ordered.until(AFTER_CLOSING)
    await write_summary(ordered, 1, "It is about something else.")
    await ordered.until(NOW)
    assert numbers(ordered) == [1]


async def test_a_day_that_somebody_else_reads_again_is_matched_as_it_is_then(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1)
    await ordered.round()
    await ordered.until(AFTER_CLOSING)
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    ordered.clock.move(minutes=5)
    await ordered.house.collector.collect([DAY], ordered.clock())  # as `paperboy collect` does
    await ordered.until(NOW)
    assert numbers(ordered) == [1]


@pytest.mark.parametrize("with_edition", [True, False])
async def test_a_topic_changed_while_the_day_is_open_counts(
    ordered: World, with_edition: bool
) -> None:
    ordered.lists.put(DAY, 1, keyword="robots")
    if with_edition:
        ordered.lists.put(DAY, 3, keyword=TOPIC)
    await ordered.round()
    ordered.clock.now = NIGHT - timedelta(minutes=1)
    await ordered.order(topic="robots")
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == ([3, 1] if with_edition else [1])


@pytest.mark.parametrize("topic", ["robots", "none"])
@pytest.mark.parametrize("with_edition", [True, False])
async def test_a_topic_changed_or_cleared_when_the_day_has_closed_does_not(
    ordered: World, with_edition: bool, topic: str
) -> None:
    ordered.lists.put(DAY, 1, keyword="robots")
    if with_edition:
        ordered.lists.put(DAY, 3, keyword=TOPIC)
    await ordered.round()
    ordered.clock.now = NIGHT + timedelta(minutes=1)
    await ordered.order(topic=topic)
    await ordered.until(AFTER_CLOSING)
    await ordered.until(NOW)
    assert numbers(ordered) == ([3] if with_edition else [])


async def test_a_topic_changed_and_changed_back_within_an_open_day_is_as_if_nothing_was(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    await ordered.round()
    await ordered.order(topic="robots")
    ordered.lists.put(DAY, 2, keyword=TOPIC)
    await ordered.until(MORNING + timedelta(hours=1))
    assert numbers(ordered) == [1]
    await ordered.order(topic=TOPIC)
    await ordered.until(MORNING + timedelta(hours=2))
    assert numbers(ordered) == [1, 2]


async def test_each_of_several_days_is_judged_by_the_topic_that_was_asked_for_when_it_closed(
    ordered: World,
) -> None:
    """One paper a day, of robots by the afternoon, and another topic when each day closes."""
    await ordered.order(topic="late")
    for days, topic in enumerate(("robots", TOPIC, "late", "agents", "none")):
        day = DAY + timedelta(days=days)
        ordered.lists.put(day, 10 + days)
        await ordered.until(MORNING + timedelta(days=days))
        ordered.lists.put(day, 10 + days, keyword="late robots")
        ordered.clock.now = closes_at(day) - timedelta(hours=1)
        await ordered.order(topic=topic)
        ordered.clock.now = closes_at(day) + timedelta(minutes=5)
        await ordered.order(topic="nothing like it")
        await ordered.until(closes_at(day) + timedelta(hours=2))
        await ordered.order(topic="late")
    await ordered.until(MORNING + timedelta(days=5))
    assert numbers(ordered) == [10, 12, 14]


async def test_a_changed_topic_counts_for_papers_that_no_edition_has_decided(
    ordered: World,
) -> None:
    await ordered.round()
    ordered.lists.put(DAY, 5)  # after the edition
    await ordered.until(AFTER_CLOSING)
    await ordered.order(topic="none")
    await ordered.until(NOW)
    assert numbers(ordered) == [5]


async def test_a_paused_channel_gets_what_matches_of_all_the_days_that_it_missed(
    ordered: World,
) -> None:
    await ordered.round()
    await ordered.house.services.schedules.pause(5)
    for days in range(8):  # further back than the lists that a round shares
        ordered.lists.put(DAY + timedelta(days=days), 2 * days + 1)
        ordered.lists.put(DAY + timedelta(days=days), 2 * days + 2, keyword=TOPIC)
        await ordered.until(MORNING + timedelta(days=days, hours=3))
    await ordered.house.services.schedules.resume(5, ordered.clock())
    await ordered.round()
    assert numbers(ordered) == [16, 14, 12, 10, 8, 6, 4, 2]


async def test_channels_that_share_a_topic_have_it_matched_once_a_round(world: World) -> None:
    topics = {channel: (TOPIC, "robots", "none")[channel % 3] for channel in range(1, 25)}
    for channel, topic in topics.items():
        await world.order(channel, topic=topic)
    world.lists.put(NOW.date(), 1, 2, keyword=TOPIC)
    world.lists.put(NOW.date(), 3, keyword="robots")
    await world.collect()
    world.topics.asked.clear()
    await world.run_due()
    # Eight channels are thought through at a time, and the first of them ask side by side.
    assert len(world.topics.asked) <= 8
    brings = {TOPIC: [2, 1], "robots": [3], "none": [3, 2, 1]}
    shown = {one.content.channel_id: one.numbers for one in world.discord.messages}
    assert shown == {channel: brings[topic] for channel, topic in topics.items()}
    world.clock.move(minutes=30)
    world.lists.put(NOW.date(), 4, keyword=TOPIC)
    world.topics.asked.clear()
    await world.round()
    assert sorted(world.topics.asked) == [(TOPIC, 4), ("robots", 4)]
    brings |= {TOPIC: [2, 1, 4], "none": [3, 2, 1, 4]}
    shown = {one.content.channel_id: one.numbers for one in world.discord.standing}
    assert shown == {channel: brings[topic] for channel, topic in topics.items()}
    assert all(one.edits == (one.numbers != [3]) for one in world.discord.standing)


async def test_without_topics_the_search_is_never_asked(world: World) -> None:
    await world.edition(1, 2)
    world.lists.put(NOW.date(), 3)
    await world.round()
    await world.until(closes_at(NOW.date()) + timedelta(hours=2))
    assert numbers(world) == [2, 1, 3]
    assert world.topics.asked == []


async def test_a_topic_that_cannot_be_matched_keeps_no_other_channel_from_its_papers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    topics = {4: TOPIC, 5: "robots", 6: "none"}
    for channel, topic in topics.items():
        await world.order(channel, topic=topic)
    world.lists.put(NOW.date(), 1, keyword="robots diffusion")
    await world.round()
    world.topics.broken.add(TOPIC)
    world.lists.put(NOW.date(), 2, keyword="robots diffusion")
    world.clock.move(minutes=30)
    await world.round()
    shown = {one.content.channel_id: one.numbers for one in world.discord.standing}
    assert shown == {4: [1], 5: [1, 2], 6: [1, 2]}
    assert "The topic 'diffusion' cannot be matched" in caplog.text
    world.topics.broken.clear()
    await world.until(closes_at(NOW.date()) + timedelta(minutes=30))
    shown = {one.content.channel_id: one.numbers for one in world.discord.standing}
    assert shown == {4: [1, 2], 5: [1, 2], 6: [1, 2]}


async def test_a_day_without_papers_is_silent_and_nobody_is_asked(ordered: World) -> None:
    ordered.lists.put(DAY)
    await ordered.round()
    assert (await ordered.schedule()).last_outcome == "no papers"
    assert ordered.topics.asked == []


async def test_by_hand_nothing_is_written_when_nothing_matches(ordered: World) -> None:
    ordered.lists.put(DAY, 1, 2)
    await ordered.collect()
    before = await ordered.schedule()
    editions = ordered.house.services.editions
    made = await editions.make(before, ordered.clock(), by_hand=True)
    assert (made.outcome, made.listed) == (Outcome.NO_MATCH, 2)
    assert await ordered.schedule() == before


async def test_a_preview_shows_what_the_topic_would_bring(ordered: World) -> None:
    ordered.lists.put(DAY, 1, 2)
    ordered.lists.put(DAY, 3, keyword="robots")
    await ordered.collect()
    changed = await ordered.order(topic="robots")
    draft = await ordered.house.services.editions.preview(changed, ordered.clock())
    assert draft.edition is not None
    assert [one.id for one in draft.edition.entries] == [arxiv_id(3)]
    assert draft.edition.filter == "matching “robots”"


async def test_a_long_topic_is_cut_in_the_header(ordered: World) -> None:
    await ordered.order(topic="diffusion " * 29)
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    await ordered.round()
    [part] = ordered.discord.parts
    assert part.filter is not None
    assert part.filter.startswith("matching “diffusion diffusion")
    assert part.filter.endswith(" diffusion…”")
    assert len(part.filter) <= 91


async def test_what_was_matched_of_closed_days_is_forgotten_with_what_was_asked_for(
    ordered: World,
) -> None:
    ordered.lists.put(DAY, 1, keyword=TOPIC)
    await ordered.until(AFTER_CLOSING)
    await ordered.order(topic="robots")
    kept = "SELECT topic FROM closed_matches UNION ALL SELECT topic FROM filters"
    assert len(await ordered.database.all(kept)) >= 2
    await ordered.house.services.daily.upkeep(AFTER_CLOSING + timedelta(days=29))
    assert len(await ordered.database.all(kept)) >= 2
    await ordered.house.services.daily.upkeep(AFTER_CLOSING + timedelta(days=31))
    assert await ordered.database.all(kept) == []


async def test_a_quiet_line_gives_way_to_a_word_that_nothing_new_was_there(quiet: World) -> None:
    await quiet.order(topic=TOPIC)
    await quiet.round()
    await quiet.recover(2)
    [line] = [one.content for one in quiet.discord.standing]
    assert getattr(line, "silence", None) == "nothing"
