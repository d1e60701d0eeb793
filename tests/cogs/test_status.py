from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import SourceUnreachable
from bot.services.schedules import Wishes
from tests.builders import DAY, NOW, reading
from tests.cogs.conftest import answer, answers, said
from tests.ui import check_limits

if TYPE_CHECKING:
    from tests.cogs.conftest import Stage


async def test_a_reader_sees_the_sources_and_lists_but_no_details(stage: Stage) -> None:
    await stage.deliver()
    result = await stage.reader.slash(stage.channel, "status")
    assert answer(result).ephemeral
    told = said(result)
    assert "✅ Hugging Face: read <t:" in told
    assert "11 Feb 2025: 3 papers, closed <t:" in told
    assert "9 Feb 2025: not read yet" in told
    assert "3 papers stored" in told
    assert "Editions" not in told
    assert f"<#{stage.channel.id}>" not in told


async def test_a_manager_sees_the_editions_too(stage: Stage) -> None:
    await stage.deliver()
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert f"<#{stage.channel.id}>: Next edition <t:" in told
    assert "last <t:" in told
    assert "3 papers shown" in told
    assert "Not delivered" not in told


async def test_in_a_direct_message_there_are_no_details(stage: Stage) -> None:
    await stage.schedule()
    told = said(await stage.admin.user.slash("status"))
    assert "Sources" in told
    assert "Editions" not in told


async def test_a_server_sees_its_own_editions_only(stage: Stage) -> None:
    elsewhere = stage.env.create_guild("Elsewhere")
    channel = elsewhere.create_text_channel("papers")
    await stage.house.services.schedules.change(
        channel.id, elsewhere.id, 1, Wishes(), stage.clock()
    )
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert f"<#{channel.id}>" not in told
    assert "No channel has a schedule yet" in told


async def test_a_source_that_is_down_is_named_with_its_last_good_time(stage: Stage) -> None:
    stage.source.failure = SourceUnreachable("Hugging Face answered 500 for *the list*")
    with pytest.raises(SourceUnreachable):
        await stage.house.collector.collect([DAY], stage.clock())
    told = said(await stage.reader.slash(stage.channel, "status"))
    assert "⚠️ Hugging Face: Hugging Face answered 500 for \\*the list\\* (last good <t:" in told


async def test_silence_is_explained(stage: Stage) -> None:
    await stage.schedule(min_upvotes=50, time="10:00")
    stage.clock.move(hours=2)
    await stage.house.services.daily.run_due(stage.clock())
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as none of 3 papers matched" in told
    stage.clock.move(hours=24)
    await stage.house.services.daily.run_due(stage.clock())
    later = said(await stage.admin.slash(stage.channel, "status"))
    assert "the list of 12 Feb 2025 could not be read yet" in later
    for day in (NOW.date(), stage.clock().date()):
        stage.source.readings[day] = reading(day=day, read_at=stage.clock())
        await stage.house.collector.collect([day], stage.clock())
    stage.clock.move(hours=24)
    await stage.house.services.daily.run_due(stage.clock())
    at_last = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as there were no new papers" in at_last


async def test_what_did_not_arrive_is_told_with_its_reason(stage: Stage) -> None:
    await stage.schedule()
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await stage.admin.slash(stage.channel, "digest send_now")
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "Paperboy may not send messages there" in told
    assert "⛔ Stopped" in told


async def test_a_server_with_everything_is_told_in_messages_that_discord_takes(
    stage: Stage,
) -> None:
    channels = [stage.guild.create_text_channel(f"c{number}") for number in range(25)]
    for channel in channels:
        await stage.schedule(channel, time="10:00")
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
    stage.clock.move(hours=2)
    await stage.house.services.daily.run_due(stage.clock())
    result = await stage.admin.slash(stage.channel, "status")
    listing = await stage.admin.slash(stage.channel, "digest list")
    for one in (*answers(result), *answers(listing)):
        check_limits(one.components)
    told = "\n".join(said(one) for one in answers(result))
    assert all(f"<#{channel.id}>" in told for channel in channels)


async def test_help_lists_every_command_clickable(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "help")
    assert answer(result).ephemeral
    known = {(one.name, one.id) for one in await stage.bot.tree.fetch_commands()}
    mentioned = re.findall(r"</([\w ]+):(\d+)>", said(result))
    assert {(name.split()[0], int(number)) for name, number in mentioned} <= known
    assert {name for name, _ in mentioned} | {"help"} == set(
        stage.reader.available_commands(stage.channel)
    )


async def test_help_after_a_restart_is_as_clickable(stage: Stage) -> None:
    before = said(await stage.reader.slash(stage.channel, "help"))
    await stage.restart()
    assert said(await stage.reader.slash(stage.channel, "help")) == before
