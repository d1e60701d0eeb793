"""A term out of its token: quotes, star and outer punctuation taken off, and what is no term."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NoReturn

from bot.domain.queries import Field, Term
from bot.errors import QueryMistake
from bot.search.line import is_mark

if TYPE_CHECKING:
    from lark import Token

_SHORTEST_PREFIX = 2
_LONGEST_NAME = 40  # of a field that does not exist: the sentence stays one to read
_ALIASES = {"authors": "author", "category": "cat", "keywords": "keyword"}
_KEPT_AT_THE_END = frozenset("+#*")  # C++, C#, quant*


def start_of(token: Token) -> int:
    """Return the column of a token; only one that no text was read for would have none."""
    return token.start_pos or 0


def field_of(token: Token) -> Field:
    """Return the field that a field's token names."""
    name = "".join(filter(str.isalpha, token)).lower()
    return Field(_ALIASES.get(name, name))


def term_of(token: Token, line: str, field: Field | None = None) -> Term:
    """Return the term that a word's or a phrase's token means.

    Raises:
        QueryMistake: there is nothing to look for in it, or its star is in the wrong place.
    """
    return _phrase(token, line, field) if token.type == "QUOTED" else _word(token, line, field)


def refuse_foreign(token: Token, line: str) -> NoReturn:
    """Say that there is no such field.

    Raises:
        QueryMistake: always.
    """
    begin = _outer(token)
    name = token[begin:]
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}…"
    *others, last = (f"{each}:" for each in Field)
    fields = f"{', '.join(others)} or {last}"
    raise QueryMistake(
        f"“{name}” is no field: I expected {fields}, or quotes round it to look for it as words.",
        text=line,
        at=start_of(token) + begin,
        expected=fields,
    )


def _word(token: Token, line: str, field: Field | None) -> Term:
    begin, end = _outer(token), len(token)
    while not _ends_a_word(token[end - 1]):
        end -= 1
    text, prefix = _unstarred(token[begin:end], token, line)
    return Term(text=text, field=field, prefix=prefix, at=start_of(token) + begin)


def _phrase(token: Token, line: str, field: Field | None) -> Term:
    inner, _, star = token[1:].rpartition('"')
    if not any(map(str.isalnum, inner)):
        raise QueryMistake(
            "I expected a letter or a digit between the quotes.",
            text=line,
            at=start_of(token),
            expected="a letter or a digit",
        )
    text, prefix = _unstarred(inner.rstrip() + star, token, line)
    text = " ".join(text.split())
    return Term(text=text, field=field, prefix=prefix, quoted=True, at=start_of(token))


def _unstarred(text: str, token: Token, line: str) -> tuple[str, bool]:
    """Return a text without the star at its end, and whether there was one."""
    body = text.rstrip("*")
    prefix = body != text
    if "*" in body:
        expected = "“*” only at the end of a word or a phrase"
    elif prefix and _letters_at_the_end(body) < _SHORTEST_PREFIX:
        expected = "at least two letters or digits right before “*”"
    else:
        return body, prefix
    at = start_of(token) + token.index("*")
    raise QueryMistake(f"I expected {expected}.", text=line, at=at, expected=expected)


def _outer(word: str) -> int:
    """Count the signs before the first letter or digit; a star there is somebody's mistake."""
    return sum(1 for _ in takewhile(lambda sign: not sign.isalnum() and sign != "*", word))


def _ends_a_word(character: str) -> bool:
    return character.isalnum() or character in _KEPT_AT_THE_END or is_mark(character)


def _letters_at_the_end(text: str) -> int:
    last = takewhile(lambda each: each.isalnum() or is_mark(each), reversed(text))
    return sum(map(str.isalnum, last))
