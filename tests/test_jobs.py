"""The clock's jobs: late rather than never, and never the end of the bot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import SourceUnreachable
from bot.jobs import FIRST_RETRY, Jobs, Pace, guarded

if TYPE_CHECKING:
    from tests.builders import Clock


class FakeDaily:
    """The rounds, written down instead of made."""

    def __init__(self) -> None:
        self.rounds: list[str] = []
        self.failure: Exception | None = None
        self.collected = asyncio.Event()

    async def collect(self, _: datetime) -> None:
        self.collected.set()
        self.rounds.append("collect")
        if self.failure is not None:
            raise self.failure

    async def run_due(self, _: datetime) -> None:
        self.rounds.append("run_due")

    async def settle(self) -> None:
        self.rounds.append("settle")

    async def upkeep(self, _: datetime) -> None:
        self.rounds.append("upkeep")


@pytest.fixture
def daily() -> FakeDaily:
    return FakeDaily()


@pytest.fixture
def jobs(daily: FakeDaily, clock: Clock) -> Jobs:
    return Jobs(daily, clock, Pace())  # type: ignore[arg-type]


def scheduled(jobs: Jobs) -> dict[str, Any]:
    return {job.id: job for job in jobs._scheduler.get_jobs()}


async def test_no_job_is_dropped_because_it_is_late(jobs: Jobs) -> None:
    async with jobs:
        jobs.start()
        found = scheduled(jobs)
        assert set(found) == {"collect", "run_due", "settle", "upkeep"}
        for job in found.values():
            assert job.misfire_grace_time is None
            assert job.coalesce
            assert job.max_instances == 1


async def test_a_collection_is_made_at_once_and_then_as_often_as_set(
    jobs: Jobs, daily: FakeDaily
) -> None:
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        assert scheduled(jobs)["collect"].trigger.interval == timedelta(minutes=30)


async def test_starting_twice_is_starting_once(jobs: Jobs) -> None:
    async with jobs:
        jobs.start()
        first = scheduled(jobs)
        jobs.start()
        assert scheduled(jobs).keys() == first.keys()


async def test_each_job_does_its_round(jobs: Jobs, daily: FakeDaily) -> None:
    for job in (jobs.collect, jobs.run_due, jobs.settle, jobs.upkeep):
        await job()
    assert daily.rounds == ["collect", "run_due", "settle", "upkeep"]


async def test_a_failed_collection_is_tried_sooner_and_then_less_and_less_soon(
    jobs: Jobs, daily: FakeDaily
) -> None:
    waits = []
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        daily.failure = SourceUnreachable("It is down.")
        for _ in range(8):
            with pytest.raises(SourceUnreachable):
                await jobs.collect()
            due = scheduled(jobs)["collect"].next_run_time
            waits.append(round((due - datetime.now(UTC)) / timedelta(minutes=1)))
        assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
        daily.failure = None
        await jobs.collect()
        daily.failure = SourceUnreachable("It is down again.")
        with pytest.raises(SourceUnreachable):
            await jobs.collect()
        again = scheduled(jobs)["collect"].next_run_time - datetime.now(UTC)
        assert again <= FIRST_RETRY


async def test_a_failure_before_the_start_is_a_failure_all_the_same(
    jobs: Jobs, daily: FakeDaily
) -> None:
    daily.failure = SourceUnreachable("It is down.")
    with pytest.raises(SourceUnreachable):
        await jobs.collect()


async def test_what_goes_wrong_in_a_job_is_logged_and_the_job_lives_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures: list[Exception] = [SourceUnreachable("It is down."), ZeroDivisionError()]

    async def work() -> None:
        raise failures.pop(0)

    job = guarded(work)
    await job()
    await job()
    told = [(record.levelname, record.exc_info is not None) for record in caplog.records]
    assert told == [("WARNING", False), ("ERROR", True)]
    assert "It is down." in caplog.text


async def test_stopping_before_starting_is_no_error(jobs: Jobs) -> None:
    async with jobs:
        pass


async def test_stopping_waits_for_a_job_at_work_and_is_no_error(
    jobs: Jobs, daily: FakeDaily, caplog: pytest.LogCaptureFixture
) -> None:
    for_ever = asyncio.Event()
    told: list[str] = []

    async def collect(_: datetime) -> None:
        daily.collected.set()
        try:
            await for_ever.wait()
        finally:
            for _turn in range(20):  # as a rollback takes a few turns of the loop
                await asyncio.sleep(0)
            told.append("let go")

    daily.collect = collect  # type: ignore[method-assign]
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
    assert told == ["let go"]
    await asyncio.sleep(0)
    assert [one for one in caplog.records if one.levelname in {"WARNING", "ERROR"}] == []


async def test_no_edition_is_made_before_the_sources_were_asked(
    jobs: Jobs, daily: FakeDaily
) -> None:
    await jobs.run_due()
    assert daily.rounds == []
    daily.failure = SourceUnreachable("It is down.")
    with pytest.raises(SourceUnreachable):
        await jobs.collect()
    await jobs.run_due()  # what is stored goes out though the source is down
    assert daily.rounds == ["collect", "run_due"]
