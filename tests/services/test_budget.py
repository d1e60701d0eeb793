from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import BudgetSpent, DatabaseError
from bot.metrics import Gauges, Metrics
from bot.services.budget import Budget
from bot.storage.model_use import ModelUseStore
from tests.builders import NOW

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.builders import Clock


def budget(database: Database, clock: Clock, limit: int, metrics: Metrics | None = None) -> Budget:
    return Budget(ModelUseStore(database), limit, clock, metrics or Metrics())


async def spend(one: Budget, tokens: int, *, aside: int | None = None, model: str = "a") -> None:
    async with one.spending(model, tokens if aside is None else aside) as usage:
        usage.requests, usage.read, usage.written = 1, tokens - 1, 1


async def test_tokens_are_counted_a_model_and_a_day(database: Database, clock: Clock) -> None:
    one = budget(database, clock, 0)
    await spend(one, 300)
    await spend(one, 500, model="b")
    await spend(one, 10)
    await one.wrote("a")
    told = [(use.model, use.requests, use.tokens, use.summaries) for use in await one.used()]
    assert told == [("b", 1, 500, 0), ("a", 2, 310, 1)]
    clock.move(days=1)
    assert await one.used() == []


async def test_no_request_begins_for_which_too_few_are_left(
    database: Database, clock: Clock
) -> None:
    one = budget(database, clock, 1000)
    await spend(one, 600)
    with pytest.raises(BudgetSpent, match="1,000 tokens too few are left"):
        await spend(one, 500)
    assert await one.spent()
    await spend(one, 400)
    assert sum(use.tokens for use in await one.used()) == 1000


async def test_requests_under_way_count_with_what_was_set_aside(
    database: Database, clock: Clock
) -> None:
    one = budget(database, clock, 1000)
    async with one.spending("a", 700) as usage:
        other = asyncio.create_task(spend(one, 400))
        too_much = asyncio.create_task(spend(one, 950))
        await asyncio.sleep(0.05)
        assert not other.done()
        assert not await one.spent()
        usage.read = 100
    await other
    with pytest.raises(BudgetSpent):
        await too_much


async def test_what_was_asked_counts_though_it_failed(database: Database, clock: Clock) -> None:
    one = budget(database, clock, 1000)
    with pytest.raises(ZeroDivisionError):
        async with one.spending("a", 700) as usage:
            usage.read = 650
            raise ZeroDivisionError
    assert [use.tokens for use in await one.used()] == [650]


async def test_it_is_remembered_over_a_restart(database: Database, clock: Clock) -> None:
    await spend(budget(database, clock, 1000), 1000)
    assert await budget(database, clock, 1000).spent()


async def test_the_day_is_utcs(database: Database, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2025-02-13T01:30:00+02:00")
    one = budget(database, clock, 1000)
    assert one.day == date(2025, 2, 12)
    assert one.renewed_at == datetime(2025, 2, 13, tzinfo=UTC)


async def test_without_a_limit_it_is_never_spent(database: Database, clock: Clock) -> None:
    one = budget(database, clock, 0)
    await spend(one, 10**9)
    assert not await one.spent()


async def test_old_days_are_forgotten(database: Database, clock: Clock) -> None:
    one = budget(database, clock, 0)
    await spend(one, 5)
    clock.move(days=31)
    await one.forget(timedelta(days=30))
    clock.now = NOW
    assert await one.used() == []


async def test_metrics_count_them(database: Database, clock: Clock) -> None:
    metrics = Metrics()
    one = budget(database, clock, 0, metrics)
    await spend(one, 5)
    await one.wrote("a")
    text = metrics.text(Gauges()).decode()
    assert 'paperboy_model_tokens_total{model="a"} 5.0' in text
    assert 'paperboy_model_summaries_total{model="a"} 1.0' in text


async def test_tokens_set_aside_are_free_again_though_the_database_fails(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = budget(database, clock, 1000)

    async def fail(*_: object, **__: object) -> None:
        raise DatabaseError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(ModelUseStore, "add", fail)
        with pytest.raises(DatabaseError):
            await spend(one, 900)
    async with asyncio.timeout(5):
        await spend(one, 900)
