"""Queries as people of a research group type them into ``/papers``, and what must come back.

Written by hand, before the search was, against ``corpus.jsonl.gz`` of the recorded data: an id that
is demanded was read there, and is about what is asked.
"""

from __future__ import annotations

from tests.recorded.asked.grammar import GRAMMAR
from tests.recorded.asked.names import NAMES
from tests.recorded.asked.scripts import SCRIPTS
from tests.recorded.asked.shape import Asked, Demand, Kind
from tests.recorded.asked.topics import TOPICS

__all__ = ["ASKED", "Asked", "Demand", "Kind"]

ASKED: tuple[Asked, ...] = (*TOPICS, *NAMES, *GRAMMAR, *SCRIPTS)
