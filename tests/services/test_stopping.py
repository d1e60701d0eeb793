"""Stop and return: what was not sent is taken back, and what was missed comes as one edition."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.deliveries import PERMANENT_CODES, DeliveryState, Look
from bot.domain.papers import closes_at
from bot.domain.schedules import State
from bot.services.schedules import Wishes
from bot.storage.deliveries import DeliveryLedger
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, schedule
from tests.services.channel import Answer

if TYPE_CHECKING:
    from tests.services.world import World

TODAY = NOW.date()


@pytest.fixture
async def due(world: World) -> World:
    """Give a channel whose edition of three messages, of five papers, is due."""
    world.discord.papers_a_part = 2
    world.lists.put(DAY, 1, 2, 3, 4, 5)
    await world.order()
    return world


async def come_back(world: World) -> None:
    """Open the channel, and let somebody resume its schedule."""
    world.discord.closed = None
    await world.house.services.schedules.resume(5, world.clock())
    await world.round()


async def left(world: World) -> dict[DeliveryState, int]:
    return await DeliveryLedger(world.database).counts()


@pytest.mark.parametrize("code", sorted(PERMANENT_CODES))
async def test_a_stopped_channel_gets_all_that_it_missed_as_one_edition_saying_its_days(
    due: World, code: int
) -> None:
    due.discord.closed = code
    await due.round()
    assert (await due.schedule()).state is State.STOPPED
    assert await due.brought() == {}
    for days in range(3):
        due.lists.put(TODAY + timedelta(days=days), 10 + days)
        await due.until(NOW + timedelta(days=days, hours=5))
    await come_back(due)
    assert due.discord.shown == [[12, 11], [10, 5], [4, 3], [2, 1]]
    assert len({part.edition_id for part in due.discord.parts}) == 1
    assert [state.day for state in due.discord.parts[0].receipt.days] == [
        DAY + timedelta(days=n) for n in range(4)
    ]


@pytest.mark.parametrize("sent", [1, 2])
async def test_of_a_half_sent_edition_only_what_was_not_sent_comes_again(
    due: World, sent: int
) -> None:
    due.discord.answers.extend([*[Answer.GIVEN] * sent, 50013])
    await due.round()
    assert due.discord.shown == [[5, 4], [3, 2]][:sent]
    await due.until(NOW + timedelta(hours=1))
    assert await left(due) == {DeliveryState.SENT: sent + 1}  # and the notice
    due.lists.put(TODAY, 9)
    await come_back(due)
    numbers = [number for shown in due.discord.shown for number in shown]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 9]
    assert len({part.edition_id for part in due.discord.parts}) == 2


async def test_what_stood_under_browse_all_of_a_half_sent_edition_comes_again(due: World) -> None:
    await due.order(limit=3)
    due.discord.answers.extend([Answer.GIVEN, 50013])
    await due.round()
    assert await due.brought() == {5: 1, 4: 2}
    await come_back(due)
    assert due.discord.shown == [[5, 4], [3, 2], [1]]


async def test_who_made_it_is_told_once(due: World) -> None:
    due.discord.closed = 50001
    await due.order(6)
    for hours in range(6):
        await due.until(NOW + timedelta(hours=hours))
    told = [(one.channel_id, one.person_id) for one in due.discord.notices]
    assert sorted(told) == [(5, 7), (6, 7)]
    assert all("50001" in one.reason for one in due.discord.notices)


async def test_a_notice_that_cannot_be_told_is_let_be(due: World) -> None:
    due.discord.closed = 50001
    due.discord.to_people = 50007
    await due.round()
    await due.until(NOW + timedelta(hours=1))
    assert due.discord.notices == []
    assert await left(due) == {}


async def test_who_resumes_before_the_notice_went_out_is_not_told(due: World) -> None:
    due.discord.closed = 50001
    due.discord.to_people = Answer.LOST
    await due.collect()
    await due.run_due()
    assert await left(due) == {DeliveryState.CLAIMED: 1}  # the notice
    due.discord.to_people = Answer.GIVEN
    await come_back(due)
    await due.until(NOW + timedelta(hours=1))
    assert due.discord.shown == [[5, 4], [3, 2], [1]]
    assert due.discord.notices == []


@pytest.mark.parametrize("answer", [Answer.UNHEARD, Answer.LOST])
async def test_what_is_claimed_when_it_stops_is_settled_and_comes_once(
    due: World, answer: Answer
) -> None:
    due.discord.answers.append(answer)
    await due.collect()
    await due.run_due()
    await due.house.services.editions.make(
        await due.schedule(), NOW, by_hand=True
    )  # nothing: all is brought
    due.lists.put(TODAY, 9)
    due.discord.closed = 50013
    await due.until(NOW + timedelta(seconds=10))
    services = due.house.services
    made = await services.editions.make(await due.schedule(), due.clock(), by_hand=True)
    assert made.edition is not None
    await services.deliveries.deliver_ready()
    assert (await due.schedule()).state is State.STOPPED
    assert (await left(due))[DeliveryState.CLAIMED] == 1
    await due.until(NOW + timedelta(minutes=1))  # it is looked for while the channel is closed
    await come_back(due)
    numbers = [number for shown in due.discord.shown for number in shown]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 9]
    assert not await due.database.all("SELECT 1 FROM deliveries WHERE state <> 'sent'")


async def test_an_unknown_part_waits_for_a_person_and_the_rest_comes_with_the_next_edition(
    due: World,
) -> None:
    due.discord.answers.append(Answer.LOST)
    due.discord.history = Look.UNREADABLE
    await due.round()
    await due.until(NOW + timedelta(minutes=5))
    assert (await left(due))[DeliveryState.UNKNOWN] == 1
    await due.house.services.schedules.pause(5)
    await come_back(due)
    assert due.discord.shown == [[3, 2], [1]]
    [row] = await due.database.all("SELECT key FROM deliveries WHERE state = 'unknown'")
    await due.house.services.schedules.decide(row["key"], 1, there=False, now=due.clock())
    await due.round()
    assert due.discord.shown == [[3, 2], [1], [5, 4]]


@pytest.mark.parametrize("answers", [[], [Answer.GIVEN]])
async def test_send_now_does_not_call_sent_what_was_taken_back(
    due: World, answers: list[Answer]
) -> None:
    due.discord.answers.extend([*answers, 50013])
    await due.collect()
    services = due.house.services
    made = await services.editions.make(await due.schedule(), NOW, by_hand=True)
    assert made.edition is not None
    assert not await services.deliveries.deliver_edition(made.edition.id)
    assert (await due.schedule()).state is State.STOPPED


async def test_a_removed_schedule_takes_the_rest_of_its_edition_with_it(due: World) -> None:
    due.discord.answers.extend([Answer.GIVEN, 20016])
    await due.round()
    await due.house.services.schedules.remove(5)
    await due.until(NOW + timedelta(hours=2))
    assert due.discord.shown == [[5, 4]]
    assert await left(due) == {DeliveryState.SENT: 1}
    await due.order()
    await due.round()
    assert due.discord.shown == [[5, 4], [3, 2], [1]]


@pytest.mark.parametrize("answer", [Answer.UNHEARD, Answer.LOST])
async def test_what_is_claimed_when_its_schedule_is_removed_is_not_sent_again(
    due: World, answer: Answer
) -> None:
    due.discord.answers.append(answer)
    await due.round()
    await due.house.services.schedules.remove(5)
    await due.until(NOW + timedelta(hours=2))
    assert due.discord.shown == ([[5, 4]] if answer is Answer.UNHEARD else [])
    assert set(await left(due)) <= {DeliveryState.SENT}


@pytest.mark.parametrize("history", [Look.UNREADABLE, Look.UNREACHED])
async def test_nor_where_the_history_cannot_be_read(due: World, history: Look) -> None:
    due.discord.answers.append(Answer.LOST)
    due.discord.history = history
    await due.round()
    await due.house.services.schedules.remove(5)
    await due.until(NOW + timedelta(seconds=60))
    await due.until(NOW + timedelta(hours=2))
    assert due.discord.shown == []
    due.discord.history = None
    await due.settle()
    assert await left(due) == {}


async def test_what_a_permission_brings_back_goes_on_by_itself(due: World) -> None:
    due.discord.closed = 50013
    await due.round()
    due.discord.closed = None
    schedules = due.house.services.schedules
    assert await schedules.wake(2, lambda _: True, NOW) == []  # another server
    assert await schedules.wake(1, lambda _: False, NOW) == []
    assert await schedules.wake(1, lambda _: True, NOW) == [5]
    await due.round()
    assert due.discord.shown == [[5, 4], [3, 2], [1]]


async def test_who_changes_a_stopped_schedule_lets_it_go_on(due: World) -> None:
    due.discord.closed = 50013
    await due.round()
    due.discord.closed = None
    await due.house.services.schedules.change(5, 1, 7, Wishes(limit=2), NOW)
    await due.round()
    assert due.discord.shown == [[5, 4]]


async def test_a_paper_that_was_taken_back_is_undecided_though_its_day_closed_with_more_asked_for(
    world: World,
) -> None:
    """The minimum is lowered between the closing and the edition, and the edition is refused."""
    world.clock.now = closes_at(DAY) - timedelta(hours=1)
    await ScheduleStore(world.database).save(schedule(since=DAY, min_upvotes=10, next_run=NOW))
    world.lists.put(DAY, 5)
    await world.round()
    world.clock.now = closes_at(DAY) + timedelta(hours=2)
    await world.order(min_upvotes=0)
    world.discord.closed = 50013
    await world.until(NOW)
    assert await world.brought() == {}
    await come_back(world)
    assert world.discord.shown == [[5]]
