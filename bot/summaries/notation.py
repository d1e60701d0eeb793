"""How texts write numbers: what their digits, scales and units look like, as patterns.

Every repetition is bounded, or over one class of characters with nothing behind it that must
match, so that matching is linear in the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.summaries import number_words as words

if TYPE_CHECKING:
    from collections.abc import Iterable


class Style(NamedTuple):
    """How the texts of a language write numbers."""

    digits: re.Pattern[str]
    scale: re.Pattern[str]
    unit: re.Pattern[str]
    foreign: bool


_LONG = 4  # letters: more of them may be a word's beginning


def _any(table: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))


def _whole(scales: Iterable[str]) -> str:
    """Return a pattern for scales with the ends that their language gives them."""
    stems = _any(word for word in scales if len(word) > _LONG)
    signs = _any(word for word in scales if word[0] >= "\u2e80")  # Chinese writing, Korean
    short = _any(word for word in scales if len(word) <= _LONG and word[0] < "\u2e80")
    return rf"(?:{stems})\w{{0,9}} | (?:{short})(?![^\W_])" + (f" | {signs}" if signs else "")


_FLAGS = re.VERBOSE | re.IGNORECASE
_GLUE = r"(?:\\[,;:!\ ]|[\s$~{}]){0,4}"  # what typesetting puts between a number and its unit
_POWER = r"(?:\^\s?\{?\s?[-+\u2212\u2013]?[0-9]{1,3}(?![0-9])\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
_FLAT = r"\u2212[0-9]{1,2}(?![0-9.])"  # of 10^-3 where a PDF's text has lost the height
_THIN = r"[\u00a0\u2009\u202f~]|\\,"
_IN_ENGLISH = (
    rf"[0-9]{{1,3}}(?:(?:,(?:\\!)?|\{{,\}}|{_THIN})[0-9]{{3}}){{1,6}}(?![0-9])(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+)*"
)
_ELSEWHERE = (
    r"[0-9]{1,4}[亿億억]\s?[0-9]{1,4}(?=\s?[万萬만])"
    rf"|[0-9]{{1,3}}(?:(?:[.,'\u2019\u066c\ ]|{_THIN})[0-9]{{3}}){{1,6}}(?![0-9])(?:[.,][0-9]+)?"
    r"|[0-9]+(?:[.,\u066b][0-9]+)*"
)


def _style(figures: str, scales: str, percent: str, factor: str, *, foreign: bool) -> Style:
    digits = rf"""
        (?P<digits> (?<![0-9.,])10(?={_POWER}) | {figures} | (?<![\w.)\]}}])\.[0-9]+ )
        (?: e(?P<e>[-+\u2212]?[0-9]{{1,3}})(?![0-9A-Za-z])
          | (?<=10)(?<![0-9.,]10)(?P<power>{_POWER})
          | {_GLUE}(?:[\u00d7x*·⋅]|\\times|\\cdot){_GLUE}10\s?(?P<times>{_POWER}|{_FLAT}) )?"""
    scale = rf"""
        (?: (?:[-\s~]|\\,)?(?P<word>{scales})
          | \$?(?-i:(?P<letter>[KMBTkb]))(?![^\W_])
          | (?P<perhaps>m|[\s~](?-i:[MBT]))(?![^\W_]) )"""
    unit = rf"""
        {_GLUE}-?(?: (?P<percent>\\?[%٪]|{percent})
          | (?P<points>(?:absolute\s)?(?:points?|pts?)\b)
          | (?P<size>(?:\u00d7|\\?times|x){_GLUE}[0-9])
          | (?P<factor>{factor})(?P<items>\s?(?-i:[A-Z]))?
          | (?P<ordinal>(?:st|nd|rd|th)\b) )"""
    return Style(
        re.compile(digits, _FLAGS), re.compile(scale, _FLAGS), re.compile(unit, _FLAGS), foreign
    )


ENGLISH = _style(
    _IN_ENGLISH,
    rf"(?:{_any(words.SCALES)})s?(?![^\W_])",
    words.PERCENT,
    words.FACTOR,
    foreign=False,
)
FOREIGN = _style(
    _ELSEWHERE,
    _whole({**words.SCALES, **words.FOREIGN_SCALES}),
    f"{words.PERCENT}|{words.FOREIGN_PERCENT}",
    f"{words.FACTOR}|{words.FOREIGN_FACTOR}",
    foreign=True,
)
_SCALES = {**words.SCALES, **words.FOREIGN_SCALES}
_SCALE = re.compile(_any(_SCALES), re.IGNORECASE)


def power_of(scale: str) -> int:
    """Return the power of ten that a word for a scale stands for, whatever its ending."""
    found = _SCALE.match(scale)
    return _SCALES[found[0].lower()] if found else 0


# Digits of other scripts and full-width signs, one for one, so that places stay what they are.
_SCRIPTS = (0xFF10, 0x0660, 0x06F0, 0x0966)
ASCII = {zero + digit: str(digit) for zero in _SCRIPTS for digit in range(10)} | {
    0xFF0C: ",",
    0xFF0E: ".",
    0xFF05: "%",
}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺\u2212\u2013", "0123456789-+--")
FLATTENED = re.compile(_FLAT)

_NUMBERS, _ONES, _TENS = _any(words.NUMBERS), _any(words.ONES), _any(words.TENS)
WORD = re.compile(r"[A-Za-z]+")
STARTS = frozenset(
    (
        *(f"{number}{end}" for number in words.NUMBERS for end in ("", "fold")),
        *("a", "an", "half", "halves"),
        *words.ORDINALS,
        *words.MULTIPLES,
    )
)
SPELLED = re.compile(
    rf"""(?: (?:{_TENS})[-\s](?:{_ONES})\b
      | one(?=[-\s]\w)(?!\s(?:{words.AFTER_PRONOUN})\b) | (?:{_NUMBERS})(?<!one)(?:\b|(?=fold\b))
      | an?(?=\s(?:hundred|{_any(words.SCALES)})\b) ) (?P<hundred>[-\s]hundred\b)?""",
    _FLAGS,
)
IN_A_WORD = re.compile(
    rf"""(?: (?P<above>an?|{_ONES})[-\s](?P<below>{_any(words.PARTS)})s?
      | (?P<alone>{_any((*words.ORDINALS, *words.MULTIPLES, "half", "halves"))}) )\b""",
    _FLAGS,
)
IN_A_SIGN = re.compile(
    rf"""\\[dt]?frac\{{?(?P<over>[0-9]{{1,3}})\}}?\{{?(?P<under>[0-9]{{1,3}})\}}?
      | [{"".join(words.GLYPHS)}]""",
    _FLAGS,
)
FRACTION = re.compile(r"(?P<above>[0-9]{1,3})/(?P<below>[0-9]{1,3})(?![0-9])")
ITEM = re.compile(r"(?<!\S)\(?(?P<number>[1-9])\)(?=\s)")
TEN_THOUSANDS = re.compile(r"([0-9]+)[亿億억]\s?")

NEAR = 24  # characters before a number that are looked at
BEFORE = re.compile(
    rf"""(?: (?P<times>(?<![\w.])(?:[x\u00d7]|\\times)[\s$]{{0,2}})
      | (?P<ranked>{words.RANKING})
      | (?P<joined>[^\W\d_][-_\u2010\u2011]?)
      | (?P<named>{words.NAMING})
      | (?P<measure>\b(?:{words.MEASURES})[a-z]{{0,4}}(?:\s(?:of|to|at|from|is|was))?[\s:=~]{{1,2}})
      | (?P<percent>{words.PERCENT_BEFORE}) )\Z""",
    _FLAGS,
)
DIMENSIONS = re.compile(r"[-\s]?(?:dimension|d\b)", re.IGNORECASE)
COUNTED = re.compile(rf"[\s~]?(?!{words.MEASURES}|{words.UNCOUNTED})-?[^\W\d_]", re.IGNORECASE)
MEASURE_AFTER = re.compile(rf"[\s~-]?(?:{words.MEASURES})", _FLAGS)
MEASURED = re.compile(rf"[\s~-]?{words.MEASURED}")
RANGE = re.compile(words.RANGE, _FLAGS)
