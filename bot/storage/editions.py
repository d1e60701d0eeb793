"""Editions: planned in one transaction with what they decide and the messages they need."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.domain.deliveries import edition_key
from bot.domain.editions import DayState, Entry, Part, Receipt
from bot.domain.papers import ArxivId
from bot.domain.schedules import Style
from bot.storage import cells

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import aiosqlite

    from bot.domain.schedules import Schedule
    from bot.storage.database import Database


class EditionStore:
    """Editions and what each channel was ever brought."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(
        self,
        before: Schedule,
        after: Schedule,
        parts: Sequence[Part],
        more: Sequence[ArxivId],
        now: datetime,
    ) -> bool:
        """Write an edition, its papers and its deliveries, and move the schedule on, all or none.

        ``parts`` are the messages, at least one; ``more`` the papers under browse all. Returns
        False, with nothing written, when somebody else was first: the schedule is no longer as
        it was ``before``, or one of the papers has meanwhile been brought.
        """
        edition = parts[0]
        shown = [(one.id, one.place) for part in parts for one in part.entries]
        papers = shown + [(paper_id, 0) for paper_id in more]
        async with self._database.transaction() as connection:
            if not await _move_on(connection, before, after):
                return False
            cursor = await connection.executemany(
                "INSERT OR IGNORE INTO brought "
                "SELECT :channel, no, :place, :edition FROM papers WHERE id = :id",
                [
                    {
                        "channel": edition.channel_id,
                        "place": place,
                        "edition": edition.edition_id,
                        "id": paper_id,
                    }
                    for paper_id, place in papers
                ],
            )
            if cursor.rowcount != len(papers):
                await connection.rollback()
                return False
            await _write(connection, parts, now)
        return True

    async def pass_over(self, before: Schedule, after: Schedule) -> bool:
        """Move a schedule on without an edition; False if somebody else was first."""
        async with self._database.transaction() as connection:
            return await _move_on(connection, before, after)

    async def papers(self, edition_id: str, channel_id: int) -> list[ArxivId]:
        """Return every paper of an edition: those shown in their order, then the others."""
        rows = await self._database.all(
            "SELECT p.id FROM brought AS b JOIN papers AS p ON p.no = b.paper_no "
            "WHERE b.channel_id = :channel AND b.edition_id = :edition "
            "ORDER BY b.place = 0, b.place, p.upvotes DESC, p.id",
            {"channel": channel_id, "edition": edition_id},
        )
        return [ArxivId(row["id"]) for row in rows]

    async def days(self, edition_id: str) -> tuple[int, list[date]] | None:
        """Return an edition's channel and the days it covers, None if it is not known."""
        row = await self._database.one(
            "SELECT channel_id, days FROM editions WHERE id = :id", {"id": edition_id}
        )
        if row is None:
            return None
        return row["channel_id"], [cells.day(text) for text in cells.from_json(row["days"])]


async def _move_on(connection: aiosqlite.Connection, before: Schedule, after: Schedule) -> bool:
    cursor = await connection.execute(
        "UPDATE schedules SET next_run = :next, since = :since, last_run = :run, "
        "last_outcome = :outcome WHERE channel_id = :channel AND next_run = :was "
        "AND last_run IS :had AND state = :state",
        {
            "channel": before.channel_id,
            "was": cells.moment_cell(before.next_run),
            "had": cells.optional_moment_cell(before.last_run),
            "state": before.state.value,
            "next": cells.moment_cell(after.next_run),
            "since": None if after.since is None else after.since.isoformat(),
            "run": cells.optional_moment_cell(after.last_run),
            "outcome": after.last_outcome,
        },
    )
    return cursor.rowcount == 1


async def _write(connection: aiosqlite.Connection, parts: Sequence[Part], now: datetime) -> None:
    edition = parts[0]
    receipt = edition.receipt
    made_at = cells.moment_cell(now)
    await connection.execute(
        "INSERT INTO editions VALUES (:id, :channel, :made_at, :shown, :matching, :listed, :days)",
        {
            "id": edition.edition_id,
            "channel": edition.channel_id,
            "made_at": made_at,
            "shown": receipt.shown,
            "matching": receipt.matching,
            "listed": receipt.listed,
            "days": cells.json_cell([state.day.isoformat() for state in receipt.days]),
        },
    )
    await connection.executemany(
        "INSERT INTO deliveries (key, edition_id, number, channel_id, part, state, planned_at) "
        "VALUES (:key, :edition, :number, :channel, :part, 'planned', :now)",
        [
            {
                "key": edition_key(part.edition_id, part.number),
                "edition": edition.edition_id,
                "number": part.number,
                "channel": edition.channel_id,
                "part": part_cell(part),
                "now": made_at,
            }
            for part in parts
        ],
    )


def part_cell(part: Part) -> str:
    """Write a part, whole, so that it is sent again as it was planned."""
    told = asdict(part)
    told["entries"] = [
        {name: value for name, value in asdict(one).items() if value not in (None, ())}
        for one in part.entries
    ]
    told["receipt"]["days"] = [
        asdict(state)
        | {
            "day": state.day.isoformat(),
            "read_at": cells.optional_moment_cell(state.read_at),
            "closes_at": cells.moment_cell(state.closes_at),
        }
        for state in part.receipt.days
    ]
    return cells.json_cell(told)


def part_from(cell: str) -> Part:
    """Read what ``part_cell`` wrote."""
    told: dict[str, Any] = cells.from_json(cell)
    receipt = told.pop("receipt")
    days = tuple(
        DayState(
            day=cells.day(state["day"]),
            papers=state["papers"],
            read_at=cells.optional_moment(state["read_at"]),
            closes_at=cells.moment(state["closes_at"]),
            complete=state["complete"],
        )
        for state in receipt.pop("days")
    )
    entries = tuple(
        Entry(**one | {"id": ArxivId(one["id"]), "authors": tuple(one.get("authors", ()))})
        for one in told.pop("entries")
    )
    style = Style(told.pop("style"))
    return Part(**told, style=style, entries=entries, receipt=Receipt(**receipt, days=days))
