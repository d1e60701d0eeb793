"""The acronyms that a text defines: "long form (LF)" and "LF (long form)"."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.search.alignment import align, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.search.alignment import Part

LONGEST_FORM = 14
"""Words of a long form at most."""

# Every repetition is bounded, so that no text takes more than its length to read.
_MARKUP = re.compile(
    r"\\?\b(?:text(?:bf|it|sc|tt|rm|sf)?|emph|underline|math[a-z]{2,4}|bf|it)\s?\{|\\(?=[&_%#])"
    r"|[{}$*`^~\\]"
)
_BRACKET = re.compile(r"\(([^()]{2,160})\)")
_SHORT = re.compile(r"[A-Za-z0-9](?:[-/&.+_]?[A-Za-z0-9]){1,14}(?![^\s,;])")
_ALONE = re.compile(r"[A-Za-z0-9](?:[-/&.+_]?[A-Za-z0-9]){1,14}")
_SIZE = re.compile(r"[0-9.]{1,6}[A-Z]{1,2}")  # 7B, 20K, 48GB
_NOTED = re.compile(r"\s?\([A-Za-z0-9-]{2,10}\)(?=\s)")  # "reinforcement learning (RL) with …"
_BREAK = re.compile(r"[.!?;:](?=\s)|[()\[\]|\u2014]|\s[-\u2013]{1,3}\s")
_BEFORE = re.compile(
    r"(?<!\S)[\"\'\u2018\u201c]?([^\s()\[\]\"\'\u2018\u2019\u201c\u201d]{2,16})[\"\'\u2019\u201d]?\s?$"
)
_QUOTES = " \n\t\"'\u2019\u201d"
_REACH = 200  # characters before a bracket: more than any long form has


class Definition(NamedTuple):
    """An acronym as it is printed, without a plural's s, and the normal form of its long form."""

    short: str
    long: str


@lru_cache(maxsize=16)  # a paper is read for its acronyms, and for its topics
def definitions(text: str) -> tuple[Definition, ...]:
    """Return the acronyms that a title or an abstract defines, each once, in their order.

    The pattern is Schwartz and Hearst's, an acronym in brackets after its long form or the long
    form in brackets after it; which words belong to it says ``align``.
    """
    clean = _MARKUP.sub("", text.replace("~", " "))
    found: dict[Definition, None] = {}
    for bracket in _BRACKET.finditer(clean):
        before = clean[max(0, bracket.start() - _REACH) : bracket.start()]
        defined = _after(before, bracket[1].strip()) or _inside(before, bracket[1])
        if defined is not None:
            found[defined] = None
    return tuple(found)


def _after(before: str, inside: str) -> Definition | None:
    """Read "long form (LF)"; what follows a comma inside the bracket is not looked at."""
    short = _SHORT.match(inside)
    before = _NOTED.sub("", before).rstrip(_QUOTES)
    if short is None or not before[-1:].isalnum():
        return None
    return _read(short[0], parts_of(_BREAK.split(before)[-1]))


def _inside(before: str, inside: str) -> Definition | None:
    """Read "LF (long form)", where the long form fills the bracket up to a semicolon."""
    short = _BEFORE.search(before[-20:])
    if short is None or _ALONE.fullmatch(short[1]) is None:
        return None
    return _read(short[1], parts_of(inside.partition(";")[0]), whole=True)


def _read(printed: str, parts: Sequence[Part], *, whole: bool = False) -> Definition | None:
    if not looks_like_acronym(printed):
        return None
    for short in _singulars(printed):
        span = align(short, parts)
        if span is None or (whole and span != (0, len(parts))):
            continue
        long = normal_form([part.text for part in parts[slice(*span)]])
        if squeezed(long) != squeezed(short) and len(long.split()) <= LONGEST_FORM:
            return Definition(short, long)
    return None


def looks_like_acronym(text: str) -> bool:
    """Say whether a word is written as an acronym: two capitals, or one and a digit; no size."""
    capitals = sum(sign.isupper() for sign in text)
    digits = any(sign.isdigit() for sign in text)
    return capitals + digits > 1 and capitals > 0 and _SIZE.fullmatch(text) is None


def _singulars(printed: str) -> tuple[str, ...]:
    """Return the forms to try: a last small s may be the plural's (LLMs) or not (GFlowNets)."""
    return (printed[:-1], printed) if printed.endswith("s") else (printed,)


def squeezed(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(filter(str.isalnum, text)).lower()


# What ends in s and is no plural.
_SINGULAR = re.compile(
    r".{0,2}|.{0,40}(?:ss|us|is|ics|alias|atlas|bias|canvas|gas|lens|series|species)"
)


def normal_form(words: Sequence[str]) -> str:
    """Return a long form in lower case, its words parted by spaces, the last one in the singular.

    After "of" a plural is part of the name: a mixture of experts, degrees of freedom.
    """
    lower = [word.lower() for word in words]
    lower[-1:] = [word.removesuffix("'s") for word in lower[-1:]]
    if lower[-2:-1] != ["of"]:
        lower[-1:] = [singular(word) for word in lower[-1:]]
    return " ".join(lower)


def singular(word: str) -> str:
    """Return an English noun in small letters without its plural's ending."""
    if not word.endswith("s") or _SINGULAR.fullmatch(word):
        return word
    if word.endswith("ies") and len(word) > len("ties"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "ches", "shes", "xes", "ocesses")):
        return word[:-2]
    return word[:-1]
