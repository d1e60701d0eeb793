"""A delivery as a row of the ledger, what is known of it for whom, and which rows are ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.deliveries import LONGEST_WAIT, Claim, Delivery, DeliveryState
from bot.storage import cells
from bot.storage.contents import BATCH, content_from

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage.database import Row

# A part waits for every earlier part of its edition, and for the edits of these, to be sent: an
# edition is read in order and goes on at the first part that is not confirmed. "<> 'sent'" says
# to SQLite that the index of what waits will do.
_READY = """
    SELECT d.*, t.message_id AS target FROM deliveries AS d
    LEFT JOIN deliveries AS t ON t.key = d.edits
    WHERE d.state IN ('planned', 'refused') AND d.state <> 'sent'
      AND {which}
      AND (d.not_before IS NULL OR d.not_before NOT BETWEEN :now AND :latest)
      AND NOT EXISTS (
          SELECT 1 FROM deliveries AS e
          WHERE e.edition_id = d.edition_id AND e.number < d.number AND e.state <> 'sent')
      AND (d.edits IS NULL OR t.state = 'sent')
      AND (d.kind IN ('notice', 'batch') OR EXISTS (
          SELECT 1 FROM schedules AS s WHERE s.channel_id = d.channel_id
          AND s.state IN {states}))
    ORDER BY (d.kind = 'batch'), d.planned_at, d.key LIMIT :limit
"""
READY = _READY.format(which="TRUE", states="('active')")
# What a person asks for by hand is sent while the schedule rests too.
READY_OF_AN_EDITION = _READY.format(which="d.edition_id = :edition", states="('active', 'paused')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """A delivery that did not arrive (yet), as ``/status`` tells it."""

    key: str
    channel_id: int
    state: DeliveryState
    planned_at: datetime
    attempts: int
    error: str | None


def asked(now: datetime, limit: int, edition_id: str | None = None) -> dict[str, object]:
    """Return the parameters of ``READY`` and of its like for an edition."""
    return {
        "now": cells.moment_cell(now + timedelta(microseconds=1)),
        "latest": cells.moment_cell(now + LONGEST_WAIT),  # later is a wrong clock's word
        "limit": limit,
        "edition": edition_id,
    }


def delivery_from(row: Row) -> Delivery:
    """Return the delivery of a row, with its target's message where it edits one."""
    return Delivery(
        key=row["key"],
        content=content_from(row["kind"], row["content"]),
        edits=row["edits"],
        message_id=row["target"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        doubtful=row["doubtful_since"] is not None,
    )


def claim_from(row: Row) -> Claim:
    """Return the claim of a row that is claimed."""
    claimed_at = cells.moment(row["claimed_at"])
    return Claim(
        key=row["key"],
        channel_id=row["channel_id"],
        person_id=row["person_id"],
        direct=row["kind"] == BATCH,
        edits=row["edits"],
        claimed_at=claimed_at,
        doubtful_since=cells.optional_moment(row["doubtful_since"]) or claimed_at,
        planned_at=cells.moment(row["planned_at"]),
    )


def claim_cells(claim: Claim) -> dict[str, object]:
    """Return what tells a claim from every later one of its row."""
    return {"key": claim.key, "claimed_at": cells.moment_cell(claim.claimed_at)}


def unsettled_from(row: Row) -> Unsettled:
    """Return what ``/status`` tells of a row."""
    return Unsettled(
        key=row["key"],
        channel_id=row["channel_id"],
        state=DeliveryState(row["state"]),
        planned_at=cells.moment(row["planned_at"]),
        attempts=row["attempts"],
        error=row["error"],
    )
