"""The bot is killed at every step of a delivery; afterwards each message is there exactly once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.process.conftest import item
from tests.process.exactly_once import (
    PAPERS,
    VARIANTS,
    Count,
    Scene,
    Variant,
    killed_before_settling,
    killed_while_sending,
)
from tests.process.faults import Held
from tests.process.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from tests.local_hf import LocalHuggingFace
    from tests.process.conftest import Program
    from tests.process.local_discord import LocalDiscord
    from tests.process.nursery import Nursery

FORBIDDEN = Variant(name="history forbidden", history=False)

# A claim that fails leaves the row planned; to be killed then is to be killed before the claim.
STOP = """
    CREATE TRIGGER stop BEFORE UPDATE ON deliveries
    WHEN NEW.state = 'claimed' AND NEW.number = {number}
    BEGIN SELECT RAISE(ABORT, 'stopped before the claim'); END
"""


async def before_the_claim(scene: Scene) -> None:
    await stopped_before(scene, 1)
    assert scene.states == Counter(planned=3)


async def between_claim_and_send(scene: Scene) -> None:
    await held(scene, Held(made_first=False))
    assert scene.discord.messages == {}


async def between_message_and_answer(scene: Scene) -> None:
    await held(scene, Held(made_first=True))
    assert sum(map(len, scene.discord.messages.values())) == 1


async def between_answer_and_settling(scene: Scene) -> None:
    await killed_before_settling(scene)
    assert scene.states == Counter(claimed=1, planned=2)


async def between_two_parts(scene: Scene) -> None:
    await stopped_before(scene, 2)
    assert scene.states == Counter(sent=1, planned=2)


async def held(scene: Scene, holding: Held) -> None:
    """Kill the bot while its first request to send is under way."""
    await killed_while_sending(scene, holding)
    assert scene.states == Counter(claimed=1, planned=2)


async def stopped_before(scene: Scene, number: int) -> None:
    """Kill the bot before it claims that part, and after all that comes before."""
    scene.run(STOP.format(number=number))
    async with await scene.start() as life:
        await life.says("stopped before the claim")
        await life.kill()
    scene.run("DROP TRIGGER stop")


@pytest.fixture
def papers(hugging_face: LocalHuggingFace, today: date) -> None:
    """List enough papers today for an edition of three messages."""
    hugging_face.days[today] = [item(number, today) for number in range(1, PAPERS + 1)]


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    papers: None,
    bot: Program,
    discord: LocalDiscord,
    nursery: Nursery,
) -> Scene:
    """Give a bot that has such an edition to deliver."""
    discord.channels = 1
    return Scene(program=bot, discord=discord, nursery=nursery, variant=request.param, parts=(3,))


@pytest.mark.parametrize("scene", VARIANTS, ids=lambda one: one.name, indirect=True)
@pytest.mark.parametrize(
    "killed",
    [
        before_the_claim,
        between_claim_and_send,
        between_message_and_answer,
        between_answer_and_settling,
        between_two_parts,
    ],
    ids=lambda one: one.__name__,
)
async def test_a_bot_killed_there_delivers_each_message_once(
    scene: Scene, killed: Callable[[Scene], Awaitable[None]]
) -> None:
    await scene.prepare()
    await killed(scene)
    await scene.arrive()
    assert scene.count() == Count()


@pytest.mark.parametrize("scene", [FORBIDDEN], ids=["forbidden"], indirect=True)
@pytest.mark.parametrize("ours", [130.0, 0.0], ids=["both clocks", "the clock of Discord alone"])
async def test_past_the_nonce_nothing_is_sent_until_the_history_can_be_read(
    scene: Scene, ours: float
) -> None:
    await scene.prepare()
    await between_message_and_answer(scene)
    scene.discord.move(130)  # the nonce is forgotten
    [channel] = scene.discord.channel_ids
    async with await scene.start(later=ours) as life:
        await until(lambda: scene.states["unknown"], lambda: f"{scene.states}\n{life.log}")
        assert scene.states == Counter(unknown=1, planned=2)
        assert len(scene.discord.messages[channel]) == 1
        await scene.discord.deny(channel)
        await until(lambda: scene.complete, lambda: f"{scene.states}\n{life.log}")
    assert scene.count() == Count()
