"""A query's tree in words: as a query again, as less of one, and as a person would say it."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from bot.domain.queries import LONGEST_QUERY, And, Field, Not, Or, Term
from bot.search.parsing import DEEPEST_NESTING, parse
from bot.search.trees import all_of, any_of, only_excludes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.domain.queries import Node, Query

_OPERATORS = frozenset({"OR", "AND", "NOT"})
_WHERE = {
    Field.TITLE: "in the title",
    Field.AUTHOR: "among the authors",
    Field.CATEGORY: "as a category",
    Field.KEYWORD: "as a keyword",
    Field.ORGANIZATION: "as the organisation",
}


def spelled(tree: Node) -> str:
    """Return a query that parses to an equal tree, as short as it was typed where it has to be."""
    text = _Spelling(tight=False).of(tree)
    return text if len(text) <= LONGEST_QUERY else _Spelling(tight=True).of(tree)


def without(query: Query, term: Term) -> Query | None:
    """Return a query that does not look for a term; None where it would look for nothing."""
    left = _without(query.tree, term)
    return None if left is None else parse(spelled(left))


def understood(query: Query) -> str:
    """Return what is looked for in a person's words, which fit into a sentence."""
    return _said(query.tree)


class _Spelling:
    """Writes a tree as a query: readable, or ``tight``, without a character too many."""

    def __init__(self, *, tight: bool) -> None:
        self._tight = tight

    def of(self, node: Node, depth: int = 0, field: Field | None = None) -> str:
        """Return a node inside so many parentheses; a group has named the field already."""
        match node:
            case Term():
                return _term(node, field)
            case Not(part):
                return f"-{self._one(part, depth, field)}"
            case And(parts):
                return self._in_a_row(self._pieces(parts, all_of, depth, field))
        bar = "|" if self._tight else " OR "
        return bar.join(self._pieces(node.parts, any_of, depth, field))

    def _pieces(
        self,
        parts: Sequence[Node],
        join: Callable[[Sequence[Node]], Node],
        depth: int,
        field: Field | None,
    ) -> Iterator[str]:
        """Return the parts' texts; neighbours of one field share a group while it is not too deep.

        Nothing that was typed as `title:(a b c)` may grow past the longest query.
        """
        for shared, run in groupby(parts, lambda part: None if field else _groupable(part, depth)):
            neighbours = tuple(run)
            if shared and len(neighbours) > 1:
                yield f"{shared}:({self.of(join(neighbours), depth + 1, shared)})"
            elif join is all_of:
                yield from (self._one(part, depth, field) for part in neighbours)
            else:  # AND binds closer than OR
                yield from (self.of(part, depth, field) for part in neighbours)

    def _one(self, node: Node, depth: int, field: Field | None) -> str:
        """Return a node as one of several in a row, in parentheses where it needs them."""
        if isinstance(node, Term | Not):
            return self.of(node, depth, field)
        shared = None if field else _shared(node)
        name = f"{shared}:" if shared else ""
        return f"{name}({self.of(node, depth + 1, field or shared)})"

    def _in_a_row(self, pieces: Iterator[str]) -> str:
        row = next(pieces)
        for piece in pieces:
            bounded = row[-1] in '")' or piece[0] in '"('
            row += piece if self._tight and bounded and piece[0] != "-" else f" {piece}"
        return row


def _term(term: Term, field: Field | None) -> str:
    name = f"{term.field}:" if term.field and not field else ""
    star = "*" if term.prefix else ""
    if term.quoted:
        return f'{name}"{term.text}{star}"'
    plus = "+" if term.text in _OPERATORS else ""  # with a sign before it, it is a word
    return f"{name}{plus}{term.text}{star}"


def _groupable(part: Node, depth: int) -> Field | None:
    """Return the field that a part can share with a neighbour, in a group of theirs."""
    height = _height(part) + isinstance(part, Or)
    return _shared(part) if depth + 1 + height <= DEEPEST_NESTING else None


def _shared(node: Node) -> Field | None:
    """Return the one field that all terms of a node are held to."""
    fields = {term.field for term in _terms(node)}
    return fields.pop() if len(fields) == 1 else None


def _terms(node: Node) -> Iterator[Term]:
    """Give every term, those too that are excluded."""
    match node:
        case Term():
            yield node
        case Not(part):
            yield from _terms(part)
        case _:
            yield from chain.from_iterable(map(_terms, node.parts))


def _height(node: Node) -> int:
    """Return how deep the parentheses are that a node needs within."""
    match node:
        case Term():
            return 0
        case Not(part):
            return _height(part) + (not isinstance(part, Term))
        case And(parts):
            return max(_height(part) + isinstance(part, Or) for part in parts)
        case _:
            return max(map(_height, node.parts))


def _without(node: Node, term: Term) -> Node | None:
    match node:
        case Term():
            return None if node == term else node
        case Not():
            return node
        case And(parts):
            left = all_of(_kept(parts, term))
            return None if only_excludes(left) else left
        case _:
            return any_of(kept) if (kept := _kept(node.parts, term)) else None


def _kept(parts: Sequence[Node], term: Term) -> list[Node]:
    return [kept for part in parts if (kept := _without(part, term)) is not None]


def _said(node: Node) -> str:
    match node:
        case Term():
            return _said_term(node)
        case Not(part):
            return f"not {_within(part)}"
        case And(parts):
            excluded = [part for part in parts if isinstance(part, Not)]
            wanted = [part for part in parts if part not in excluded]
            said = ", and ".join(map(_within, wanted))
            return f"{said}, but {' and '.join(map(_said, excluded))}" if excluded else said
        case _:
            return " or ".join(map(_within, node.parts))


def _within(node: Node) -> str:
    return _said(node) if isinstance(node, Term) else f"({_said(node)})"


def _said_term(term: Term) -> str:
    phrase = term.quoted and " " in term.text
    said = f"“{term.text}”"
    if term.prefix:
        said = f"{'a phrase' if phrase else 'a word'} that begins with {said}"
    elif phrase and not term.field:
        said += " (as a phrase)"
    return f"{said} {_WHERE[term.field]}" if term.field else said
