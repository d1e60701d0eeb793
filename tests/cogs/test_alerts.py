from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import discord
import pytest

from bot.domain.schedules import State
from bot.ui import ids
from tests.cogs.alerting import (
    VIDEO,
    alerts_of,
    bring,
    close_dms,
    drafted,
    last,
    list_videos,
    menu_of,
    modal_values,
    on_video,
    pressed,
    saved,
    stored,
    told,
)
from tests.cogs.conftest import answer, answers, custom_ids, labels, said
from tests.cogs.troubles import demote, let_bot, shown_by, status_of, with_button
from tests.ui import check_limits

if TYPE_CHECKING:
    from simcord.results import InteractionResult, ResponseMessage

    from tests.cogs.conftest import Stage

MANAGE = "You need the Manage Server permission for that; ask an administrator."


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """Give the stage with two papers on video diffusion among its five."""
    await list_videos(stage)
    return stage


@pytest.fixture(params=[False, True], ids=["at once", "after a restart"])
def restarts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def test_before_it_is_saved_an_alert_shows_what_it_would_have_sent(stage: Stage) -> None:
    page = await drafted(stage)
    assert page.ephemeral
    assert said(page).startswith(
        "### Alert on “video diffusion”\n-# to your direct messages · at once\n\n"
        "**2 papers** of the 5 listed in the last 30 days would have come: "
        "about one in 15 days."
    )
    assert "[Video diffusion, part 12](https://arxiv.org/abs/2502.00012)" in said(page)
    assert labels(page) == ["Save", "Change", "Cancel"]
    assert await alerts_of(stage, stage.reader) == []
    check_limits(page.components)


async def test_saved_it_greets_where_its_papers_will_come_and_says_how_it_is_changed(
    stage: Stage, restarts: bool
) -> None:
    page = await drafted(stage)
    if restarts:
        await stage.restart()
    shown = answer(await stage.reader.click(page, label="Save"))
    assert shown.id == page.id
    assert labels(shown) == []
    assert "is saved: “video diffusion”" in said(shown)
    assert "New papers that match go to your direct messages, at once." in said(shown)
    assert "`/alerts edit` changes it" in said(shown)
    assert shown_by(last(stage.reader.user)).startswith("Papers on “video diffusion” come here.")
    [alert] = await alerts_of(stage, stage.reader)
    assert alert.channel_id == stage.reader.user.dm_channel.id
    assert alert.direct


async def test_a_direct_message_makes_the_same_alert(stage: Stage) -> None:
    user = stage.reader.user
    page = answer(await user.slash("alerts add", query=VIDEO))
    await user.click(page, label="Save")
    [alert] = await alerts_of(stage, stage.reader)
    assert alert.channel_id == user.dm_channel.id


async def test_where_direct_messages_are_closed_nothing_is_saved_and_it_says_what_to_do(
    stage: Stage,
) -> None:
    page = await drafted(stage)
    close_dms(stage)
    result = await stage.reader.click(page, label="Save")
    assert "Discord does not let Paperboy write to you, so nothing has changed." in told(result)
    assert "pick a channel: /alerts add has “where”" in told(result)
    assert result.followups[-1].ephemeral
    assert await alerts_of(stage, stage.reader) == []
    again = answer(await stage.reader.click(page, label="Save"))
    assert "is saved" in said(again)


async def test_a_draft_is_for_the_person_who_ordered_it_alone(stage: Stage) -> None:
    page = await drafted(stage)
    for word in ("save", "change", "cancel"):
        result = await pressed_by_another(stage, page, word)
        assert told(result) == "That is somebody else's; /alerts add makes one of your own."
    assert await alerts_of(stage, stage.admin) == []


async def pressed_by_another(stage: Stage, page: ResponseMessage, word: str) -> InteractionResult:
    """Let the manager press a button of a draft, as a forged interaction can."""
    [custom_id] = [one for one in custom_ids(page) if one.startswith(f"{word}:")]
    return await pressed(stage, stage.admin, custom_id)


async def test_an_order_is_saved_once_however_often_it_is_pressed(stage: Stage) -> None:
    page = await drafted(stage)
    [custom_id] = [one for one in custom_ids(page) if one.startswith("save:")]
    await stage.reader.click(page, label="Save")
    again = await pressed(stage, stage.reader, custom_id)
    assert "That is saved already" in told(again)
    assert len(await alerts_of(stage, stage.reader)) == 1


async def test_an_old_draft_says_what_to_type(stage: Stage) -> None:
    page = await drafted(stage)
    stage.clock.move(days=31)
    result = await stage.reader.click(page, label="Save")
    assert "more than thirty days old" in told(result)
    assert await alerts_of(stage, stage.reader) == []


async def test_cancelled_it_saves_nothing(stage: Stage, restarts: bool) -> None:
    page = await drafted(stage)
    if restarts:
        await stage.restart()
    shown = answer(await stage.reader.click(page, label="Cancel"))
    assert shown.id == page.id
    assert said(shown) == "Nothing is saved, and nothing is changed."
    assert await alerts_of(stage, stage.reader) == []


async def test_the_form_changes_a_draft_in_place(stage: Stage, restarts: bool) -> None:
    page = await drafted(stage)
    form = await stage.reader.click(page, label="Change")
    assert modal_values(form) == {
        "query": VIDEO, "when": ["at once"], "time": "", "timezone": "",
    }  # fmt: skip
    if restarts:
        await stage.restart()
    values = {"query": "part", "when": ["daily"], "time": "18:30", "timezone": "Europe/Berlin"}
    changed = answer(await stage.reader.submit_modal(form, values))
    assert changed.id == page.id
    due = int(datetime(2025, 2, 12, 17, 30, tzinfo=UTC).timestamp())
    assert f"daily at 18:30 Europe/Berlin (next <t:{due}:f>)" in said(changed)
    await stage.reader.click(changed, label="Save")
    [alert] = await alerts_of(stage, stage.reader)
    assert (alert.query, alert.at, alert.zone and alert.zone.key) == (
        "part", time(18, 30), "Europe/Berlin",
    )  # fmt: skip


async def test_a_mistake_in_the_form_is_pointed_at_and_the_draft_stays(stage: Stage) -> None:
    page = await drafted(stage)
    form = await stage.reader.click(page, label="Change")
    result = await stage.reader.submit_modal(form, {"query": "video (", "when": ["at once"]})
    assert "```\nvideo ( \n       ^" in told(result)
    assert result.followups[-1].ephemeral
    assert "is saved" in said(await stage.reader.click(page, label="Save"))


async def test_a_form_of_another_time_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await drafted(stage)
    monkeypatch.setattr(ids, "redraft", lambda name: f"bygone:{name}")
    form = await stage.reader.click(page, label="Change")
    result = await stage.reader.submit_modal(form, modal_values(form))
    assert told(result) == "That form is of an older Paperboy; open it again."


async def test_a_mistake_is_pointed_at_and_nothing_is_kept(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "alerts add", query="video (")
    assert answer(result).ephemeral
    assert "```\nvideo ( \n       ^" in said(result)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"time": "soon"}, "write it like 09:00"),
        ({"timezone": "Mars"}, "is not a time zone"),
        ({"mention": "fans"}, "Only an alert in a channel mentions a role"),
    ],
)
async def test_what_cannot_be_read_is_answered_in_a_sentence(
    stage: Stage, options: dict[str, str], hint: str
) -> None:
    result = await stage.reader.slash(stage.channel, "alerts add", query=VIDEO, **options)
    assert answer(result).ephemeral
    assert hint in said(result)


async def test_to_mention_nobody_is_no_mistake(stage: Stage) -> None:
    assert "### Alert on" in said(await drafted(stage, mention="none"))


async def test_a_time_alone_means_daily(stage: Stage) -> None:
    alert = await saved(stage, time="7 pm", timezone="Asia/Tokyo")
    assert (alert.at, alert.zone and alert.zone.key) == (time(19), "Asia/Tokyo")


async def test_no_query_mentions_links_or_formats_anything(stage: Stage) -> None:
    for text in ("@everyone [x](https://e.example)", "`code` **b**", "<@&1> <#2>"):
        page = await drafted(stage, query=f'"{text}"')
        assert "@everyone" not in said(page).replace("\\@everyone", "")
        assert "](https://e.example)" not in said(page)
        assert "<@&1>" not in said(page)


async def test_a_channel_takes_manage_server(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "alerts add", query=VIDEO, where=stage.channel)
    assert said(result) == MANAGE
    alert = await saved(stage, stage.admin, where=stage.channel)
    assert (alert.guild_id, alert.channel_id) == (stage.guild.id, stage.channel.id)
    assert stage.sent() == []


async def test_a_channel_where_the_bot_cannot_post_is_refused_also_when_it_is_saved(
    stage: Stage,
) -> None:
    page = await drafted(stage, stage.admin, where=stage.channel)
    await let_bot(stage, send_messages=False)
    refused = await stage.admin.click(page, label="Save")
    assert "it lacks Send Messages there" in told(refused)
    result = await stage.admin.slash(stage.channel, "alerts add", query=VIDEO, where=stage.channel)
    assert "it lacks Send Messages there" in said(result)
    assert await alerts_of(stage, stage.admin) == []


async def test_who_may_no_longer_manage_the_server_saves_nothing_there(stage: Stage) -> None:
    page = await drafted(stage, stage.admin, where=stage.channel)
    demote(stage)
    refused = await stage.admin.click(page, label="Save")
    assert told(refused) == MANAGE
    assert await alerts_of(stage, stage.admin) == []


async def test_what_the_channels_digest_shows_anyway_is_said(stage: Stage) -> None:
    await stage.deliver(limit=1)
    page = await drafted(stage, stage.admin, where=stage.channel)
    assert f"1 of them stood in the digest of <#{stage.channel.id}> anyway." in said(page)
    own = await drafted(stage)
    assert "1 of them stood in this channel's digest anyway." in said(own)


async def test_a_role_is_mentioned_by_a_channels_alert_and_cleared_by_a_change(
    stage: Stage,
) -> None:
    role = stage.guild.create_role("fans", mentionable=True)
    alert = await saved(stage, stage.admin, where=stage.channel, mention=str(role.id))
    assert alert.mention_role == role.id
    await bring(stage, on_video(13))
    body = stage.sent()[-1]
    assert body["allowed_mentions"]["roles"] == [role.id]
    assert shown_by(last(stage.channel)).startswith(f"<@&{role.id}>")
    page = answer(
        await stage.admin.slash(stage.channel, "alerts edit", alert=str(alert.no), mention="none")
    )
    await stage.admin.click(page, label="Save")
    [changed] = await alerts_of(stage, stage.admin)
    assert changed.mention_role is None


async def test_a_change_shows_what_would_come_and_keeps_what_is_left_out(stage: Stage) -> None:
    alert = await stored(stage, stage.reader, time="08:00", timezone="UTC")
    page = answer(
        await stage.reader.slash(stage.channel, "alerts edit", alert="video", query="part")
    )
    assert said(page).startswith(f"### Alert {alert.no} changed to “part”")
    assert (await alerts_of(stage, stage.reader))[0].query == VIDEO
    shown = answer(await stage.reader.click(page, label="Save"))
    assert f"Alert {alert.no} is changed: “part”" in said(shown)
    [changed] = await alerts_of(stage, stage.reader)
    assert (changed.no, changed.query, changed.at) == (alert.no, "part", time(8))
    assert stage.reader.user.dm_channel.last_message is None


async def test_a_list_says_what_there_is_and_opens_one(stage: Stage, restarts: bool) -> None:
    alert = await stored(stage, stage.reader)
    await stored(stage, stage.admin, "someone else's")
    page = answer(await stage.reader.slash(stage.channel, "alerts list"))
    assert page.ephemeral
    assert "-# 1 of 50" in said(page)
    assert "someone else" not in said(page)
    if restarts:
        await stage.restart()
    one = answer(await stage.reader.select(page, [str(alert.no)], custom_id=menu_of(page, "pick")))
    assert labels(one) == ["Edit", "Pause", "Test", "Remove"]
    form = await stage.reader.click(one, label="Edit")
    assert modal_values(form)["query"] == VIDEO
    if restarts:
        await stage.restart()
    shown = answer(await stage.reader.submit_modal(form, modal_values(form) | {"query": "part"}))
    assert "changed to “part”" in said(shown)
    await stage.reader.click(shown, label="Save")
    assert [one.query for one in await alerts_of(stage, stage.reader)] == ["part"]


async def test_an_alert_rests_goes_on_and_is_removed_by_its_buttons(stage: Stage) -> None:
    alert = await stored(stage, stage.reader)
    page = answer(await stage.reader.slash(stage.channel, "alerts list"))
    one = answer(await stage.reader.select(page, [str(alert.no)], custom_id=menu_of(page, "pick")))
    tested = await stage.reader.click(one, label="Test")
    assert "### Alert" in said(answers(tested)[0])
    removing = answer(
        await stage.reader.select(page, [str(alert.no)], custom_id=menu_of(page, "pick"))
    )
    paused = answer(await stage.reader.click(one, label="Pause"))
    assert paused.id == one.id
    assert "rests: nothing comes by it" in said(paused)
    assert (await alerts_of(stage, stage.reader))[0].state is State.PAUSED
    on = answer(await stage.reader.click(paused, label="Resume"))
    assert "is on again" in said(on)
    assert (await alerts_of(stage, stage.reader))[0].state is State.ACTIVE
    removed = answer(await stage.reader.click(removing, label="Remove"))
    assert "is removed; `/alerts add` with that query makes it again." in said(removed)
    assert await alerts_of(stage, stage.reader) == []
    gone = await stage.reader.click(on, label="Pause")
    assert "That alert is not there any more" in told(gone)


async def test_the_commands_do_what_the_buttons_do(stage: Stage) -> None:
    alert = await stored(stage, stage.reader)
    number = str(alert.no)
    paused = await stage.reader.slash(stage.channel, "alerts pause", alert=number)
    assert "rests" in said(paused)
    assert labels(answer(paused)) == ["Resume"]
    assert "⏸ Paused" in said(await stage.reader.slash(stage.channel, "alerts list"))
    on = await stage.reader.slash(stage.channel, "alerts resume", alert=number)
    assert "is on again" in said(on)
    removed = await stage.reader.slash(stage.channel, "alerts remove", alert=number)
    assert "is removed" in said(removed)
    none = await stage.reader.slash(stage.channel, "alerts list")
    assert said(none) == "You have no alert yet; /alerts add makes one."


async def test_a_test_shows_the_back_test_and_the_message_as_it_looks(stage: Stage) -> None:
    await stored(stage, stage.reader)
    result = await stage.reader.slash(stage.channel, "alerts test", alert="VIDEO diffusion")
    shown = answers(result)
    assert len(shown) == 3
    assert "**2 papers** of the 5" in said(shown[0])
    assert labels(shown[0]) == []
    assert "### New for “video diffusion”" in said(shown[2])
    assert [one.split(":")[0] for one in custom_ids(shown[2])] == ["card"]
    card = await stage.reader.select(shown[2], ["2502.00012"])
    assert "Video diffusion, part 12" in said(card)


async def test_a_test_of_what_found_nothing_has_no_message_to_show(stage: Stage) -> None:
    await stored(stage, stage.reader, "quaternions")
    result = await stage.reader.slash(stage.channel, "alerts test", alert="quat")
    assert "⚠️ **Nothing in 90 days**" in said(result)


async def test_an_alert_is_named_by_its_number_or_a_part_of_its_query(stage: Stage) -> None:
    first = await stored(stage, stage.reader, "study of thing")
    second = await stored(stage, stage.reader, "thing")
    other = await stored(stage, stage.admin, "robots")

    async def named(typed: str) -> str:
        return said(await stage.reader.slash(stage.channel, "alerts pause", alert=typed))

    assert f"Alert {first.no} on" in await named(f"#{first.no}")
    assert f"Alert {first.no} on" in await named("STUDY")
    assert f"Alert {second.no} on" in await named(" Thing ")
    assert f"may mean alert {first.no}, {second.no}; say which by its number" in await named("thi")
    assert "None of your alerts is “robots”" in await named("robots")
    assert "None of your alerts is" in await named(str(other.no))
    assert (await alerts_of(stage, stage.admin))[0].state is State.ACTIVE


async def test_whoever_manages_the_server_manages_its_channels_alerts(stage: Stage) -> None:
    alert = await stored(stage, stage.reader, guild_id=stage.guild.id, channel_id=stage.channel.id)
    number = str(alert.no)
    await stage.admin.slash(stage.channel, "alerts pause", alert=number)
    assert (await alerts_of(stage, stage.reader))[0].state is State.PAUSED
    refused = await stage.reader.slash(stage.channel, "alerts resume", alert=number)
    assert said(refused) == MANAGE
    on = await stage.admin.slash(stage.channel, "alerts resume", alert=number)
    assert "is on again" in said(on)


@pytest.mark.parametrize("option", ["query", "timezone", "mention"])
async def test_what_is_typed_is_completed(stage: Stage, option: str) -> None:
    stage.guild.create_role("Berliners", mentionable=True)
    typed = {"query": "video d", "timezone": "berlin", "mention": "ber"}[option]
    offered = await stage.admin.autocomplete(
        stage.channel, "alerts add", option, typed, **({} if option == "query" else {"query": "x"})
    )
    names = [one["name"] for one in offered]
    wanted = {"query": '"video diffusion"', "timezone": "Europe/Berlin", "mention": "@Berliners"}
    assert wanted[option] in names


@pytest.mark.parametrize("command", ["edit", "remove", "pause", "resume", "test"])
async def test_ones_own_alerts_are_offered_by_number_and_query(stage: Stage, command: str) -> None:
    own = await stored(stage, stage.reader)
    await stored(stage, stage.admin, "video games")
    offered = await stage.reader.autocomplete(stage.channel, f"alerts {command}", "alert", "VIDEO")
    assert [(one["name"], one["value"]) for one in offered] == [
        (f"{own.no}. video diffusion", str(own.no))
    ]


async def test_fifty_alerts_stand_on_pages_that_turn_and_a_fifty_first_is_refused(
    stage: Stage,
) -> None:
    for number in range(50):
        await stored(stage, stage.reader, f'{number} "{"x" * 250}"')
    page = answer(await stage.reader.slash(stage.channel, "alerts list"))
    for where in ("2 / 10", "3 / 10"):
        page = answer(await stage.reader.click(page, label="Next"))
        assert where in labels(page)
        check_limits(page.components)
    result = await stage.reader.slash(stage.channel, "alerts add", query=VIDEO)
    assert "You have 50 alerts, the most that one person can have" in said(result)


async def test_a_search_becomes_an_alert(stage: Stage, restarts: bool) -> None:
    found = answer(await stage.reader.slash(stage.channel, "papers", topic=VIDEO))
    if restarts:
        await stage.restart()
    page = answer(await stage.reader.click(found, label="Make this an alert"))
    assert page.id != found.id
    assert said(page).startswith("### Alert on “video diffusion”\n-# to your direct messages")
    await stage.reader.click(page, label="Save")
    assert [one.query for one in await alerts_of(stage, stage.reader)] == [VIDEO]
    trending = answer(await stage.reader.slash(stage.channel, "papers"))
    assert "Make this an alert" not in labels(trending)


async def test_an_old_search_becomes_none(stage: Stage) -> None:
    found = answer(await stage.reader.slash(stage.channel, "papers", topic=VIDEO))
    stage.clock.move(days=31)
    result = await stage.reader.click(found, label="Make this an alert")
    assert "type /papers again" in told(result)


async def test_what_is_removed_is_named_whole_and_a_second_press_removes_no_other(
    stage: Stage,
) -> None:
    first = await stored(stage, stage.reader, "robots")
    second = await stored(stage, stage.reader, "llama 1b")
    await stage.reader.slash(stage.channel, "alerts remove", alert=str(first.no))
    result = await stage.reader.slash(stage.channel, "alerts remove", alert=str(first.no))
    assert f"None of your alerts is “{first.no}”" in told(result)
    for typed in ("llama", " ", "o"):
        result = await stage.reader.slash(stage.channel, "alerts remove", alert=typed)
        assert "None of your alerts is" in told(result)
    assert [one.no for one in await alerts_of(stage, stage.reader)] == [second.no]
    await stage.reader.slash(stage.channel, "alerts remove", alert="Llama 1B")
    assert await alerts_of(stage, stage.reader) == []


async def test_a_part_of_its_query_never_names_an_alert_of_somebody_else(stage: Stage) -> None:
    where = {"channel_id": stage.channel.id, "guild_id": stage.guild.id}
    made = await stored(stage, stage.reader, "robots in the lab", **where)
    result = await stage.admin.slash(stage.channel, "alerts pause", alert="robots")
    assert "None of your alerts is “robots”" in told(result)
    result = await stage.admin.slash(stage.channel, "alerts pause", alert=str(made.no))
    assert "rests" in told(result)


async def test_the_alerts_of_a_channel_that_somebody_cannot_see_are_not_theirs_to_manage(
    stage: Stage,
) -> None:
    secret = stage.guild.create_text_channel(
        "secret", overwrites={stage.admin: discord.PermissionOverwrite(view_channel=False)}
    )
    await stage.env.settle()
    where = {"channel_id": secret.id, "guild_id": stage.guild.id}
    made = await stored(stage, stage.reader, "merger with acme", **where)
    for command in ("test", "pause", "remove"):
        result = await stage.admin.slash(stage.channel, f"alerts {command}", alert=str(made.no))
        assert "None of your alerts is" in told(result)
    pressing = await pressed(stage, stage.admin, ids.of_alert("pause", made.no))
    assert "a channel that you cannot see" in told(pressing)
    assert (await alerts_of(stage, stage.reader))[0].state is State.ACTIVE


async def test_nothing_is_promised_to_who_has_no_room_for_one_more(stage: Stage) -> None:
    page = await drafted(stage)
    for number in range(50):
        await stored(stage, stage.reader, f"thing{number}")
    saving = await stage.reader.click(page, label="Save")
    assert "You have 50 alerts" in told(saving)
    assert stage.reader.user.dm_channel.last_message is None


async def test_who_made_the_alerts_of_a_deleted_channel_is_told(stage: Stage) -> None:
    doomed = stage.guild.create_text_channel("doomed")
    await stage.env.settle()
    await stored(stage, stage.admin, channel_id=doomed.id, guild_id=stage.guild.id)
    stage.env.backend.delete_channel(doomed.id)
    await stage.env.settle()
    await stage.house.services.deliveries.deliver_ready()
    await stage.env.settle()
    assert "The channel is gone." in shown_by(last(stage.admin.user))
    [left] = await alerts_of(stage, stage.admin)
    assert (left.state, left.reason) == (State.STOPPED, "The channel is gone.")


async def test_the_status_says_which_channels_alerts_are_stopped_and_resumes_them(
    stage: Stage,
) -> None:
    for query in ("robots", VIDEO):
        await stored(
            stage, stage.admin, query, channel_id=stage.channel.id, guild_id=stage.guild.id
        )
    await let_bot(stage, send_messages=False)
    await bring(stage, on_video(13))
    await let_bot(stage, send_messages=True)
    async with stage.house.database.transaction() as connection:  # as if it were not seen
        await connection.execute("UPDATE alerts SET state = 'stopped', reason = 'Nobody listens.'")
    page = await with_button(stage, "Resume")
    assert f"<#{stage.channel.id}>: 2 alerts are stopped: Nobody listens." in said(page)
    result = await stage.admin.click(page, label="Resume")
    assert "is on again" in told(result)
    assert "So is 1 other." in told(result)
    assert {one.state for one in await alerts_of(stage, stage.admin)} == {State.ACTIVE}
    assert "stopped" not in "".join(map(said, await status_of(stage)))


async def test_a_channels_alerts_go_on_by_themselves_when_the_bot_may_post_there_again(
    stage: Stage,
) -> None:
    await stored(stage, stage.admin, channel_id=stage.channel.id, guild_id=stage.guild.id)
    await let_bot(stage, send_messages=False)
    await bring(stage, on_video(13))
    [stopped] = await alerts_of(stage, stage.admin)
    assert stopped.state is State.STOPPED
    assert "may not send messages" in (stopped.reason or "")
    notice = last(stage.admin.user)
    assert f"Your alerts in \\#{stage.channel.name}" in shown_by(notice)
    await let_bot(stage, send_messages=True)
    [on] = await alerts_of(stage, stage.admin)
    assert (on.state, on.reason) == (State.ACTIVE, None)
    await bring(stage, on_video(14))
    assert "part 14" in shown_by(last(stage.channel))
