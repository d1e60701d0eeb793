"""A query that stands: understood once, and matched against every paper that comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A query in the shape in which it is stored.

    ``form`` is the same for queries that mean the same; ``text`` is as it was typed; ``pattern``
    is what is looked for, packed. Every paper that matches has one of the ``anchors`` among its
    keys; of an anchor that is sure (True) every paper that has it matches.
    """

    form: str
    text: str
    pattern: str
    anchors: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A stored query that was compiled some time ago."""

    no: int
    text: str
