from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import DeliveryState
from bot.domain.editions import DayState, Order, choose
from bot.domain.papers import closes_at
from bot.domain.schedules import State, Style
from bot.services.drafts import Draft, Outcome
from bot.services.status import Status
from bot.storage.delivery_rows import Unsettled
from bot.storage.records import Collection
from bot.ui.panels import panels
from bot.ui.reports import (
    help_sections,
    next_line,
    nothing_note,
    schedule_line,
    schedule_list,
    schedule_note,
    sent_note,
)
from bot.ui.status import status_sections
from tests.builders import DAY, NOW, listed, paper, schedule
from tests.ui import check_limits, text_of
from tests.ui.test_digest import CLOSED, OPEN, an_edition

STAMP = int(NOW.timestamp())
BEFORE = NOW - timedelta(hours=1)


def a_status(**told: Any) -> Status:
    usual: dict[str, Any] = {
        "at": NOW, "papers": 1234, "collections": (), "successes": (), "days": (), "missing": (),
    }  # fmt: skip
    return Status(**usual | told)


def a_collection(**told: Any) -> Collection:
    usual: dict[str, Any] = {
        "source": "Hugging Face",
        "began_at": NOW,
        "days": (DAY,),
        "papers": 20,
        "fresh": 3,
        "error": None,
    }
    return Collection(**usual | told)


def told(status: Status, *, details: bool = True) -> str:
    sections = status_sections(status, details=details)
    return "\n".join(one if isinstance(one, str) else one.text for one in sections)


lines = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=300
)


@given(st.lists(st.lists(lines, min_size=1, max_size=12).map("\n".join), max_size=25))
async def test_any_report_is_messages_that_discord_takes_and_nothing_is_left_out(
    sections: list[str],
) -> None:
    views = panels("A report", sections)
    for view in views:
        check_limits(view.to_components())
        assert view.is_finished()
    said = "\n".join(text_of(view) for view in views)
    assert all(line in said for section in sections for line in section.split("\n"))


async def test_a_report_too_long_for_one_message_counts_its_messages() -> None:
    section = "\n".join(f"{number:03d} " + "x" * 90 for number in range(50))
    first, second = (text_of(view) for view in panels("A report", [section, "the last"]))
    assert first.startswith("## A report · 1 of 2\n")
    assert second.startswith("## A report · 2 of 2\n")
    assert second.endswith("the last")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "at 09:00 UTC · 10 papers · compact"),
        ({"limit": 0}, "all papers"),
        ({"min_upvotes": 1}, "at least 1 upvote ·"),
        ({"min_upvotes": 5}, "at least 5 upvotes ·"),
        ({"topic": "a* OR <@1>"}, "10 papers · matching “a\\* OR \\<\\@1\\>” · compact"),
        ({"topic": "x " * 149 + "x", "min_upvotes": 2}, "x x” · at least 2 upvotes ·"),
        ({"style": Style.FULL}, "full summaries"),
        ({"mention_role": 77}, "mentions <@&77>"),
        ({"zone": ZoneInfo("Asia/Tokyo")}, "at 09:00 Asia/Tokyo"),
    ],
)
def test_a_schedule_is_said_in_one_line(changes: dict[str, Any], said: str) -> None:
    line = schedule_line(schedule(**changes))
    assert said in line
    assert "\n" not in line


def test_weekdays_are_said_the_short_way() -> None:
    assert schedule_line(schedule()).startswith("Every day at")
    assert schedule_line(schedule(weekdays=frozenset(range(5)))).startswith("Mon-Fri at")


def test_a_schedule_says_when_it_comes_or_why_it_does_not() -> None:
    assert next_line(schedule(), BEFORE) == f"Next edition <t:{STAMP}:f> (<t:{STAMP}:R>)"
    assert next_line(schedule(), NOW) == f"Due since <t:{STAMP}:f>, and comes in a moment"
    assert "/digest resume" in next_line(schedule(state=State.PAUSED), NOW)
    stopped = next_line(schedule(state=State.STOPPED, reason="It is *gone*."), NOW)
    assert "Stopped: It is \\*gone\\*." in stopped
    assert "unknown" in next_line(schedule(state=State.STOPPED), NOW)


def test_a_note_says_what_an_edition_would_bring() -> None:
    some = listed(paper(1), paper(2))
    nothing = Draft(outcome=Outcome.NO_PAPERS, since=DAY, choice=choose((), Order()))
    none_match = replace(nothing, choice=choose(some, Order(min_upvotes=9)))
    bringing = replace(nothing, choice=choose(some, Order()), edition=an_edition(2))
    assert "### <#5> is scheduled" in schedule_note(schedule(), nothing, NOW, new=True)
    assert "has a new schedule" in schedule_note(schedule(), nothing, NOW, new=False)
    assert "no paper yet" in schedule_note(schedule(), nothing, NOW, new=True)
    assert "None of the 2 papers so far match" in schedule_note(
        schedule(), none_match, NOW, new=True
    )
    assert "it would bring this" in schedule_note(schedule(), bringing, NOW, new=True)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"topic": "[x](http://y)"}, "match “\\[x\\](http\\://y)”."),
        ({"topic": "x", "min_upvotes": 1}, "match “x” with at least 1 upvote."),
        ({"topic": "x " * 149 + "x"}, "x x…”."),
    ],
)
def test_where_nothing_matches_a_topic_it_is_said_which(changes: dict[str, Any], said: str) -> None:
    some = choose(listed(paper(1), paper(2)), Order(topic="x"))
    draft = Draft(outcome=Outcome.NO_MATCH, since=DAY, choice=some)
    one = schedule(**changes)
    assert said in schedule_note(one, draft, NOW, new=True)
    assert "None of the 2 papers so far match “" in schedule_note(one, draft, NOW, new=True)
    assert said in nothing_note(3, one, BEFORE)
    assert nothing_note(3, one, BEFORE).startswith("None of the 3 new papers match “")


def test_a_list_of_schedules_says_each_in_three_lines() -> None:
    found = schedule_list([schedule(5), schedule(6)], NOW)
    assert [one.split("\n")[0] for one in found] == ["**<#5>**", "**<#6>**"]
    assert all(one.count("\n") == 2 for one in found)


@pytest.mark.parametrize("topic", [None, "video diffusion", "*" * 300, "🤖" * 300])
async def test_twenty_five_schedules_are_all_listed(topic: str | None) -> None:
    some = [
        schedule(10**18 + number, min_upvotes=5, topic=topic, zone=ZoneInfo("Europe/Berlin"))
        for number in range(25)
    ]
    views = panels("25 schedules", schedule_list(some, NOW))
    for view in views:
        check_limits(view.to_components())
    assert sum(text_of(view).count("<#") for view in views) == 25


def test_nothing_collected_is_said() -> None:
    assert "Nothing was collected yet." in told(a_status())
    assert "1,234 papers stored" in told(a_status())


def test_the_last_collection_is_told_with_its_counts() -> None:
    said = told(a_status(collections=(a_collection(),)))
    assert f"✅ Hugging Face: read <t:{STAMP}:R>, 20 papers on 1 list, 3 new" in said


def test_a_collection_that_failed_is_told_with_its_last_good_one() -> None:
    bad = a_collection(days=(), error="It answered *500*", began_at=NOW + timedelta(hours=1))
    never = told(a_status(collections=(bad,)))
    assert f"⚠️ Hugging Face: never read yet\n-# asked <t:{STAMP + 3600}:R>: It answered" in never
    once = told(a_status(collections=(bad,), successes=(a_collection(),)))
    assert f"⚠️ Hugging Face: down since <t:{STAMP}:f>\n-# asked <t:" in once
    assert "R>: It answered \\*500\\*" in once


def test_a_list_that_cannot_be_read_is_told_from_a_source_that_is_down() -> None:
    some = a_collection(error="The list of 2025-02-09 has no “id”.")
    said = told(a_status(collections=(some,), successes=(some,)))
    assert f"⚠️ Hugging Face: read in part <t:{STAMP}:R>\n-# The list of 2025-02-09" in said


def test_lists_are_told_the_latest_first_with_what_is_missing() -> None:
    empty = replace(CLOSED, day=DAY - timedelta(days=2), papers=0)
    status = a_status(days=(empty, OPEN), missing=(DAY - timedelta(days=1),))
    lists = told(status, details=False)
    assert lists.index("11 Feb 2025: 20 papers so far, read <t:") < lists.index("9 Feb 2025: no")
    assert "10 Feb 2025: not read yet" in lists


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("delivered 12", "12 papers"),
        ("delivered 1", "1 paper"),
        ("none matched of 1", "no message, as none of 1 paper matched"),
        (
            "none matched of 4 on 2025-02-11 2025-02-11 0 video <@1>",
            "no message, as nothing on Tuesday's list matches “video \\<\\@1\\>”",
        ),
        (
            "none matched of 4 on 2025-02-08 2025-02-11 0 on none",
            "no message, as nothing on the lists of 8 – 11 February 2025 matches “on none”",
        ),
        (
            "none matched of 4 on 2025-02-11 2025-02-11 2 x",
            "no message, as nothing on Tuesday's list matches “x” with at least 2 upvotes",
        ),
        ("no papers", "no message, as there were no new papers"),
        (
            "waiting 2025-02-11",
            "no message, as the list of 11 Feb 2025 could not be read; its papers",
        ),
        (
            f"unread {NOW.isoformat()}",
            f"a line in its place until a list can be read; none could be since <t:{STAMP}:f>",
        ),
        ("unread", "a line in its place until a list can be read; none could be"),
        ("something new", "nothing yet"),
    ],
)
def test_what_became_of_the_last_occasion_is_told(outcome: str | None, said: str) -> None:
    one = schedule(last_run=NOW, last_outcome=outcome, next_run=NOW + timedelta(days=1))
    assert f"-# last <t:{STAMP}:R>: {said}" in told(a_status(schedules=(one,)))


def test_a_schedule_that_never_ran_says_only_what_comes() -> None:
    assert "last <t:" not in told(a_status(schedules=(schedule(),)))


def test_details_are_for_those_who_ask_for_them() -> None:
    status = a_status(schedules=(schedule(),))
    assert "<#5>" in told(status)
    assert "<#5>" not in told(status, details=False)


def an_unsettled(number: int, error: str | None = None) -> Unsettled:
    return Unsettled(
        key=f"e.0123456789ab.{number}",
        channel_id=number,
        state=DeliveryState.REFUSED if error else DeliveryState.PLANNED,
        planned_at=NOW,
        attempts=1,
        error=error,
    )


def test_what_did_not_arrive_is_told_with_its_reason() -> None:
    said = told(a_status(unsettled=(an_unsettled(1, "Discord said *no*."), an_unsettled(2))))
    assert f"<#1>, <t:{STAMP}:R>: Discord said \\*no\\*. It is tried again." in said
    assert f"<#2>, <t:{STAMP}:R>: waiting to be sent" in said


def test_a_message_behind_one_that_did_not_arrive_says_so() -> None:
    first, second = an_unsettled(1, "No."), replace(an_unsettled(2), channel_id=1)
    said = told(a_status(unsettled=(first, second)))
    assert f"<#1>, <t:{STAMP}:R>: waits for the message before it" in said


def test_many_that_did_not_arrive_are_counted() -> None:
    said = told(a_status(unsettled=tuple(an_unsettled(number) for number in range(30))))
    assert "… and 22 more" in said


def test_help_is_clickable_where_the_ids_are_known() -> None:
    known = "\n".join(help_sections({"digest": 7, "paper": 8, "status": 9}))
    assert "</digest schedule:7>" in known
    assert "</paper:8>" in known
    unknown = "\n".join(help_sections({}))
    assert "`/digest schedule`" in unknown
    assert "</" not in unknown


def test_what_was_sent_is_told_with_its_days() -> None:
    state = DayState(day=DAY, papers=3, read_at=NOW, closes_at=closes_at(DAY), complete=True)
    assert sent_note([state], 1, 5) == "Sent 1 paper of Tuesday, 11 February 2025 to <#5>."


def test_what_was_not_sent_is_explained() -> None:
    assert "None of the 3 new papers match" in nothing_note(3, schedule(), BEFORE)
    assert "nothing that this channel has not had" in nothing_note(0, schedule(), BEFORE)
    assert f"<t:{STAMP}:R>" in nothing_note(0, schedule(), BEFORE)
    assert "Paused" in nothing_note(0, schedule(state=State.PAUSED), NOW)
