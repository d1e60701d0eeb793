"""The recorded corpus as a database of Paperboy's, made once for everything that searches it."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.papers import ArxivId, Author, Listed, Paper, Source
from bot.search.documents import PaperAnalyst
from bot.storage.database import Database
from bot.storage.days import DayStore
from bot.storage.papers import PaperStore
from bot.storage.search_index import SearchIndex
from tests.builders import reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

END = datetime(2026, 8, 28, 12, tzinfo=UTC)
"""The day after the corpus ends."""

_BATCH = 500
