"""What is looked for, as a line of JSON that is quick to read: a standing query keeps it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from bot.search.patterns import TEXTS, Either, Every, OneOf, Pattern

if TYPE_CHECKING:
    from bot.search.patterns import Wanted

_Packed: TypeAlias = "list[str | bool | _Packed]"

_EVERY, _EITHER, _TEXTS = "&", "|", "texts"


def pack(wanted: Wanted) -> str:
    """Return what is looked for as JSON, from which ``unpack`` makes it again."""
    return json.dumps(_packed(wanted), ensure_ascii=False, separators=(",", ":"))


def unpack(packed: str) -> Wanted:
    """Return what ``pack`` packed.

    Raises:
        ValueError: it did not, or other rules were in force then.
    """
    return _wanted(json.loads(packed))


def _packed(wanted: Wanted) -> _Packed:
    match wanted:
        case OneOf(patterns, columns, literal):
            names = _TEXTS if columns == TEXTS else " ".join(columns)
            return [names, literal, *map(_line, patterns)]
        case Either(parts):
            return [_EITHER, *map(_packed, parts)]
        case Every(parts, unwanted):
            return [_EVERY, [*map(_packed, parts)], [*map(_packed, unwanted)]]


def _line(pattern: Pattern) -> str:
    return " ".join(pattern.stems) + "*" * pattern.prefix  # no stem has a star or a space


def _wanted(told: object) -> Wanted:
    match told:
        case [str(sign), [*wanted], [*unwanted]] if sign == _EVERY:
            return Every(tuple(map(_wanted, wanted)), tuple(map(_wanted, unwanted)))
        case [str(sign), *parts] if sign == _EITHER:
            return Either(tuple(map(_wanted, parts)))
        case [str(names), bool(literal), *lines]:
            columns = TEXTS if names == _TEXTS else tuple(names.split())
            return OneOf(tuple(map(_pattern, lines)), columns, literal)
        case _:
            raise ValueError(f"{told!r} is no pattern")


def _pattern(line: object) -> Pattern:
    if not isinstance(line, str):
        raise ValueError(f"{line!r} is no pattern")  # noqa: TRY004 - a row is damaged, no call
    whole = line.removesuffix("*")
    return Pattern(tuple(whole.split(" ")), prefix=whole != line)
