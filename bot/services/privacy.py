"""What is stored of a person, given to them or erased."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Holdings, Kept
    from bot.storage.people import PeopleStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A JSON document of all that is stored of a person, in UTF-8, and how much that is."""

    document: bytes
    holdings: Holdings


class Privacy:
    """A person's right to see what is stored of them, and to have it erased."""

    def __init__(self, people: PeopleStore) -> None:
        self._people = people

    async def export(self, person_id: int, now: datetime) -> Export:
        """Return all that is stored of a person, as of one moment.

        Raises:
            UserError: it takes too long to read just now.
        """
        kept = await self._people.kept(person_id)
        document = await asyncio.to_thread(_document, person_id, kept, now)
        return Export(document=document, holdings=kept.holdings)

    async def holdings(self, person_id: int) -> Holdings:
        """Count what is stored of a person."""
        return await self._people.holdings(person_id)

    async def erase(self, person_id: int) -> Holdings:
        """Erase what is a person's own, let what belongs to servers forget them; say what it was.

        Nobody is named in the log: it would be one more place that remembers them.
        """
        erased = await self._people.erase(person_id)
        log.info(
            "Erased what was stored of a person: %d alerts, %d messages",
            erased.alerts, erased.messages,
        )  # fmt: skip
        return erased


def _document(person_id: int, kept: Kept, now: datetime) -> bytes:
    told = {
        "person": str(person_id),
        "exported_at": now.isoformat(timespec="seconds"),
        "time_zone": kept.zone,
        "alerts": kept.alerts,
        "drafts": kept.drafts,
        "schedules": kept.schedules,
        "messages": kept.messages,
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()
