"""Whether every number of a summary occurs in the text that it was written from."""

from __future__ import annotations

from bot.summaries.quantities import Kind, plain, quantities

# What grounds a number. A percentage needs a percentage, or what may be one without its sign, for a
# full text's tables have the sign in their captions only; but never a mere count ("3 layers").
_ANY = frozenset(Kind) - {Kind.ORDINAL, Kind.WORD}
_UNSIGNED = _ANY - {Kind.PERCENT, Kind.FACTOR}
_GROUNDS = {
    Kind.PERCENT: {Kind.PERCENT, Kind.SCORE, Kind.WORD},
    Kind.FACTOR: {Kind.FACTOR, Kind.SCORE, Kind.WORD},
    Kind.WORD: {Kind.WORD, Kind.PERCENT},
    Kind.ORDINAL: {Kind.ORDINAL, Kind.COUNT, Kind.BARE},
    Kind.NAME: _UNSIGNED - {Kind.SPELLED},
    Kind.COUNT: _UNSIGNED,
    Kind.SPELLED: _UNSIGNED,
    Kind.SCORE: _ANY,
    Kind.BARE: _ANY,
}
# Not every language's word for a percentage is known here: what is counted may be one.
_GROUNDS_FOREIGN = {**_GROUNDS, Kind.COUNT: _ANY}


class Source:
    """A text that summaries are checked against, read once."""

    def __init__(self, text: str) -> None:
        self._known = {
            (value, kind)
            for quantity in quantities(text)
            for value in quantity.values
            for kind in quantity.kinds
        }

    def ungrounded(self, summary_text: str, language: str = "en") -> tuple[str, ...]:
        """Return the numbers, as written, that a summary has and this text lacks.

        A rounded number is another number, and so is a percentage of what the text only counts. A
        spelled-out ``one`` to ``twelve`` is not asked for: it mostly counts what the source lists
        (``three components``). In another ``language`` than English a comma can be a decimal
        point, and a number that can be read in two ways is grounded by either.
        """
        foreign = not language.lower().startswith("en")
        grounds = _GROUNDS_FOREIGN if foreign else _GROUNDS
        missing = (
            quantity.written
            for quantity in quantities(summary_text, foreign=foreign)
            if quantity.figure
            and not any(
                (value, ground) in self._known
                for value in quantity.values
                for kind in quantity.kinds
                for ground in grounds[kind]
            )
        )
        return tuple(dict.fromkeys(missing))


def numbers(text: str) -> frozenset[str]:
    """Return every number of a text in plain digits: ``7K`` is ``7000``, ``95.0 %`` is ``95``.

    Signs and units are left out, and a number in a name (``GPT-4``, ``3D``) is one like any other.
    Numbers in words count too. Where a number can be read in two ways, both are given.
    """
    return frozenset(plain(value) for found in quantities(text) for value in found.values)


def ungrounded(summary_text: str, source_text: str) -> tuple[str, ...]:
    """Return the numbers, as written, that an English summary has and its source lacks."""
    return Source(source_text).ungrounded(summary_text)
