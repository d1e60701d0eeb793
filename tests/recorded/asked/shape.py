"""What a person asks, and what a fair person would demand back, so that a machine can check it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Why a query is among those that are asked."""

    BROAD = "one word that half of the field writes"
    TOPIC = "a topic in a few words"
    VARIANT = "one thing, written in another way"
    MISSPELT = "a slip of the thumb"
    ACRONYM = "an acronym or its long form"
    MODEL = "a model, a system or a language by its name"
    AUTHOR = "a person"
    ID = "an id or a link"
    TITLE = "a whole title, pasted"
    SENTENCE = "a question or a sentence"
    SCRIPT = "other alphabets, accents and emoji"
    RARE = "words that one abstract alone has"
    GRAMMAR = "the query language"
    MISTAKE = "a query that does not parse"
    HOSTILE = "what nobody means well"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What must come back for a query; whatever stands at its default is not demanded.

    Ids of papers: ``first`` are among the first three exact matches, ``early`` among the first ten,
    ``among`` anywhere among them; ``seen`` are among the first ten hits of any kind; ``never`` are
    no exact matches. ``at_least`` and ``at_most`` count exact matches.

    ``says`` and ``by`` are held against the first ten hits of any kind, fewer where there are
    fewer: ``of_ten`` of ten have one of the words in title, abstract or keywords (in lower case,
    ``-`` read as a space; part of a word will do), or the author.

    ``same_as`` is a query whose exact matches are the same set. ``mistake_at`` are the columns,
    from 0, any of which a caret may stand under; the answer is a mistake and nothing else.
    ``nothing`` says that no paper matches exactly: then one of ``near``, if there are any, is
    among the topics that are offered or stands in the title of a close hit.
    """

    first: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    at_least: int = 0
    at_most: int | None = None
    says: tuple[str, ...] = ()
    by: str | None = None
    of_ten: int = 10
    same_as: str | None = None
    mistake_at: tuple[int, ...] = ()
    nothing: bool = False
    near: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that it speaks of."""
        return self.first + self.early + self.among + self.seen + self.never


@dataclass(frozen=True, slots=True)
class Asked:
    """One query as it is typed, why it is asked, and what must come back.

    A demand without anything in it says that there must be an answer, whichever, and no error.
    """

    query: str
    kind: Kind
    demand: Demand


def ask(query: str, kind: Kind, demand: Demand | None = None) -> Asked:
    """Return the query with its demand, by default only that it is answered."""
    return Asked(query, kind, demand or Demand())
