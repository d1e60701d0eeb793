"""One text for all queries that mean the same, by which they are stored once."""

from __future__ import annotations

import json
from itertools import combinations, groupby
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.queries import And, Field, Not, Or, Term
from bot.search.analysis import spelled, words
from bot.search.definitions import looks_like_acronym
from bot.search.expansion import LONGEST_FORM, meaningful

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.queries import Node

_Form: TypeAlias = "list[str | bool | _Form]"

_BY_NAME = frozenset((Field.AUTHOR, Field.CATEGORY))


def form(tree: Node) -> str:
    """Return a text that is equal only for trees which match the same, whatever is known of words.

    The order of parts, what stands twice, quotes round a part of its own and capitals that make no
    acronym do not count.
    """
    return _text(_form(tree))


def _form(node: Node) -> _Form:
    match node:
        case Term():
            return [node.field or "", _letters(node), node.prefix]
        case Or(parts):
            return _any_order("|", map(_form, parts))
        case Not(part):
            return ["-", _form(part)]
        case And():
            kept = meaningful(node)
            if not isinstance(kept, And):
                return _form(kept)
            return _any_order("&", _side_by_side(tuple(dict.fromkeys(kept.parts))))


def _side_by_side(parts: Sequence[Node]) -> Iterator[_Form]:
    """Yield the parts of an And; plain words in a row may be a long form or a name, in order."""
    for plain, run in groupby((one for one in parts if not isinstance(one, Not)), _is_plain):
        forms = list(map(_form, run))
        if plain and len(forms) > 1:
            yield ["+", *forms]
        else:
            yield from forms
    yield from (_form(one) for one in parts if isinstance(one, Not))


def _any_order(sign: str, forms: Iterable[_Form]) -> _Form:
    ordered = {_text(one): one for one in forms}
    if len(ordered) == 1:
        return next(iter(ordered.values()))
    return [sign, *(ordered[text] for text in sorted(ordered))]


def _text(told: _Form) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _is_plain(node: Node) -> bool:
    return isinstance(node, Term) and node.field is None and not (node.prefix or node.quoted)


def _letters(term: Term) -> str:
    """Return a term's text in small letters where that makes it no other."""
    text = " ".join(term.text.split())
    small = text.lower()
    if small == text or spelled(small) != spelled(text):
        return text
    told = term.field in _BY_NAME or term.prefix or not _has_acronym(text)
    return small if told else text


def _has_acronym(text: str) -> bool:
    """Say whether a word is printed as an acronym, or several are with hyphens between."""
    typed = [text[word.start : word.end] for word in words(text)][: LONGEST_FORM + 1]
    if len(typed) > LONGEST_FORM:
        return False
    runs = ("-".join(typed[a:b]) for a, b in combinations(range(len(typed) + 1), 2))
    return any(run in text and looks_like_acronym(run) for run in runs)
