"""What a query looks for, down to stems: the form in which it is matched, by SQLite or by us."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE, ABSTRACT, SUMMARY, KEYWORDS, ORGANIZATION, AUTHORS, CATEGORIES = COLUMNS = (
    *("title", "abstract", "summary", "keywords", "organization", "authors", "categories"),
)  # fmt: skip
"""The columns of a paper that are searched, in the order of the index."""

TEXTS = (TITLE, ABSTRACT, SUMMARY, KEYWORDS, ORGANIZATION)
"""Where a term without a field is looked for."""

BOUNDARY = "\u00a6"
"""Stands between two authors and between two keywords, so that no phrase reaches across."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Stems that stand side by side; with ``prefix`` the last one is only a beginning."""

    stems: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of the patterns, in any of the columns.

    ``literal`` says that these are the words that were typed, and not another form of them.
    """

    patterns: tuple[Pattern, ...]
    columns: tuple[str, ...] = TEXTS
    literal: bool = True


@dataclass(frozen=True, slots=True)
class Every:
    """All wanted parts and none of the unwanted ones."""

    wanted: tuple[Wanted, ...]
    unwanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Wanted, ...]


Wanted: TypeAlias = OneOf | Every | Either


def leaves(wanted: Wanted) -> Iterator[OneOf]:
    """Yield what is looked for, without what is excluded."""
    match wanted:
        case OneOf():
            yield wanted
        case Every(wanted=parts) | Either(parts):
            for part in parts:
                yield from leaves(part)
