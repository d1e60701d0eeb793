"""A query that stands: understood once, and matched against every paper that comes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """A key by which a query is noticed: one that every paper which it matches may have.

    ``rest`` says which other keys such a paper must have, or must not; of one that is ``sure``
    every paper that has the key and the rest matches.
    """

    key: str
    rest: str
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A query in the shape in which it is stored.

    ``form`` is the same for queries that mean the same; ``text`` is as it was typed; ``pattern``
    is what is looked for, packed. Every paper that matches has one of the ``anchors``.
    """

    form: str
    text: str
    pattern: str
    anchors: frozenset[Anchor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A stored query that was compiled some time ago."""

    no: int
    text: str
