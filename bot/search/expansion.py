"""A query's tree turned into patterns: run together or apart, short forms and long ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise
from typing import TYPE_CHECKING, Protocol

from bot.domain.queries import And, Field, Not, Or, Term
from bot.search.analysis import STOP_WORDS, words
from bot.search.clipping import EQUAL_STEMS
from bot.search.patterns import (
    AUTHORS,
    CATEGORIES,
    KEYWORDS,
    ORGANIZATION,
    TEXTS,
    TITLE,
    Either,
    Every,
    OneOf,
    Pattern,
)
from bot.search.stemming import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.domain.queries import Node
    from bot.search.patterns import Wanted

_COLUMNS = {
    Field.TITLE: (TITLE,),
    Field.AUTHOR: (AUTHORS,),
    Field.CATEGORY: (CATEGORIES,),
    Field.KEYWORD: (KEYWORDS,),
    Field.ORGANIZATION: (ORGANIZATION,),
}
_LONGEST_JOIN = 5
_MOST_SPLITS = 6
_LONGEST_NAME = 3
_LONGEST_FORM = 8
_MOSTLY_A_NAME = 3
_KNOWN_PART = 2


class _Sense(Protocol):
    @property
    def long(self) -> str: ...


class Forms(Protocol):
    """The short and long forms that papers define."""

    def long_forms(self, short: str) -> Sequence[_Sense]:
        """Return what a short form stands for, the likeliest first."""
        ...

    def short_forms(self, long: str) -> Sequence[str]:
        """Return the short forms of words with spaces between."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """In how many papers a stem stands: in their texts, and in their authors' names."""

    papers: int = 0
    names: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words: how common stems are, and the forms that stand for others."""

    forms: Forms
    known: Mapping[str, Known] = field(default_factory=dict)

    def papers(self, one: str) -> int:
        """Return in how many papers' texts a stem stands."""
        return self.known[one].papers if one in self.known else 0

    def names(self, one: str) -> int:
        """Return in how many papers' authors a stem stands."""
        return self.known[one].names if one in self.known else 0


def stems_asked(tree: Node) -> frozenset[str]:
    """Return every stem of which ``expand`` must know how common it is."""
    return frozenset(
        stem(word)
        for term in _terms(tree)
        for typed in [_folded(term.text)]
        for word in (
            *typed,
            *("".join(part) for part in _runs(typed)),
            *(part for one in typed for pair in _cuts(one) for part in pair),
        )
    )


def expand(tree: Node, lexicon: Lexicon) -> Wanted:
    """Return the patterns of a query: what it matches, no more and no less."""
    return _expanded(tree, lexicon)


def _expanded(node: Node, lexicon: Lexicon) -> Wanted:
    match node:
        case Term():
            return _leaf(node, lexicon)
        case Or(parts):
            return Either(tuple(_expanded(part, lexicon) for part in parts))
        case And(parts):
            wanted = [part for part in parts if not isinstance(part, Not)]
            unwanted = [part.part for part in parts if isinstance(part, Not)]
            return Every(
                tuple(_side_by_side(wanted, lexicon)),
                tuple(_expanded(part, lexicon) for part in unwanted),
            )
        case Not():
            raise ValueError("an exclusion stands inside an And only")


def _side_by_side(parts: Sequence[Node], lexicon: Lexicon) -> Iterator[Wanted]:
    """Expand the parts of an And; plain words in a row may be a long form, or a name."""
    meaningful = [part for part in parts if not _is_stop_word(part)] or parts
    for plain, run in groupby(meaningful, _is_plain):
        if not plain:
            yield from (_expanded(part, lexicon) for part in run)
            continue
        terms = [part for part in run if isinstance(part, Term)]
        while terms:
            taken, wanted = _row(terms, lexicon)
            yield wanted
            terms = terms[taken:]


def _row(terms: Sequence[Term], lexicon: Lexicon) -> tuple[int, Wanted]:
    """Expand the plain words at the start of a row; return how many were taken."""
    for length in range(min(len(terms), _LONGEST_FORM), 1, -1):
        typed = [word for term in terms[:length] for word in _folded(term.text)]
        others = [_pattern(_folded(short)) for short in lexicon.forms.short_forms(" ".join(typed))]
        each = Every(tuple(_leaf(term, lexicon) for term in terms[:length]))
        if others:
            return length, Either((each, OneOf(tuple(others), literal=False)))
        if length <= _LONGEST_NAME and all(lexicon.names(stem(word)) for word in typed):
            turned = [*typed[1:], typed[0]], [typed[-1], *typed[:-1]], typed
            names = OneOf(_distinct(_pattern(name) for name in turned), (AUTHORS,), literal=False)
            return length, Either((each, names))
    return 1, _leaf(terms[0], lexicon)


def _leaf(term: Term, lexicon: Lexicon) -> Wanted:
    if term.field is Field.CATEGORY:
        return OneOf((_category(term.text),), (CATEGORIES,))
    typed = _folded(term.text)
    if term.field is Field.AUTHOR:
        return OneOf((_pattern(typed, prefix=term.prefix),), (AUTHORS,))
    columns = TEXTS if term.field is None else _COLUMNS[term.field]
    literal = OneOf(_distinct(_spellings(typed, term.prefix, lexicon)), columns)
    others = () if term.prefix else other_forms(term.text, lexicon)
    parts = [literal]
    if others:
        parts.append(OneOf(others, columns, literal=False))
    if term.field is None and not term.prefix and _names_somebody(typed, lexicon):
        parts.append(OneOf((_pattern(typed),), (AUTHORS,), literal=False))
    return Either(tuple(parts)) if len(parts) > 1 else literal


def _spellings(typed: Sequence[str], prefix: bool, lexicon: Lexicon) -> Iterator[Pattern]:
    """Yield a term's words as typed, run together, and one of them taken apart."""
    yield _pattern(typed, prefix=prefix)
    if prefix:
        # Papers are known by their stems: "quantiza*" must find the stem of "quantized".
        yield from (_pattern([*typed[:-1], cut]) for cut in _shorter(typed[-1], lexicon))
        return
    for joined in _joinings(typed):
        if all(lexicon.papers(stem(word)) for word in joined):
            yield _pattern(joined)
    for at, word in enumerate(typed):
        pairs = [
            (min(lexicon.papers(stem(first)), lexicon.papers(stem(second))), (first, second))
            for first, second in _cuts(word)
        ]
        likely = sorted(pair for pair in pairs if pair[0] >= _KNOWN_PART)[-_MOST_SPLITS:]
        for _, (first, second) in reversed(likely):
            yield _pattern([*typed[:at], first, second, *typed[at + 1 :]])


def other_forms(text: str, lexicon: Lexicon) -> tuple[Pattern, ...]:
    """Return words with one of them spelled out, or cut short, or with some as their acronym."""
    return _distinct(_other_forms(text, _folded(text), lexicon))


def _other_forms(text: str, typed: Sequence[str], lexicon: Lexicon) -> Iterator[Pattern]:
    as_typed = text.split() if len(text.split()) == len(typed) else typed
    for at, word in enumerate(as_typed):
        for sense in lexicon.forms.long_forms(word):
            yield _pattern([*typed[:at], *_folded(sense.long), *typed[at + 1 :]])
    for at, word in enumerate(typed):
        for equal in EQUAL_STEMS.get(stem(word), ()):
            yield Pattern((*map(stem, typed[:at]), equal, *map(stem, typed[at + 1 :])))
    for start, end in combinations(range(len(typed) + 1), 2):
        if 1 < end - start <= _LONGEST_FORM:
            for short in lexicon.forms.short_forms(" ".join(typed[start:end])):
                yield _pattern([*typed[:start], *_folded(short), *typed[end:]])


def _names_somebody(typed: Sequence[str], lexicon: Lexicon) -> bool:
    """Say whether a term is rather a name: GAN is a method, although people are called Gan."""
    if len(typed) > 1:
        return all(lexicon.names(stem(word)) for word in typed)
    one = stem(typed[0]) if typed else ""
    return lexicon.names(one) > _MOSTLY_A_NAME * lexicon.papers(one)


def _joinings(typed: Sequence[str]) -> Iterator[list[str]]:
    """Yield every way to run words next to each other together, but the one that runs none."""
    gaps = range(1, len(typed))
    if len(typed) > _LONGEST_JOIN:
        yield from ([*typed[: at - 1], typed[at - 1] + typed[at], *typed[at + 1 :]] for at in gaps)
        return
    for kept in range(len(gaps)):
        for cuts in combinations(gaps, kept):
            bounds = [0, *cuts, len(typed)]
            yield ["".join(typed[a:b]) for a, b in pairwise(bounds)]


def _runs(typed: Sequence[str]) -> Iterator[Sequence[str]]:
    longest = _LONGEST_JOIN if len(typed) <= _LONGEST_JOIN else 2
    for start, end in combinations(range(len(typed) + 1), 2):
        if 1 < end - start <= longest:
            yield typed[start:end]


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a word apart in two, neither of which is a stop word or a letter."""
    for at in range(1, len(word)):
        first, second = word[:at], word[at:]
        if first in STOP_WORDS or second in STOP_WORDS:
            continue
        if _can_stand(first) and _can_stand(second):
            yield first, second


def _can_stand(part: str) -> bool:
    return len(part) > 1 or part.isdigit()


def _shorter(beginning: str, lexicon: Lexicon) -> Iterator[str]:
    for length in range(max(4, len(beginning) - 4), len(beginning)):
        cut = beginning[:length]
        if lexicon.papers(cut):
            yield cut


def _category(text: str) -> Pattern:
    """Return the one word as which a category is indexed: ``cs·cv``, and ``cs`` beside it."""
    parts = text.casefold().strip(".").split(".")
    return Pattern(("·".join("".join(filter(str.isalnum, part)) for part in parts),))


def _pattern(typed: Iterable[str], *, prefix: bool = False) -> Pattern:
    *firsts, last = list(typed) or [""]
    return Pattern((*map(stem, firsts), last if prefix else stem(last)), prefix)


def _distinct(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(patterns))


def _folded(text: str) -> list[str]:
    return [word.folded for word in words(text)]


def _is_plain(node: Node) -> bool:
    return (
        isinstance(node, Term)
        and node.field is None
        and not (node.prefix or node.quoted)
        and len(_folded(node.text)) == 1
    )


def _is_stop_word(node: Node) -> bool:
    return _is_plain(node) and isinstance(node, Term) and _folded(node.text)[0] in STOP_WORDS


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
