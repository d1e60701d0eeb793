"""What is close to a query: most of what it says, in its words or in words made from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from bot.domain.queries import And, Not, Or, Term
from bot.search.analysis import STOP_WORDS, words
from bot.search.expansion import LONGEST_FORM, expand, other_forms
from bot.search.patterns import TEXTS, Either, Every, OneOf, Pattern

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


def stems_spoken(tree: Node) -> frozenset[str]:
    """Return the stems of a query's words: ``relax`` takes their relatives."""
    return frozenset(stem for term, _ in _spoken(tree) for stem in _stems(term))


def relax(
    tree: Node,
    lexicon: Lexicon,
    relatives: Mapping[str, Sequence[str]],
    total: int,
    enough: float,
) -> Wanted | None:
    """Return what most of a query is, and None where it has no words to go by.

    Fields and exclusions hold as they stand. Of the words, those of a set must be there that tells
    at least a share ``enough`` of what all of them do; ``total`` is the number of papers.
    """
    spoken = _concepts(tree, lexicon, relatives, total)
    if not spoken:
        return None
    sets = tuple(
        Every(tuple(concept.said for concept in chosen)) if chosen[1:] else chosen[0].said
        for chosen in _smallest(spoken, enough)
    )
    held, unwanted = _held(tree)
    return Every(
        (Either(sets), *(expand(node, lexicon) for node in held)),
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


def _smallest(spoken: Sequence[Concept], share: float) -> Iterator[tuple[Concept, ...]]:
    """Yield the sets of concepts that tell enough, and none that has another within it."""
    enough = share * sum(concept.tells for concept in spoken)
    taken: list[frozenset[int]] = []
    for size in range(1, len(spoken) + 1):
        for chosen in combinations(range(len(spoken)), size):
            if any(smaller <= frozenset(chosen) for smaller in taken):
                continue
            if sum(spoken[at].tells for at in chosen) >= enough:
                taken.append(frozenset(chosen))
                yield tuple(spoken[at] for at in chosen)


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
