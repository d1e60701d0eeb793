"""Any state of the bot, told in messages that Discord takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import DeliveryState
from bot.domain.schedules import Schedule, State
from bot.domain.summaries import ModelUse
from bot.services.status import Models, Status
from bot.storage.delivery_rows import Unsettled
from bot.storage.records import Collection
from bot.ui import ids
from bot.ui.panels import panels
from bot.ui.status import status_sections
from tests.builders import DAY, NOW, schedule
from tests.ui import buttons_of, check_limits, day_states, text_of, texts

moments = st.integers(-10_000, 10_000).map(lambda hours: NOW + timedelta(hours=hours))
outcomes = st.sampled_from(
    [
        None,
        "delivered 0",
        "delivered 100",
        "none matched of 41",
        "no papers",
        "waiting 2025-02-11",
        "unread",
        f"unread {NOW.isoformat()}",
        "what a later version writes",
        "",
    ]
)


@st.composite
def schedules(draw: st.DrawFn) -> list[Schedule]:
    """Draw a server's schedules, each in any state."""
    return [
        schedule(
            10**18 + number,
            state=draw(st.sampled_from(State)),
            reason=draw(st.one_of(st.none(), texts)),
            next_run=draw(moments),
            last_run=draw(st.one_of(st.none(), moments)),
            last_outcome=draw(outcomes),
            zone=ZoneInfo("America/Argentina/ComodRivadavia"),
        )
        for number in range(draw(st.sampled_from([0, 1, 3, 25])))
    ]


@st.composite
def unsettled(draw: st.DrawFn) -> list[Unsettled]:
    """Draw messages that did not arrive, of parts of many editions."""
    return [
        Unsettled(
            key=f"e.{number:012x}.10",
            channel_id=10**18 + number % 25,
            state=draw(st.sampled_from([one for one in DeliveryState if one != "sent"])),
            planned_at=draw(moments),
            attempts=3,
            error=draw(st.one_of(st.none(), texts)),
        )
        for number in range(draw(st.sampled_from([0, 1, 9, 60])))
    ]


@st.composite
def collections(draw: st.DrawFn) -> Collection:
    """Draw a round of reading a source."""
    return Collection(
        source=draw(st.sampled_from(["Hugging Face", "arXiv"])),
        began_at=draw(moments),
        days=draw(st.sampled_from([(), (DAY,)])),
        papers=draw(st.integers(0, 10**6)),
        fresh=draw(st.integers(0, 10**6)),
        error=draw(st.one_of(st.none(), texts)),
    )


@st.composite
def statuses(draw: st.DrawFn) -> Status:
    """Draw any state of the bot."""
    rounds = st.lists(collections(), max_size=2, unique_by=lambda one: one.source)
    return Status(
        at=NOW,
        papers=draw(st.integers(0, 10**7)),
        collections=draw(rounds),
        successes=draw(rounds),
        days=draw(day_states()),
        missing=draw(st.lists(st.just(DAY), max_size=4)),
        schedules=draw(schedules()),
        unsettled=draw(unsettled()),
    )


@given(statuses(), st.booleans())
async def test_no_state_makes_a_message_that_discord_would_refuse(
    status: Status, details: bool
) -> None:
    for view in panels("Status", status_sections(status, details=details)):
        check_limits(view.to_components())


@given(statuses())
async def test_every_schedule_is_told_and_every_stopped_one_can_be_resumed(status: Status) -> None:
    views = panels("Status", status_sections(status, details=True))
    said = "\n".join(map(text_of, views))
    assert all(f"<#{one.channel_id}>" in said for one in status.schedules)
    pressed = {one["custom_id"] for view in views for one in buttons_of(view)}
    stopped = {one.channel_id for one in status.schedules if one.state is State.STOPPED}
    unknown = {one.key for one in status.unsettled if one.state is DeliveryState.UNKNOWN}
    assert pressed == {ids.resume(one) for one in stopped} | {
        ids.decide(word, key) for key in unknown for word in ("again", "there")
    }


@given(statuses())
async def test_whoever_may_not_manage_the_server_is_told_nothing_of_it(status: Status) -> None:
    views = panels("Status", status_sections(status, details=False))
    assert not any(buttons_of(view) for view in views)
    assert not any("<#" in text_of(view).replace("\\<#", "") for view in views)


def test_the_models_are_told_with_what_they_used_and_what_is_wrong() -> None:
    used = [ModelUse(model="gpt_x", requests=50, tokens=412_331, summaries=41)]
    fine = Models(used=used, limit=2_000_000, spent=False, renewed_at=NOW)
    assert "gpt\\_x: 41 summaries today, 412,331 of 2,000,000 tokens" in told_of(fine)
    assert "⚠️" not in told_of(fine)
    assert "412,331 tokens" in told_of(replace(fine, limit=0))
    assert "No model was asked today" in told_of(replace(fine, used=()))
    spent = told_of(replace(fine, spent=True))
    assert (
        f"tokens are spent: new ones are extracts, others come <t:{NOW.timestamp():.0f}:R>" in spent
    )
    down = told_of(replace(fine, trouble="The endpoint of *gpt* could not be reached."))
    assert "They are extracts for now" in down
    assert "\\*gpt\\*" in down


def told_of(models: Models) -> str:
    """Return what /status says of the models to anybody."""
    status = Status(
        at=NOW, papers=0, collections=(), successes=(), days=(), missing=(), models=models
    )
    [told] = [one for one in status_sections(status, details=True) if "**Summaries**" in str(one)]
    return str(told)
