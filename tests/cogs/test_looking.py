"""Looking for a message by its key, in the simulated Discord's history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.domain.deliveries import Claim, Look, Sighting
from bot.ui.publisher import DiscordPublisher
from tests.builders import ABSENT, NOW, UNREADABLE, paper

if TYPE_CHECKING:
    from tests.cogs.conftest import Stage


UNREACHED = Sighting(look=Look.UNREACHED)


def claim(channel_id: int, key: str = "e.1.1") -> Claim:
    return Claim(key=key, channel_id=channel_id, claimed_at=NOW, doubtful_since=NOW, planned_at=NOW)


async def test_a_message_is_found_by_its_key_and_no_other(stage: Stage) -> None:
    await stage.list_papers(*(paper(n) for n in range(1, 4)))
    message = await stage.deliver()
    row = await stage.house.database.one("SELECT key, message_id FROM deliveries")
    assert row is not None
    long_ago = stage.env.now() - timedelta(minutes=10)
    look = stage.house.publisher.look
    found = await look(claim(stage.channel.id, row["key"]), long_ago)
    assert found == Sighting(look=Look.FOUND, message_id=message.id)
    assert await look(claim(stage.channel.id, "e.000000000000.1"), long_ago) == ABSENT


async def test_the_search_begins_where_it_is_told_to(stage: Stage) -> None:
    await stage.list_papers(paper())
    await stage.deliver()
    row = await stage.house.database.one("SELECT key FROM deliveries")
    assert row is not None
    later = stage.env.now() + timedelta(minutes=10)
    sighting = await stage.house.publisher.look(claim(stage.channel.id, row["key"]), later)
    assert sighting == ABSENT


async def test_an_unreadable_history_proves_nothing(stage: Stage) -> None:
    me = stage.bot.user
    assert me is not None
    deaf = stage.guild.create_text_channel(
        "deaf", overwrites={me: discord.PermissionOverwrite(read_message_history=False)}
    )
    now = stage.env.now()
    assert await stage.house.publisher.look(claim(deaf.id), now) == UNREADABLE


async def test_a_channel_that_cannot_be_asked_proves_nothing(stage: Stage) -> None:
    now = stage.env.now()
    assert await stage.house.publisher.look(claim(1), now) == UNREADABLE
    voice = stage.guild.create_voice_channel("talk")
    assert await stage.house.publisher.look(claim(voice.id), now) == UNREADABLE
    assert await DiscordPublisher().look(claim(stage.channel.id), now) == UNREACHED
