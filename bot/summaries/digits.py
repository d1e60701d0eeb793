"""Digits of every script as ASCII has them, and Chinese numerals where they state a figure."""

from __future__ import annotations

import re
import unicodedata

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"  # exponents and indices, which are something else
_UNITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "\u3007": 0,
    "两": 2,
    "兩": 2,
}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = f"[{''.join((*_UNITS, *_PLACES))}]{{1,12}}"
_STATED = re.compile(
    rf"百分之(?P<percent>{_NUMERAL})(?:点(?P<point>[{''.join(_UNITS)}]{{1,6}}))?"
    rf"|(?P<number>{_NUMERAL})(?=[%％倍成])"  # noqa: RUF001 - as it is written there
    rf"|(?P<long>{_NUMERAL})(?=[万萬亿億])"
)


def plain_digits(text: str) -> str:
    """Return a text with every digit as ASCII has it: mathematical, circled, of any script."""
    if text.isascii():
        return text
    return "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign.isascii() or sign in _RAISED or not sign.isnumeric():
        return sign
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(sign) in {"Nl", "No"} and "\u2044" not in (
        folded := unicodedata.normalize("NFKC", sign)
    ):
        return folded  # a circled twelve; a Roman number, which is letters then
    return sign


def stated_in_digits(text: str) -> str:
    """Return a text with the Chinese numerals that state a figure written in digits.

    ``百分之九十九`` is ``99%``, ``三倍`` is ``3倍``; those that count in a word (三维) are left.
    """
    return _STATED.sub(_digits, text)


def _digits(match: re.Match[str]) -> str:
    if match["percent"]:
        point = "".join(str(_UNITS[sign]) for sign in match["point"] or "")
        return f"{_value(match['percent'])}{'.' if point else ''}{point}%"
    return str(_value(match["number"] or match["long"]))


def _value(numeral: str) -> int:
    """Read a numeral below ten thousand; one without places is read digit by digit."""
    if not any(sign in _PLACES for sign in numeral):
        return int("".join(str(_UNITS[sign]) for sign in numeral))
    value, unit = 0, None
    for sign in numeral:
        if sign in _PLACES:
            value += (1 if unit is None else unit) * _PLACES[sign]
            unit = None
        else:
            unit = _UNITS[sign]
    return value + (unit or 0)
