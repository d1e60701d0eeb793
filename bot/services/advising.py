"""What to try where nothing matches."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.queries import Query
from bot.domain.searches import Advice
from bot.errors import QueryMistake
from bot.search.analysis import STOP_WORDS, stems, words
from bot.search.completion import written
from bot.search.expansion import expand, meaningful
from bot.search.expression import expression
from bot.search.parsing import parse
from bot.search.wording import understood, without
from bot.services.retrieval import lexicon_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.papers import ArxivId
    from bot.domain.queries import Term
    from bot.search.lexicon import Forms, Lexicon
    from bot.storage.search_reading import Scope, SearchReader

_TOPICS = 4
_MOST_COUNTED = 1000  # papers of a term: which of the commoner ones is left out matters little
_TRIED = 8
_LOOKED_AT = 40
_WORDS_LOOKED_AT = 6
_BEGINNING = 5  # letters that a word and a topic may have in common and mean the same


def unknown(paper_id: ArxivId) -> Advice:
    """Say that a paper asked for by its id is not there."""
    said = f"the paper {paper_id}, which is not stored; /paper {paper_id} fetches it"
    return Advice(understood=said)


def advise(reader: SearchReader, query: Query, lexicon: Lexicon, scope: Scope) -> Advice:
    """Say how a query was understood, which topics are near, and what it finds without a term.

    The term left out is the one that the fewest papers have. Whatever is offered finds something.
    """
    looked_for = Query(text=query.text, tree=meaningful(query.tree))
    terms = looked_for.terms()
    asked = {term: expression(expand(term, lexicon)) for term in terms}
    found = {term: reader.count(asked[term], scope, _MOST_COUNTED) for term in terms}
    rarest = min(terms, key=lambda term: found[term])
    shorter = without(looked_for, rarest) if len(terms) > 1 else None
    finds = 0
    if shorter is not None:
        finds = reader.count(expression(expand(shorter.tree, lexicon)), scope)
    return Advice(
        understood=understood(looked_for),
        topics=_near(reader, terms, query.text, lexicon, scope),
        rarest=rarest.text if finds else None,
        without=shorter.text if shorter is not None and finds else None,
        finds=finds,
    )


def _near(
    reader: SearchReader, terms: Sequence[Term], typed: str, lexicon: Lexicon, scope: Scope
) -> tuple[str, ...]:
    """Return queries for known topics that have most of a query's words, the commonest first."""
    asked = {
        word.stem: word.folded
        for term in terms
        for word in words(term.text)
        if word.folded not in STOP_WORDS
    }
    shared: dict[str, tuple[int, int]] = {}
    telling = sorted(asked, key=lexicon.papers)[:_WORDS_LOOKED_AT]  # the rarer words
    for folded in map(asked.__getitem__, telling):
        beginning = folded[:_BEGINNING]
        for _, _, shown, papers in reader.topics(("keyword",), beginning, _LOOKED_AT):
            has = {one[:_BEGINNING] for one in stems(shown)}
            close = sum(stem[:_BEGINNING] in has for stem in asked)
            shared[shown] = (close, papers)
    best = sorted(shared, key=lambda shown: (-shared[shown][0], -shared[shown][1], shown))
    queries = (written(shown) for shown in best[:_TRIED] if shown.casefold() != typed.casefold())
    found = (query for query in queries if _finds(reader, query, lexicon.forms, scope))
    return tuple(islice(found, _TOPICS))


def _finds(reader: SearchReader, query: str, forms: Forms, scope: Scope) -> bool:
    try:
        tree = parse(query).tree
    except QueryMistake:  # a keyword may have signs that no query can have
        return False
    wanted = expand(tree, lexicon_for(reader, tree, forms))
    return reader.count(expression(wanted), scope, most=1) > 0
