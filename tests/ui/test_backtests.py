from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts import Backtest, Draft, Example, Order
from bot.ui.backtests import alert_test_view, draft_view
from tests.builders import DAY, NOW
from tests.finding import passage
from tests.ui import buttons_of, check_limits, live_markdown, options_of, text_of, texts_of
from tests.ui.alerting import (
    BERLIN,
    DRAFT,
    alert,
    alert_lists,
    backtest,
    backtests,
    draft,
    orders,
    queries,
)


@given(orders(), backtests(), st.lists(queries, max_size=4))
async def test_every_back_test_is_taken_by_discord(
    order: Order, test: Backtest, proposed: list[str]
) -> None:
    drafts = [
        Draft(id=f"aaaaaaaa2{'abcd'[place]}", person_id=7, order=replace(order, query=query))
        for place, query in enumerate(proposed)
    ]
    one = drafts[0] if drafts else Draft(id=DRAFT, person_id=7, order=order)
    view = draft_view(one, test, NOW, drafts)
    check_limits(view.to_components())
    assert view.is_finished()
    assert [button["label"] for button in buttons_of(view)] == ["Save", "Change", "Cancel"]
    assert len(options_of(view)) == (len(drafts) if len(drafts) > 1 else 0)


@given(alert_lists(), backtests())
async def test_every_test_of_a_saved_alert_is_taken_by_discord(
    alerts: list[object], test: Backtest
) -> None:
    view = alert_test_view(alerts[0], test, NOW)  # type: ignore[arg-type]
    check_limits(view.to_components())
    assert buttons_of(view) == []


@given(orders(), backtests())
async def test_no_query_breaks_out_of_its_title(order: Order, test: Backtest) -> None:
    [said, *_] = texts_of(
        draft_view(Draft(id=DRAFT, person_id=7, order=order), test, NOW).to_components()
    )
    assert live_markdown(said.split("\n")[0].removeprefix("### ")) == []


async def test_a_back_test_says_how_many_when_and_which() -> None:
    why = passage("A study of video diffusion", "video diffusion")
    example = Example(id="2502.00001", title=why.text, day=DAY, upvotes=41, why=why)
    said = text_of(draft_view(draft(), backtest(examples=(example,)), NOW))
    assert said.startswith(
        "### Alert on “video diffusion”\n-# to your direct messages · at once\n\n"
        "**12 papers** of the 840 listed in the last 30 days would have come: "
        "about one in 2 days.\n"
        "-# week by week from 13 Jan 2025: 7, 0, 0, 0, 5 · most on 13 Jan 2025: 7"
    )
    assert (
        "-# The newest of them:\n"
        "**1.** [A study of **video diffusion**](https://arxiv.org/abs/2502.00001)\n"
        "-# 11 Feb 2025 · ▲\u00a041"
    ) in said


async def test_where_all_that_would_have_come_is_shown_it_says_so() -> None:
    example = Example(id="2502.00001", title="One", day=DAY, upvotes=None, reason="by Ada")
    one = backtest(1, per_day=((DAY, 1),), examples=(example,))
    said = text_of(draft_view(draft(), one, NOW))
    assert "**1 paper** of the" in said
    assert "about one in 30 days" in said
    assert said.endswith("-# They are:\n**1.** [One](https://arxiv.org/abs/2502.00001)\n"
                         "-# 11 Feb 2025\n-# by Ada")  # fmt: skip


@pytest.mark.parametrize(
    ("papers", "rate"),
    [(1, "about one in 30 days"), (29, "about one a day"), (30, "about 1 a day"),
     (45, "about 1.5 a day"), (36_000, "about 1,200 a day")],
)  # fmt: skip
async def test_how_often_papers_come_is_said_in_days(papers: int, rate: str) -> None:
    assert f"would have come: {rate}." in text_of(draft_view(draft(), backtest(papers), NOW))


async def test_a_daily_alert_in_a_channel_says_where_when_and_whom_it_mentions() -> None:
    order = draft(guild_id=1, channel_id=5, at=time(9), zone=BERLIN, mention_role=9)
    said = text_of(draft_view(order, backtest(shown=4), NOW))
    assert "-# to <#5> · daily at 09:00 Europe/Berlin (next <t:1739433600:f>) · mentions <@&9>" in (
        said
    )
    assert "4 of them stood in the digest of <#5> anyway." in said


async def test_what_this_channels_digest_shows_is_said_of_ones_own_alert_too() -> None:
    said = text_of(draft_view(draft(), backtest(shown=0), NOW))
    assert "None of them stood in this channel's digest anyway." in said
    assert "digest" not in text_of(draft_view(draft(), backtest(), NOW))


async def test_a_flood_is_warned_of() -> None:
    assert "⚠️ **More than 10 a day**" in text_of(draft_view(draft(), backtest(301), NOW))
    assert "⚠️" not in text_of(draft_view(draft(), backtest(12), NOW))


async def test_silence_is_warned_of_with_what_to_try() -> None:
    said = text_of(draft_view(draft(), backtest(0, quiet=True), NOW))
    assert "**Nothing** of the 840 papers listed in the last 30 days would have come." in said
    assert "⚠️ **Nothing in 90 days**. Try fewer words" in said
    quieter = text_of(draft_view(draft(), backtest(0), NOW))
    assert "There was something in the 60 days before." in quieter
    assert "⚠️" not in quieter


async def test_a_day_outside_the_weeks_counts_to_the_nearest() -> None:
    one = backtest(3, per_day=((date(2025, 1, 1), 1), (date(2025, 3, 1), 2)))
    assert "from 13 Jan 2025: 1, 0, 0, 0, 2" in text_of(draft_view(draft(), one, NOW))


async def test_a_change_names_the_alert_and_the_proposals_what_tells_them_apart() -> None:
    drafts = [
        replace(draft(query=query, alert_no=3), id=f"aaaaaaaa2{letter}")
        for letter, query in zip(
            "abc",
            ('video -"long form"', 'video -"long term"', "video -survey"),
            strict=True,
        )
    ]
    view = draft_view(drafts[1], backtest(), NOW, drafts)
    assert text_of(view).startswith('### Alert 3 changed to “video -"long term"”')
    assert [(one["label"], one["value"], one["default"]) for one in options_of(view)] == [
        ('-"long form"', "aaaaaaaa2a", False),
        ('-"long term"', "aaaaaaaa2b", True),
        ("-survey", "aaaaaaaa2c", False),
    ]


async def test_a_saved_alert_is_tested_under_its_number() -> None:
    one = alert(guild_id=1, channel_id=6)
    said = text_of(alert_test_view(one, backtest(shown=2), NOW))
    assert said.startswith("### Alert 3 on “video diffusion”\n-# to <#6> · at once")
    assert "the digest of <#6>" in said
