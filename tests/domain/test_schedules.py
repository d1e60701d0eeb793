from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.schedules import (
    EVERY_DAY,
    next_run,
    parse_time,
    parse_weekdays,
    parse_zone,
    weekday_names,
)
from bot.errors import UserError
from bot.zones import zone_names

MINUTE = timedelta(minutes=1)
NEW_YORK, APIA, TOKYO = (
    ZoneInfo(name) for name in ("America/New_York", "Pacific/Apia", "Asia/Tokyo")
)
TRICKY = [
    *("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"),
    *("Pacific/Apia", "Antarctica/Troll", "Africa/Casablanca", "Asia/Tehran", "Africa/Cairo"),
    *("Asia/Beirut", "America/St_Johns", "Asia/Kathmandu", "America/Caracas", "UTC"),
]
WEEKDAYS = st.just(EVERY_DAY) | st.frozensets(st.integers(0, 6), min_size=1)
TIMES = st.builds(time, st.integers(0, 3) | st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))


def brute_force(at: time, zone: ZoneInfo, weekdays: frozenset[int], after: datetime) -> datetime:
    """Walk minute by minute over the wall clock of ``zone``, and note when it shows ``at``."""
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) - timedelta(hours=25)
    wall = moment.astimezone(zone).replace(tzinfo=None)
    found: list[datetime] = []
    while not any(after < one <= moment for one in found):
        moment += MINUTE
        shown = moment.astimezone(zone)
        now = shown.replace(tzinfo=None)
        expected = wall + MINUTE
        skipped_date = expected.date()
        while now > expected and skipped_date <= now.date():  # the clock was put forward
            skipped = datetime.combine(skipped_date, at)
            if expected <= skipped < now and skipped_date.weekday() in weekdays:
                found.append(moment + (skipped - expected))
            skipped_date += timedelta(days=1)
        if now.time() == at and now.weekday() in weekdays and shown.fold == 0:
            found.append(moment)
        wall = now
    return min(one for one in found if one > after)


@st.composite
def moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """Draw a zone and a moment, half of the time in the week of a change of its clocks."""
    zone = ZoneInfo(draw(st.sampled_from(TRICKY) | st.sampled_from(zone_names())))
    start = datetime(draw(st.integers(1975, 2036)), 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days[::6]]
    changes = [6 * n for n in range(1, len(offsets)) if offsets[n] != offsets[n - 1]]
    near = st.sampled_from(changes) if changes else st.nothing()
    day = days[draw(near | st.integers(0, 365))]
    return zone, day + timedelta(seconds=draw(st.integers(-7 * 86400, 0)))


@given(moments(), TIMES, WEEKDAYS)
@example((APIA, datetime(2011, 12, 29, 20, tzinfo=UTC)), time(9), frozenset({4}))
@example((APIA, datetime(2011, 12, 30, 18, 59, tzinfo=UTC)), time(9), EVERY_DAY)
@example((NEW_YORK, datetime(2025, 11, 2, 5, 30, tzinfo=UTC)), time(1, 30), frozenset({6}))
@settings(max_examples=60)
def test_the_next_run_is_what_walking_along_the_wall_clock_finds(
    where: tuple[ZoneInfo, datetime], at: time, weekdays: frozenset[int]
) -> None:
    zone, after = where
    run = next_run(at, zone, weekdays, after)
    assert run == brute_force(at, zone, weekdays, after)
    assert run.tzinfo is UTC


@given(moments(), TIMES, WEEKDAYS)
def test_runs_follow_one_another_strictly_and_at_most_once_a_local_date(
    where: tuple[ZoneInfo, datetime], at: time, weekdays: frozenset[int]
) -> None:
    zone, after = where
    runs = [after]
    for _ in range(8):
        runs.append(next_run(at, zone, weekdays, runs[-1]))
    gaps = [later - sooner for sooner, later in pairwise(runs[1:])]
    assert runs[1] > after
    assert all(gap > timedelta(hours=20) for gap in gaps)
    assert all(gap < timedelta(days=9) for gap in gaps)


def test_a_time_that_the_clocks_skip_moves_forward() -> None:
    run = next_run(time(2, 30), NEW_YORK, EVERY_DAY, datetime(2025, 3, 9, 5, tzinfo=UTC))
    assert run.astimezone(NEW_YORK).replace(tzinfo=None).isoformat() == "2025-03-09T03:30:00"


def test_a_time_that_comes_twice_fires_the_first_time_only() -> None:
    first = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert next_run(time(1, 30), NEW_YORK, EVERY_DAY, first - MINUTE) == first
    assert next_run(time(1, 30), NEW_YORK, EVERY_DAY, first) == datetime(
        2025, 11, 3, 6, 30, tzinfo=UTC
    )


def test_nine_in_tokyo_is_midnight_utc() -> None:
    run = next_run(time(9), TOKYO, EVERY_DAY, datetime(2025, 2, 11, 0, 0, tzinfo=UTC))
    assert run == datetime(2025, 2, 12, 0, 0, tzinfo=UTC)


def test_a_schedule_without_weekdays_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        next_run(time(9), TOKYO, frozenset(), datetime(2025, 2, 11, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("09:00", time(9)),
        ("9", time(9)),
        (" 18:30 ", time(18, 30)),
        ("9.05", time(9, 5)),
        ("9h30", time(9, 30)),
        ("9:30 pm", time(21, 30)),
        ("9:30PM", time(21, 30)),
        ("9 a.m.", time(9)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_time_of_day_is_read_in_its_usual_spellings(text: str, told: time) -> None:
    assert parse_time(text) == told


@pytest.mark.parametrize(
    "text", ["", "noon", "24:00", "9:60", "9:5", "900", "13pm", "0 am", "-9", "9:00:00", "9:", "九"]
)
def test_what_is_no_time_of_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_time(text)
    assert str(refused.value) == f"“{text}” is not a time of day; write it like 09:00 or 18:30."


@given(st.times())
def test_every_minute_is_read_as_it_is_written(at: time) -> None:
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    assert parse_time(f"{at:%H:%M}") == at
    assert parse_time(f"{at:%I:%M %p}") == at


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("daily", EVERY_DAY),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("Mon - Fri", {0, 1, 2, 3, 4}),
        ("mon,wed", {0, 2}),
        ("mon, wed; fri", {0, 2, 4}),
        ("tues thurs", {1, 3}),
        ("fri-mon", {4, 5, 6, 0}),
        ("sun-sat", EVERY_DAY),
        ("mon-mon", {0}),
        ("wednesday", {2}),
        ("weekends,mon", {5, 6, 0}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("mon–wed", {0, 1, 2}),
        ("mon,wed,", {0, 2}),
    ],
)
def test_weekdays_are_read_as_people_write_them(text: str, told: set[int]) -> None:
    assert parse_weekdays(text) == told


@pytest.mark.parametrize(
    "text", ["", " ", ",", "never", "mo", "mon-", "-fri", "mon-wed-fri", "mondays-x", "1-5"]
)
def test_what_names_no_weekday_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserError, match="write them like mon-fri, mon,wed or daily") as refused:
        parse_weekdays(text)
    assert f"“{text}”" in str(refused.value)


@given(WEEKDAYS)
def test_weekdays_are_read_back_as_they_are_named(weekdays: frozenset[int]) -> None:
    assert parse_weekdays(weekday_names(weekdays)) == weekdays


def test_weekdays_are_named_the_short_way() -> None:
    assert weekday_names(EVERY_DAY) == "daily"
    assert weekday_names({0, 1, 2, 3, 4}) == "mon-fri"
    assert weekday_names({0, 2}) == "mon,wed"
    assert weekday_names({0, 1, 3, 4, 5}) == "mon,tue,thu-sat"


@given(st.sampled_from(zone_names()))
def test_every_zone_is_read_in_any_case(name: str) -> None:
    assert parse_zone(name).key == name
    assert parse_zone(f" {name.lower()} ").key == name


@pytest.mark.parametrize(
    ("text", "told"),
    [("berlin", "Europe/Berlin"), ("new york", "America/New_York"), ("tokyo", "Asia/Tokyo")],
)
def test_a_city_that_one_zone_has_is_enough(text: str, told: str) -> None:
    assert parse_zone(text).key == told


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin"),
        ("indiana", "Did you mean America/Indiana/Indianapolis or "),
        ("zzzzzzzz", "Write it like Europe/Berlin."),
        ("../../etc/passwd", "Write it like Europe/Berlin."),
        ("", "Did you mean "),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest_names(text: str, hint: str) -> None:
    with pytest.raises(UserError) as refused:
        parse_zone(text)
    assert str(refused.value).startswith(f"“{text}” is not a time zone that I know.")
    assert hint in str(refused.value)


def test_the_oracle_knows_a_date_that_never_was() -> None:
    after = datetime(2011, 12, 29, 20, tzinfo=UTC)
    run = brute_force(time(9), APIA, frozenset({4}), after)
    assert run.astimezone(APIA).date() == date(2011, 12, 31)
