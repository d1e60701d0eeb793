"""The numbers of a text: what each is worth and what it measures, however it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from bot.summaries import notation
from bot.summaries import number_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Kind(Enum):
    """What a number measures, as far as its neighbours say."""

    PERCENT = "percent"
    FACTOR = "factor"
    ORDINAL = "ordinal"
    WORD = "word"  # a part or a multiple that one word says: "halved", "two-thirds", "twice"
    NAME = "name"  # joined to letters: "GPT-4", "3D"
    COUNT = "count"  # of what is named beside it, or where something is: "3 layers", "Table 3"
    SPELLED = "spelled"  # a count in letters: "three layers"
    SCORE = "score"  # perhaps a percentage or a factor, without its sign: "from 41.2 to 53.1"
    BARE = "bare"  # a whole number, and nothing beside it says


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number where it stands: as written, and all that it can be read as.

    A value is its significant figures and their power of ten (``7e9``), a fraction (``1/3``) or a
    version (``1.2.3``). ``figure`` is false for a word that mostly counts what the text itself
    lists (``three components``), and for what numbers a list.
    """

    start: int
    written: str
    values: frozenset[str]
    kinds: frozenset[Kind]
    figure: bool = True


class _Number(NamedTuple):
    """Digits or words that write a number, before what stands beside them is looked at."""

    start: int
    end: int
    readings: tuple[tuple[str, int], ...]  # figures, and the power of ten to multiply them by
    spelled: bool = False


_SIGNED = frozenset((Kind.PERCENT, Kind.FACTOR))
_UNITS = {
    "percent": (Kind.PERCENT,),
    "points": (Kind.PERCENT, Kind.COUNT),
    "size": (Kind.COUNT,),
    "factor": (Kind.FACTOR,),
    "items": (Kind.FACTOR, Kind.COUNT),  # "8x A100" has eight of them
    "ordinal": (Kind.ORDINAL,),
}
_BEFORE = {"times": (Kind.FACTOR, Kind.COUNT), "ranked": (Kind.ORDINAL, Kind.COUNT)}
_FEW = frozenset((str(value), 0) for value in range(1, 13))
_GROUP = 3  # digits between two separators of thousands


def quantities(text: str, *, foreign: bool = False) -> list[Quantity]:
    """Return every number of a text in its order; ``foreign`` if the text is not in English.

    Other languages part the digits in other ways, and one notation stands for two numbers there
    (``1.000``): such a quantity has both values.
    """
    style = notation.FOREIGN if foreign else notation.ENGLISH
    plain_text = text.translate(notation.ASCII)
    places = [
        word.start()
        for word in notation.WORD.finditer(plain_text)
        if word[0].lower() in notation.STARTS
    ]
    numbers = sorted([*_in_digits(plain_text, style), *_spelled(plain_text, places)])
    found = [
        *_beside(text, plain_text, numbers, style),
        *_in_a_word(plain_text, places),
        *_in_a_sign(plain_text),
    ]
    return sorted(found, key=lambda quantity: quantity.start)


def canonical(figures: str, power: int = 0) -> str:
    """Write a number as its significant figures and their power of ten: ``7e9``, ``953e-1``."""
    if figures.count(".") > 1:  # a version or a date, not a quantity
        return figures
    whole, _, fraction = figures.partition(".")
    significant = (whole + fraction).lstrip("0")
    shortest = significant.rstrip("0")
    power += len(significant) - len(shortest) - len(fraction)
    return f"{shortest}e{power}" if shortest else "0e0"


def plain(value: str) -> str:
    """Write a quantity's value in plain digits, without zeros that say nothing."""
    figures, _, power = value.partition("e")
    if not power:
        return value
    point = len(figures) + int(power)
    figures = "0" * (1 - point) + figures.ljust(point, "0")
    point = max(point, 1)
    return f"{figures[:point]}.{figures[point:]}".rstrip(".")


def _in_digits(text: str, style: notation.Style) -> Iterator[_Number]:
    for match in style.digits.finditer(text):
        raised = match["e"] or match["power"] or match["times"]
        power = int(re.sub(r"[^-0-9]", "", raised.translate(notation.RAISED))) if raised else 0
        figures = "1" if match["power"] else match["digits"]
        written = _foreign(figures) if style.foreign else (re.sub(r"[^0-9.]", "", figures),)
        readings = [(read, power) for read in written]
        if figures == "10" and (flat := notation.FLATTENED.match(text, match.end())):
            readings.append(("1", int(flat[0].translate(notation.RAISED))))
        yield _Number(match.start(), match.end(), tuple(readings))


def _foreign(written: str) -> tuple[str, ...]:
    """Return what digits may say where a comma can part decimals and a point thousands."""
    if above := notation.TEN_THOUSANDS.match(written):  # 1億2000万 is 12000万
        return (above[1] + written[above.end() :].zfill(4),)
    groups, signs = re.split(r"[^0-9]+", written), re.findall(r"[^0-9]+", written)
    readings = []
    if all(len(group) == _GROUP for group in groups[1:]) and (not signs or groups[0]):
        readings.append("".join(groups))
    if signs and signs[-1] in {".", ",", "\u066b"} and signs[-1] not in signs[:-1]:
        readings.append("".join(groups[:-1]) + "." + groups[-1])
    return tuple(readings) or (".".join(groups),)


def _matches(pattern: re.Pattern[str], text: str, places: Sequence[int]) -> Iterator[re.Match[str]]:
    """Yield what matches at these places, none inside another: far faster than to search."""
    end = 0
    for place in places:
        if place >= end and (match := pattern.match(text, place)):
            end = match.end()
            yield match


def _spelled(text: str, places: Sequence[int]) -> Iterator[_Number]:
    for match in _matches(notation.SPELLED, text, places):
        parts = re.split(r"[-\s]", match[0].lower())
        value = sum(words.NUMBERS.get(part, 0) for part in parts) or 1  # "a million"
        power = 2 if match["hundred"] else 0
        yield _Number(match.start(), match.end(), ((str(value), power),), spelled=True)


def _beside(
    text: str, plain_text: str, numbers: list[_Number], style: notation.Style
) -> Iterator[Quantity]:
    """Read what stands beside each number, the last first: a range has its unit last (0.5-7B)."""
    fractions, items = _fractions(plain_text), _items(plain_text)
    after, shared_scale, shared_kinds = len(text), 0, frozenset[Kind]()
    for number in reversed(numbers):
        scaled, scales = _scale(plain_text, number, style)
        end, kinds = _kinds(plain_text, number, scaled, style)
        if notation.RANGE.fullmatch(plain_text, end, after) and Kind.NAME not in kinds:
            scales = scales if any(scales) else scales | {shared_scale}
            kinds = kinds if kinds & _SIGNED else kinds | (shared_kinds & _SIGNED)
        after, shared_scale, shared_kinds = number.start, max(scales), kinds
        values = {canonical(read, power + to) for read, power in number.readings for to in scales}
        if number.start in fractions and end == number.end:
            values, kinds = values | {fractions[number.start]}, kinds | {Kind.WORD}
        few = number.spelled and end == number.end and number.readings[0] in _FEW
        figure = not few and number.start not in items
        written = text[number.start : end].strip()
        yield Quantity(number.start, written, frozenset(values), kinds, figure)


def _fractions(text: str) -> dict[int, str]:
    """Return the fractions of a text by the places of both their numbers."""
    found: dict[int, str] = {}
    for match in notation.FRACTION.finditer(text):
        found |= dict.fromkeys((match.start("above"), match.start("below")), match[0])
    return found


def _items(text: str) -> set[int]:
    """Return where a text numbers what it lists, (1), (2) and on; what is out of turn is not."""
    found, turn = set[int](), 1
    for match in notation.ITEM.finditer(text):
        number = int(match["number"])
        if number in {1, turn}:
            found.add(match.start("number"))
            turn = number + 1
    return found


def _scale(text: str, number: _Number, style: notation.Style) -> tuple[int, set[int]]:
    """Return where a number with its scale ends, and the powers of ten that this may stand for."""
    match = style.scale.match(text, number.end)
    if match is None:
        return number.end, {0}
    if match["word"]:
        return match.end(), {notation.power_of(match["word"])}
    power = words.LETTERS[match[0][-1].lower()]
    return match.end(), {power} if match["letter"] else {0, power}


def _kinds(
    plain: str, number: _Number, end: int, style: notation.Style
) -> tuple[int, frozenset[Kind]]:
    """Return where a number with its unit ends, and what it may measure."""
    if unit := style.unit.match(plain, end):
        return end if unit["size"] else unit.end(), frozenset(_UNITS[unit.lastgroup or ""])
    before = notation.BEFORE.search(plain, max(number.start - notation.NEAR, 0), number.start)
    told = before.lastgroup if before else None
    if told == "percent" and style.foreign:
        return end, frozenset((Kind.PERCENT,))
    if told in _BEFORE:
        return end, frozenset(_BEFORE[told])
    if end > number.end:
        return end, frozenset((Kind.COUNT,))
    if number.spelled:
        in_a_name = notation.DIMENSIONS.match(plain, end)
        return end, frozenset((Kind.NAME if in_a_name else Kind.SPELLED,))
    return end, frozenset((_alone(plain, number, told),))


def _alone(text: str, number: _Number, before: str | None) -> Kind:
    """Say what digits measure that have neither scale nor unit, by what stands before them."""
    end = number.end
    if before == "joined" or text[end : end + 1].isalpha():
        return Kind.NAME
    if before == "named":
        return Kind.COUNT
    if "." in text[number.start : end]:
        return Kind.COUNT if notation.MEASURED.match(text, end) else Kind.SCORE
    if before == "measure" or notation.MEASURE_AFTER.match(text, end):
        return Kind.SCORE
    return Kind.COUNT if notation.COUNTED.match(text, end) else Kind.BARE


def _in_a_word(text: str, places: Sequence[int]) -> Iterator[Quantity]:
    """Find the numbers that a word says alone: two-thirds, halved, twice, first."""
    for match in _matches(notation.IN_A_WORD, text, places):
        above, word = (match["above"] or "").lower(), (match["below"] or match[0]).lower()
        counted = above in words.ONES
        if word in words.ORDINALS and not counted:  # "a third" may be one more after two
            yield _said(match, {canonical(str(words.ORDINALS[word]))}, Kind.ORDINAL)
        if word in words.MULTIPLES:
            yield _said(match, {canonical(str(words.MULTIPLES[word]))}, figure=True)
        elif above or word not in words.ORDINALS:
            part = _part(words.NUMBERS.get(above, 1), words.PARTS[word])
            yield _said(match, part, figure=counted)


def _in_a_sign(text: str) -> Iterator[Quantity]:
    for match in notation.IN_A_SIGN.finditer(text):
        over, under = words.GLYPHS.get(match[0]) or (int(match["over"]), int(match["under"]))
        yield _said(match, _part(over, under), figure=True)


def _said(
    match: re.Match[str], values: set[str], kind: Kind = Kind.WORD, *, figure: bool = False
) -> Quantity:
    return Quantity(match.start(), match[0], frozenset(values), frozenset((kind,)), figure)


def _part(above: int, below: int) -> set[str]:
    """Return a fraction, the percentage that it is if a whole one, and for a half the factor."""
    values = {f"{above}/{below}"}
    if below and not above * 100 % below:
        values.add(canonical(str(above * 100 // below)))
    return values | ({canonical("2")} if above * 2 == below else set())
