"""What a parsed line looks for: the grammar's branches to the domain's nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from lark import Token, Tree

from bot.errors import QueryMistake
from bot.search.terms import field_of, start_of, term_of
from bot.search.trees import all_of, any_of, only_excludes, opposite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.queries import Field, Node

Branch: TypeAlias = Tree[Token] | Token


def meaning(branch: Branch, line: str) -> Node:
    """Return what a parsed line looks for.

    Raises:
        QueryMistake: it looks for nothing, or for nearly everything, or holds a term to two fields.
    """
    node = _node(branch, line, None)
    if only_excludes(node):
        raise QueryMistake(
            "Everything here is excluded: I expected something to look for beside it.",
            text=line,
            at=_begin(branch),
            expected="something to look for",
        )
    return node


def _node(branch: Branch, line: str, field: Field | None) -> Node:
    match branch:
        case Token():
            return term_of(branch, line, field)
        case Tree("any", parts):
            return any_of(_alternatives(parts, line, field))
        case Tree("all", parts):
            return all_of(_node(part, line, field) for part in parts)
        case Tree("excluded", [*negations, part]):
            node = _node(part, line, field)
            times = sum(str(each).count("-") or 1 for each in negations)  # `---`, or one NOT
            return opposite(node) if times % 2 else node
        case Tree("fielded", [Token() as name, part]):
            if field:
                _refuse_within(field, name, line)
            return _node(part, line, field_of(name))
        case _:  # a group
            return _node(branch.children[1], line, field)


def _alternatives(parts: Iterable[Branch], line: str, field: Field | None) -> Iterator[Node]:
    for part in parts:
        node = _node(part, line, field)
        if only_excludes(node):
            raise QueryMistake(
                "I expected something to look for on each side of “OR”: an exclusion alone would "
                "match nearly every paper.",
                text=line,
                at=_begin(part),
                expected="something to look for",
            )
        yield node


def _refuse_within(field: Field, name: Token, line: str) -> None:
    raise QueryMistake(
        f"I expected words for “{field}:” and no other field among them.",
        text=line,
        at=start_of(name),
        expected="a word or a phrase",
    )


def _begin(branch: Branch) -> int:
    """Return where a branch begins in the line."""
    while isinstance(branch, Tree):
        branch = branch.children[0]
    return start_of(branch)
