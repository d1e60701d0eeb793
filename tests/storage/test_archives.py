from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.archives import ArchiveDay, ArchiveRow
from bot.storage.archives import ArchiveStore
from tests.builders import DAY, paper

if TYPE_CHECKING:
    from bot.storage.database import Database


def row(position: int, *, linked: bool = True, title: str = "A \\| title") -> ArchiveRow:
    return ArchiveRow(
        position=position,
        paper_id=paper(position).id if linked else None,
        title=title,
        authors="Ada, Bob",
        summary="It works.  ",
    )


@pytest.fixture
def archives(database: Database) -> ArchiveStore:
    return ArchiveStore(database)


async def test_a_digest_comes_back_cell_by_cell_in_its_order(archives: ArchiveStore) -> None:
    day = ArchiveDay(day=DAY, rows=(row(1), row(2, linked=False), row(3, title="")))
    await archives.save(day)
    assert await archives.day(DAY) == day
    assert await archives.day(DAY + timedelta(days=1)) == ArchiveDay(
        day=DAY + timedelta(days=1), rows=()
    )


async def test_a_digest_imported_again_takes_the_earlier_ones_place(
    archives: ArchiveStore,
) -> None:
    await archives.save(ArchiveDay(day=DAY, rows=(row(1), row(2))))
    await archives.save(ArchiveDay(day=DAY, rows=(row(1, title="Another"),)))
    assert (await archives.day(DAY)).rows == (row(1, title="Another"),)


async def test_a_digest_that_cannot_be_written_leaves_the_earlier_one(
    archives: ArchiveStore,
) -> None:
    await archives.save(ArchiveDay(day=DAY, rows=(row(1),)))
    with pytest.raises(Exception, match="UNIQUE"):
        await archives.save(ArchiveDay(day=DAY, rows=(row(2), row(2))))
    assert (await archives.day(DAY)).rows == (row(1),)


async def test_the_imported_days_of_a_range_are_known_even_the_empty(
    archives: ArchiveStore,
) -> None:
    days = [DAY + timedelta(days=n) for n in (2, 0, 1, 9)]
    for day in days:
        await archives.save(ArchiveDay(day=day, rows=()))
    assert await archives.days(DAY, days[0]) == [days[1], days[2], days[0]]
