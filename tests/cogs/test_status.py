from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import SourceUnreachable
from bot.services.schedules import Wishes
from tests.builders import DAY, NOW, reading
from tests.cogs.conftest import answer, answers, labels, said
from tests.cogs.troubles import collected_daily, lose_track, stop, tick
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
    assert "R>: 3 papers" in told
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
    assert "⚠️ Hugging Face: down since <t:" in told
    assert "R>: Hugging Face answered 500 for \\*the list\\*" in told


async def test_silence_is_explained(stage: Stage) -> None:
    await stage.schedule(min_upvotes=50, time="10:00")
    stage.clock.move(hours=2)
    await stage.house.services.daily.run_due(stage.clock())
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as none of 3 papers matched" in told
    stage.clock.move(hours=24)
    await stage.house.services.daily.run_due(stage.clock())
    later = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as the list of 12 Feb 2025 could not be read" in later
    for day in (NOW.date(), stage.clock().date()):
        stage.source.readings[day] = reading(day=day, read_at=stage.clock())
        await stage.house.collector.collect([day], stage.clock())
    stage.clock.move(hours=24)
    await stage.house.services.daily.run_due(stage.clock())
    at_last = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as there were no new papers" in at_last


async def test_silence_for_want_of_a_match_is_explained_with_the_topic(stage: Stage) -> None:
    await stage.schedule(topic="*video* diffusion", time="10:00")
    stage.clock.move(hours=2)
    await stage.house.services.daily.run_due(stage.clock())
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "no message, as nothing on Tuesday's list matches “\\*video\\* diffusion”" in told
    assert stage.sent() == []


async def test_an_edition_that_waits_for_a_list_says_for_which(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    await tick(stage, hours=2)
    await tick(stage, hours=23, minutes=1)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "Due since <t:" in told
    assert "waits a while for the list of 12 Feb 2025" in told


async def test_a_quiet_line_is_explained_with_what_comes_of_it(stage: Stage) -> None:
    await stage.schedule(time="13:00")
    stage.source.failure = SourceUnreachable("Hugging Face answered 503.")
    stage.clock.move(hours=4)
    await collected_daily(stage).run_due(stage.clock())
    await stage.env.settle()
    told = said(await stage.admin.slash(stage.channel, "status"))
    read = int(NOW.timestamp())
    assert f"a line in its place until a list can be read; none could be since <t:{read}:f>" in told
    assert f"<#{stage.channel.id}>: Next edition <t:{read + 28 * 3600}:f>" in told


async def test_a_paused_and_a_stopped_schedule_say_what_wakes_them(stage: Stage) -> None:
    other = stage.guild.create_text_channel("other")
    await stage.schedule(other)
    await stage.admin.slash(stage.channel, "digest pause", channel=other)
    await stop(stage)
    told = "\n".join(map(said, answers(await stage.admin.slash(stage.channel, "status"))))
    assert f"<#{other.id}>: ⏸ Paused; `/digest resume` wakes it." in told
    assert (
        f"<#{stage.channel.id}>: ⛔ Stopped: Paperboy may not send messages there "
        "(403, code 50013). Mend it, then `/digest resume`."
    ) in told


async def test_what_a_stopped_channel_never_got_is_not_called_brought(stage: Stage) -> None:
    await stop(stage)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "3 papers\n" not in told
    assert "Not delivered" not in told


async def test_an_edition_on_its_way_is_not_called_brought(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    path = f"/channels/{stage.channel.id}/messages"
    stage.env.inject_error("POST", path, status=400, code=50035, message="Invalid Form Body")
    await tick(stage, hours=1)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "3 papers, not all delivered yet" in told
    assert "Discord refused the message: Invalid Form Body (400, code 50035)" in told
    assert "It is tried again." in told
    await tick(stage, minutes=2)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "not all delivered" not in told
    assert "Not delivered" not in told


async def test_a_message_without_an_answer_is_being_looked_for(stage: Stage) -> None:
    await stage.schedule(time="10:00")
    stage.env.inject_error("POST", f"/channels/{stage.channel.id}/messages", status=502)
    await tick(stage, hours=1)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert "Discord gave no answer yet; Paperboy looks whether the message is there." in told


async def test_a_message_that_nobody_can_look_for_is_asked_about(stage: Stage) -> None:
    await lose_track(stage)
    told = said(await stage.admin.slash(stage.channel, "status"))
    assert f"<#{stage.channel.id}>: Is the message of <t:" in told
    assert "Paperboy may not read the history to look" in told


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
    for number, channel in enumerate(channels[:20]):
        status, code = ((403, 50013), (502, 0), (400, 50035), (404, 10003))[number % 4]
        path = f"/channels/{channel.id}/messages"
        stage.env.inject_error("POST", path, status=status, code=code, message="No. " * 60)
        stage.env.inject_error("GET", path, status=403, code=50001, times=None)
    await stage.house.services.schedules.pause(channels[-1].id)
    await tick(stage, hours=2)
    await tick(stage, minutes=3)
    stage.source.failure = SourceUnreachable("Hugging Face gives no answer. " * 20)
    with pytest.raises(SourceUnreachable):
        await stage.house.collector.collect([DAY], stage.clock())
    found = answers(await stage.admin.slash(stage.channel, "status"))
    listing = answers(await stage.admin.slash(stage.channel, "digest list"))
    for one in (*found, *listing):
        check_limits(one.components)
    told = "\n".join(map(said, found))
    assert all(f"<#{channel.id}>" in told for channel in channels)
    assert all(f"<#{channel.id}>" in "\n".join(map(said, listing)) for channel in channels)
    offered = [label for one in found for label in labels(one)]
    assert offered.count("Resume") == 10
    assert offered.count("Post it again") == offered.count("It is there") == 5


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
