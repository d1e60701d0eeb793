"""The next run in every time zone, against an oracle that only ever turns UTC into local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.schedules import EVERY_DAY, next_run
from bot.zones import zone_names

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
AROUND = 16 * DAY
FIRST, LAST = datetime(1990, 1, 20, tzinfo=UTC), datetime(2060, 12, 10, tzinfo=UTC)
TRICKY = (
    *("America/New_York", "Europe/Berlin", "Europe/Dublin", "America/St_Johns", "America/Havana"),
    *("Pacific/Apia", "Pacific/Kwajalein", "Pacific/Kiritimati", "Pacific/Fakaofo"),
    *("Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Asia/Gaza"),
    *("America/Nuuk", "America/Scoresbysund", "Atlantic/Azores", "Antarctica/Troll"),
    *("Antarctica/Casey", "Africa/Casablanca", "Africa/El_Aaiun", "Asia/Tehran", "Asia/Amman"),
    *("America/Caracas", "Asia/Pyongyang", "Asia/Kathmandu", "Pacific/Chatham", "Etc/GMT+12"),
)


@dataclass(frozen=True)
class Stretch:
    """A time in which a zone's clocks go on without a change; ``offset`` is local minus UTC."""

    start: datetime
    end: datetime
    offset: timedelta

    def shows(self, wall: datetime) -> datetime | None:
        """Return the moment of the stretch at which its clocks show ``wall``."""
        moment = wall.replace(tzinfo=UTC) - self.offset
        return moment if self.start <= moment < self.end else None


def offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).replace(tzinfo=UTC) - moment


def change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second of the new offset, if there is one change between two moments."""
    old = offset(zone, before)
    while after - before > SECOND:
        middle = before + timedelta(seconds=(after - before) // SECOND // 2)
        before, after = (middle, after) if offset(zone, middle) == old else (before, middle)
    return after


def stretches(zone: ZoneInfo, first: datetime, last: datetime) -> list[Stretch]:
    """Look at the zone's clocks every six hours, and cut the time where they were changed."""
    found, start, moment = [], first, first
    while moment < last:
        later = moment + 6 * HOUR
        if offset(zone, later) != offset(zone, moment):
            change = change_between(zone, moment, later)
            found.append(Stretch(start, change, offset(zone, moment)))
            start = change
        moment = later
    return [*found, Stretch(start, moment, offset(zone, start))]


def occasion(whole: list[Stretch], day: date, at: time) -> datetime:
    """Return when the clocks first show ``at`` on ``day``; a skipped time moves by the gap."""
    wall = datetime.combine(day, at)
    for one in whole:
        shown = one.shows(wall)
        if shown is not None:
            return shown
        if one.end.replace(tzinfo=None) + one.offset <= wall:
            continue
        if one.start.replace(tzinfo=None) + one.offset > wall:  # skipped at this stretch's start
            before = whole[whole.index(one) - 1]
            return (wall - before.offset).replace(tzinfo=UTC)
    raise AssertionError(f"{wall} lies outside of what was looked at")


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """Return about when the zone's clocks were or will be changed, found by looking monthly."""
    zone, found, moment = ZoneInfo(name), [], FIRST
    while moment < LAST:
        later = moment + 25 * DAY
        if offset(zone, later) != offset(zone, moment):
            found.append(change_between(zone, moment, later))
        moment = later
    return tuple(found)


@st.composite
def places(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """Draw a zone and a moment in it, most often next to a change of its clocks."""
    name = draw(st.sampled_from(TRICKY) | st.sampled_from(zone_names()))
    ordinary = FIRST + draw(st.integers(0, (LAST - FIRST) // DAY)) * DAY
    near = changes(name) if draw(st.integers(0, 4)) else ()
    return ZoneInfo(name), draw(st.sampled_from(near)) if near else ordinary


@st.composite
def times(draw: st.DrawFn, zone: ZoneInfo, moment: datetime) -> time:
    """Draw any minute, half of the time one that the clocks show about the moment."""
    if draw(st.booleans()):
        return time(draw(st.integers(0, 23)), draw(st.integers(0, 59)))
    local = (moment + draw(st.integers(-150, 150)) * timedelta(minutes=1)).astimezone(zone)
    return time(local.hour, local.minute)


@st.composite
def orders(draw: st.DrawFn) -> tuple[ZoneInfo, datetime, time, frozenset[int]]:
    zone, moment = draw(places())
    weekdays = draw(st.just(EVERY_DAY) | st.frozensets(st.integers(0, 6), min_size=1))
    return zone, moment, draw(times(zone, moment)), weekdays


def order(name: str, moment: str, at: str, weekdays: frozenset[int] = EVERY_DAY) -> object:
    return ZoneInfo(name), datetime.fromisoformat(moment), time.fromisoformat(at), weekdays


@given(orders())
@example(order("Pacific/Apia", "2011-12-30T10:00+00:00", "09:00", frozenset({4})))
@example(order("Pacific/Apia", "2011-12-30T10:00+00:00", "00:00"))
@example(order("Pacific/Kwajalein", "1993-08-21T12:00+00:00", "23:59"))
@example(order("America/Sao_Paulo", "2018-11-04T03:00+00:00", "00:30", frozenset({6})))
@example(order("America/Sao_Paulo", "2018-02-18T02:00+00:00", "23:30"))
@example(order("America/Nuuk", "2025-03-30T01:00+00:00", "23:30", frozenset({5})))
@example(order("Africa/Casablanca", "2026-03-22T02:00+00:00", "02:30"))
@example(order("Antarctica/Troll", "2025-10-26T01:00+00:00", "01:30"))
@example(order("Australia/Lord_Howe", "2025-10-04T15:30+00:00", "02:15"))
@settings(max_examples=250)
def test_each_wanted_date_has_one_run_and_every_run_is_a_wanted_dates(
    told: tuple[ZoneInfo, datetime, time, frozenset[int]],
) -> None:
    zone, moment, at, weekdays = told
    whole = stretches(zone, moment - AROUND - 4 * DAY, moment + AROUND + 4 * DAY)
    first = (moment - AROUND).date()
    days = [first + n * DAY for n in range(2 * AROUND // DAY + 1)]
    # A whole date that was skipped coincides with the next one, and both are brought at once.
    expected = sorted({occasion(whole, day, at) for day in days if day.weekday() in weekdays})
    runs = [expected[0] - SECOND]
    for wanted in expected:
        runs.append(next_run(at, zone, weekdays, runs[-1]))
        assert runs[-1] == wanted
        assert runs[-1] > runs[-2]
    for after in (moment - SECOND, moment, moment + SECOND, moment + HOUR):
        run = next_run(at, zone, weekdays, after)
        assert run == min(one for one in expected if one > after)


@given(orders())
@settings(max_examples=150)
def test_a_run_shows_its_time_on_its_weekday_unless_the_clocks_skipped_it(
    told: tuple[ZoneInfo, datetime, time, frozenset[int]],
) -> None:
    zone, moment, at, weekdays = told
    run = next_run(at, zone, weekdays, moment - DAY)
    shown = run.astimezone(zone)
    if shown.time() == at and shown.weekday() in weekdays:
        assert shown.fold == 0
        return
    # Then its wall time lies in the gap of a change within the last day, and the run is as long
    # after the change as the time is after the gap's beginning.
    [before, *_, after] = stretches(zone, run - 25 * HOUR, run + SECOND)
    gap = after.offset - before.offset
    wanted = shown.replace(tzinfo=None) - gap
    assert gap > timedelta(0)
    assert wanted.time() == at
    assert wanted.weekday() in weekdays
    assert all(one.shows(wanted) is None for one in (before, after))


TABLE = [
    # zone, time, after (UTC), the two runs that follow (UTC)
    ("America/New_York", "09:00", "2025-03-08 12:00", "2025-03-08 14:00", "2025-03-09 13:00"),
    ("America/New_York", "02:30", "2025-03-09 00:00", "2025-03-09 07:30", "2025-03-10 06:30"),
    ("America/New_York", "01:30", "2025-11-02 00:00", "2025-11-02 05:30", "2025-11-03 06:30"),
    ("America/New_York", "01:30", "2025-11-02 06:00", "2025-11-03 06:30", "2025-11-04 06:30"),
    ("America/New_York", "09:00", "2025-11-01 12:00", "2025-11-01 13:00", "2025-11-02 14:00"),
    ("Europe/Berlin", "09:00", "2025-03-29 07:00", "2025-03-29 08:00", "2025-03-30 07:00"),
    ("Europe/Berlin", "02:30", "2025-03-29 12:00", "2025-03-30 01:30", "2025-03-31 00:30"),
    ("Europe/Berlin", "02:30", "2025-10-25 12:00", "2025-10-26 00:30", "2025-10-27 01:30"),
    ("Europe/Berlin", "02:30", "2025-10-26 01:00", "2025-10-27 01:30", "2025-10-28 01:30"),
    ("Europe/London", "01:00", "2025-03-29 12:00", "2025-03-30 01:00", "2025-03-31 00:00"),
    ("Europe/London", "01:59", "2025-10-25 12:00", "2025-10-26 00:59", "2025-10-27 01:59"),
    ("Australia/Sydney", "02:00", "2025-10-04 12:00", "2025-10-04 16:00", "2025-10-05 15:00"),
    ("Australia/Sydney", "02:59", "2025-04-05 12:00", "2025-04-05 15:59", "2025-04-06 16:59"),
    ("Australia/Lord_Howe", "02:15", "2025-10-04 12:00", "2025-10-04 15:45", "2025-10-05 15:15"),
    ("Australia/Lord_Howe", "01:45", "2025-04-05 12:00", "2025-04-05 14:45", "2025-04-06 15:15"),
    ("America/St_Johns", "02:30", "2025-03-09 00:00", "2025-03-09 06:00", "2025-03-10 05:00"),
    ("America/Sao_Paulo", "00:00", "2018-11-03 12:00", "2018-11-04 03:00", "2018-11-05 02:00"),
    ("America/Sao_Paulo", "23:30", "2018-02-17 12:00", "2018-02-18 01:30", "2018-02-19 02:30"),
    ("America/Sao_Paulo", "23:30", "2018-02-18 02:00", "2018-02-19 02:30", "2018-02-20 02:30"),
    ("America/Sao_Paulo", "00:00", "2025-11-02 12:00", "2025-11-03 03:00", "2025-11-04 03:00"),
    ("Asia/Beirut", "00:30", "2025-03-29 12:00", "2025-03-29 22:30", "2025-03-30 21:30"),
    ("Asia/Beirut", "23:30", "2025-10-25 12:00", "2025-10-25 20:30", "2025-10-26 21:30"),
    ("Africa/Cairo", "00:15", "2025-04-24 12:00", "2025-04-24 22:15", "2025-04-25 21:15"),
    ("Africa/Cairo", "23:15", "2025-10-30 12:00", "2025-10-30 20:15", "2025-10-31 21:15"),
    ("America/Nuuk", "23:30", "2025-03-29 12:00", "2025-03-30 01:30", "2025-03-31 00:30"),
    ("Antarctica/Troll", "01:30", "2025-03-29 12:00", "2025-03-30 01:30", "2025-03-30 23:30"),
    ("Antarctica/Troll", "02:30", "2025-10-25 12:00", "2025-10-26 00:30", "2025-10-27 02:30"),
    ("Africa/Casablanca", "09:00", "2025-02-22 00:00", "2025-02-22 08:00", "2025-02-23 09:00"),
    ("Africa/Casablanca", "02:30", "2025-04-05 12:00", "2025-04-06 02:30", "2025-04-07 01:30"),
    ("Pacific/Apia", "09:00", "2011-12-29 12:00", "2011-12-29 19:00", "2011-12-30 19:00"),
    ("Pacific/Kwajalein", "09:00", "1993-08-20 12:00", "1993-08-20 21:00", "1993-08-21 21:00"),
    ("Asia/Tokyo", "09:00", "2025-02-11 00:00", "2025-02-12 00:00", "2025-02-13 00:00"),
    ("Asia/Kathmandu", "09:00", "2025-02-11 00:00", "2025-02-11 03:15", "2025-02-12 03:15"),
    ("UTC", "23:59", "2028-02-28 23:59", "2028-02-29 23:59", "2028-03-01 23:59"),
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "at", "after", "run", "then"), TABLE)
def test_the_runs_about_a_change_are_these(
    zone: str, at: str, after: str, run: str, then: str
) -> None:
    told = time.fromisoformat(at), ZoneInfo(zone), EVERY_DAY
    assert next_run(*told, utc(after)) == utc(run)
    assert next_run(*told, utc(run)) == utc(then)


def test_a_weekday_that_its_zone_skipped_is_brought_at_the_moment_it_became() -> None:
    friday = time(9), ZoneInfo("Pacific/Apia"), frozenset({4})
    run = next_run(*friday, utc("2011-12-29 00:00"))
    assert run == utc("2011-12-30 19:00")
    assert run.astimezone(friday[1]).date() == date(2011, 12, 31)
    assert next_run(*friday, run) == utc("2012-01-05 19:00")


def test_a_saturdays_time_that_is_skipped_up_to_midnight_comes_on_sunday() -> None:
    saturday = time(23, 30), ZoneInfo("America/Nuuk"), frozenset({5})
    run = next_run(*saturday, utc("2025-03-29 12:00"))
    assert run == utc("2025-03-30 01:30")
    assert run.astimezone(saturday[1]).isoformat() == "2025-03-30T00:30:00-01:00"
    assert next_run(*saturday, run) == utc("2025-04-06 00:30")
