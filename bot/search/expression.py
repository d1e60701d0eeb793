"""Patterns as an expression of SQLite's full-text search, in which every word is quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.search.patterns import Either, Every, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.search.patterns import Pattern, Wanted


def expression(wanted: Wanted) -> str:
    """Return the expression that matches what the patterns match.

    https://www.sqlite.org/fts5.html#full_text_query_syntax. Nothing of a person's text stands in it
    but folded words in double quotes.
    """
    match wanted:
        case OneOf(patterns, columns):
            return within(columns, patterns)
        case Either(parts):
            return f"({' OR '.join(map(expression, parts))})"
        case Every(parts, unwanted):
            every = f"({' AND '.join(map(expression, parts))})"
            return f"({' NOT '.join([every, *map(expression, unwanted)])})" if unwanted else every


def within(columns: Sequence[str], patterns: Iterable[Pattern]) -> str:
    """Return the expression of any of the patterns in any of the columns."""
    return f"({{{' '.join(columns)}}} : ({' OR '.join(map(_phrase, patterns))}))"


def _phrase(pattern: Pattern) -> str:
    words = " ".join(pattern.stems).replace('"', "")
    return f'"{words}" *' if pattern.prefix else f'"{words}"'
