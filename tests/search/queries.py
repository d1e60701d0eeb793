"""What people type, well and badly, and trees as a query can have them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bot.domain.queries import Field, Query, Term
from bot.errors import QueryMistake
from bot.search.line import keys, one_line
from bot.search.parsing import parse
from bot.search.trees import all_of, any_of, opposite

if TYPE_CHECKING:
    from bot.domain.queries import Node

SPECIAL = (
    *"\"“”«(（)）|-–—+*＊ :：,，.。?!;&[{^/\\`'’_\n\t\0\u3000\u200b\u202e\ufeff\ud800\ue000",
    *("||", "--", "OR", "AND", "NOT", " OR ", " AND ", " NOT ", "or", "NEAR", "NULL", "1:1"),
    *("title:", "AUTHOR: ", "authors:", "cat:", "keyword:", "org:", "foo:", "3,0", "ab", "π0"),
    *("é", "e\u0301", "\u0301", "\u0323", "ß", "扩散", "हि", "한", "🔥", "⚡\ufe0f"),
)

typed = st.lists(st.sampled_from(SPECIAL) | st.text(max_size=4), max_size=40).map("".join)


def outcome(text: str) -> Query | QueryMistake:
    """Return what a text means, or what is wrong with it."""
    try:
        return parse(text)
    except QueryMistake as mistake:
        return mistake


WORDS = (
    *("video", "text-to-3d", "C++", "U-Net++", "C#", "read/write", "π0", "3.5", "12:30", "3,000"),
    *("扩散", "हिंदी", "Müller", "l'art", "o1-like", "cs.CV", "OR", "AND", "NOT", "or"),
)
_words = st.sampled_from(WORDS) | st.from_regex(r"[a-z0-9]([+/'._-]?[a-z0-9]){0,6}", fullmatch=True)


def _as_typed(text: str) -> str:
    line = keys(unicodedata.normalize("NFC", one_line(text)))
    return " ".join(line.replace('"', "").replace("*", "").split())


_phrases = (
    st.text(max_size=12)
    .map(_as_typed)
    .filter(lambda text: any(map(str.isalnum, text)) and text == _as_typed(text))
)
_fields = st.none() | st.sampled_from(Field)


def _with_prefix(term: Term) -> st.SearchStrategy[Term]:
    can = term.text[-2:].isalnum() and len(term.text) > 1
    return st.booleans().map(
        lambda prefix: Term(
            text=term.text, field=term.field, prefix=prefix and can, quoted=term.quoted
        )
    )


terms = (
    st.builds(Term, text=_words, field=_fields)
    | st.builds(Term, text=_phrases, field=_fields, quoted=st.just(True))  # noqa: FBT003
).flatmap(_with_prefix)


def _larger(smaller: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    wanted = st.lists(smaller, min_size=1, max_size=3)
    excluded = st.lists(smaller.map(opposite), max_size=2)
    return st.builds(
        lambda some, others: all_of([*others[:1], *some, *others[1:]]), wanted, excluded
    ) | wanted.map(any_of)


trees: st.SearchStrategy[Node] = st.recursive(terms, _larger, max_leaves=8)
