"""People with something stored of them in every table that may name them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.domain.alerts import Batch
from bot.domain.deliveries import Notice
from bot.storage import cells
from bot.storage.contents import content_cell
from bot.storage.schedules import ScheduleStore
from tests.builders import NOW, schedule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.storage.database import Database

GRACE, EVE = 981726354001234567, 981726354007654321
"""Two people; the digits of one stand nowhere else by chance."""

SERVER = 900000000000000001

_PAPER = """
    INSERT OR IGNORE INTO papers (no, id, title, abstract, authors, source, ai_keywords, categories,
                                  media, first_seen, changed_at)
    VALUES (:no, :id, 't', 'a', '[]', 'huggingface', '[]', '[]', '[]', '', '')"""

_ALERT = """
    INSERT INTO alerts (person_id, guild_id, channel_id, query_no, query, state, since)
    VALUES (:person, :guild, :channel, :query_no, :query, 'active', :since) RETURNING no"""

_DELIVERY = """
    INSERT INTO deliveries (key, kind, edition_id, number, channel_id, person_id, content, state,
                            planned_at)
    VALUES (:key, :kind, :key, 1, :channel, :person, :content, :state, :now)"""


async def alert(
    database: Database,
    person: int,
    *,
    query: str = "video diffusion",
    guild: int | None = None,
    channel: int = 50,
    found: Sequence[int] = (),
    found_at: datetime = NOW,
) -> int:
    """Save an alert as its store does, with what it has found, and return its number."""
    async with database.transaction() as connection:
        cursor = await connection.execute(
            "INSERT INTO standing_queries (form, text, pattern, users, compiled_at) "
            "VALUES (:query, :query, '', 1, '') "
            "ON CONFLICT (form) DO UPDATE SET users = users + 1 RETURNING no",
            {"query": query},
        )
        (query_no,) = await cursor.fetchone() or (0,)
        await cursor.close()
        await connection.execute(
            "INSERT OR IGNORE INTO alert_anchors VALUES (:query, :no, '', 1)",
            {"query": query, "no": query_no},
        )
        told = {"person": person, "guild": guild, "channel": channel, "query": query}
        cursor = await connection.execute(
            _ALERT, told | {"query_no": query_no, "since": cells.moment_cell(NOW)}
        )
        (no,) = await cursor.fetchone() or (0,)
        await cursor.close()
        await connection.executemany(
            _PAPER, [{"no": one, "id": f"2502.{one:05d}"} for one in found]
        )
        await connection.executemany(
            "INSERT INTO alert_hits VALUES (:alert, :paper, :at, 1, :batch)",
            [
                {"alert": no, "paper": one, "at": cells.moment_cell(found_at), "batch": "b1"}
                for one in found
            ],
        )
    return int(no)


async def draft(database: Database, person: int, name: str = "d1") -> None:
    """Leave an alert unsaved."""
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO alert_drafts VALUES (:id, :person, :wanted, :at)",
            {
                "id": name,
                "person": person,
                "wanted": json.dumps({"query": "unsaved thoughts"}),
                "at": cells.moment_cell(NOW),
            },
        )


async def zone(database: Database, person: int, name: str = "Europe/Berlin") -> None:
    """Remember a person's time zone."""
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO people VALUES (:person, :zone)", {"person": person, "zone": name}
        )


async def notice(database: Database, person: int, *, key: str = "n.1", state: str = "sent") -> None:
    """Plan a notice to a person, or say how it went."""
    content = Notice(key=key, person_id=person, channel_id=60, reason="The channel is gone.")
    told = {"kind": "notice", "channel": 60, "content": content_cell(content)}
    await _deliver(database, told | {"key": key, "person": person, "state": state})


async def batch(database: Database, person: int, *, key: str = "a.1", state: str = "sent") -> None:
    """Plan a message of a person's alerts, or say how it went."""
    content = Batch(
        id="b1",
        channel_id=50,
        person_id=person,
        alerts=((1, "video diffusion"),),
        papers=(),
        total=0,
    )
    told = {"kind": "batch", "channel": 50, "content": content_cell(content)}
    await _deliver(database, told | {"key": key, "person": person, "state": state})


async def _deliver(database: Database, told: dict[str, object]) -> None:
    async with database.transaction() as connection:
        await connection.execute(_DELIVERY, told | {"now": cells.moment_cell(NOW)})


async def everything(database: Database, person: int, *, tag: str = "") -> None:
    """Store something of a person wherever there is a place for it."""
    await alert(database, person, query=f"my secret interest{tag}", found=(1, 2))
    await alert(database, person, query="everybody's interest", found=(3,))
    await alert(database, person, query=f"our channel{tag}", guild=SERVER, channel=70, found=(1,))
    await draft(database, person, f"d{tag}")
    await zone(database, person)
    await notice(database, person, key=f"n.{tag}")
    await batch(database, person, key=f"a.{tag}", state="planned")
    channel = 80 + len(tag)
    await ScheduleStore(database).save(schedule(channel, guild_id=SERVER, created_by=person))


async def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    names = await database.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    return {
        row["name"]: [tuple(one) for one in await database.all(f'SELECT * FROM "{row["name"]}"')]  # noqa: S608 - SQLite's own names
        for row in names
    }


async def cells_with(database: Database, text: str) -> list[tuple[str, object]]:
    """Return every cell of the database in which a text stands, with its table."""
    return [
        (table, cell)
        for table, rows in (await dump(database)).items()
        for row in rows
        for cell in row
        if text in (cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell))
    ]
