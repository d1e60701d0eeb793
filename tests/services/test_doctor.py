from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from sqlite3 import connect
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.domain.schedules import State
from bot.errors import SourceUnreachable, UnexpectedAnswer
from bot.services import doctor
from bot.services.doctor import KNOWN, Records, Sources, clock, disk, opened_if_there
from bot.storage.database import APPLICATION_ID, Database, migrations
from bot.storage.records import Collection, CollectionLog
from bot.storage.schedules import ScheduleStore
from tests.builders import DAY, NOW, FakeSource, paper, reading, schedule

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.health import Finding
    from bot.domain.papers import ArxivId, DayReading, Paper

TODAY = date(2025, 2, 12)
HALF_AN_HOUR = timedelta(minutes=30)


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def opening(path: Path) -> Finding:
    async with opened_if_there(path) as (_, finding):
        return finding


async def found(database: Database, name: str) -> Finding:
    """Examine the database and return the finding of that name."""
    findings = {one.name: one for one in await Records(database, HALF_AN_HOUR).examine(NOW)}
    return findings[name]


async def collected(database: Database, *, ago: timedelta, error: str | None = None) -> None:
    record = Collection(source="Hugging Face", began_at=NOW - ago, error=error)
    await CollectionLog(database).add(record)


async def scheduled(database: Database, count: int = 1, **told: object) -> None:
    for number in range(count):
        await ScheduleStore(database).save(schedule(5 + number, **told))


# The file


async def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "paperboy.db"
    async with opened_if_there(path) as (database, finding):
        assert database is None
    assert finding.ok is None
    assert "paperboy run" in (finding.remedy or "")
    assert is_empty(tmp_path)


async def test_a_sound_database_tells_its_version_and_size(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path):
        pass
    async with opened_if_there(path) as (database, finding):
        assert database is not None
        assert await database.check() == []
    assert finding.ok is True
    size = f"{path.stat().st_size / 1024:.0f} KiB"
    assert finding.text == f"The database {path} opens: version {len(migrations())}, {size}."


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    path.write_text("not a database, and longer than the header of one: " * 4)
    finding = await opening(path)
    assert finding.ok is False
    assert "cannot be opened" in finding.text
    assert "DATABASE_PATH" in (finding.remedy or "")


async def test_a_newer_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "paperboy.db"
    with closing(connect(path)) as newer:
        newer.execute("PRAGMA user_version = 999")
        newer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    finding = await opening(path)
    assert finding.ok is False
    assert "of version 999, newer than this Paperboy" in finding.text


@pytest.mark.parametrize(
    ("place", "rubbish", "said"),
    [
        (36, (5).to_bytes(4, "big"), "The database is damaged: "),
        (-4096, b"\xff" * 4096, "A check failed (quick check): The database "),
    ],
)
async def test_a_damaged_database_is_told(
    tmp_path: Path, place: int, rubbish: bytes, said: str
) -> None:
    path = tmp_path / "paperboy.db"
    async with Database.open(path) as database:
        await scheduled(database, 200)
    octets = bytearray(path.read_bytes())
    place %= len(octets)
    octets[place : place + len(rubbish)] = rubbish
    path.write_bytes(octets)
    async with opened_if_there(path) as (opened, _):
        assert opened is not None
        finding = await found(opened, "quick check")
    assert finding.ok is False
    assert finding.text.startswith(said)
    assert "restore a backup" in (finding.remedy or "")


async def test_a_check_that_fails_is_a_finding_and_the_others_go_on(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("DROP TABLE schedules")
    records = Records(database, HALF_AN_HOUR)
    findings = {one.name: one for one in await records.examine(NOW)}
    assert {name: one.ok for name, one in findings.items()} == {
        "quick check": True,
        "writing": True,
        "collections": None,
        "stopped schedules": False,
        "due editions": False,
    }
    text = findings["due editions"].text
    assert text.startswith("A check failed (due editions): ")
    assert text.endswith("no such table: schedules.")
    assert await records.schedules() == []


async def test_a_sound_empty_database_has_nothing_wrong(database: Database) -> None:
    findings = await Records(database, HALF_AN_HOUR).examine(NOW)
    assert [(one.ok, one.text) for one in findings] == [
        (True, "SQLite's quick check finds the database sound."),
        (True, "The database can be written."),
        (None, "Nothing was read yet."),
        (True, "No schedule of 0 is stopped."),
        (True, "No edition is overdue."),
    ]


# The disk


def test_the_folder_of_a_database_that_is_not_there_may_be_missing(tmp_path: Path) -> None:
    finding = disk(tmp_path / "not" / "there" / "paperboy.db")
    assert finding.ok is True
    assert finding.text.endswith(f" are free in {tmp_path}.")


@pytest.mark.parametrize(
    ("free", "said"), [(199 * 2**20, "199 MiB"), (5000, "5 KiB"), (0, "0 KiB")]
)
def test_too_little_space_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, said: str
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    finding = disk(tmp_path / "paperboy.db")
    assert finding.ok is False
    assert finding.text.startswith(f"Only {said} are free")
    assert "200 MiB" in (finding.remedy or "")


def test_space_is_told_in_gibibytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=3000 * 2**30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert disk(tmp_path / "paperboy.db").text.startswith("3,000 GiB are free")


def test_a_folder_that_is_a_file_takes_no_database(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = disk(tmp_path / "file" / "paperboy.db")
    assert finding.ok is False
    assert finding.text.startswith("No files can be made in ")


def test_a_folder_that_may_not_be_written_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert disk(tmp_path / "paperboy.db").ok is False


def test_a_folder_that_leads_nowhere_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    finding = disk(tmp_path / "link" / "paperboy.db")
    assert finding.ok is False
    assert finding.text.endswith("cannot be read: No such file or directory.")


# What was read and delivered


async def test_a_recent_collection_is_right(database: Database) -> None:
    await collected(database, ago=timedelta(seconds=20))
    finding = await found(database, "collections")
    assert (finding.ok, finding.text) == (
        True, "The lists were last read less than a minute ago."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ago", "said", "ok"),
    [
        (timedelta(minutes=1), "1 minute", True),
        (timedelta(minutes=90), "1 hour", True),
        (timedelta(minutes=91), "1 hour", None),
        (timedelta(hours=47), "47 hours", None),
        (timedelta(days=3), "3 days", None),
    ],
)
async def test_after_three_intervals_without_a_collection_there_is_a_warning(
    database: Database, ago: timedelta, said: str, ok: bool | None
) -> None:
    await collected(database, ago=ago)
    finding = await found(database, "collections")
    assert (finding.ok, finding.text) == (ok, f"The lists were last read {said} ago.")
    assert ok or "paperboy run" in (finding.remedy or "")


async def test_a_collection_that_failed_since_is_told(database: Database) -> None:
    await collected(database, ago=timedelta(hours=2))
    await collected(database, ago=timedelta(minutes=1), error="It answered 500.")
    finding = await found(database, "collections")
    assert finding.ok is None
    assert finding.text == (
        "The lists were last read 2 hours ago; then it failed: It answered 500."
    )


async def test_a_first_collection_that_failed_is_told(database: Database) -> None:
    await collected(database, ago=timedelta(minutes=1), error="It answered 500")
    assert (await found(database, "collections")).text == (
        "Nothing was read yet; then it failed: It answered 500."
    )


async def test_stopped_schedules_are_named_with_their_reason(database: Database) -> None:
    await scheduled(database, state=State.STOPPED, reason="the channel\nis gone.")
    finding = await found(database, "stopped schedules")
    assert finding.ok is False
    assert finding.text == "1 schedule is stopped, in channel 5 (the channel is gone)."
    assert "/digest resume" in (finding.remedy or "")


async def test_of_many_stopped_schedules_the_first_are_named(database: Database) -> None:
    await scheduled(database, 12, state=State.STOPPED)
    text = (await found(database, "stopped schedules")).text
    assert text.startswith("12 schedules are stopped, in channel 5 (no reason is stored), 6 (")
    assert text.endswith("14 (no reason is stored) and 2 more.")


async def test_an_edition_that_is_an_hour_late_is_wrong(database: Database) -> None:
    await scheduled(database, next_run=NOW - timedelta(minutes=61))
    finding = await found(database, "due editions")
    assert finding.ok is False
    assert finding.text == "1 schedule is overdue, the first by 1 hour."


@pytest.mark.parametrize(
    ("state", "late"), [(State.ACTIVE, timedelta(minutes=59)), (State.PAUSED, timedelta(days=9))]
)
async def test_an_edition_that_is_not_late_or_paused_is_right(
    database: Database, state: State, late: timedelta
) -> None:
    await scheduled(database, state=state, next_run=NOW - late)
    assert (await found(database, "due editions")).ok is True


async def test_the_schedules_are_handed_on(database: Database) -> None:
    await scheduled(database, 2)
    assert await Records(database, HALF_AN_HOUR).schedules() == [schedule(5), schedule(6)]


# The sources


class SlowSource(FakeSource):
    """A source that never answers."""

    @override
    async def day(self, day: date) -> DayReading:
        return await asyncio.Future()

    @override
    async def paper(self, paper_id: ArxivId) -> Paper | None:
        return await asyncio.Future()


def source_with(*readings: DayReading) -> FakeSource:
    return FakeSource(*readings, papers=[paper(id=KNOWN)])


async def asked(source: FakeSource, *, patience: float = 5.0) -> tuple[Finding, Finding]:
    """Examine a source that stands for both."""
    listed, read = await Sources(source, source, patience=patience).examine(NOW)
    return listed, read


async def test_sources_that_answer_are_right() -> None:
    source = source_with(reading(paper(1), paper(2), day=TODAY))
    listed, read = await asked(source)
    assert listed.ok is read.ok is True
    assert listed.text == "Hugging Face answers: 2 papers on the list of 2025-02-12."
    assert read.text == "arXiv answers: 1706.03762 is there."
    assert sorted(map(str, source.asked)) == ["1706.03762", "2025-02-12"]


async def test_on_a_day_without_papers_the_latest_list_is_read() -> None:
    listed, _ = await asked(source_with(reading(paper(1), day=DAY)))
    assert listed.text == "Hugging Face answers: 1 paper on the list of 2025-02-11."


async def test_four_empty_lists_are_a_warning() -> None:
    source = source_with()
    listed, _ = await asked(source)
    assert listed.ok is None
    assert listed.text == "Hugging Face answers, but its last 4 lists have no papers."
    days = [one for one in source.asked if isinstance(one, date)]
    assert days == [TODAY - timedelta(days=back) for back in range(4)]


async def test_unreadable_records_are_a_warning() -> None:
    source = source_with(replace(reading(paper(1), day=TODAY), unreadable=3))
    listed, _ = await asked(source)
    assert listed.ok is None
    assert "but 3 more are unreadable" in listed.text


async def test_sources_that_fail_say_why_and_what_to_do() -> None:
    source = source_with()
    source.failure = SourceUnreachable("It answered 500: try again later")
    listed, read = await asked(source)
    assert listed.ok is read.ok is False
    assert listed.text == read.text == "It answered 500: try again later."
    assert "HF_BASE_URL" in (listed.remedy or "")
    assert "ARXIV_API_URL" in (read.remedy or "")


async def test_a_list_in_a_new_shape_is_wrong() -> None:
    source = source_with()
    source.failure = UnexpectedAnswer('no usable "paper"')
    assert (await asked(source))[0].text == 'no usable "paper".'


async def test_sources_that_do_not_answer_are_given_up() -> None:
    listed, read = await asked(SlowSource(), patience=0.05)
    assert listed.ok is read.ok is False
    assert listed.text == "Hugging Face did not answer in time."
    assert read.text == "arXiv did not answer in time."


async def test_an_arxiv_without_its_best_known_paper_is_wrong() -> None:
    _, read = await asked(FakeSource())
    assert (read.ok, read.text) == (False, "arXiv answers, but does not know 1706.03762.")


async def test_a_source_that_fails_otherwise_is_a_finding() -> None:
    class Broken(FakeSource):
        @override
        async def paper(self, paper_id: ArxivId) -> Paper | None:
            raise ZeroDivisionError

    listed, read = await asked(Broken(reading(paper(1), day=TODAY)))
    assert listed.ok is True
    assert read.ok is False
    assert read.text == "A check failed (arXiv): ZeroDivisionError."


# The clock

NINE = "Wed, 12 Feb 2025 09:00:00 GMT"
EIGHT = "Wed, 12 Feb 2025 08:00:00 GMT"


def test_a_clock_within_a_minute_is_right() -> None:
    assert clock([(NINE, NOW + timedelta(seconds=59))]).ok is True


@pytest.mark.parametrize(
    ("off", "said"),
    [(timedelta(minutes=2), "2 minutes fast"), (timedelta(hours=-5), "5 hours slow")],
)
def test_a_clock_that_is_off_is_wrong(off: timedelta, said: str) -> None:
    finding = clock([(NINE, NOW + off)])
    assert finding.ok is False
    assert finding.text == f"The clock is {said} by the sources' time."
    assert "NTP" in (finding.remedy or "")


def test_an_old_date_out_of_a_cache_does_not_count() -> None:
    assert clock([(EIGHT, NOW), (NINE, NOW), (EIGHT, NOW)]).ok is True


@pytest.mark.parametrize("header", ["", "yesterday", "Wed, 99 Feb 2025 09:00:00 GMT"])
def test_without_a_readable_date_the_clock_is_not_checked(header: str) -> None:
    assert clock([(header, NOW)]).ok is None


def test_nobody_heard_is_no_check() -> None:
    assert clock([]).ok is None


def test_every_date_is_greenwich_time() -> None:
    at = datetime(2025, 2, 12, 9, tzinfo=UTC)
    assert clock([("Wed, 12 Feb 2025 09:00:00 -0000", at)]).ok is True


def test_a_check_takes_longer_than_a_source_takes_to_give_up() -> None:
    assert doctor.PATIENCE > 30
