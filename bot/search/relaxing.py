"""What is close to a query: most of what it says, in its words or in words made from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.domain.queries import And, Not, Or, Term
from bot.search.analysis import STOP_WORDS, words
from bot.search.expansion import LONGEST_FORM, expand, other_forms
from bot.search.patterns import TEXTS, Every, OneOf, Pattern, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.queries import Node
    from bot.search.lexicon import Lexicon
    from bot.search.patterns import Wanted

_MOST_CONCEPTS = 7
_UNSEEN = 0.5  # papers that a stem stands in of which none is known


@dataclass(frozen=True, slots=True)
class Concept:
    """One word that a query speaks of, in all forms known of it, and how much it tells.

    ``tells`` is its inverse document frequency, in nats.
    """

    said: OneOf
    tells: float


@dataclass(frozen=True)
class Relaxed:
    """What is close to a query: papers that have concepts which tell ``enough`` of it, in nats.

    The ``concepts`` come most telling first; ``held`` are the fields, and ``unwanted`` what is
    excluded, both of which hold as they stand.
    """

    concepts: tuple[Concept, ...]
    enough: float
    held: tuple[Wanted, ...] = ()
    unwanted: tuple[Wanted, ...] = ()

    @cached_property
    def whole(self) -> float:
        """What all concepts tell, in nats."""
        return sum(concept.tells for concept in self.concepts)

    @cached_property
    def first(self) -> Wanted:
        """The fewest concepts of which every paper that is close has one at least.

        Those left over do not tell enough together: the essential lists of MaxScore, Turtle and
        Flood, Query evaluation: strategies and optimizations (1995). Each pattern stands in it
        once, since for each one SQLite goes through all papers that have it.
        """
        left = self.whole
        patterns: dict[Pattern, None] = {}
        for concept in self.concepts:
            if left < self.enough:
                break
            patterns |= dict.fromkeys(concept.said.patterns)
            left -= concept.tells
        said = OneOf(tuple(patterns), TEXTS, literal=False)
        return Every((said, *self.held), self.unwanted) if self.held or self.unwanted else said

    @property
    def looked_for(self) -> tuple[OneOf, ...]:
        """What may stand in a close paper: the concepts, and the fields that hold."""
        fields = (leaf for wanted in self.held for leaf in leaves(wanted))
        return (*(one.said for one in self.concepts), *fields)

    def told(self, text: str) -> float:
        """Return how much a paper tells of the query, in nats; what is held is not looked at.

        ``text`` are the stems of all its texts, with a space before, between and after.
        """
        return sum(
            tells for tells, sought in self._sought if any(stems in text for stems in sought)
        )

    @cached_property
    def _sought(self) -> list[tuple[float, list[str]]]:
        """Each concept's patterns as they stand in a paper's stems; none is a beginning."""
        return [
            (one.tells, [f" {' '.join(pattern.stems)} " for pattern in one.said.patterns])
            for one in self.concepts
        ]


def stems_spoken(tree: Node) -> frozenset[str]:
    """Return the stems of a query's words: ``relax`` takes their relatives."""
    return frozenset(stem for term, _ in _spoken(tree) for stem in _stems(term))


def relax(
    tree: Node,
    lexicon: Lexicon,
    relatives: Mapping[str, Sequence[str]],
    total: int,
    share: float,
) -> Relaxed | None:
    """Return what is close to a query, and None where it has no words to go by.

    Close papers tell at least a share of what all of the words do; ``total`` is the number of
    papers.
    """
    concepts = _concepts(tree, lexicon, relatives, total)
    if not concepts:
        return None
    held, unwanted = _held(tree)
    return Relaxed(
        tuple(concepts),
        share * sum(concept.tells for concept in concepts),
        tuple(expand(node, lexicon) for node in held),
        tuple(expand(node, lexicon) for node in unwanted),
    )


def _concepts(
    tree: Node, lexicon: Lexicon, relatives: Mapping[str, Sequence[str]], total: int
) -> list[Concept]:
    found: dict[str, Concept] = {}
    for term, alternatives in _spoken(tree):
        typed = [one.folded for one in words(term.text)]
        others = other_forms(term.text, [typed], lexicon) if len(typed) <= LONGEST_FORM else ()
        for stem in _stems(term):
            family = [stem, *relatives.get(stem, ())]
            patterns = (*(Pattern((one,)) for one in family), *others, *alternatives)
            papers = max(lexicon.papers(stem), _UNSEEN)
            said = OneOf(tuple(dict.fromkeys(patterns)), TEXTS, literal=False)
            found[stem] = Concept(said, math.log((max(total, papers) + 1) / papers))
    return sorted(found.values(), key=lambda one: -one.tells)[:_MOST_CONCEPTS]


def _spoken(node: Node) -> Iterator[tuple[Term, tuple[Pattern, ...]]]:
    """Yield the terms without a field, each with the words that may stand in its place."""
    match node:
        case Term(field=None):
            yield node, ()
        case And(parts):
            for part in parts:
                yield from _spoken(part)
        case Or(parts):
            terms = [term for part in parts for term, _ in _spoken(part)]
            for at, term in enumerate(terms):
                others = terms[:at] + terms[at + 1 :]
                yield term, tuple(Pattern(_stems(one)) for one in others if _stems(one))
        case _:
            return


def _held(node: Node) -> tuple[list[Node], list[Node]]:
    """Return the terms with a field, and what is excluded."""
    match node:
        case Term(field=None):
            return [], []
        case Term():
            return [node], []
        case Or(parts):
            fielded = all(isinstance(part, Term) and part.field for part in parts)
            return ([node], []) if fielded else ([], [])
        case And(parts):
            pairs = [_held(part) for part in parts]
            return [one for held, _ in pairs for one in held], [
                one for _, unwanted in pairs for one in unwanted
            ]
        case Not(part):
            return [], [part]


def _stems(term: Term) -> tuple[str, ...]:
    found = list(words(term.text))
    told = [word.stem for word in found if word.folded not in STOP_WORDS]
    return tuple(told or (word.stem for word in found))
