"""What alerts have found: every paper once for each, and the message that brings it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.alerts import batch_key, following
from bot.storage import cells
from bot.storage.alert_rows import alert_from
from bot.storage.contents import BATCH, content_cell
from bot.storage.papers import paper_from
from bot.storage.summaries import summary_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime, timedelta

    import aiosqlite

    from bot.domain.alerts import Alert, Batch
    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary
    from bot.storage.database import Database

FORGOTTEN_AT_ONCE = 1_000
"""Hits that one transaction forgets: others write meanwhile."""

_SUMMARIES = "SELECT * FROM summaries WHERE paper_no IN (SELECT value FROM json_each(:nos))"

# What comes while a message waits joins the next one: a channel that takes none gets no pile.
_WAITING = """
    SELECT DISTINCT a.channel_id FROM alert_hits AS h JOIN alerts AS a ON a.no = h.alert_no
    WHERE h.batch IS NULL AND h.at_once AND a.state = 'active'
    AND a.channel_id NOT IN (SELECT channel_id FROM deliveries
                             WHERE kind = 'batch' AND state <> 'sent')
    LIMIT :limit"""

_DUE = """
    SELECT DISTINCT channel_id FROM alerts
    WHERE state = 'active' AND next_run IS NOT NULL AND next_run <= :now
    AND channel_id NOT IN (SELECT channel_id FROM deliveries
                           WHERE kind = 'batch' AND state <> 'sent')
    LIMIT :limit"""

_OF_CHANNELS = """
    SELECT * FROM alerts WHERE channel_id IN (SELECT value FROM json_each(:channels))
    AND state = 'active' AND CASE WHEN :now IS NULL THEN at IS NULL ELSE next_run <= :now END"""

_HITS = """
    SELECT alert_no, paper_no FROM alert_hits
    WHERE alert_no IN (SELECT value FROM json_each(:alerts)) AND batch IS NULL
    ORDER BY alert_no, paper_no"""

_PAPERS = """
    SELECT p.*, (SELECT max(day) FROM listings WHERE paper_no = p.no) AS last_day
    FROM papers AS p WHERE p.no IN (SELECT value FROM json_each(:nos))"""

_TAKE = """
    UPDATE alert_hits AS h SET batch = w.batch FROM (
        SELECT value ->> 0 AS batch, value ->> 1 AS alert_no, value ->> 2 AS paper_no
        FROM json_each(:wanted)) AS w
    WHERE h.alert_no = w.alert_no AND h.paper_no = w.paper_no AND h.batch IS NULL
    AND EXISTS (SELECT 1 FROM alerts AS a WHERE a.no = h.alert_no AND a.state = 'active')
    RETURNING batch"""

_LET_GO = """
    UPDATE alert_hits SET batch = NULL WHERE batch IN (SELECT value FROM json_each(:batches))"""

_PLAN = f"""
    INSERT INTO deliveries
        (key, kind, edition_id, number, channel_id, person_id, content, state, planned_at)
    VALUES (:key, '{BATCH}', :key, 1, :channel, :person, :content, 'planned', :now)"""


_FORGET = """
    DELETE FROM alert_hits WHERE (alert_no, paper_no) IN (
        SELECT h.alert_no, h.paper_no FROM alert_hits AS h WHERE h.batch IS NOT NULL
        AND (SELECT min(day) FROM listings WHERE paper_no = h.paper_no)
            < (SELECT date(max(day), -:days || ' days') FROM listings)
        ORDER BY h.found_at LIMIT :limit)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A stored paper by its number, the last list that it stood on, and its summary."""

    paper: Paper
    day: date | None
    summary: Summary | None


class HitStore:
    """Hits by alert and paper."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, limit: int) -> list[int]:
        """Return channels for which something was found that comes at once."""
        rows = await self._database.all(_WAITING, {"limit": limit})
        return [row["channel_id"] for row in rows]

    async def due(self, now: datetime, limit: int) -> list[int]:
        """Return channels with an alert whose daily time has come."""
        rows = await self._database.all(_DUE, {"now": cells.moment_cell(now), "limit": limit})
        return [row["channel_id"] for row in rows]

    async def alerts(self, channels: Collection[int], due: datetime | None) -> list[Alert]:
        """Return the active alerts of channels that come at once, or that are ``due``."""
        rows = await self._database.all(
            _OF_CHANNELS,
            {
                "channels": cells.json_cell(list(channels)),
                "now": cells.optional_moment_cell(due),
            },
        )
        return list(map(alert_from, rows))

    async def found(self, alerts: Iterable[int]) -> dict[int, list[int]]:
        """Return the papers that wait to be brought, by the alert that found them."""
        rows = await self._database.all(_HITS, {"alerts": cells.json_cell(list(alerts))})
        return _by_alert((row["alert_no"], row["paper_no"]) for row in rows)

    async def of_batch(self, batch_id: str, channel_id: int) -> dict[Alert, list[int]]:
        """Return the papers of a message to a channel, by the alerts that found them."""
        rows = await self._database.all(
            "SELECT a.*, h.paper_no FROM alert_hits AS h JOIN alerts AS a ON a.no = h.alert_no "
            "WHERE h.batch = :batch AND h.batch <> '' AND a.channel_id = :channel "
            "ORDER BY a.no, h.paper_no",
            {"batch": batch_id, "channel": channel_id},
        )
        found: dict[Alert, list[int]] = {}
        for row in rows:
            found.setdefault(alert_from(row), []).append(row["paper_no"])
        return found

    async def papers(self, nos: Iterable[int]) -> dict[int, Told]:
        """Return papers by their numbers."""
        wanted = list(nos)
        rows = await self._database.all(_PAPERS, {"nos": cells.json_cell(wanted)})
        summaries = await self._summaries(wanted)
        return {
            row["no"]: Told(
                paper=paper_from(row),
                day=cells.optional_day(row["last_day"]),
                summary=summaries.get(row["no"]),
            )
            for row in rows
        }

    async def plan(
        self, batches: Sequence[tuple[Batch, dict[int, list[int]]]], now: datetime
    ) -> set[str]:
        """Plan messages, each with the papers that it brings by alert; return their ids.

        One whose alerts were paused or changed meanwhile is not: it is put together anew.
        """
        told = await asyncio.to_thread(lambda: [_cells(batch, now) for batch, _ in batches])
        async with self._database.transaction() as connection:
            partly = await _take(connection, {batch.id: found for batch, found in batches})
            whole = [one for one in told if one["id"] not in partly]
            await connection.executemany(_PLAN, whole)
        return {str(one["id"]) for one in whole}

    async def ran(self, alerts: Iterable[Alert], now: datetime) -> None:
        """Write down that daily alerts had their time, if they still stand so."""
        async with self._database.transaction() as connection:
            await connection.executemany(
                "UPDATE alerts SET next_run = :next WHERE no = :no AND next_run = :was",
                [
                    {
                        "no": one.no,
                        "was": cells.optional_moment_cell(one.next_run),
                        "next": cells.optional_moment_cell(following(one, now)),
                    }
                    for one in alerts
                ],
            )

    async def counts(self, alerts: Iterable[int], since: datetime) -> dict[int, int]:
        """Return how many papers alerts have found since a moment."""
        rows = await self._database.all(
            "SELECT alert_no, count(*) AS n FROM alert_hits "
            "WHERE alert_no IN (SELECT value FROM json_each(:alerts)) AND found_at >= :since "
            "GROUP BY alert_no",
            {"alerts": cells.json_cell(list(alerts)), "since": cells.moment_cell(since)},
        )
        return {row["alert_no"]: row["n"] for row in rows}

    async def forget(self, kept: timedelta) -> int:
        """Forget some of what was found of papers first listed so long before the last list.

        By the lists and not by the clock: what it is said once for every alert depends on it.
        Returns how many hits were forgotten, at most ``FORGOTTEN_AT_ONCE``.
        """
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                _FORGET, {"days": kept.days, "limit": FORGOTTEN_AT_ONCE}
            )
            return cursor.rowcount

    async def _summaries(self, nos: Sequence[int]) -> dict[int, Summary]:
        rows = await self._database.all(_SUMMARIES, {"nos": cells.json_cell(nos)})
        return {row["paper_no"]: summary_from(row) for row in rows}


async def _take(
    connection: aiosqlite.Connection, wanted: Mapping[str, dict[int, list[int]]]
) -> set[str]:
    """Let messages bring what was found; return those that would not bring all, and bring none."""
    rows = [
        (batch, alert_no, paper_no)
        for batch, found in wanted.items()
        for alert_no, papers in found.items()
        for paper_no in papers
    ]
    missing = Counter(batch for batch, _, _ in rows)
    taken = await connection.execute_fetchall(_TAKE, {"wanted": cells.json_cell(rows)})
    missing.subtract(row["batch"] for row in taken)
    partly = {batch for batch, left in missing.items() if left}
    if partly:
        await connection.execute(_LET_GO, {"batches": cells.json_cell(list(partly))})
    return partly


def _cells(batch: Batch, now: datetime) -> dict[str, object]:
    return {
        "id": batch.id,
        "key": batch_key(batch.id),
        "channel": batch.channel_id,
        "person": batch.person_id,
        "content": content_cell(batch),
        "now": cells.moment_cell(now),
    }


def _by_alert(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for alert_no, paper_no in pairs:
        found.setdefault(alert_no, []).append(paper_no)
    return found
