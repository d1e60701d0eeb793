"""A quiet line that is not sent, or of which nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.deliveries import DeliveryState, Look
from bot.storage.deliveries import DeliveryLedger
from tests.services.channel import Answer

if TYPE_CHECKING:
    from tests.services.world import World


async def test_a_line_that_was_not_sent_when_the_source_recovers_is_never_sent(
    quiet: World,
) -> None:
    quiet.discord.answers.append(20016)
    await quiet.round()
    quiet.clock.move(seconds=-1795)  # it rests for half a minute still
    await quiet.recover(2)
    assert [one.numbers for one in quiet.discord.messages] == [[2, 1]]
    quiet.clock.move(hours=2)
    await quiet.round()
    assert len(quiet.discord.messages) == 1


async def test_a_line_without_an_answer_that_is_there_becomes_the_edition(quiet: World) -> None:
    quiet.discord.answers.append(Answer.UNHEARD)
    await quiet.round()
    await quiet.recover(2)
    await quiet.run_due()
    assert [one.numbers for one in quiet.discord.messages] == [[2, 1]]


async def test_a_line_without_an_answer_that_is_not_there_costs_nothing(quiet: World) -> None:
    quiet.discord.answers.append(Answer.LOST)
    await quiet.round()
    await quiet.recover(2)
    await quiet.run_due()
    assert quiet.discord.shown == [[2, 1]]
    assert len(quiet.discord.messages) == 1


async def unknown_line(world: World, answer: Answer) -> None:
    """Let nobody know whether the line is there."""
    world.discord.answers.append(answer)
    world.discord.history = Look.UNREADABLE
    await world.round()
    world.clock.move(minutes=3)
    await world.settle()
    counts = await DeliveryLedger(world.database).counts()
    assert counts == {DeliveryState.UNKNOWN: 1}


@pytest.mark.parametrize("answer", [Answer.UNHEARD, Answer.LOST])
async def test_a_line_of_which_nobody_knows_holds_up_no_edition_and_comes_no_more(
    quiet: World, answer: Answer
) -> None:
    await unknown_line(quiet, answer)
    await quiet.recover(2)
    assert [one for one in quiet.discord.shown if one] == [[2, 1]]
    quiet.discord.history = None  # somebody gives Paperboy the permission that it lacked
    await quiet.house.services.schedules.wake(1, lambda _: True, quiet.clock())
    await quiet.round()
    quiet.clock.move(minutes=1)
    await quiet.round()
    lines = len(quiet.discord.lines)
    assert lines == (1 if answer is Answer.UNHEARD else 0)
    assert await DeliveryLedger(quiet.database).unsettled(1) == []


@pytest.mark.parametrize("answer", [Answer.UNHEARD, Answer.LOST])
async def test_a_line_that_becomes_unknown_with_its_edition_waiting_lets_it_go(
    quiet: World, answer: Answer
) -> None:
    quiet.discord.answers.append(answer)
    quiet.discord.history = Look.UNREACHED
    await quiet.round()
    await quiet.recover(2)
    assert not any(quiet.discord.shown)
    quiet.discord.history = Look.UNREADABLE
    await quiet.settle()
    await quiet.run_due()
    assert [one for one in quiet.discord.shown if one] == [[2, 1]]
