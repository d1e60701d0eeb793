"""Editions and a slow model: they wait two minutes, and get what is better by an edit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import ModelUnreachable, SourceUnreachable
from tests.builders import NOW
from tests.services.channel import Answer
from tests.services.models import FakeModel

if TYPE_CHECKING:
    import pytest

    from tests.services.world import World

TODAY = NOW.date()
BETTER = "Better words on thing 1."


async def ordered(world: World, *numbers: int, model: FakeModel, tokens: int = 0) -> None:
    """Let a channel's edition of today's papers be due, with a model that has written nothing."""
    world.with_model(model, tokens=tokens)
    await world.order()
    world.lists.put(TODAY, *numbers)
    await world.collect()


async def gone_out(world: World, *numbers: int, model: FakeModel) -> None:
    """Let the edition go out with extracts, for the model took longer than two minutes."""
    await ordered(world, *numbers, model=model)
    world.clock.move(minutes=2)
    await world.run_due()
    assert len(world.discord.standing) == 1


async def test_an_edition_waits_two_minutes_for_a_model_and_no_longer(world: World) -> None:
    await ordered(world, 1, model=FakeModel())
    for _ in range(6):
        await world.run_due()
        assert world.discord.standing == []
        world.clock.move(seconds=20)
    await world.run_due()
    [part] = world.discord.parts
    assert part.entries[0].tldr == "We propose a method that reaches 1%."


async def test_an_edition_whose_summaries_are_there_goes_out_at_once(world: World) -> None:
    await ordered(world, 1, model=FakeModel())
    await world.write()
    await world.run_due()
    [part] = world.discord.parts
    assert part.entries[0].tldr == BETTER


async def test_an_edition_that_is_late_already_does_not_wait(world: World) -> None:
    await ordered(world, 1, model=FakeModel())
    world.clock.move(hours=1)
    await world.run_due()
    assert len(world.discord.standing) == 1


async def test_send_now_does_not_wait(world: World) -> None:
    await ordered(world, 1, model=FakeModel())
    schedule = await world.schedule()
    made = await world.house.services.editions.make(schedule, world.clock(), by_hand=True)
    assert made.edition is not None


async def test_an_edition_does_not_wait_for_a_model_that_is_down(world: World) -> None:
    model = FakeModel()
    model.failure = ModelUnreachable("down")
    await ordered(world, 1, 2, model=model)
    await world.write()
    await world.run_due()
    assert len(world.discord.standing) == 1


async def test_better_summaries_are_edited_in_once_when_all_are_there(world: World) -> None:
    model = FakeModel()
    model.failing[2] = ModelUnreachable("once")
    await gone_out(world, 1, 2, model=model)
    await world.write()
    [message] = world.discord.standing
    assert message.edits == 0
    model.failing.clear()
    world.clock.move(minutes=1)
    await world.write()
    [message] = world.discord.standing
    assert message.edits == 1
    [part] = world.discord.parts
    assert [one.tldr for one in part.entries] == ["Better words on thing 2.", BETTER]
    assert [one.place for one in part.entries] == [1, 2]
    for _ in range(3):
        world.clock.move(minutes=30)
        await world.write()
        await world.collect()
    assert world.discord.standing[0].edits == 1


async def test_what_is_there_by_the_next_collection_is_edited_in_with_it(world: World) -> None:
    model = FakeModel()
    model.failing[2] = ModelUnreachable("long")
    await gone_out(world, 1, 2, model=model)
    await world.write()
    world.clock.move(minutes=30)
    await world.collect()
    [part] = world.discord.parts
    assert [one.tldr for one in part.entries] == ["We propose a method that reaches 2%.", BETTER]
    assert await world.brought() == {1: 2, 2: 1}


async def test_what_was_written_before_a_restart_is_edited_in_after_it(world: World) -> None:
    model = FakeModel()
    await gone_out(world, 1, model=model)
    await world.house.writing.round()  # and there the process ends
    world.start()
    await world.write()
    [part] = world.discord.parts
    assert part.entries[0].tldr == BETTER
    assert model.asked == [1]


async def test_an_edition_of_two_days_ago_is_left_as_it_is(world: World) -> None:
    model = FakeModel()
    await gone_out(world, 1, model=model)
    world.clock.move(hours=25)
    await world.write()
    assert world.discord.standing[0].edits == 0


async def test_a_text_for_which_the_message_has_no_room_stays_as_it_was(world: World) -> None:
    model = FakeModel()
    model.words[1] = "Very " * 300
    await gone_out(world, 1, 2, model=model)
    await world.write()
    assert world.discord.standing[0].edits == 1
    [part] = world.discord.parts
    assert part.entries[1].tldr == "We propose a method that reaches 1%."


async def test_an_edit_that_cannot_be_made_brings_no_paper_again(world: World) -> None:
    await gone_out(world, 1, model=FakeModel())
    world.discord.edit_answers.append(30046)
    await world.write()
    world.clock.move(days=1)
    await world.round()
    assert world.discord.shown == [[1]]
    assert await world.brought() == {1: 1}


async def test_an_edit_without_an_answer_is_made_again(world: World) -> None:
    await gone_out(world, 1, model=FakeModel())
    world.discord.edit_answers.append(Answer.LOST)
    await world.write()
    world.clock.move(minutes=5)
    await world.settle()
    [part] = world.discord.parts
    assert part.entries[0].tldr == BETTER


async def test_the_footer_says_when_the_days_tokens_are_spent_until_they_are_not(
    world: World,
) -> None:
    model = FakeModel(tokens=1000)
    await ordered(world, 1, 2, model=model, tokens=1500)
    await world.write()
    await world.run_due()
    [part] = world.discord.parts
    assert part.receipt.extracts
    assert sum(one.tldr.startswith("Better") for one in part.entries if one.tldr) == 1
    world.clock.move(hours=15)
    await world.write()
    [part] = world.discord.parts
    assert not part.receipt.extracts
    assert [one.tldr for one in part.entries] == ["Better words on thing 2.", BETTER]


async def test_late_papers_and_better_summaries_come_into_one_edition(world: World) -> None:
    model = FakeModel()
    await gone_out(world, 1, model=model)
    world.lists.put(TODAY, 9)
    world.clock.move(minutes=30)
    await world.collect()
    assert world.discord.shown == [[1, 9]]
    await world.write()
    [part] = world.discord.parts
    assert [one.tldr for one in part.entries] == [BETTER, "Better words on thing 9."]


async def test_a_quiet_line_is_replaced_without_waiting_for_a_model(quiet: World) -> None:
    quiet.with_model(FakeModel())
    await quiet.run_due()
    quiet.clock.move(seconds=20)
    quiet.lists.failure = None
    await quiet.collect()
    await quiet.run_due()
    assert quiet.discord.shown == [[1]]


async def test_one_edition_that_fails_keeps_no_other_from_its_summaries(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    model = FakeModel()
    world.with_model(model)
    await world.order(5)
    await world.order(6)
    world.lists.put(TODAY, 1)
    await world.collect()
    world.clock.move(minutes=2)
    await world.run_due()
    async with world.database.transaction() as connection:
        await connection.execute("UPDATE deliveries SET content = '{' WHERE channel_id = 5")
    await world.write()
    tldrs = [
        one.content.entries[0].tldr  # type: ignore[union-attr]
        for one in world.discord.standing
        if one.content.channel_id == 6
    ]
    assert tldrs == [BETTER]
    for _ in range(5):
        world.clock.move(seconds=20)
        await world.write()
    assert caplog.text.count("The summaries of channel 5 cannot be edited in") <= 2


async def test_an_edition_that_others_change_meanwhile_is_looked_at_again(world: World) -> None:
    await gone_out(world, 1, model=FakeModel())
    await world.house.writing.round()
    rewording = world.house.services.daily._rewording
    stale = replace(await world.schedule(), last_run=None)
    assert not await rewording._reword(stale, frozenset(), {}, world.clock())
    assert await rewording.add(world.clock()) == 1


async def test_nothing_is_reworded_while_a_source_is_down(world: World) -> None:
    await gone_out(world, 1, model=FakeModel())
    world.lists.failure = SourceUnreachable("down")
    world.clock.move(minutes=30)
    await world.collect()
    assert world.discord.standing[0].edits == 0
    await asyncio.sleep(0)
    await world.write()
    assert world.discord.standing[0].edits == 1


async def test_a_young_edition_and_an_old_clock_do_no_harm(world: World) -> None:
    await gone_out(world, 1, model=FakeModel())
    world.clock.now -= timedelta(minutes=10)
    await world.write()
    world.clock.now += timedelta(minutes=30)
    await world.collect()
    assert len(world.discord.standing) == 1
