"""Words that nothing has, and the known ones that they are spelled nearly like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.queries import And, Not, Or, Query, Term
from bot.search.analysis import words
from bot.search.wording import spelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.queries import Node
    from bot.search.lexicon import Lexicon
    from bot.services.vocabulary import Words


def corrected(query: Query, lexicon: Lexicon, known_words: Words) -> Query | None:
    """Return a query with the words that nothing has as the known ones most like them.

    None where there is nothing to correct.
    """
    spelling, shown = known_words.spelling, known_words.shown

    def known(term: Term) -> Term:
        text = term.text
        for word in reversed(list(words(term.text))):
            if lexicon.papers(word.stem) or lexicon.names(word.stem):
                continue
            if lexicon.forms.long_forms(term.text[word.start : word.end]):
                continue
            if near := spelling.nearest(word.stem, 1):
                text = text[: word.start] + shown.get(near[0], near[0]) + text[word.end :]
        return term if text == term.text else replace(term, text=text)

    tree = _mapped(query.tree, known)
    return None if tree == query.tree else Query(text=spelled(tree), tree=tree)


def _mapped(node: Node, change: Callable[[Term], Term]) -> Node:
    match node:
        case Term():
            return change(node)
        case And(parts):
            return And(tuple(_mapped(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(_mapped(part, change) for part in parts))
        case Not(part):
            return Not(_mapped(part, change))
