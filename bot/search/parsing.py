"""A query's text to its tree, or to one sentence that says where and what the mistake is."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from lark import Lark, UnexpectedToken

from bot.domain.queries import LONGEST_QUERY, Query
from bot.errors import QueryMistake
from bot.search.analysis import spelled
from bot.search.line import keys, one_line
from bot.search.meaning import meaning
from bot.search.terms import refuse_foreign, start_of, term_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lark import Token

    from bot.domain.queries import Term
    from bot.search.meaning import Branch

MOST_TERMS = 64
MOST_WORDS = 40
"""Words that may stand together; no title has more."""

MOST_BEGINNINGS = 8
"""Words with a star: each is looked up in all that begin so."""

DEEPEST_NESTING = 8

# Built once, as a regular expression is; it keeps nothing of what it parses, so threads share it.
_PARSER = Lark.open_from_package(
    "bot.search", "grammar.lark", parser="lalr", lexer="basic", start="query"
)
_TERMS = frozenset({"WORD", "QUOTED"})
_BEFORE_A_TERM = frozenset({"_OR", "_AND", "NOT", "FIELD", "LPAR"})


def parse(text: str) -> Query:
    """Return what a query means.

    Raises:
        QueryMistake: it does not parse, looks for nothing, or is over a bound.
    """
    line = _bounded(one_line(text))
    # Only what is bounded: its time is quadratic in a run of marks. Some letters become two.
    line = _bounded(unicodedata.normalize("NFC", line))
    return Query(text=line, tree=meaning(_parsed(line), line))


def _bounded(line: str) -> str:
    if len(line) <= LONGEST_QUERY:
        return line
    expected = f"at most {LONGEST_QUERY} characters"
    raise QueryMistake(
        f"I expected {expected} and got {len(line):,}.",
        text=line,
        at=LONGEST_QUERY,
        expected=expected,
    )


def _parsed(line: str) -> Branch:
    """Return a line as the grammar sees it; of several mistakes the first is told."""
    session = _PARSER.parse_interactive(keys(line))
    tokens: list[Token] = []
    try:
        for token in session.iter_parse():  # which hands a token out before it is parsed
            tokens.append(token)
            _check(tokens, line)
        if not tokens:
            raise _nothing(line)
        tree: Branch = session.feed_eof(tokens[-1])
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise _ended(tokens, line) from error
        raise _misplaced(tokens, line) from error
    return tree


def _check(tokens: Sequence[Token], line: str) -> None:
    """Refuse the last token for what it is, and what is over a bound with it."""
    token = tokens[-1]
    match token.type:
        case "WORD" | "QUOTED":
            _check_term(term_of(token, line), token, tokens, line)
        case "LPAR":
            if len(_unclosed(tokens)) > DEEPEST_NESTING:
                raise _one_too_many(f"groups at most {DEEPEST_NESTING} deep", token, line)
        case "FOREIGN":
            refuse_foreign(token, line)
        case "UNCLOSED":
            expected = "a closing quote"
            raise QueryMistake(
                f"I expected {expected} for this one.",
                text=line,
                at=start_of(token),
                expected=expected,
            )


def _check_term(term: Term, token: Token, tokens: Sequence[Token], line: str) -> None:
    terms = [each for each in tokens if each.type in _TERMS]
    if len(terms) > MOST_TERMS:
        raise _one_too_many(f"at most {MOST_TERMS} words and phrases", token, line)
    if len(spelled(term.text)) > MOST_WORDS:
        raise _one_too_many(f"at most {MOST_WORDS} words together", token, line)
    if term.prefix and sum("*" in each for each in terms) > MOST_BEGINNINGS:
        raise _one_too_many(f"at most {MOST_BEGINNINGS} words with a star", token, line)


def _one_too_many(expected: str, token: Token, line: str) -> QueryMistake:
    return QueryMistake(
        f"I expected {expected}; this is one too many.",
        text=line,
        at=start_of(token),
        expected=expected,
    )


def _nothing(line: str) -> QueryMistake:
    expected = "a word with a letter or a digit" if line else "something to look for"
    return QueryMistake(f"I expected {expected}.", text=line, at=0, expected=expected)


def _ended(tokens: Sequence[Token], line: str) -> QueryMistake:
    """Say what is missing at the end of a line."""
    last = tokens[-1]
    if last.type in _BEFORE_A_TERM:
        return _missing(f"after “{_typed(last, line)}”", line, len(line))
    expected = "a closing “)”"
    return QueryMistake(
        f"I expected {expected} for this “(”.",
        text=line,
        at=start_of(_unclosed(tokens)[-1]),
        expected=expected,
    )


def _misplaced(tokens: Sequence[Token], line: str) -> QueryMistake:
    """Say what is missing before the last token."""
    *before, token = tokens
    at = start_of(token)
    if not before:
        return _missing(f"before “{_typed(token, line)}”", line, at)
    if before[-1].type in _BEFORE_A_TERM:
        between = f"“{_typed(before[-1], line)}” and “{_typed(token, line)}”"
        return _missing(f"between {between}", line, at)
    expected = "a “(” before it"
    return QueryMistake(
        f"This “)” closes nothing: I expected {expected}.", text=line, at=at, expected=expected
    )


def _missing(where: str, line: str, at: int) -> QueryMistake:
    expected = "a word or a phrase"
    return QueryMistake(f"I expected {expected} {where}.", text=line, at=at, expected=expected)


def _typed(token: Token, line: str) -> str:
    """Return a token as it was typed, on whatever keyboard."""
    return line[start_of(token) : start_of(token) + len(token)]


def _unclosed(tokens: Sequence[Token]) -> list[Token]:
    """Return the opening parentheses that no later one closes."""
    opened: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            opened.append(token)
        elif token.type == "RPAR":
            opened.pop()
    return opened
