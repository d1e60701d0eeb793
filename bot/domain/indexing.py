"""What the search index keeps of a paper, as it is handed from the search to the storage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One paper's words.

    ``columns`` has the stems of each searched column, with spaces between; ``words`` says of
    each stem a word that has it, and what that shares with the words made from it; ``topics`` are
    (kind, normal form, as shown) and ``definitions`` (short form, long form).
    """

    columns: Mapping[str, str]
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    topics: tuple[tuple[str, str, str], ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()


class Vector(NamedTuple):
    """What a paper is about: its most telling stems, and the weight of each, 1 to 255."""

    stems: tuple[str, ...] = ()
    weights: bytes = b""


class Candidate(NamedTuple):
    """A paper that may answer: what it is about, its day as ISO text, and its upvotes."""

    vector: Vector
    day: str
    upvotes: int


class Analyst(Protocol):
    """Reads papers for the index."""

    version: int
    """Of which rules its entries are; those of older rules are written again."""

    def entry(self, paper: Paper, summary: Summary | None) -> IndexEntry:
        """Return what is indexed of a paper."""
        ...

    def vector(self, entry: IndexEntry, papers: Mapping[str, int], total: int) -> Vector:
        """Return what a paper is about, where stems stand in so many papers of a total."""
        ...
