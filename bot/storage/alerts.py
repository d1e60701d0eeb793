"""The table of alerts, and of the orders that are not saved yet."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.alerts import ALERTS_A_PERSON, ALERTS_A_SERVER, following, standing
from bot.storage import cells
from bot.storage.alert_rows import alert_from, draft_from, order_cell, time_cell, zone_cell
from bot.storage.alert_stops import GIVE_UP, UNPLAN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import aiosqlite

    from bot.domain.alerts import Alert, Draft, Order
    from bot.domain.standing import Compiled
    from bot.storage.database import Database, Row
    from bot.storage.standing_queries import StandingQueries

KEPT = timedelta(days=30)
"""How long an order may be looked at before it is saved."""

# Who presses twice saves once. A change of an alert that is gone orders nothing.
_TAKE = """
    DELETE FROM alert_drafts WHERE id = :draft AND :no IS NULL
    AND :most > (SELECT count(*) FROM alerts WHERE person_id = :person)
    AND :most_there > (SELECT count(*) FROM alerts WHERE guild_id = :guild)"""
_TAKE_CHANGE = "DELETE FROM alert_drafts WHERE id = :draft"

_NEW = """
    INSERT INTO alerts (person_id, guild_id, channel_id, query_no, query, at, zone, mention_role,
                        state, since, next_run)
    VALUES (:person, :guild, :channel, :query_no, :query, :at, :zone, :mention_role, 'active',
            :now, :next_run)
    RETURNING *"""

# A new query begins anew; else what came in between would be looked for by both.
_CHANGE = """
    UPDATE alerts SET query_no = :query_no, query = :query, at = :at, zone = :zone,
        mention_role = :mention_role,
        next_run = CASE WHEN at IS :at AND zone IS :zone THEN next_run ELSE :next_run END,
        since = CASE WHEN query_no = :query_no THEN since ELSE :now END
    WHERE no = :no RETURNING *"""

_WAIT_OTHERWISE = """
    UPDATE alert_hits SET at_once = :at IS NULL WHERE alert_no = :no AND batch IS NULL"""
_REMEMBER_ZONE = """
    INSERT INTO people (person_id, zone) VALUES (:person, :zone)
    ON CONFLICT (person_id) DO UPDATE SET zone = :zone"""


_UNPLAN_LAST = f"{UNPLAN} AND NOT EXISTS (SELECT 1 FROM alerts WHERE channel_id = :channel)"
_DRAFTS_KEPT = 20

# Who looks at very many orders keeps the last of them.
_FEWER_DRAFTS = """
    DELETE FROM alert_drafts WHERE made_at < :old OR id IN (
        SELECT id FROM alert_drafts WHERE person_id = :person
        ORDER BY made_at DESC, id LIMIT -1 OFFSET :kept)"""


class AlertStore:
    """Alerts by their number."""

    def __init__(self, database: Database, queries: StandingQueries) -> None:
        self._database = database
        self._queries = queries

    async def keep(self, person_id: int, order: Order, now: datetime) -> Draft:
        """Keep an order that is looked at; what is older than thirty days is forgotten."""
        name = b32encode(secrets.token_bytes(7)).decode()[:10].lower()
        told = {"id": name, "person_id": person_id, "wanted": order_cell(order)}
        async with self._database.transaction() as connection:
            await connection.execute(
                _FEWER_DRAFTS,
                {
                    "old": cells.moment_cell(now - KEPT),
                    "person": person_id,
                    "kept": _DRAFTS_KEPT,
                },
            )
            cursor = await connection.execute(
                "INSERT INTO alert_drafts (id, person_id, wanted, made_at) "
                "VALUES (:id, :person_id, :wanted, :now) RETURNING *",
                told | {"now": cells.moment_cell(now)},
            )
            [row] = await cursor.fetchall()
        return draft_from(row)

    async def draft(self, name: str, now: datetime) -> Draft | None:
        """Return an order that is looked at; None if it is saved, too old, or never was."""
        row = await self._database.one(
            "SELECT * FROM alert_drafts WHERE id = :id AND made_at >= :old",
            {"id": name, "old": cells.moment_cell(now - KEPT)},
        )
        return None if row is None else draft_from(row)

    async def save(
        self, draft: Draft, channel_id: int, compiled: Compiled, now: datetime
    ) -> Alert | None:
        """Make or change the alert that a draft orders, and take the draft away.

        None, with nothing written, if the draft was taken already, if the alert to be changed is
        gone or was changed meanwhile, or if the person or the server would have too many.
        """
        order = draft.order
        told: dict[str, object] = {
            "draft": draft.id, "no": order.alert_no, "person": draft.person_id,
            "guild": order.guild_id, "channel": channel_id, "query": order.query,
            "at": time_cell(order.at), "zone": zone_cell(order.zone),
            "mention_role": order.mention_role, "now": cells.moment_cell(now),
            "next_run": cells.optional_moment_cell(following(order, now)),
            "most": ALERTS_A_PERSON, "most_there": ALERTS_A_SERVER,
        }  # fmt: skip
        async with self._database.transaction() as connection:
            old = await _query_of(connection, order.alert_no, order.was)
            cursor = await connection.execute(_TAKE if old is None else _TAKE_CHANGE, told)
            if cursor.rowcount != 1:
                return None
            told["query_no"] = await self._queries.enter(connection, compiled, now)
            cursor = await connection.execute(_NEW if old is None else _CHANGE, told)
            [row] = await cursor.fetchall()
            if old is not None:
                await self._queries.leave(connection, old)
                if told["query_no"] != old:  # what the old one found is not the new one's
                    await connection.execute(GIVE_UP, told)
                await connection.execute(_WAIT_OTHERWISE, told)
            if order.names_zone:
                await connection.execute(_REMEMBER_ZONE, told)
        return alert_from(row)

    async def drop(self, name: str) -> None:
        """Take a draft away."""
        async with self._database.transaction() as connection:
            await connection.execute("DELETE FROM alert_drafts WHERE id = :id", {"id": name})

    async def count(self, person_id: int, guild_id: int | None) -> tuple[int, int]:
        """Return how many alerts a person has, and how many a server's channels."""
        row = await self._database.one(
            "SELECT (SELECT count(*) FROM alerts WHERE person_id = :person), "
            "(SELECT count(*) FROM alerts WHERE guild_id = :guild)",
            {"person": person_id, "guild": guild_id},
        )
        return (0, 0) if row is None else (row[0], row[1])

    async def zone_of(self, person_id: int) -> str | None:
        """Return the time zone that a person named last."""
        row = await self._database.one(
            "SELECT zone FROM people WHERE person_id = :person", {"person": person_id}
        )
        return None if row is None else str(row["zone"])

    async def get(self, no: int) -> Alert | None:
        """Return an alert, None if there is none of that number."""
        row = await self._database.one("SELECT * FROM alerts WHERE no = :no", {"no": no})
        return None if row is None else alert_from(row)

    async def of(self, person_id: int, guild_id: int | None) -> list[Alert]:
        """Return a person's alerts, and those of a server's channels, the oldest first."""
        rows = await self._database.all(
            "SELECT * FROM alerts WHERE person_id = :person UNION "
            "SELECT * FROM alerts WHERE guild_id = :guild ORDER BY no",
            {"person": person_id, "guild": guild_id},
        )
        return list(map(alert_from, rows))

    async def any_in(self, channel_id: int) -> bool:
        """Say whether a channel has alerts."""
        row = await self._database.one(
            "SELECT 1 FROM alerts WHERE channel_id = :channel", {"channel": channel_id}
        )
        return row is not None

    async def stopped_in(self, guild_id: int) -> list[Alert]:
        """Return the stopped alerts of a server's channels."""
        rows = await self._database.all(
            "SELECT * FROM alerts WHERE guild_id = :guild AND state = 'stopped' ORDER BY no",
            {"guild": guild_id},
        )
        return list(map(alert_from, rows))

    async def pause(self, no: int) -> None:
        """Let an alert rest; what it has found and not sent never comes."""
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE alerts SET state = 'paused', reason = NULL WHERE no = :no", {"no": no}
            )
            await connection.execute(GIVE_UP, {"no": no})

    async def resume(
        self, alerts: Sequence[Alert], now: datetime, channel_id: int | None = None
    ) -> None:
        """Let alerts look again at what is listed from now on, and bring it to ``channel_id``."""
        async with self._database.transaction() as connection:
            for alert in alerts:
                await connection.execute(
                    "UPDATE alerts SET state = 'active', reason = NULL, since = :now, "
                    "next_run = :next_run, channel_id = coalesce(:channel, channel_id) "
                    "WHERE no = :no AND state <> 'active'",
                    {
                        "no": alert.no,
                        "now": cells.moment_cell(now),
                        "channel": channel_id,
                        "next_run": cells.optional_moment_cell(following(alert, now)),
                    },
                )
                await connection.execute(
                    "DELETE FROM deliveries WHERE kind = 'notice' AND edition_id = 'alerts' "
                    "AND channel_id = :channel AND person_id = :person AND state <> 'sent'",
                    {"channel": alert.channel_id, "person": alert.person_id},
                )

    async def remove(self, no: int) -> bool:
        """Remove an alert and what it has found; False if there was none.

        A message that is planned already is sent, as it may be of others too, unless it was the
        last alert of its channel.
        """
        async with self._database.transaction() as connection:
            row = await _row(connection, no)
            if row is None:
                return False
            query_no = row["query_no"]
            await connection.execute("DELETE FROM alert_hits WHERE alert_no = :no", {"no": no})
            await connection.execute("DELETE FROM alerts WHERE no = :no", {"no": no})
            await self._queries.leave(connection, query_no)
            await connection.execute(_UNPLAN_LAST, {"channel": row["channel_id"]})
            return True


async def _query_of(
    connection: aiosqlite.Connection, no: int | None, was: str | None = None
) -> int | None:
    """Return the query of an alert, None if it is gone or stands otherwise than it ``was``."""
    row = await _row(connection, no)
    if row is None or (was is not None and standing(alert_from(row)) != was):
        return None
    return int(row["query_no"])


async def _row(connection: aiosqlite.Connection, no: int | None) -> Row | None:
    cursor = await connection.execute("SELECT * FROM alerts WHERE no = :no", {"no": no})
    return await cursor.fetchone()
