"""What to try where nothing matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.searches import Advice
from bot.search.analysis import STOP_WORDS, words
from bot.search.expansion import expand
from bot.search.expression import expression
from bot.search.wording import understood, without

if TYPE_CHECKING:
    from bot.domain.papers import ArxivId
    from bot.domain.queries import Query, Term
    from bot.search.expansion import Lexicon
    from bot.storage.search_reading import Scope, SearchReader

_TOPICS = 4
_LOOKED_AT = 40
_BEGINNING = 5  # letters that a word and a topic may have in common and mean the same


def unknown(paper_id: ArxivId) -> Advice:
    """Say that a paper asked for by its id is not there."""
    said = f"the paper {paper_id}, which is not stored; /paper {paper_id} fetches it"
    return Advice(understood=said)


def advise(reader: SearchReader, query: Query, lexicon: Lexicon, scope: Scope) -> Advice:
    """Say how a query was understood, which topics are near, and what it finds without a term.

    The term left out is the one that the fewest papers have.
    """
    terms = query.terms()
    found = {term: reader.count(expression(expand(term, lexicon)), scope) for term in terms}
    rarest = min(terms, key=lambda term: found[term])
    shorter = without(query, rarest) if len(terms) > 1 else None
    finds = 0 if shorter is None else reader.count(expression(expand(shorter.tree, lexicon)), scope)
    return Advice(
        understood=understood(query),
        topics=_near(reader, terms, query.text),
        rarest=rarest.text if finds else None,
        without=shorter.text if shorter is not None and finds else None,
        finds=finds,
    )


def _near(reader: SearchReader, terms: tuple[Term, ...], typed: str) -> tuple[str, ...]:
    """Return known topics that have most of a query's words, those with most papers first."""
    asked = {
        word.stem: word.folded
        for term in terms
        for word in words(term.text)
        if word.folded not in STOP_WORDS
    }
    shared: dict[str, tuple[int, int]] = {}
    for folded in asked.values():
        beginning = folded[:_BEGINNING]
        for _, _, shown, papers in reader.topics(("keyword",), beginning, _LOOKED_AT):
            has = {word.stem for word in words(shown)}
            close = sum(any(one[:_BEGINNING] == stem[:_BEGINNING] for one in has) for stem in asked)
            shared[shown] = (close, papers)
    best = sorted(shared, key=lambda shown: (-shared[shown][0], -shared[shown][1], shown))
    return tuple(one for one in best if one.casefold() != typed.casefold())[:_TOPICS]
