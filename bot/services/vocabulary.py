"""What the stored papers teach of words: acronyms and spellings, read again every hour."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.search.acronyms import Acronyms
from bot.search.spelling import Spelling
from bot.services.retrieval import papers_stored
from bot.storage.search_reading import ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.storage.database import Database
    from bot.storage.search_reading import SearchReader

FRESH = timedelta(hours=1)
FRESH_AT_FIRST = timedelta(minutes=1)
"""How long words are taken for known while there are few papers to learn them from."""

_MANY_PAPERS = 2000
_FEWEST_PAPERS = 3  # of a word that somebody may have meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Acronyms, known words by their stems, and how a stem is written out."""

    forms: Acronyms
    spelling: Spelling
    shown: Mapping[str, str]
    papers: int


class Vocabulary:
    """Words as they were known within the last hour."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = asyncio.Lock()
        self._known: tuple[datetime, Words] | None = None
        self._fresh = FRESH

    async def words(self, now: datetime) -> Words:
        """Return what is known of words."""
        async with self._reading:
            if self._known is None or not timedelta(0) <= now - self._known[0] < self._fresh:
                learned = await ask(self._database, _learned)
                self._known = now, learned
                self._fresh = FRESH if learned.papers >= _MANY_PAPERS else FRESH_AT_FIRST
        return self._known[1]


def _learned(reader: SearchReader) -> Words:
    known = reader.known_words(_FEWEST_PAPERS)
    return Words(
        forms=Acronyms(reader.acronyms()),
        spelling=Spelling({stem: papers for stem, (_, papers) in known.items()}),
        shown={stem: word for stem, (word, _) in known.items()},
        papers=papers_stored(reader),
    )
