"""Which part of a query is still being typed, and the query that a suggested topic makes of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.queries import LONGEST_QUERY, Field
from bot.search.topics import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.search.topics import Topic

LONGEST_CHOICE = 100
"""Characters that Discord allows in the name and the value of a choice."""

_QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')
_OPERATORS = frozenset(("AND", "OR", "NOT"))
_NAMES: Mapping[str, Field] = {
    **{field.value: field for field in Field},
    "authors": Field.AUTHOR,
    "category": Field.CATEGORY,
    "keywords": Field.KEYWORD,
}
_FIELDS: Mapping[Kind, Field | None] = {
    Kind.KEYWORD: None,
    Kind.ACRONYM: None,
    Kind.AUTHOR: Field.AUTHOR,
    Kind.CATEGORY: Field.CATEGORY,
    Kind.ORGANIZATION: Field.ORGANIZATION,
}
_ONE_WORD = re.compile(r"\w(?:[\w.+#'/-]{0,98}[\w+#])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What is being typed: ``before`` stays as it is, ``text`` may become a topic.

    ``field`` is the one whose colon ends ``before``; ``quoted`` says that a quote was opened,
    which stands in neither.
    """

    before: str
    field: Field | None = None
    text: str
    quoted: bool = False

    @property
    def shorter(self) -> Completion | None:
        """The same without the first word of its text, which is kept; None if there is no other.

        For where no topic begins with all that was typed: ``fast diffu`` has ``diffu`` at its end.
        """
        first, space, rest = self.text.partition(" ")
        if self.quoted or not rest.strip():
            return None
        kept = len(rest) - len(rest.lstrip())
        return Completion(before=f"{self.before}{first}{space}{rest[:kept]}", text=rest[kept:])


def completion(typed: str) -> Completion:
    """Say which part of a query is being typed: all words since the last sign of the language."""
    # As the language does, it takes a Chinese keyboard's colons and brackets for ours.
    scan = _Scan(unicodedata.normalize("NFKC", typed[:LONGEST_QUERY]))
    for at, sign in enumerate(scan.typed):
        scan.read(at, sign)
    return scan.rest()


class _Scan:
    """Reads a query from its beginning, and remembers where what is being typed began."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self._start = 0  # of the words that are being typed
        self._word = 0  # where the last word began
        self._field: Field | None = None
        self._opened: int | None = None  # where a quote was opened that is not closed

    def read(self, at: int, sign: str) -> None:
        """Take one more sign."""
        if self._opened is not None:
            if sign in _QUOTES:
                self._opened = None
                self._begin(at + 1)
        elif sign.isspace():
            if self.typed[self._word : at] in _OPERATORS:
                self._begin(at + 1)
            self._word = at + 1
        elif sign in "()|" or (sign in "-+" and at == self._word):
            self._begin(at + 1)
        elif sign in _QUOTES and at == self._word:
            self._opened = at
        elif sign == ":" and (field := _NAMES.get(self.typed[self._word : at].lower())):
            self._begin(at + 1)
            self._field = field

    def _begin(self, at: int) -> None:
        self._start = self._word = at
        self._field = None

    def rest(self) -> Completion:
        """Return what is left at the end."""
        if self._opened is not None:
            at = self._opened
            field = None if self.typed[self._start : at].strip() else self._field
            text = self.typed[at + 1 :]
            return Completion(before=self.typed[:at], field=field, text=text, quoted=True)
        text = self.typed[self._start :].lstrip()
        before = self.typed[: len(self.typed) - len(text)]
        return Completion(before=before, field=self._field, text=text)


def completed(typing: Completion, topic: Topic) -> str | None:
    """Return the whole query with a topic in place of what is being typed.

    None where the topic is none of the field's, or the query too long for a choice.
    """
    field = _FIELDS[topic.kind]
    if typing.field is None:
        prefix = f"{field.value}:" if field else ""
    elif typing.field is field or (field is None and typing.field in {Field.TITLE, Field.KEYWORD}):
        prefix = ""
    else:
        return None
    query = f"{typing.before}{prefix}{written(topic.text)}"
    return query if len(query) <= LONGEST_CHOICE else None


def written(text: str) -> str:
    """Write words so that they are read as one phrase, and never as a sign of the language."""
    plain = "".join(" " if sign in _QUOTES or sign == "*" else sign for sign in text)
    plain = " ".join(plain.split())
    if _ONE_WORD.fullmatch(plain) and plain not in _OPERATORS:
        return plain
    return f'"{plain}"'
