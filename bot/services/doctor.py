"""What ``doctor`` examines besides Discord: the database, the sources, the clock."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bot.domain.health import sound, unsure, wrong
from bot.domain.papers import ArxivId, list_date
from bot.domain.schedules import State
from bot.errors import DatabaseError, SourceError
from bot.storage.database import Database, migrations
from bot.storage.records import CollectionLog, FactStore
from bot.storage.schedules import ScheduleStore

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
    from pathlib import Path

    from bot.domain.health import Finding
    from bot.domain.papers import DailySource, DayReading, PaperSource
    from bot.domain.schedules import Schedule

log = logging.getLogger(__name__)

PATIENCE = 35.0
"""Seconds for one source: a little more than it takes to give up by itself."""

LISTS = 4
"""How many days back a list with papers is looked for: past a weekend."""

KNOWN = ArxivId("1706.03762")
"""A paper that arXiv will always have."""

SPACE = 200 * 2**20
"""Bytes that must be free: the write-ahead log and a backup need room."""

SKEW = timedelta(minutes=1)
OVERDUE = timedelta(hours=1)
SHOWN = 10

_CHECKED = "doctor.checked_at"
_NETWORK = "check this machine's way to the network, then try again."
_UNOPENED = (
    "Let Paperboy's user read and write the file, set DATABASE_PATH to the right one, or restore "
    "a backup."
)
_DAMAGED = "Stop the bot, keep a copy of the file, and restore a backup."
_RUNNING = "See that `paperboy run` is running, and what its log says."


@asynccontextmanager
async def opened_if_there(path: Path) -> AsyncIterator[tuple[Database | None, Finding]]:
    """Open the database if there is one; yield it, or None, and what there is to say of it."""
    async with AsyncExitStack() as stack:
        if not await asyncio.to_thread(os.path.lexists, path):
            text = f"There is no database at {path} yet."
            yield None, unsure("database", text, "The first `paperboy run` makes it.")
            return
        try:
            database = await stack.enter_async_context(Database.open(path))
        except DatabaseError as error:
            yield None, wrong("database", str(error), _UNOPENED)
            return
        size = await asyncio.to_thread(os.path.getsize, path)
        text = f"The database {path} opens: version {len(migrations())}, {_size(size)}."
        yield database, sound("database", text)


def disk(path: Path) -> Finding:
    """Check the folder that the database is in, or will be: it takes files, and has room."""
    folder = path.absolute().parent
    try:
        while not os.path.lexists(folder):
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        takes_files = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except OSError as error:
        remedy = "Let Paperboy's user read it, or set DATABASE_PATH."
        return wrong("disk", f"The folder {folder} cannot be read: {error.strerror}.", remedy)
    if not takes_files:
        remedy = "Let Paperboy's user write there, or set DATABASE_PATH."
        return wrong("disk", f"No files can be made in {folder}, where the database is.", remedy)
    if free < SPACE:
        text = f"Only {_size(free)} are free in {folder}, where the database is."
        return wrong("disk", text, f"Make room: {_size(SPACE)} should be free.")
    return sound("disk", f"{_size(free)} are free in {folder}.")


def clock(heard: Sequence[tuple[str, datetime]]) -> Finding:
    """Compare our clock with the ``Date`` headers that came, each with the time it came at.

    The nearest one counts: an answer out of a cache bears an old date.
    """
    offsets: list[timedelta] = []
    for header, at in heard:
        try:
            offsets.append(at - parsedate_to_datetime(header).replace(tzinfo=UTC))  # always GMT
        except (ValueError, OverflowError):  # rubbish
            continue
    if not offsets:
        return unsure("clock", "The clock was not checked: no source told its time.")
    offset = min(offsets, key=abs)
    if abs(offset) <= SKEW:
        return sound("clock", "The clock is right to within a minute.")
    way = "fast" if offset > timedelta(0) else "slow"
    text = f"The clock is {_span(abs(offset))} {way} by the sources' time."
    return wrong("clock", text, "Switch on time synchronisation (NTP) on this machine.")


class Sources:
    """Checks that each source can be read."""

    def __init__(
        self, hugging_face: DailySource, arxiv: PaperSource, *, patience: float = PATIENCE
    ) -> None:
        self._hugging_face = hugging_face
        self._arxiv = arxiv
        self._patience = patience

    async def examine(self, now: datetime) -> list[Finding]:
        """Read a list and a paper, at the same time; never raise."""
        checks = {"Hugging Face": self._list(now), "arXiv": self._paper()}
        return await _together(checks, f"Check the database and its folder, and {_NETWORK}")

    async def _list(self, now: datetime) -> Finding:
        remedy = f"Check HF_BASE_URL and HF_TOKEN, and {_NETWORK}"
        try:
            async with asyncio.timeout(self._patience):
                reading = await self._latest(now)
        except SourceError as error:
            return wrong("Hugging Face", _sentence(error), remedy)
        except TimeoutError:
            return wrong("Hugging Face", "Hugging Face did not answer in time.", remedy)
        if not reading.listed:
            text = f"Hugging Face answers, but its last {LISTS} lists have no papers."
            return unsure("Hugging Face", text, "That is right over holidays only.")
        number = len(reading.listed)
        papers = f"{number} paper{'' if number == 1 else 's'} on the list of {reading.day}"
        if reading.unreadable:
            text = f"Hugging Face answers: {papers}, but {reading.unreadable} more are unreadable."
            return unsure("Hugging Face", text, "A newer Paperboy may read them.")
        return sound("Hugging Face", f"Hugging Face answers: {papers}.")

    async def _latest(self, now: datetime) -> DayReading:
        """Read today's list, or the latest that has papers."""
        today = list_date(now)
        reading = await self._hugging_face.day(today)
        for back in range(1, LISTS):
            if reading.listed:
                break
            reading = await self._hugging_face.day(today - timedelta(days=back))
        return reading

    async def _paper(self) -> Finding:
        remedy = f"Check ARXIV_API_URL, and {_NETWORK}"
        try:
            async with asyncio.timeout(self._patience):
                paper = await self._arxiv.paper(KNOWN)
        except SourceError as error:
            return wrong("arXiv", _sentence(error), remedy)
        except TimeoutError:
            return wrong("arXiv", "arXiv did not answer in time.", remedy)
        if paper is None:
            return wrong("arXiv", f"arXiv answers, but does not know {KNOWN}.", remedy)
        return sound("arXiv", f"arXiv answers: {KNOWN} is there.")


class Records:
    """Checks what an open database holds; ``every`` is the time between two collections."""

    def __init__(self, database: Database, every: timedelta) -> None:
        self._database = database
        self._every = every

    async def schedules(self) -> list[Schedule]:
        """Return every schedule, none if they cannot be read: ``examine`` says why."""
        [read] = await asyncio.gather(ScheduleStore(self._database).all(), return_exceptions=True)
        return [] if isinstance(read, BaseException) else read

    async def examine(self, now: datetime) -> list[Finding]:
        """Check the file, and what was read and delivered; never raise."""
        checks = {
            "quick check": self._checked(),
            "writing": self._written(now),
            "collections": self._collected(now),
            "stopped schedules": self._stopped(),
            "due editions": self._due(now),
        }
        return await _together(checks, _DAMAGED)

    async def _checked(self) -> Finding:
        defects = await self._database.check()
        if defects:
            return wrong(
                "quick check", f"The database is damaged: {_sentence(defects[0])}", _DAMAGED
            )
        return sound("quick check", "SQLite's quick check finds the database sound.")

    async def _written(self, now: datetime) -> Finding:
        await FactStore(self._database).set(_CHECKED, now.isoformat())
        return sound("writing", "The database can be written.")

    async def _collected(self, now: datetime) -> Finding:
        records = CollectionLog(self._database)
        latest = max((one.began_at for one in await records.last(successful=True)), default=None)
        ago = None if latest is None else now - latest
        text = (
            "Nothing was read yet" if ago is None else f"The lists were last read {_span(ago)} ago"
        )
        failed = [one for one in await records.last() if one.error is not None]
        if failed:
            text = f"{text}; then it failed: {_sentence(failed[0].error)}"
            return unsure("collections", text, "A running Paperboy tries again by itself.")
        if ago is None or ago > max(3 * self._every, OVERDUE):
            return unsure("collections", f"{text}.", _RUNNING)
        return sound("collections", f"{text}.")

    async def _stopped(self) -> Finding:
        schedules = await ScheduleStore(self._database).all()
        stopped = [one for one in schedules if one.state is State.STOPPED]
        if not stopped:
            return sound("stopped schedules", f"No schedule of {len(schedules):,} is stopped.")
        named = ", ".join(f"{one.channel_id} ({_reason(one)})" for one in stopped[:SHOWN])
        more = f" and {len(stopped) - SHOWN:,} more" if stopped[SHOWN:] else ""
        return wrong(
            "stopped schedules",
            f"{_schedules(len(stopped))} stopped, in channel {named}{more}.",
            "Put right what is said there, then use /digest resume in the channel.",
        )

    async def _due(self, now: datetime) -> Finding:
        schedules = await ScheduleStore(self._database).all()
        active = [one.next_run for one in schedules if one.state is State.ACTIVE]
        late = [run for run in active if now - run > OVERDUE]
        if not late:
            return sound("due editions", "No edition is overdue.")
        text = f"{_schedules(len(late))} overdue, the first by {_span(now - min(late))}."
        return wrong("due editions", text, _RUNNING)


def _reason(schedule: Schedule) -> str:
    return " ".join((schedule.reason or "no reason is stored").removesuffix(".").split())


async def _together(checks: Mapping[str, Awaitable[Finding]], remedy: str) -> list[Finding]:
    """Make checks at the same time; one that fails becomes a finding.

    A damaged database fails in ways that only ``storage`` can name, so whatever comes is taken.
    """
    results = await asyncio.gather(*checks.values(), return_exceptions=True)
    findings = []
    for name, result in zip(checks, results, strict=True):
        if isinstance(result, BaseException):
            log.info("A check failed (%s)", name, exc_info=result)
            text = f"A check failed ({name}): {_sentence(result)}"
            findings.append(wrong(name, text, remedy))
        else:
            findings.append(result)
    return findings


def _sentence(error: object) -> str:
    text = " ".join(str(error).split())
    return f"{text.removesuffix('.') or type(error).__name__}."


def _schedules(number: int) -> str:
    return "1 schedule is" if number == 1 else f"{number:,} schedules are"


def _size(octets: int) -> str:
    units = ((2**30, "GiB"), (2**20, "MiB"))
    one, name = next((unit for unit in units if octets >= unit[0]), (2**10, "KiB"))
    return f"{octets / one:,.0f} {name}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, days = minutes // 60, minutes // 1440
    number, unit = (days, "day") if days > 1 else (hours, "hour") if hours else (minutes, "minute")
    return f"{number:,} {unit}{'' if number == 1 else 's'}"
