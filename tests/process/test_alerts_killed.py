"""The bot is killed at every step of an alert; afterwards each match is reported exactly once."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from bot.app import opened
from bot.services.alerts import Wishes
from bot.settings import Settings
from tests.process.conftest import item
from tests.process.discord_data import GUILD, PERSON
from tests.process.exactly_once import (
    VARIANTS,
    Count,
    Planned,
    Scene,
    killed_before_settling,
    killed_while_sending,
)
from tests.process.faults import Held

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from tests.local_hf import LocalHuggingFace
    from tests.process.conftest import Program
    from tests.process.local_discord import LocalDiscord
    from tests.process.nursery import Nursery

ABORTED = """
    CREATE TRIGGER stop BEFORE {event} BEGIN SELECT RAISE(ABORT, 'stopped there'); END
"""


@dataclass(frozen=True, kw_only=True)
class AlertScene(Scene):
    """A bot with an alert to a channel, one to a person, and a list that it has not read yet."""

    @override
    async def prepare(self) -> None:
        """Save the alerts, before the day's papers are read."""
        self.discord.nonce_seconds = self.variant.nonce_seconds
        channel, own = self.discord.channel_ids
        if not self.variant.history:
            await self.discord.deny(channel, read_message_history=True)
        told: dict[str, Any] = {
            name.lower(): value for name, value in self.program.settings.items()
        }
        settings = Settings(_env_file=None, database_path=self.program.database, **told)
        before = datetime.now(UTC) - timedelta(hours=1)  # by the bot's clock, which may be behind
        async with opened(settings) as house:
            alerts = house.services.alerts
            for query, place, guild in (
                ("gadget", channel, GUILD),
                ('"gadget 2" OR "gadget 3"', own, None),
                ('"gadget 3"', own, None),
            ):
                wishes = Wishes(query=query, channel_id=place, guild_id=guild)
                draft = await alerts.order(PERSON, wishes, before)
                await alerts.save(draft, place, before)

    @property
    @override
    def planned(self) -> list[Planned]:
        """The ledger's messages of alerts."""
        rows = self.rows("SELECT key, channel_id, number, state, content FROM deliveries")
        return [
            Planned(
                key=key, channel=channel, number=number, state=state,
                papers=tuple(one["entry"]["title"] for one in json.loads(content)["papers"]),
            )
            for key, channel, number, state, content in rows
        ]  # fmt: skip

    @property
    @override
    def complete(self) -> bool:
        """Whether both have what they wait for, as far as the ledger knows."""
        left = self.rows(
            "SELECT 1 FROM alert_pending UNION SELECT 1 FROM alert_hits WHERE batch IS NULL"
        )
        return not left and self.states == Counter(sent=2)

    @property
    def found(self) -> Counter[str]:
        """How many messages each hit stands in."""
        rows = self.rows(
            "SELECT h.alert_no || ' ' || p.title, h.batch FROM alert_hits AS h "
            "JOIN papers AS p ON p.no = h.paper_no"
        )
        keys = Counter(one.key for one in self.planned)
        return Counter({name: keys[f"a.{batch}"] for name, batch in rows})


async def while_it_looks(scene: AlertScene) -> None:
    await stopped(scene, "INSERT ON alert_hits")
    assert scene.rows("SELECT * FROM alert_hits") == []


async def between_finding_and_planning(scene: AlertScene) -> None:
    await stopped(scene, "INSERT ON deliveries")
    assert len(scene.rows("SELECT * FROM alert_hits WHERE batch IS NULL")) == 6


async def before_the_claim(scene: AlertScene) -> None:
    await stopped(scene, "UPDATE ON deliveries WHEN NEW.state = 'claimed'")
    assert scene.states == Counter(planned=2)


async def between_claim_and_send(scene: AlertScene) -> None:
    await held(scene, Held(made_first=False))


async def between_message_and_answer(scene: AlertScene) -> None:
    await held(scene, Held(made_first=True))


async def between_answer_and_settling(scene: AlertScene) -> None:
    await killed_before_settling(scene)


async def held(scene: AlertScene, holding: Held) -> None:
    """Kill the bot while its first request to send is under way."""
    await killed_while_sending(scene, holding)
    assert scene.states["claimed"]


async def stopped(scene: AlertScene, event: str) -> None:
    """Kill the bot where a statement fails: as if it died just before."""
    scene.run(ABORTED.format(event=event))
    async with await scene.start() as life:
        await life.says("stopped there")
        await life.kill()
    scene.run("DROP TRIGGER stop")


@pytest.fixture
def scene(  # noqa: PLR0917 - fixtures
    request: pytest.FixtureRequest,
    hugging_face: LocalHuggingFace,
    today: date,
    bot: Program,
    discord: LocalDiscord,
    nursery: Nursery,
) -> AlertScene:
    """Give a bot that has alerts, and three papers that it will read."""
    hugging_face.days[today] = [
        item(number, today, title=f"A study of gadget {number}") for number in (1, 2, 3)
    ]
    discord.channels = 2
    return AlertScene(
        program=bot, discord=discord, nursery=nursery, variant=request.param, parts=(1, 1)
    )


@pytest.mark.parametrize("scene", VARIANTS[:3], ids=lambda one: one.name, indirect=True)
@pytest.mark.parametrize(
    "killed",
    [
        while_it_looks,
        between_finding_and_planning,
        before_the_claim,
        between_claim_and_send,
        between_message_and_answer,
        between_answer_and_settling,
    ],
    ids=lambda one: one.__name__,
)
async def test_a_bot_killed_there_reports_each_match_once(
    scene: AlertScene, killed: Callable[[AlertScene], Awaitable[None]]
) -> None:
    await scene.prepare()
    await killed(scene)
    await scene.arrive()
    assert scene.count() == Count()
    assert set(scene.found.values()) == {1}
    assert len(scene.found) == 6
