from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.schedules import State
from tests.builders import paper
from tests.cogs.alerting import (
    VIDEO,
    alerts_of,
    bring,
    close_dms,
    last,
    list_videos,
    menu_of,
    on_video,
    pressed,
    stored,
    told,
)
from tests.cogs.conftest import answer, custom_ids, labels, said
from tests.cogs.troubles import demote, let_bot, shown_by
from tests.ui import check_limits, walked

if TYPE_CHECKING:
    import discord
    from simcord.results import ResponseMessage

    from bot.domain.alerts import Alert
    from tests.cogs.conftest import Stage


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """Give the stage with two papers on video diffusion among its five."""
    await list_videos(stage)
    return stage


@pytest.fixture(params=[False, True], ids=["at once", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def in_the_channel(stage: Stage, query: str = VIDEO) -> Alert:
    """Make the manager's alert in the channel."""
    return await stored(
        stage, stage.admin, query, guild_id=stage.guild.id, channel_id=stage.channel.id
    )


async def not_this(stage: Stage, message: discord.Message, paper_id: str) -> ResponseMessage:
    """Let the reader say in their direct messages that a paper should not have come."""
    user = stage.reader.user
    return answer(await user.select(message, [paper_id], custom_id=menu_of(message, "not")))


async def test_a_paper_that_matches_comes_to_its_person_with_why(
    stage: Stage, restarts: bool
) -> None:
    alert = await stored(stage, stage.reader)
    await bring(stage, paper(20), on_video(13, abstract="We speed video diffusion up."))
    message = last(stage.reader.user)
    assert f"### New for “video diffusion”\n-# 1 new paper · alert {alert.no}" in shown_by(message)
    assert "Video diffusion, part 13" in shown_by(message)
    assert "thing 20" not in shown_by(message)
    if restarts:
        await stage.restart()
    user = stage.reader.user
    card = await user.select(message, ["2502.00013"], custom_id=menu_of(message, "card"))
    assert "Video diffusion, part 13" in said(card)


async def test_an_alert_rests_by_the_button_below_what_it_brought(
    stage: Stage, restarts: bool
) -> None:
    await stored(stage, stage.reader)
    await bring(stage, on_video(13))
    message = last(stage.reader.user)
    if restarts:
        await stage.restart()
    note = answer(await stage.reader.user.click(message, label="Pause"))
    assert note.id != message.id
    assert "rests: nothing comes by it" in said(note)
    assert (await alerts_of(stage, stage.reader))[0].state is State.PAUSED
    await bring(stage, on_video(14))
    assert last(stage.reader.user).id == message.id
    on = answer(await stage.reader.user.click(note, label="Resume"))
    assert "is on again: what is new from now on goes to your direct messages" in said(on)
    assert "come here" in shown_by(last(stage.reader.user))
    await bring(stage, on_video(14), on_video(15))
    assert "part 15" in shown_by(last(stage.reader.user))
    assert "part 14" not in shown_by(last(stage.reader.user))


async def test_one_of_several_alerts_of_a_message_rests(stage: Stage) -> None:
    await stored(stage, stage.reader)
    second = await stored(stage, stage.reader, "part")
    await bring(stage, on_video(13))
    message = last(stage.reader.user)
    assert "### 1 new paper for 2 of your alerts" in shown_by(message)
    assert "for “video diffusion” and 1 other alert" in shown_by(message)
    menu = menu_of(message, "rest")
    note = await stage.reader.user.select(message, [str(second.no)], custom_id=menu)
    assert f"Alert {second.no} on “part” rests" in said(note)
    assert [one.state for one in await alerts_of(stage, stage.reader)] == [
        State.ACTIVE, State.PAUSED,
    ]  # fmt: skip


async def test_all_that_came_opens_in_pages(stage: Stage, restarts: bool) -> None:
    await stored(stage, stage.reader)
    await bring(stage, *(on_video(number, upvotes=number) for number in range(20, 42)))
    message = last(stage.reader.user)
    assert "part 41" in shown_by(message)
    assert "part 31" not in shown_by(message)
    if restarts:
        await stage.restart()
    user = stage.reader.user
    page = answer(await user.click(message, label="And 12 more"))
    assert "1 – 10 of 22 papers" in said(page)
    page = answer(await user.click(page, label="Next"))
    assert "**11.** [Video diffusion, part 31]" in said(page)
    check_limits(page.components)
    turned = answer(await user.click(page, label="Next"))
    assert turned.id == page.id
    assert "21 – 22 of 22 papers" in said(turned)
    card = await user.select(turned, ["2502.00020"], custom_id=menu_of(turned, "card"))
    assert "part 20" in said(card)


async def test_not_this_proposes_what_to_exclude_and_shows_what_then_comes(
    stage: Stage, restarts: bool
) -> None:
    alert = await stored(stage, stage.reader)
    await bring(stage, on_video(13, "phones", "caching"), on_video(14))
    message = last(stage.reader.user)
    if restarts:
        await stage.restart()
    page = await not_this(stage, message, "2502.00013")
    assert page.ephemeral
    assert said(page).startswith(f"### Alert {alert.no} changed to “video diffusion -phones”")
    assert "**2 papers** of the 7" in said(page)
    assert "part 11" not in said(page)
    assert labels(page) == ["Save", "Change", "Cancel"]
    user = stage.reader.user
    menu = next(one for one in walked(page.components) if one["type"] == 3)
    assert [one["label"] for one in menu["options"]] == ["-phones", "-caching"]
    other = answer(
        await user.select(page, [menu["options"][1]["value"]], custom_id=menu["custom_id"])
    )
    assert other.id == page.id
    assert "part 11" in said(other)
    saved = answer(await user.click(other, label="Save"))
    assert "is changed" in said(saved)
    assert [one.query for one in await alerts_of(stage, stage.reader)] == [
        "video diffusion -caching"
    ]


async def test_not_this_asks_which_alert_is_meant_where_several_brought_it(stage: Stage) -> None:
    await stored(stage, stage.reader)
    second = await stored(stage, stage.reader, "part")
    await bring(stage, on_video(13, "phones"))
    asked = await not_this(stage, last(stage.reader.user), "2502.00013")
    assert "Which one should not?" in said(asked)
    page = answer(await stage.reader.user.select(asked, [str(second.no)]))
    assert page.id == asked.id
    assert said(page).startswith(f"### Alert {second.no} changed to “part -")


async def test_where_nothing_can_be_excluded_it_says_what_to_type(stage: Stage) -> None:
    await stored(stage, stage.reader)
    await bring(stage, on_video(13))
    user, message = stage.reader.user, last(stage.reader.user)
    result = await user.select(message, ["2502.00013"], custom_id=menu_of(message, "not"))
    assert "/alerts edit changes the query by hand" in told(result)


async def test_what_came_too_long_ago_says_what_to_do(stage: Stage) -> None:
    alert = await stored(stage, stage.reader)
    await bring(stage, on_video(13))
    user, message = stage.reader.user, last(stage.reader.user)
    await stage.house.services.alerts.remove(alert)
    result = await user.select(message, ["2502.00013"], custom_id=menu_of(message, "not"))
    assert "It is no longer known what came with that message" in told(result)
    paused = await user.click(message, label="Pause")
    assert "That alert is not there any more" in told(paused)


async def test_a_paper_whose_alert_is_gone_comes_no_more_anyway(stage: Stage) -> None:
    await stored(stage, stage.reader, "part")
    second = await stored(stage, stage.reader, "phones")
    await bring(stage, on_video(13), on_video(14, "phones", title="Of phones"))
    user, message = stage.reader.user, last(stage.reader.user)
    await stage.house.services.alerts.remove(second)
    result = await user.select(message, ["2502.00014"], custom_id=menu_of(message, "not"))
    assert told(result).startswith("That alert is gone")


async def test_in_a_channel_only_who_manages_the_alert_may_press(stage: Stage) -> None:
    await in_the_channel(stage)
    await bring(stage, on_video(13, "phones"))
    message = last(stage.channel)
    refused = await stage.reader.click(message, label="Pause")
    assert "or is somebody else's" in told(refused)
    menu = menu_of(message, "not")
    refused = await stage.reader.select(message, ["2502.00013"], custom_id=menu)
    assert "or is somebody else's" in told(refused)
    card = await stage.reader.select(message, ["2502.00013"], custom_id=menu_of(message, "card"))
    assert "part 13" in said(card)
    page = answer(await stage.admin.select(message, ["2502.00013"], custom_id=menu))
    assert "changed to “video diffusion -" in said(page)
    await stage.admin.click(page, label="Save")
    [alert] = await alerts_of(stage, stage.admin)
    assert (alert.query, alert.channel_id) == ("video diffusion -phones", stage.channel.id)


async def test_another_manager_changes_a_channels_alert_and_it_stays_its_makers(
    stage: Stage,
) -> None:
    alert = await stored(stage, stage.reader, guild_id=stage.guild.id, channel_id=stage.channel.id)
    page = answer(
        await stage.admin.slash(stage.channel, "alerts edit", alert=str(alert.no), query="part")
    )
    await stage.admin.click(page, label="Save")
    assert [one.query for one in await alerts_of(stage, stage.reader)] == ["part"]
    assert await alerts_of(stage, stage.admin) == []


async def test_who_made_a_channels_alerts_is_told_once_when_they_stop_and_may_resume(
    stage: Stage, restarts: bool
) -> None:
    alert = await in_the_channel(stage)
    await let_bot(stage, send_messages=False)
    await bring(stage, on_video(13))
    await bring(stage, on_video(13), on_video(14))
    notice = last(stage.admin.user)
    said_ = shown_by(notice)
    assert said_.startswith("### Your alerts in \\#papers in Reading group are stopped")
    assert "They go on by themselves once Paperboy may view the channel" in said_
    assert len(stage.admin.user.dm_channel.history()) == 1
    listed = await stage.admin.slash(stage.channel, "alerts list")
    assert "⛔ Stopped:" in said(listed)
    if restarts:
        await stage.restart()
    refused = await stage.admin.user.click(notice, label="Resume")
    assert "it lacks Send Messages there" in told(refused)
    await let_bot(stage)
    on = answer(await stage.admin.user.click(notice, label="Resume"))
    assert f"Alert {alert.no} on “video diffusion” is on again" in said(on)


async def test_a_channel_that_opens_again_lets_its_alerts_go_on(stage: Stage) -> None:
    await in_the_channel(stage)
    await let_bot(stage, send_messages=False)
    await bring(stage, on_video(13))
    assert (await alerts_of(stage, stage.admin))[0].state is State.STOPPED
    await let_bot(stage, send_messages=True)
    assert (await alerts_of(stage, stage.admin))[0].state is State.ACTIVE


async def test_who_may_no_longer_manage_the_server_resumes_nothing_there(stage: Stage) -> None:
    alert = await in_the_channel(stage)
    await stage.house.services.alerts.pause(alert)
    demote(stage)
    result = await pressed(stage, stage.admin, f"wake:{alert.no}")
    assert "You need the Manage Server permission" in told(result)
    assert (await alerts_of(stage, stage.admin))[0].state is State.PAUSED


async def test_alerts_that_closed_direct_messages_stopped_go_on_by_one_button(
    stage: Stage,
) -> None:
    await stored(stage, stage.reader)
    await stored(stage, stage.reader, "phones")
    close_dms(stage)
    await bring(stage, on_video(13))
    states = [one.state for one in await alerts_of(stage, stage.reader)]
    assert states == [State.STOPPED, State.STOPPED]
    page = answer(await stage.reader.slash(stage.channel, "alerts list"))
    assert "⛔ Stopped: Direct messages are closed" in said(page)
    close_dms(stage)
    wakes = [one for one in custom_ids(page) if one.startswith("wake:")]
    refused = await stage.reader.click(page, custom_id=wakes[0])
    assert "Discord does not let Paperboy write to you" in told(refused)
    on = answer(await stage.reader.click(page, custom_id=wakes[0]))
    assert "is on again" in said(on)
    states = [one.state for one in await alerts_of(stage, stage.reader)]
    assert states == [State.ACTIVE, State.ACTIVE]


async def test_a_forged_number_is_nobodys_alert(stage: Stage) -> None:
    for word in ("pause", "wake", "edit", "test", "remove"):
        result = await pressed(stage, stage.reader, f"{word}:{10**17}")
        assert "That alert is not there any more" in told(result)


async def test_a_greeting_that_is_sent_twice_is_known_again_by_its_nonce(stage: Stage) -> None:
    page = answer(await stage.reader.slash(stage.channel, "alerts add", query=VIDEO))
    close_dms(stage)
    await stage.reader.click(page, label="Save")
    await stage.reader.click(page, label="Save")
    nonces = [body["nonce"] for body in stage.sent()]
    assert len(nonces) == 2
    assert len(set(nonces)) == 1
    assert all(len(nonce) <= 25 for nonce in nonces)
    assert all(body["enforce_nonce"] for body in stage.sent())
