"""A query's tree turned into patterns: run together or apart, short forms and long ones."""

from __future__ import annotations

from functools import lru_cache
from heapq import nlargest
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from bot.domain.queries import And, Field, Not, Or, Term
from bot.search.analysis import STOP_WORDS, words
from bot.search.clipping import EQUAL_STEMS
from bot.search.compounds import cuts, joinings, pieces, runs
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
from bot.search.stemming import stem, stems_begun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.queries import Node
    from bot.search.lexicon import Lexicon
    from bot.search.patterns import Wanted

_COLUMNS = {
    Field.TITLE: (TITLE,),
    Field.AUTHOR: (AUTHORS,),
    Field.CATEGORY: (CATEGORIES,),
    Field.KEYWORD: (KEYWORDS,),
    Field.ORGANIZATION: (ORGANIZATION,),
}
EVERY_PAPER = ""
"""The stem that stands in every paper."""

LONGEST_TOGETHER = 5
"""Words that are looked for together where they need not be."""

LONGEST_FORM = 8
"""Words of a long form, and of a term that may be written in other ways."""

_MOST_SPLITS = 3
_WHOLE_WORD = 3  # letters
_RARE = 100  # a word that stands in one of so many papers, or fewer
_LONGEST_NAME = 3
_LONGEST_SHORT = 4
_MOSTLY_A_NAME = 3
_KNOWN_PART = 2


def stems_asked(tree: Node) -> frozenset[str]:
    """Return every stem of which ``expand`` must know how common it is."""
    return frozenset(
        stem(word)
        for term in _terms(tree)
        for typed in [_folded(term.text)]
        for parts in [pieces(typed)]
        for word in (
            *typed,
            *parts,
            *("".join(run) for run in runs(parts)),
            *(part for one in typed for cut in cuts(one) for part in cut),
        )
    )


def meaningful(tree: Node) -> Node:
    """Return a query without the words that are not looked for in a row of others."""
    if not isinstance(tree, And):
        return tree
    kept = tuple(part for part in tree.parts if not _is_stop_word(part))
    if all(isinstance(part, Not) for part in kept):
        return tree
    return And(kept) if len(kept) > 1 else kept[0]


def said_together(tree: Node, lexicon: Lexicon) -> Wanted | None:
    """Return several plain words as one phrase, None where a query says anything else.

    It decides nothing and matches nothing more; papers that say it come before those that only
    have the words.
    """
    if not (isinstance(tree, And) and all(map(_is_plain, tree.parts))):
        return None
    parts = [_folded(part.text) for part in tree.parts if isinstance(part, Term)]
    typed = [word for part in parts for word in part]
    # A mark alone is no word, and without it more would match.
    if len(typed) > LONGEST_TOGETHER or not all(parts):
        return None
    shorts = lexicon.forms.short_forms(" ".join(typed))
    return OneOf(_distinct(map(_pattern, (typed, *map(_folded, shorts)))))


def expand(tree: Node, lexicon: Lexicon) -> Wanted:
    """Return the patterns of a query: what it matches, no more and no less."""
    match tree:
        case Term():
            return _leaf(tree, lexicon)
        case Or(parts):
            return Either(tuple(dict.fromkeys(expand(part, lexicon) for part in parts)))
        case And(parts):
            wanted = list(dict.fromkeys(part for part in parts if not isinstance(part, Not)))
            unwanted = [part.part for part in parts if isinstance(part, Not)]
            return Every(
                tuple(_side_by_side(wanted, lexicon)),
                tuple(expand(part, lexicon) for part in unwanted),
            )
        case Not():
            raise ValueError("an exclusion stands inside an And only")


def _side_by_side(parts: Sequence[Node], lexicon: Lexicon) -> Iterator[Wanted]:
    """Expand the parts of an And; plain words in a row may be a long form, or a name."""
    meaningful = [part for part in parts if not _is_stop_word(part)] or parts
    for plain, run in groupby(meaningful, _is_plain):
        if not plain:
            yield from (expand(part, lexicon) for part in run)
            continue
        terms = [part for part in run if isinstance(part, Term)]
        while terms:
            taken, wanted = _row(terms, lexicon)
            yield wanted
            terms = terms[taken:]


def _row(terms: Sequence[Term], lexicon: Lexicon) -> tuple[int, Wanted]:
    """Expand the plain words at the start of a row; return how many were taken."""
    for length in range(min(len(terms), LONGEST_FORM), 1, -1):
        typed = [word for term in terms[:length] for word in _folded(term.text)]
        others = [_pattern(_folded(short)) for short in lexicon.forms.short_forms(" ".join(typed))]
        if others:
            together = OneOf(tuple(others), literal=False)
        elif length <= _LONGEST_NAME and _may_name(typed, lexicon):
            turned = [*typed[1:], typed[0]], [typed[-1], *typed[:-1]], typed
            together = OneOf(
                _distinct(_pattern(name) for name in turned), (AUTHORS,), literal=False
            )
        else:
            continue
        each = Every(tuple(_leaf(term, lexicon) for term in terms[:length]))
        return length, Either((each, together))
    return 1, _leaf(terms[0], lexicon)


def _leaf(term: Term, lexicon: Lexicon) -> Wanted:
    if term.field is Field.CATEGORY:
        category = _category(term.text)
        return OneOf((Pattern((category,), term.prefix and bool(category)),), (CATEGORIES,))
    typed = _folded(term.text)
    if term.field is Field.AUTHOR:
        names = _begun(typed) if term.prefix else (_pattern(typed),)
        return OneOf(tuple(names), (AUTHORS,))
    columns = TEXTS if term.field is None else _COLUMNS[term.field]
    if term.prefix:
        return OneOf(_distinct(_beginnings(typed, lexicon)), columns)
    # Of a sentence only the sentence: there are too many ways to write it otherwise.
    spellings = list(_spellings(typed, lexicon)) if len(typed) <= LONGEST_FORM else [typed]
    literal = OneOf(_distinct(map(_pattern, spellings)), columns)
    others = other_forms(term.text, spellings, lexicon) if len(typed) <= LONGEST_FORM else ()
    parts = [literal]
    if others:
        parts.append(OneOf(others, columns, literal=False))
    if term.field is None and _names_somebody(typed, lexicon):
        parts.append(OneOf((_pattern(typed),), (AUTHORS,), literal=False))
    return Either(tuple(parts)) if len(parts) > 1 else literal


def _beginnings(typed: Sequence[str], lexicon: Lexicon) -> Iterator[Pattern]:
    """Yield words of which the last is only begun, as typed and run together."""
    yield from _begun(typed)
    parts = pieces(typed)
    for *firsts, last in joinings(parts) if len(parts) <= LONGEST_FORM else ():
        if all(lexicon.papers(stem(word)) for word in firsts):
            yield from _begun([*firsts, last])


def _begun(typed: Sequence[str]) -> Iterator[Pattern]:
    """Yield the patterns of words of which the last is only begun."""
    *firsts, last = typed or [""]
    firsts = list(map(stem, firsts))
    yield Pattern((*firsts, last), prefix=bool(last))  # nothing would begin every word
    yield from (Pattern((*firsts, one)) for one in stems_begun(last))


def _spellings(typed: Sequence[str], lexicon: Lexicon) -> Iterator[list[str]]:
    """Yield a term's words as typed; run together and apart; and one of them taken in two.

    Letters and digits may be parted everywhere (GPT4, GPT-4), letters where both parts are words.
    """
    yield list(typed)
    parts = pieces(typed)
    for joined in joinings(parts) if len(parts) <= LONGEST_FORM else [parts]:
        if all(lexicon.papers(stem(word)) for word in joined):
            yield joined
    for at, word in enumerate(typed):
        known = (
            (min(lexicon.papers(stem(part)) for part in cut), cut)
            for cut in cuts(word)
            if _may_be_two(word, cut, lexicon)
        )
        likely = nlargest(_MOST_SPLITS, (one for one in known if one[0] >= _KNOWN_PART))
        for _, cut in likely:
            yield [*typed[:at], *cut, *typed[at + 1 :]]


def _may_be_two(word: str, cut: Sequence[str], lexicon: Lexicon) -> bool:
    """Say whether a word may be others run together: a common one is no "l arg" or "vid eo"."""
    if len(cut) == 2 and min(map(len, cut)) >= _WHOLE_WORD:  # noqa: PLR2004 - in two
        return True
    total = lexicon.papers(EVERY_PAPER)
    return not total or lexicon.papers(stem(word)) * _RARE <= total


def other_forms(
    text: str, spellings: Iterable[Sequence[str]], lexicon: Lexicon
) -> tuple[Pattern, ...]:
    """Return words with one of them spelled out, or cut short, or with some as their acronym."""
    return _distinct(form for words_ in spellings for form in _other_forms(text, words_, lexicon))


def _other_forms(text: str, typed: Sequence[str], lexicon: Lexicon) -> Iterator[Pattern]:
    if len(typed) > LONGEST_FORM:  # taken apart into letters and digits
        return
    yield from _spelled_out(text, typed, lexicon)
    for at, word in enumerate(typed):
        for equal in EQUAL_STEMS.get(stem(word), ()):
            yield Pattern((*map(stem, typed[:at]), equal, *map(stem, typed[at + 1 :])))
    for start, end in combinations(range(len(typed) + 1), 2):
        if end - start > 1:
            for short in lexicon.forms.short_forms(" ".join(typed[start:end])):
                yield _pattern([*typed[:start], *_folded(short), *typed[end:]])


def _spelled_out(text: str, typed: Sequence[str], lexicon: Lexicon) -> Iterator[Pattern]:
    """Yield words with an acronym among them as its long form."""
    as_typed = [text[word.start : word.end] for word in words(text)]
    if len(as_typed) != len(typed):  # its words are run together or taken apart
        as_typed = list(typed)
    for start, end in combinations(range(len(typed) + 1), 2):
        short = "-".join(as_typed[start:end])  # 3D-GS is one; its capitals tell SAM from a name
        if end - start <= _LONGEST_SHORT and (end - start == 1 or short in text):
            for sense in lexicon.forms.long_forms(short):
                yield _pattern([*typed[:start], *_folded(sense.long), *typed[end:]])


def _may_name(typed: Sequence[str], lexicon: Lexicon) -> bool:
    """Say whether somebody has each of these words in the name; some terms have no word."""
    return bool(typed) and all(lexicon.names(stem(word)) for word in typed)


def _names_somebody(typed: Sequence[str], lexicon: Lexicon) -> bool:
    """Say whether a term is rather a name: GAN is a method, although people are called Gan."""
    if len(typed) > 1:
        return _may_name(typed, lexicon)
    one = stem(typed[0]) if typed else ""
    return lexicon.names(one) > _MOSTLY_A_NAME * lexicon.papers(one)


def _category(text: str) -> str:
    """Return the one word as which a category is indexed: ``cs·cv``, and ``cs`` beside it."""
    parts = text.casefold().strip(".").split(".")
    return "·".join("".join(filter(str.isalnum, part)) for part in parts)


def _pattern(typed: Iterable[str]) -> Pattern:
    return Pattern(tuple(map(stem, typed)) or ("",))


def _distinct(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(patterns))


@lru_cache(maxsize=1_000)
def _folded(text: str) -> tuple[str, ...]:
    """Return a term's words; each is asked for with every run of words that it is part of."""
    return tuple(word.folded for word in words(text))


def _is_plain(node: Node) -> bool:
    return isinstance(node, Term) and node.field is None and not (node.prefix or node.quoted)


def _is_stop_word(node: Node) -> bool:
    return isinstance(node, Term) and _is_plain(node) and node.text.casefold() in STOP_WORDS


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)
        case Not(part):
            yield from _terms(part)
