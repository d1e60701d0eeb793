from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from bot.domain.schedules import State
from bot.ui.alert_form import alert_form, wishes_of
from bot.ui.alert_list import alert_view, list_view
from bot.ui.alert_words import (
    paused_note,
    removed_note,
    resumed_note,
    saved_note,
    welcome_note,
)
from bot.ui.lines import note_view
from tests.builders import NOW
from tests.ui import buttons_of, check_limits, live_markdown, options_of, text_of, units
from tests.ui.alerting import BERLIN, alert, alert_lists, draft

if TYPE_CHECKING:
    from bot.domain.alerts import Alert


@given(alert_lists())
async def test_every_page_of_ones_alerts_is_taken_by_discord(alerts: list[Alert]) -> None:
    pages = [list_view(alerts, {}, page, NOW) for page in range(-(-len(alerts) // 5))]
    for view in pages:
        check_limits(view.to_components())
        assert view.is_finished()
    assert [one["value"] for view in pages for one in options_of(view)] == [
        str(one.no) for one in alerts
    ]


@given(alert_lists())
async def test_every_alert_and_what_is_said_of_it_is_taken_by_discord(alerts: list[Alert]) -> None:
    for one in alerts[:3]:
        check_limits(alert_view(one, 10**6, NOW).to_components())
        notes = (
            saved_note(one, NOW, new=True), saved_note(one, NOW, new=False), paused_note(one),
            resumed_note(one, NOW), removed_note(one), welcome_note(one.query),
        )  # fmt: skip
        for note in notes:
            check_limits(note_view(note, ("Resume", "wake:1")).to_components())


@given(alert_lists())
async def test_no_query_breaks_out_of_the_list(alerts: list[Alert]) -> None:
    said = text_of(list_view(alerts, {}, 0, NOW))
    for one in alerts[:5]:
        line = next(text for text in said.split("\n") if text.startswith(f"**{one.no}**  "))
        assert live_markdown(line.removeprefix(f"**{one.no}**  ")) == []


async def test_a_list_says_what_each_looks_for_where_when_and_what_it_found() -> None:
    alerts = [alert(3), alert(4, query="RLHF", guild_id=1, channel_id=6)]
    said = text_of(list_view(alerts, {4: 12}, 0, NOW))
    assert said.startswith("## Your alerts\n-# 2 of 50\n")
    assert (
        "**3**  “video diffusion”\n-# to your direct messages · at once · 0 papers in 30 days"
    ) in said
    assert "**4**  “RLHF”\n-# to <#6> · at once · 12 papers in 30 days" in said


async def test_what_is_stopped_says_why_and_goes_on_by_its_button() -> None:
    stopped = alert(state=State.STOPPED, reason="Direct messages are closed.")
    view = list_view([stopped, alert(4, state=State.PAUSED)], {}, 0, NOW)
    assert "⛔ Stopped: Direct messages are closed." in text_of(view)
    assert "⏸ Paused" in text_of(view)
    assert [(one["label"], one["custom_id"]) for one in buttons_of(view)] == [("Resume", "wake:3")]
    unexplained = alert(state=State.STOPPED)
    assert "⛔ Stopped: nobody knows why." in text_of(list_view([unexplained], {}, 0, NOW))


async def test_fifty_alerts_stand_on_ten_pages() -> None:
    fifty = [alert(no) for no in range(1, 51)]
    view = list_view(fifty, {}, 99, NOW)
    assert [one["value"] for one in options_of(view)] == ["46", "47", "48", "49", "50"]
    assert [one["label"] for one in buttons_of(view)] == ["Back", "10 / 10", "Next"]


def test_a_list_of_no_alert_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="at least one"):
        list_view([], {}, 0, NOW)


@pytest.mark.parametrize(
    ("state", "label"),
    [(State.ACTIVE, "Pause"), (State.PAUSED, "Resume"), (State.STOPPED, "Resume")],
)
async def test_an_alert_has_a_button_for_what_can_be_done_with_it(state: State, label: str) -> None:
    view = alert_view(alert(state=state), 1, NOW)
    assert [one["label"] for one in buttons_of(view)] == ["Edit", label, "Test", "Remove"]


async def test_a_saved_alert_that_rests_says_so() -> None:
    one = alert(state=State.PAUSED, guild_id=1, channel_id=6)
    said = saved_note(one, NOW, new=False)
    assert "### Alert 3 is changed: “video diffusion”" in said
    assert "New papers that match go to <#6>, at once." in said
    assert "⏸ Paused" in said


def fields(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the fields of a form by their names."""
    return {one["component"]["custom_id"]: one["component"] for one in form["components"]}


async def test_the_form_is_filled_in_and_keeps_no_state() -> None:
    form = alert_form("redraft:abcdefgh27", draft(at=NOW.time(), zone=BERLIN).order)
    assert form.is_finished()
    told = fields(form.to_dict())
    assert told["query"]["value"] == "video diffusion"
    assert (told["time"]["value"], told["timezone"]["value"]) == ("09:00", "Europe/Berlin")
    assert [one["value"] for one in told["when"]["options"] if one["default"]] == ["daily"]
    plain = fields(alert_form("reword:3", alert()).to_dict())
    assert [one["value"] for one in plain["when"]["options"] if one["default"]] == ["at once"]
    assert not plain["time"].get("value")
    for label in form.to_dict()["components"]:
        assert units(label["label"]) <= 45
        assert units(label.get("description") or "") <= 100


def sent(**told: str) -> dict[str, Any]:
    """Return what Discord tells of a form that was sent."""
    return {
        "components": [
            {"type": 18, "component": {"custom_id": name, "value": said}}
            if name != "when"
            else {"type": 18, "component": {"custom_id": name, "values": [said]}}
            for name, said in told.items()
        ]
    }


def test_a_form_wants_a_time_only_where_it_wants_it_daily() -> None:
    daily = wishes_of(sent(query=" a b ", when="daily", time="18:00", timezone=""))
    assert (daily.query, daily.when, daily.time, daily.timezone) == ("a b", "daily", "18:00", None)
    at_once = wishes_of(sent(query="a", when="at once", time="18:00", timezone="UTC"))
    assert (at_once.when, at_once.time, at_once.timezone) == ("at once", None, None)


def test_a_form_that_says_nothing_changes_nothing_but_the_time() -> None:
    empty = wishes_of({})
    assert (empty.query, empty.when, empty.mention_role) == (None, "at once", None)


@pytest.mark.parametrize(
    ("query", "reason", "kept"), [("汉", "𝒳", "汉" * 129 + "…"), ("*", "*", "\\*" * 129 + "…")]
)
async def test_where_they_fit_no_otherwise_queries_and_reasons_are_cut(
    query: str, reason: str, kept: str
) -> None:
    wide = [
        alert(
            no, query=query * 300, state=State.STOPPED, reason=reason * 300, guild_id=1,
            channel_id=10**18, mention_role=10**18, at=NOW.time(), zone=BERLIN,
        )
        for no in range(1, 6)
    ]  # fmt: skip
    view = list_view(wide, {}, 0, NOW)
    check_limits(view.to_components())
    assert f"“{kept}”" in text_of(view)
