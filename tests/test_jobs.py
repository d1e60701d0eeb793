"""The clock's jobs: late rather than never, and never the end of the bot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import SourceUnreachable
from bot.jobs import FIRST_RETRY, Every, Jobs, Pace, guarded
from bot.services.clockwork import Jumps

if TYPE_CHECKING:
    from tests.builders import Clock


class FakeDaily:
    """The rounds, written down instead of made."""

    def __init__(self) -> None:
        self.rounds: list[str] = []
        self.delivered = 0
        self.reworded = 0
        self.made = 0
        self.alerted = 0
        self.failure: Exception | None = None
        self.collected = asyncio.Event()

    async def read(self, _: datetime) -> None:
        self.collected.set()
        self.rounds.append("collect")
        if self.failure is not None:
            raise self.failure

    async def deliver(self) -> None:
        self.delivered += 1

    async def make_due(self, _: datetime) -> int:
        self.rounds.append("run_due")
        return self.made

    async def alert(self, _: datetime) -> int:
        self.rounds.append("alert")
        return self.alerted

    async def renew_alerts(self, _: datetime) -> None:
        self.rounds.append("renew_alerts")

    async def write(self, _: object) -> int:
        self.rounds.append("write")
        return self.reworded

    async def settle(self) -> None:
        self.rounds.append("settle")

    async def upkeep(self, _: datetime) -> None:
        self.rounds.append("upkeep")


class FakeClockwork:
    """What a wrong clock wrote, found never."""

    def __init__(self, daily: FakeDaily) -> None:
        self.rounds = daily.rounds
        self.failure: Exception | None = None

    async def mend(self, _: datetime, set_by: timedelta = timedelta(0)) -> None:
        self.rounds.append(f"mend {set_by.days:+}" if set_by else "mend")
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def daily() -> FakeDaily:
    return FakeDaily()


@pytest.fixture
def clockwork(daily: FakeDaily) -> FakeClockwork:
    return FakeClockwork(daily)


@pytest.fixture
def jobs(daily: FakeDaily, clockwork: FakeClockwork, clock: Clock) -> Jobs:
    return Jobs(daily, clockwork, clock, Pace())  # type: ignore[arg-type]


def scheduled(jobs: Jobs) -> dict[str, Any]:
    return {job.id: job for job in jobs._scheduler.get_jobs()}


async def test_no_job_is_dropped_because_it_is_late(jobs: Jobs) -> None:
    async with jobs:
        jobs.start()
        found = scheduled(jobs)
        assert set(found) == {
            "collect",
            "run_due",
            "alert",
            "renew_alerts",
            "deliver",
            "write",
            "index",
            "settle",
            "mend",
            "upkeep",
        }
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
    for job in (jobs.collect, jobs.run_due, jobs.settle, jobs.mend, jobs.upkeep):
        await job()
    assert daily.rounds == ["mend", "collect", "run_due", "settle", "mend", "upkeep"]


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

    daily.read = collect  # type: ignore[method-assign]
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
    assert told == ["let go"]
    await asyncio.sleep(0)
    assert [one for one in caplog.records if one.levelname in {"WARNING", "ERROR"}] == []


async def test_alerts_have_a_round_of_their_own_and_what_they_plan_is_delivered_at_once(
    jobs: Jobs, daily: FakeDaily
) -> None:
    async with jobs:
        jobs.start()
        delivering = scheduled(jobs)["deliver"]
        later = delivering.next_run_time
        await jobs.alert()
        assert delivering.next_run_time == later
        daily.alerted = 1
        await jobs.alert()
        assert delivering.next_run_time < later
        await jobs.renew_alerts()
        assert scheduled(jobs)["alert"].next_run_time > datetime.now(UTC)
        await jobs.collect()
        assert scheduled(jobs)["alert"].next_run_time <= datetime.now(UTC)
    assert [one for one in daily.rounds if "alert" in one] == ["alert", "alert", "renew_alerts"]


async def test_no_edition_is_made_before_the_sources_were_asked(
    jobs: Jobs, daily: FakeDaily
) -> None:
    await jobs.run_due()
    assert daily.rounds == []
    daily.failure = SourceUnreachable("It is down.")
    with pytest.raises(SourceUnreachable):
        await jobs.collect()
    await jobs.run_due()  # what is stored goes out though the source is down
    assert daily.rounds == ["mend", "collect", "run_due"]


async def test_what_a_wrong_clock_wrote_is_mended_before_anything_is_decided_by_a_right_one(
    jobs: Jobs, daily: FakeDaily, clock: Clock
) -> None:
    await asyncio.gather(jobs.collect(), jobs.collect())
    await jobs.run_due()
    assert daily.rounds == ["mend", "collect", "collect", "run_due"]
    daily.rounds.clear()
    clock.move(days=-365)
    await jobs.run_due()
    await jobs.run_due()
    assert daily.rounds == ["mend -366", "run_due", "run_due"]


async def test_mending_that_fails_costs_one_round_and_not_every_edition(
    jobs: Jobs, daily: FakeDaily, clockwork: FakeClockwork, clock: Clock
) -> None:
    await jobs.collect()
    clockwork.failure = ZeroDivisionError()
    clock.move(hours=1)
    with pytest.raises(ZeroDivisionError):
        await jobs.run_due()
    await jobs.run_due()
    assert daily.rounds == ["mend", "collect", "mend +0", "run_due"]


async def test_no_job_sleeps_through_the_year_that_the_machine_was_set_back_by(
    daily: FakeDaily, clockwork: FakeClockwork, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    pace = Pace(due_every=timedelta(seconds=0.01))
    async with Jobs(daily, clockwork, clock, pace) as jobs:  # type: ignore[arg-type]
        jobs._machine = Jumps(clock)
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        daily.collected.clear()
        for job in jobs._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(days=365))
        clock.move(days=-365)
        await asyncio.wait_for(daily.collected.wait(), 5)
        soon = datetime.now(UTC) + timedelta(days=2)
        assert all(job.next_run_time < soon for job in jobs._scheduler.get_jobs())
    [told] = [one for one in caplog.records if one.levelname == "WARNING"]
    assert told.getMessage().startswith("The machine's clock was set by -31536000 s")


def test_a_year_that_a_clock_was_set_ahead_by_is_no_million_of_missed_runs() -> None:
    trigger, now = Every(seconds=20), datetime(2026, 2, 12, tzinfo=UTC)
    missed = now - timedelta(days=365)
    assert trigger.get_next_fire_time(missed, now) == now + timedelta(seconds=20)


async def test_a_clock_at_rest_starts_nothing_new(jobs: Jobs, daily: FakeDaily) -> None:
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        jobs.rest()
        daily.collected.clear()
        jobs._scheduler.modify_job("collect", next_run_time=datetime.now(UTC))
        jobs.start()
        await asyncio.sleep(0.05)
        assert not daily.collected.is_set()


async def test_a_clock_that_rests_before_its_start_is_never_started(
    jobs: Jobs, daily: FakeDaily
) -> None:
    async with jobs:
        jobs.rest()
        jobs.start()
        await asyncio.sleep(0.05)
    assert not daily.collected.is_set()


async def test_discord_is_asked_for_its_time_now_and_then(
    daily: FakeDaily, clockwork: FakeClockwork, clock: Clock
) -> None:
    asked = asyncio.Event()

    async def probe() -> None:
        asked.set()

    often = Pace(probe_every=timedelta(milliseconds=20))
    async with Jobs(daily, clockwork, clock, often, probe) as jobs:  # type: ignore[arg-type]
        jobs.start()
        await asyncio.wait_for(asked.wait(), 5)


async def test_better_summaries_are_delivered_at_once(
    jobs: Jobs, daily: FakeDaily, clockwork: FakeClockwork
) -> None:
    async with jobs:
        await jobs.write()
        assert "write" not in daily.rounds  # nothing was collected yet
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        await jobs.collect()
        later = scheduled(jobs)["deliver"].next_run_time
        await jobs.write()
        assert scheduled(jobs)["deliver"].next_run_time == later
        daily.reworded = 1
        await jobs.write()
        assert scheduled(jobs)["deliver"].next_run_time < later
    assert daily.rounds.count("write") == 2


async def test_an_edition_is_delivered_as_soon_as_it_is_made(jobs: Jobs, daily: FakeDaily) -> None:
    await jobs.collect()
    daily.made = 1
    await jobs.run_due()  # nothing is scheduled yet
    async with jobs:
        jobs.start()
        await asyncio.wait_for(daily.collected.wait(), 5)
        later = scheduled(jobs)["deliver"].next_run_time
        await jobs.run_due()
        assert scheduled(jobs)["deliver"].next_run_time < later
