"""What a person looks for: the tree of a query, the same for search, alerts and schedules."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_QUERY = 300
"""Characters of a query: Discord's options and the contract's limit."""


class Field(StrEnum):
    """A part of a paper that a term can be held to, by the name that stands before the colon."""

    TITLE = "title"
    AUTHOR = "author"
    CATEGORY = "cat"
    KEYWORD = "keyword"
    ORGANIZATION = "org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand together: one word or a phrase.

    ``text`` is as it was typed, without quotes, star and field; ``prefix`` says that its last word
    is only the beginning of one; ``quoted`` that it stood in quotes; ``at`` is the column, from 0,
    at which it begins in the query.
    """

    text: str
    field: Field | None = None
    prefix: bool = False
    quoted: bool = False
    at: int = dataclasses.field(default=0, compare=False)  # a term has a field of its own


@dataclass(frozen=True, slots=True)
class And:
    """Every part, in any order; at least one of them is no exclusion."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part; none of them is an exclusion."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the part does not match; stands inside an ``And`` only."""

    part: Node


Node: TypeAlias = Term | And | Or | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query as it was typed, on one line, and what it means."""

    text: str
    tree: Node

    def terms(self) -> tuple[Term, ...]:
        """Return the terms that are looked for, in the order typed, without what is excluded."""
        return tuple(_wanted(self.tree))


def _wanted(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case Not():
            return
