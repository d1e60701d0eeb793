"""How trees are put together, so that equal queries have equal trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.queries import And, Not, Or

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.queries import Node


def all_of(parts: Iterable[Node]) -> Node:
    """Return what matches every part, an ``And`` within taken apart; one part is itself."""
    flat = tuple(
        inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(parts: Iterable[Node]) -> Node:
    """Return what matches at least one part, an ``Or`` within taken apart; one part is itself."""
    flat = tuple(
        inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)


def opposite(node: Node) -> Node:
    """Return what matches everything else; what only excludes becomes what it excluded."""
    match node:
        case Not(part):
            return part
        case And(parts) if only_excludes(node):
            return any_of(opposite(part) for part in parts)
        case _:
            return Not(node)


def only_excludes(node: Node) -> bool:
    """Say whether a tree looks for nothing: it is an exclusion, or several."""
    match node:
        case Not():
            return True
        case And(parts):
            return all(isinstance(part, Not) for part in parts)
        case _:
            return False
