from __future__ import annotations

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.schedules import State, Style
from bot.errors import SourceUnreachable
from bot.storage.papers import PaperStore
from tests.builders import DAY, NOW, paper, reading
from tests.cogs.conftest import Stage, answer, answers, custom_ids, labels, said
from tests.ui import check_limits, texts_of


async def stored(stage: Stage) -> list[tuple[int, State]]:
    schedules = await stage.house.services.schedules.of_server(stage.guild.id)
    return [(one.channel_id, one.state) for one in schedules]


async def test_a_schedule_is_made_with_the_defaults(stage: Stage) -> None:
    result = await stage.admin.slash(stage.channel, "digest schedule")
    assert answer(result).ephemeral
    schedule = await stage.house.services.schedules.of_channel(stage.channel.id)
    assert (f"{schedule.at:%H:%M}", schedule.zone.key, schedule.limit) == ("09:00", "UTC", 10)
    assert len(schedule.weekdays) == 7
    assert schedule.style is Style.COMPACT
    assert (schedule.min_upvotes, schedule.mention_role) == (0, None)
    assert schedule.created_by == stage.admin.id


async def test_the_answer_previews_the_next_edition_and_says_when_it_comes(stage: Stage) -> None:
    result = await stage.admin.slash(
        stage.channel, "digest schedule", time="18:30", timezone="Europe/Berlin"
    )
    told = said(result)
    due = int(datetime(2025, 2, 12, 17, 30, tzinfo=UTC).timestamp())
    assert f"<#{stage.channel.id}> is scheduled" in told
    assert f"<t:{due}:R>" in told
    assert told.index("thing 3") < told.index("thing 2") < told.index("thing 1")
    assert "3 of 3 papers" in told
    assert stage.sent() == []


async def test_a_change_keeps_what_is_left_out(stage: Stage) -> None:
    await stage.admin.slash(
        stage.channel, "digest schedule",
        time="7 pm", timezone="Asia/Tokyo", weekdays="mon-fri",
        limit=5, min_upvotes=2, style="full",
    )  # fmt: skip
    result = await stage.admin.slash(stage.channel, "digest schedule", limit=7)
    assert "has a new schedule" in said(result)
    schedule = await stage.house.services.schedules.of_channel(stage.channel.id)
    assert (f"{schedule.at:%H:%M}", schedule.zone.key) == ("19:00", "Asia/Tokyo")
    assert schedule.weekdays == frozenset(range(5))
    assert (schedule.limit, schedule.min_upvotes, schedule.style) == (7, 2, Style.FULL)


async def test_none_clears_what_was_set(stage: Stage) -> None:
    role = stage.guild.create_role("fans", mentionable=True)
    await stage.admin.slash(
        stage.channel, "digest schedule",
        time="19:00", timezone="Asia/Tokyo", weekdays="mon", mention=str(role.id),
    )  # fmt: skip
    await stage.admin.slash(
        stage.channel, "digest schedule",
        time="none", timezone="None", weekdays=" NONE ", mention="none",
    )  # fmt: skip
    schedule = await stage.house.services.schedules.of_channel(stage.channel.id)
    assert (f"{schedule.at:%H:%M}", schedule.zone.key) == ("09:00", "UTC")
    assert len(schedule.weekdays) == 7
    assert schedule.mention_role is None


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("time", "25:00", "write it like 09:00"),
        ("time", "soon", "write it like 09:00"),
        ("timezone", "Mars/Olympus", "is not a time zone"),
        ("timezone", "Berln", "Europe/Berlin"),
        ("weekdays", "funday", "mon-fri"),
        ("weekdays", "mon,fun", "mon-fri"),
        ("mention", "nobody", "There is no role"),
        ("mention", "<@&123>", "There is no role"),
        ("mention", "9" * 50, "There is no role"),
    ],
)
async def test_a_bad_option_is_answered_in_one_sentence_and_saves_nothing(
    stage: Stage, option: str, value: str, hint: str
) -> None:
    result = await stage.admin.slash(stage.channel, "digest schedule", **{option: value})
    assert answer(result).ephemeral
    assert hint in said(result).replace("\\", "")
    assert "<@&" not in said(result)
    assert await stored(stage) == []


async def test_a_bad_option_of_a_change_leaves_the_schedule_as_it_was(stage: Stage) -> None:
    before = await stage.schedule(time="18:00")
    await stage.admin.slash(stage.channel, "digest schedule", limit=3, time="late")
    assert await stage.house.services.schedules.of_channel(stage.channel.id) == before


async def test_a_schedule_that_matches_nothing_says_so(stage: Stage) -> None:
    result = await stage.admin.slash(stage.channel, "digest schedule", min_upvotes=50)
    assert "None of the 3 papers so far match." in said(result)


async def test_a_topic_is_previewed_kept_listed_and_cleared(stage: Stage) -> None:
    await stage.list_papers(paper(1), paper(2, title="Video diffusion, fast"), paper(3))
    made = await stage.admin.slash(stage.channel, "digest schedule", topic=" video  DIFFUSION ")
    told = said(made)
    assert "10 papers · matching “video DIFFUSION” · compact" in told
    assert "1 paper · Hugging Face Daily Papers · matching “video DIFFUSION”" in told
    assert "1 of 1 paper · 2 more did not match" in told
    assert "Video diffusion, fast" in told
    assert "thing 1" not in told
    changed = said(await stage.admin.slash(stage.channel, "digest schedule", limit=3))
    assert "3 papers · matching “video DIFFUSION”" in changed
    listing = said(await stage.admin.slash(stage.channel, "digest list"))
    assert "matching “video DIFFUSION”" in listing
    cleared = said(await stage.admin.slash(stage.channel, "digest schedule", topic="None"))
    assert "matching" not in cleared
    assert "3 of 3 papers" in cleared


async def test_a_topic_that_does_not_parse_is_answered_with_it_and_saves_nothing(
    stage: Stage,
) -> None:
    result = await stage.admin.slash(stage.channel, "digest schedule", topic='"video')
    assert answer(result).ephemeral
    assert '"video\n^' in said(result)
    assert await stored(stage) == []
    before = await stage.schedule(topic="video")
    await stage.admin.slash(stage.channel, "digest schedule", topic='"', limit=3)
    assert await stage.house.services.schedules.of_channel(stage.channel.id) == before


async def test_a_topic_cannot_mention_link_or_format_anything(stage: Stage) -> None:
    topic = "@everyone <@&1> [video](https://evil.example) **b** `c`"
    words = "everyone 1 video https evil example b c"
    await stage.list_papers(paper(1, abstract=words), paper(2))
    made = await stage.admin.slash(stage.channel, "digest schedule", topic=topic)
    await stage.admin.slash(stage.channel, "digest send_now")
    (body,) = stage.sent()
    assert body["allowed_mentions"]["parse"] == []
    assert not body["allowed_mentions"].get("roles")
    safe = "\\@everyone \\<\\@&1\\> \\[video\\](https\\://evil.example) \\*\\*b\\*\\* \\`c\\`"
    assert f"matching “{safe}”" in "\n".join(texts_of(body["components"]))
    assert said(made).count(f"matching “{safe}”") == 2
    listing = await stage.admin.slash(stage.channel, "digest list")
    assert f"matching “{safe}”" in said(listing)


async def test_a_topic_as_long_as_it_may_be_fits_everywhere(stage: Stage) -> None:
    topic = "*" * 150 + " " + "study" * 29
    made = await stage.admin.slash(stage.channel, "digest schedule", topic=topic, style="full")
    check_limits(answer(made).components)
    assert "None of the 3 papers so far match “" in said(made)
    sent = await stage.admin.slash(stage.channel, "digest send_now")
    assert "None of the 3 new papers match “" in said(sent)


async def test_a_schedule_before_any_paper_says_so(stage: Stage) -> None:
    other = stage.guild.create_text_channel("other")
    await stage.deliver(limit=0)
    result = await stage.admin.slash(stage.channel, "digest schedule")
    assert "There is no paper yet that this channel has not had." in said(result)
    elsewhere = await stage.admin.slash(stage.channel, "digest schedule", channel=other)
    assert f"<#{other.id}> is scheduled" in said(elsewhere)
    assert "thing 3" in said(elsewhere)


async def test_a_full_preview_of_a_heavy_day_is_one_message(stage: Stage) -> None:
    nasty = "A *very* [long] _title_ 汉字汉字汉字 🚀 " * 40
    await stage.list_papers(*(paper(n, title=nasty, abstract=nasty * 3) for n in range(1, 80)))
    result = await stage.admin.slash(stage.channel, "digest schedule", style="full", limit=0)
    check_limits(answer(result).components)


async def test_twenty_five_schedules_are_a_servers_most(stage: Stage) -> None:
    channels = [stage.guild.create_text_channel(f"c{number}") for number in range(26)]
    for channel in channels[:25]:
        await stage.schedule(channel)
    result = await stage.admin.slash(stage.channel, "digest schedule", channel=channels[25])
    assert "25 schedules" in said(result)
    listing = await stage.admin.slash(stage.channel, "digest list")
    told = "\n".join(said(one) for one in answers(listing))
    assert "25 schedules · 1 of 2" in told
    assert all(f"<#{channel.id}>" in told for channel in channels[:25])
    for one in answers(listing):
        check_limits(one.components)


async def test_the_list_says_when_where_and_how_many(stage: Stage) -> None:
    await stage.schedule(time="18:30", weekdays="mon-fri", min_upvotes=5, limit=0, style=Style.FULL)
    told = said(await stage.admin.slash(stage.channel, "digest list"))
    assert "1 schedule" in told
    assert f"<#{stage.channel.id}>" in told
    assert "at 18:30 UTC · all papers · at least 5 upvotes · full summaries" in told
    assert "Next edition <t:" in told


async def test_a_server_without_schedules_is_told_how_to_make_one(stage: Stage) -> None:
    result = await stage.admin.slash(stage.channel, "digest list")
    assert answer(result).ephemeral
    assert "/digest schedule" in said(result)


async def test_a_digest_is_paused_and_resumed(stage: Stage) -> None:
    await stage.schedule()
    paused = await stage.admin.slash(stage.channel, "digest pause")
    assert said(paused) == f"The digest of <#{stage.channel.id}> is paused."
    assert await stored(stage) == [(stage.channel.id, State.PAUSED)]
    assert "Paused" in said(await stage.admin.slash(stage.channel, "digest list"))
    resumed = await stage.admin.slash(stage.channel, "digest resume")
    assert said(resumed).startswith(f"<#{stage.channel.id}> is on again. Next edition <t:")
    assert await stored(stage) == [(stage.channel.id, State.ACTIVE)]


async def test_a_digest_is_removed_for_good(stage: Stage) -> None:
    await stage.schedule()
    result = await stage.admin.slash(stage.channel, "digest remove")
    assert said(result) == f"<#{stage.channel.id}> has no digest any more."
    assert await stored(stage) == []
    again = await stage.admin.slash(stage.channel, "digest remove")
    assert "nothing to remove" in said(again)


@pytest.mark.parametrize("command", ["pause", "resume", "send_now"])
async def test_a_channel_without_a_schedule_is_told_how_to_get_one(
    stage: Stage, command: str
) -> None:
    result = await stage.admin.slash(stage.channel, f"digest {command}")
    assert answer(result).ephemeral
    assert said(result) == "That channel has no schedule; make one with /digest schedule."


async def test_another_channel_can_be_meant(stage: Stage) -> None:
    other = stage.guild.create_text_channel("other")
    await stage.schedule(other)
    await stage.admin.slash(stage.channel, "digest pause", channel=other)
    assert await stored(stage) == [(other.id, State.PAUSED)]


async def test_send_now_posts_what_the_channel_has_not_had(stage: Stage) -> None:
    await stage.schedule()
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert said(result) == (f"Sent 3 papers of Tuesday, 11 February 2025 to <#{stage.channel.id}>.")
    (body,) = stage.sent()
    (menu,) = [name for name in custom_ids(stage.channel.history()[0]) if name.startswith("card:")]
    assert body["enforce_nonce"] is True
    assert body["nonce"] == menu.removeprefix("card:")
    assert len(body["nonce"]) <= 25
    assert body["allowed_mentions"]["parse"] == []
    assert not body["allowed_mentions"].get("roles")
    assert body["flags"] & 1 << 15
    assert not body.get("content")


async def test_send_now_says_when_there_is_nothing(stage: Stage) -> None:
    await stage.deliver()
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert "There is nothing that this channel has not had." in said(result)
    assert "<t:" in said(result)
    assert len(stage.sent()) == 1


async def test_send_now_says_when_nothing_matches(stage: Stage) -> None:
    await stage.schedule(min_upvotes=50)
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert "None of the 3 new papers match this channel's filter." in said(result)
    assert stage.sent() == []


async def test_send_now_says_when_nothing_matches_the_topic(stage: Stage) -> None:
    await stage.schedule(topic="video diffusion", min_upvotes=2)
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert (
        "None of the 3 new papers match “video diffusion” with at least 2 upvotes. Next edition"
    ) in said(result)
    assert stage.sent() == []


async def test_send_now_says_when_discord_does_not_take_it(stage: Stage) -> None:
    await stage.schedule()
    stage.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert "Discord has not taken it yet; see /status." in said(result)
    troubles = said(await stage.admin.slash(stage.channel, "status"))
    assert "Not delivered" in troubles
    assert "50035" in troubles


async def test_send_now_says_when_another_was_faster(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await stage.schedule()
    await stage.deliver()
    await stage.list_papers(paper(4))

    async def as_it_was(_: int) -> object:
        return old

    monkeypatch.setattr(stage.house.services.schedules, "of_channel", as_it_was)
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert "is being made right now" in said(result)
    assert len(stage.sent()) == 1


async def test_an_edition_with_a_role_mentions_it_and_nothing_else(stage: Stage) -> None:
    role = stage.guild.create_role("fans", mentionable=True)
    await stage.list_papers(*(paper(n, title=f"@everyone <@&{role.id}> {n}") for n in range(1, 15)))
    await stage.admin.slash(stage.channel, "digest schedule", mention=f"<@&{role.id}>", limit=14)
    await stage.admin.slash(stage.channel, "digest send_now")
    first, second = stage.sent()
    assert first["allowed_mentions"]["roles"] == [role.id]
    assert first["allowed_mentions"]["parse"] == []
    assert first["components"][0]["content"] == f"<@&{role.id}>"
    assert not second["allowed_mentions"].get("roles")
    assert second["allowed_mentions"]["parse"] == []


async def test_a_day_is_shown_to_the_person_who_asked(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "digest show", day="2025-02-11")
    assert answer(result).ephemeral
    assert "## AI papers · Tuesday, 11 February 2025" in said(result)
    assert "1 – 3 of 3 papers" in said(result)


async def test_without_a_day_it_is_the_latest_that_has_papers(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "digest show")
    assert "Tuesday, 11 February 2025" in said(result)


@pytest.mark.parametrize("word", ["yesterday", " Yesterday ", "2025-02-11"])
async def test_a_day_can_be_said_in_words(stage: Stage, word: str) -> None:
    result = await stage.reader.slash(stage.channel, "digest show", day=word)
    assert "Tuesday, 11 February 2025" in said(result)


async def test_a_day_is_shown_to_everyone_when_asked_for(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "digest show", public=True)
    assert not answer(result).ephemeral
    assert "thing 3" in said(result)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-02-13", "is still to come"),
        ("9999-12-31", "is still to come"),
        ("2019-01-01", "There are no lists before 2023-05-04"),
        ("garbage", "is not a day"),
        ("@everyone", "is not a day"),
        ("2025-02-30", "is not a day"),
        ("", "is not a day"),
    ],
)
@pytest.mark.parametrize("public", [False, True])
async def test_a_day_that_cannot_be_is_answered_to_the_person_alone(
    stage: Stage, text: str, told: str, public: bool
) -> None:
    result = await stage.reader.slash(stage.channel, "digest show", day=text, public=public)
    assert told in said(result)
    assert answer(result).ephemeral


async def test_a_day_without_papers_says_so(stage: Stage) -> None:
    result = await stage.reader.slash(stage.channel, "digest show", day="2025-02-09")
    assert "There are no papers on this list." in said(result)


async def test_a_day_that_was_never_read_and_cannot_be_says_why(stage: Stage) -> None:
    stage.source.failure = SourceUnreachable("Hugging Face answered 500")
    result = await stage.reader.slash(stage.channel, "digest show", day="2025-02-07")
    assert said(result).startswith("Hugging Face answered 500")


async def test_a_day_that_cannot_be_read_again_is_shown_as_it_is_stored(stage: Stage) -> None:
    half = reading(
        paper(5), day=DAY - timedelta(days=1), read_at=datetime(2025, 2, 10, 12, tzinfo=UTC)
    )
    stage.source.readings[half.day] = half
    await stage.house.collector.collect([half.day], stage.clock())
    stage.source.failure = SourceUnreachable("Hugging Face answered 500")
    told = said(await stage.reader.slash(stage.channel, "digest show", day="2025-02-10"))
    assert "thing 5" in told
    assert "⚠️ Hugging Face answered 500" in told


async def test_a_digest_can_be_shown_in_a_direct_message(stage: Stage) -> None:
    assert "thing 3" in said(await stage.reader.user.slash("digest show"))


async def test_days_are_suggested_with_their_papers(stage: Stage) -> None:
    found = await stage.reader.autocomplete(stage.channel, "digest show", "day", "")
    assert found == [{"name": "Tue 11 Feb 2025 · 3 papers", "value": "2025-02-11"}]
    for text in ("tues", "2025-02", "feb", "TUESDAY"):
        assert await stage.reader.autocomplete(stage.channel, "digest show", "day", text) == found
    assert await stage.reader.autocomplete(stage.channel, "digest show", "day", "never") == []


async def test_at_most_twenty_five_days_are_suggested(stage: Stage) -> None:
    days = [DAY - timedelta(days=number) for number in range(30)]
    stage.source.readings = {day: reading(paper(1), day=day) for day in days}
    await stage.house.collector.collect(days, stage.clock())
    found = await stage.reader.autocomplete(stage.channel, "digest show", "day", "")
    assert [one["value"] for one in found] == [day.isoformat() for day in days[:25]]


@pytest.mark.parametrize("text", ["", "berl", "new york", "europe/", "zzz", "\\", "*"])
async def test_zones_are_suggested_within_discords_limits(stage: Stage, text: str) -> None:
    found = await stage.admin.autocomplete(stage.channel, "digest schedule", "timezone", text)
    assert len(found) <= 25
    assert all(len(one["name"]) <= 100 and len(one["value"]) <= 60 for one in found)
    if text == "berl":
        assert found[0]["value"] == "Europe/Berlin"


async def test_weekdays_are_suggested(stage: Stage) -> None:
    found = await stage.admin.autocomplete(stage.channel, "digest schedule", "weekdays", "mon")
    assert [one["value"] for one in found] == ["mon-fri", "mon,wed,fri"]
    for one in await stage.admin.autocomplete(stage.channel, "digest schedule", "weekdays", ""):
        await stage.admin.slash(stage.channel, "digest schedule", weekdays=one["value"])
        assert await stored(stage) == [(stage.channel.id, State.ACTIVE)]


async def test_a_topic_is_offered_from_what_papers_are_about_and_none_to_clear_it(
    stage: Stage,
) -> None:
    told = [paper(n, ai_keywords=("video diffusion models",)) for n in (8, 9)]
    await PaperStore(stage.house.database).save(told, NOW)
    offered = await stage.admin.autocomplete(stage.channel, "digest schedule", "topic", "video")
    assert [one["value"] for one in offered] == ['"video diffusion models"']
    clear = await stage.admin.autocomplete(stage.channel, "digest schedule", "topic", "no")
    assert [one["value"] for one in clear] == ["none"]


async def test_roles_are_suggested_and_none_to_clear(stage: Stage) -> None:
    for number in range(40):
        stage.guild.create_role(f"{'🚀' * 97}{number}", mentionable=True)
    await stage.env.settle()
    found = await stage.admin.autocomplete(stage.channel, "digest schedule", "mention", "")
    assert found[0]["value"] == "none"
    assert len(found) == 25
    assert all(1 <= len(one["name"]) <= 100 for one in found)
    (managers,) = await stage.admin.autocomplete(
        stage.channel, "digest schedule", "mention", "@mana"
    )
    assert managers["name"] == "@Managers"
    everyone = await stage.admin.autocomplete(
        stage.channel, "digest schedule", "mention", "everyone"
    )
    assert everyone == []


async def test_the_preview_has_no_buttons_that_lead_nowhere(stage: Stage) -> None:
    result = await stage.admin.slash(stage.channel, "digest schedule")
    assert labels(answer(result)) == []
    assert custom_ids(answer(result)) == []


async def test_a_schedule_is_delivered_when_its_time_comes(stage: Stage) -> None:
    await stage.admin.slash(stage.channel, "digest schedule", time="10:00")
    stage.clock.move(hours=2)
    assert await stage.house.services.daily.run_due(stage.clock()) == 1
    assert await stage.house.services.daily.run_due(stage.clock()) == 0
    assert len(stage.sent()) == 1
    told = said(await stage.admin.slash(stage.channel, "digest list"))
    tomorrow = int(datetime(2025, 2, 13, 10, tzinfo=UTC).timestamp())
    assert f"<t:{tomorrow}:R>" in told


async def test_a_news_channel_takes_a_digest(stage: Stage) -> None:
    news = stage.guild.create_news_channel("news")
    result = await stage.admin.slash(stage.channel, "digest schedule", channel=news)
    assert f"<#{news.id}> is scheduled" in said(result)


async def test_a_reader_may_look_but_not_run_schedules(stage: Stage) -> None:
    await stage.schedule()
    for command in ("schedule", "list", "pause", "resume", "remove", "send_now"):
        result = await stage.reader.slash(stage.channel, f"digest {command}")
        assert answer(result).ephemeral
        assert "You need the Manage Server permission" in said(result)
    assert await stored(stage) == [(stage.channel.id, State.ACTIVE)]
    assert stage.sent() == []


async def test_an_administrator_may_run_schedules(stage: Stage) -> None:
    role = stage.guild.create_role("Root", permissions=discord.Permissions(administrator=True))
    root = stage.guild.add_member(stage.env.create_user("root"), roles=[role])
    assert "is scheduled" in said(await root.slash(stage.channel, "digest schedule"))


async def test_a_stopped_digest_is_not_sent_but_says_what_to_mend(stage: Stage) -> None:
    await stage.schedule()
    stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await stage.admin.slash(stage.channel, "digest send_now")
    result = await stage.admin.slash(stage.channel, "digest send_now")
    assert answer(result).ephemeral
    assert "The digest of #papers is stopped" in said(result)
    assert "/digest resume" in said(result)
    assert stage.channel.history() == []
