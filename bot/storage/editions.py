"""Editions: planned in one transaction with what they decide and the messages they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.deliveries import edit_key, edition_key
from bot.domain.editions import Part
from bot.domain.papers import ArxivId
from bot.storage import cells
from bot.storage.contents import PART, content_cell, kind_of, part_from
from bot.storage.retreat import take_back_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    import aiosqlite

    from bot.domain.deliveries import Line
    from bot.domain.editions import Receipt
    from bot.domain.revisions import Revision
    from bot.domain.schedules import Schedule
    from bot.storage.database import Database

_SAVE_EDITION = """
    INSERT INTO editions
        (id, channel_id, made_at, shown, matching, listed, days, decided_before, worded_at)
    VALUES (:id, :channel, :made_at, :shown, :matching, :listed, :days, :decided_before, :made_at)
    ON CONFLICT (id) DO UPDATE SET
        shown = :shown, matching = :matching, listed = :listed, days = :days, frozen = 0"""

_SAVE_DELIVERY = """
    INSERT INTO deliveries
        (key, kind, edition_id, number, edits, channel_id, content, late, state, planned_at)
    VALUES (:key, :kind, :edition, :number, :edits, :channel, :content, :late, 'planned', :now)"""

# A schedule as an edition found it; whoever was first has changed one of these.
_AS_IT_WAS = (
    "channel_id = :channel AND next_run = :was AND last_run IS :had AND state = :state "
    "AND since IS :began AND edition_id IS :last AND quiet_id IS :quiet"
)


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

        ``parts`` are the messages, at least one; ``more`` the papers under browse all. An edition
        for which a quiet line stands takes the line's place with its first part. Returns False,
        with nothing written, when somebody else was first: the schedule is no longer as it was
        ``before``, or one of the papers has meanwhile been brought.
        """
        edition = parts[0]
        shown = [(one.id, one.place) for part in parts for one in part.entries]
        papers = shown + [(paper_id, 0) for paper_id in more]
        async with self._database.transaction() as connection:
            bringing = (edition.channel_id, edition.edition_id)
            if not (
                await _move_on(connection, before, after)
                and await _bring(connection, *bringing, papers)
            ):
                await connection.rollback()
                return False
            await _write_edition(connection, before, edition.edition_id, edition.receipt, now)
            stands = before.quiet_id == edition.edition_id
            for part in parts:
                await _write(connection, part, now, edits=stands and part.first)
        return True

    async def pass_over(
        self, before: Schedule, after: Schedule, now: datetime, line: Line | None = None
    ) -> bool:
        """Move a schedule on without an edition; False if somebody else was first.

        ``line`` is the quiet line to post, or what the standing one shall say from now on.
        """
        async with self._database.transaction() as connection:
            if not await _move_on(connection, before, after):
                return False
            if line is not None:
                await _write(connection, line, now, edits=before.quiet_id == line.edition_id)
        return True

    async def take_back_line(self, schedule: Schedule) -> bool:
        """Forget a quiet line that nobody saw, or of which nobody can know; False if it stands."""
        key = edition_key(schedule.quiet_id or "", 1)
        async with self._database.transaction() as connection:
            await take_back_row(connection, key, unless_scheduled=False)
            await connection.execute(  # else it might be posted when it can be looked for again
                "DELETE FROM deliveries WHERE key = :key AND state = 'unknown'", {"key": key}
            )
            cursor = await connection.execute(
                "UPDATE schedules SET quiet_id = NULL WHERE channel_id = :channel "
                "AND NOT EXISTS (SELECT 1 FROM deliveries WHERE key = :key)",
                {"channel": schedule.channel_id, "key": key},
            )
            return cursor.rowcount == 1

    async def revise(self, schedule: Schedule, revision: Revision, now: datetime) -> bool:
        """Write what late papers change of a channel's last edition, all or none.

        Returns False, with nothing written, when the schedule is no longer as it was, one of the
        papers has meanwhile been brought, or the edition takes no more.
        """
        edition = revision.edits[0]
        bringing = (edition.channel_id, edition.edition_id)
        messages = (*revision.edits, *revision.parts)
        places = {one.id: one.place for part in messages for one in part.entries}
        late = set(revision.late)
        papers = [(one, places[one]) for one in revision.late] + [(one, 0) for one in revision.more]
        async with self._database.transaction() as connection:
            if not (
                await _is(connection, schedule)
                and await _open(connection, edition.edition_id)
                and await _bring(connection, *bringing, papers)
            ):
                await connection.rollback()
                return False
            await _write_edition(connection, schedule, edition.edition_id, revision.receipt, now)
            for part in revision.edits:
                brings = [one.id for one in part.entries if one.id in late]
                brings += revision.more if part is revision.edits[-1] else ()
                await _write(connection, part, now, edits=True, late=brings)
            for part in revision.parts:
                await _write(connection, part, now)
        return True

    async def papers(self, edition_id: str, channel_id: int) -> list[ArxivId]:
        """Return every paper of an edition: those shown in their order, then the others."""
        rows = await self._database.all(
            "SELECT p.id FROM brought AS b JOIN papers AS p ON p.no = b.paper_no "
            "WHERE b.channel_id = :channel AND b.edition_id = :edition "
            "ORDER BY b.place = 0, b.place, p.upvotes DESC, "
            "(SELECT min(rank) FROM listings AS l WHERE l.paper_no = p.no), p.id",
            {"channel": channel_id, "edition": edition_id},
        )
        return [ArxivId(row["id"]) for row in rows]

    async def parts(self, edition_id: str) -> list[Part]:
        """Return an edition's messages as Discord has them, in order; none if one is forgotten."""
        rows = await self._database.all(
            "SELECT kind, content FROM deliveries "
            "WHERE edition_id = :edition AND edits IS NULL ORDER BY number",
            {"edition": edition_id},
        )
        if not all(row["kind"] == PART and row["content"] for row in rows):
            return []
        return [part_from(row["content"]) for row in rows]

    async def days(self, edition_id: str) -> tuple[int, list[date]] | None:
        """Return an edition's channel and the days it covers, None if it is not known."""
        row = await self._database.one(
            "SELECT channel_id, days FROM editions WHERE id = :id", {"id": edition_id}
        )
        if row is None:
            return None
        return row["channel_id"], [cells.day(text) for text in cells.from_json(row["days"])]


async def _is(connection: aiosqlite.Connection, schedule: Schedule) -> bool:
    async with connection.execute(
        f"SELECT 1 FROM schedules WHERE {_AS_IT_WAS}", _was(schedule)
    ) as cursor:
        return await cursor.fetchone() is not None


async def _open(connection: aiosqlite.Connection, edition_id: str) -> bool:
    """Say whether an edition takes late papers: all of it is there, and could be edited so far."""
    async with connection.execute(
        "SELECT 1 FROM editions AS e WHERE id = :id AND NOT frozen AND NOT EXISTS "
        "(SELECT 1 FROM deliveries WHERE edition_id = e.id AND state <> 'sent')",
        {"id": edition_id},
    ) as cursor:
        return await cursor.fetchone() is not None


async def _move_on(connection: aiosqlite.Connection, before: Schedule, after: Schedule) -> bool:
    cursor = await connection.execute(
        "UPDATE schedules SET next_run = :next, since = :since, last_run = :run, "
        "last_outcome = :outcome, decided_at = :decided, edition_id = :edition, "
        f"quiet_id = :line WHERE {_AS_IT_WAS}",
        _was(before)
        | {
            "next": cells.moment_cell(after.next_run),
            "since": cells.optional_day_cell(after.since),
            "run": cells.optional_moment_cell(after.last_run),
            "outcome": after.last_outcome,
            "decided": cells.optional_moment_cell(after.decided_at),
            "edition": after.edition_id,
            "line": after.quiet_id,
        },
    )
    return cursor.rowcount == 1


def _was(schedule: Schedule) -> dict[str, object]:
    return {
        "channel": schedule.channel_id,
        "was": cells.moment_cell(schedule.next_run),
        "had": cells.optional_moment_cell(schedule.last_run),
        "state": schedule.state.value,
        "began": cells.optional_day_cell(schedule.since),
        "last": schedule.edition_id,
        "quiet": schedule.quiet_id,
    }


async def _bring(
    connection: aiosqlite.Connection,
    channel_id: int,
    edition_id: str,
    papers: Sequence[tuple[ArxivId, int]],
) -> bool:
    """Write down what a channel is brought; False if it was brought one of these before."""
    cursor = await connection.executemany(
        "INSERT OR IGNORE INTO brought "
        "SELECT :channel, no, :place, :edition FROM papers WHERE id = :id",
        [
            {"channel": channel_id, "place": place, "edition": edition_id, "id": paper_id}
            for paper_id, place in papers
        ],
    )
    return not papers or cursor.rowcount == len(papers)


async def _write_edition(
    connection: aiosqlite.Connection,
    schedule: Schedule,
    edition_id: str,
    receipt: Receipt,
    now: datetime,
) -> None:
    await connection.execute(
        _SAVE_EDITION,
        {
            "id": edition_id,
            "channel": schedule.channel_id,
            "decided_before": cells.optional_moment_cell(schedule.decided_at),
            "made_at": cells.moment_cell(now),
            "shown": receipt.shown,
            "matching": receipt.matching,
            "listed": receipt.listed,
            "days": cells.json_cell([state.day.isoformat() for state in receipt.days]),
        },
    )


async def _write(
    connection: aiosqlite.Connection,
    content: Part | Line,
    now: datetime,
    *,
    edits: bool = False,
    late: Iterable[ArxivId] = (),
) -> None:
    """Plan a message of an edition, or the edit of the one that is there in its place."""
    number = content.number if isinstance(content, Part) else 1
    key = edition_key(content.edition_id, number)
    await connection.execute(
        _SAVE_DELIVERY,
        {
            "key": edit_key(key) if edits else key,
            "kind": kind_of(content),
            "edition": content.edition_id,
            "number": number,
            "edits": key if edits else None,
            "channel": content.channel_id,
            "content": content_cell(content),
            "late": cells.json_cell(list(late)),
            "now": cells.moment_cell(now),
        },
    )
