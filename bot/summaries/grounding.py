"""Whether every number of a summary occurs in the text that it was written from."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FEW = ("one", "two", "three", "four", "five", "six")
_WORDS = (*_FEW, "seven", "eight", "nine", "ten", "eleven", "twelve")
_VALUES = {word: str(value) for value, word in enumerate(_WORDS, start=1)}
_SCALES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_LETTERS = {"k": 3, "m": 6, "b": 9, "t": 12}
_SIGNS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")  # noqa: RUF001 - as papers set them

# Every repetition is bounded or over one class of characters: matching is linear in the text.
_POWER = r"(?:\^\s?\{?\s?[-+−–]?[0-9]{1,3}(?![0-9])\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"  # noqa: RUF001
_GROUPED = r"[0-9]{1,3}(?:(?:,|\{,\}|\\,|[\u00a0\u2009\u202f])[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
_MENTION = re.compile(
    rf"""
    (?:
        (?<![0-9.,])10(?P<power>{_POWER})
      | (?P<digits>
            {_GROUPED} | [0-9]+(?:\.[0-9]+)* | (?<![\w.)\]}}])\.[0-9]+
          | \b(?:{"|".join(_WORDS)})(?=[-\s](?:{"|".join(_SCALES)})\b)
        )
        (?: [eE](?P<exponent>[-+−]?[0-9]{{1,3}})(?![0-9A-Za-z])
          | \s?\$?\s?(?:[×x*·⋅]|\\times|\\cdot)\s?\$?10\s?(?P<times>{_POWER})
        )?
    )
    (?: [-\s]?(?P<scale>{"|".join(_SCALES)})\b
      | \$?(?P<letter>(?-i:[KMBTkb]))(?![A-Za-z0-9])
      | (?P<perhaps>(?-i:m|\s[MBT]))(?![A-Za-z0-9])
    )?
    (?: \s?\\?% | \$?(?:×|x\b|\\times\b) )?
    """,  # noqa: RUF001 - the multiplication sign is what papers write
    re.VERBOSE | re.IGNORECASE,
)
_SPELLED = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:[-–—/,]|to|and|or)\s?")  # noqa: RUF001 - dashes of every length


@dataclass(frozen=True, slots=True)
class _Mention:
    """A number where it stands: as written, and what it can be read as."""

    written: str
    readings: frozenset[str]


def numbers(text: str) -> frozenset[str]:
    """Return every number of a text in plain digits: ``7K`` is ``7000``, ``95.0 %`` is ``95``.

    Signs and units are left out, and a number in a name (``GPT-4``, ``3D``) is one like any other.
    ``one`` to ``twelve`` count too. Where a number can be read in two ways, both are given.
    """
    digits = {reading for mention in _mentions(text) for reading in mention.readings}
    return frozenset(digits | {_VALUES[word.lower()] for word in _SPELLED.findall(text)})


def ungrounded(summary_text: str, source_text: str) -> tuple[str, ...]:
    """Return the numbers, as written, that a summary has and its source lacks.

    A rounded number is another number. A spelled-out ``one`` to ``twelve`` is not asked for: it
    mostly counts what the source lists (``three components``).
    """
    known = numbers(source_text)
    missing = (m.written for m in _mentions(summary_text) if known.isdisjoint(m.readings))
    return tuple(dict.fromkeys(missing))


def _mentions(text: str) -> list[_Mention]:
    """Find the numbers of a text, from its end, for a range has its unit last (``0.5-7B``)."""
    found: list[_Mention] = []
    after, shared = len(text), 0
    for match in reversed(list(_MENTION.finditer(text))):
        value, scale = _value(match), _scale(match)
        readings = {_plain(*value)}
        if scale:
            in_full = _plain(*value, scale)
            readings = {in_full, *readings} if match["perhaps"] else {in_full}
        elif shared and _RANGE.fullmatch(text, match.end(), after) and not _in_name(match):
            scale = shared
            readings.add(_plain(*value, scale))
        after, shared = match.start(), scale
        found.append(_Mention(match[0].strip(), frozenset(readings)))
    return found[::-1]


def _in_name(match: re.Match[str]) -> bool:
    return match.string[max(match.start() - 1, 0)].isalpha()


def _value(match: re.Match[str]) -> tuple[str, int]:
    """Return the figures of a mention and the power of ten that they are multiplied by."""
    if match["power"]:
        return "1", _exponent(match["power"])
    digits = match["digits"].lower()
    if digits in _VALUES:
        return _VALUES[digits], 0
    exponent = match["exponent"] or match["times"]
    return re.sub(r"[^0-9.]", "", digits), _exponent(exponent) if exponent else 0


def _exponent(written: str) -> int:
    return int(re.sub(r"[^-0-9]", "", written.translate(_SIGNS)))


def _scale(match: re.Match[str]) -> int:
    if match["scale"]:
        return _SCALES[match["scale"].lower()]
    letter = match["letter"] or match["perhaps"]
    return _LETTERS[letter.strip().lower()] if letter else 0


def _plain(digits: str, exponent: int, scale: int = 0) -> str:
    """Write a number without separators, exponent, and zeros that say nothing."""
    if digits.count(".") > 1:  # a version or a date, not a quantity
        return digits
    whole, _, fraction = digits.partition(".")
    point = len(whole) + exponent + scale
    figures = "0" * (1 - point) + whole + fraction
    point = max(point, 1)
    figures = figures.ljust(point, "0")
    whole, fraction = figures[:point].lstrip("0") or "0", figures[point:].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole
