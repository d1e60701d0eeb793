"""What was typed, as one line that can be shown, and as the keys of an ASCII keyboard."""

# ruff: noqa: RUF001 - what looks alike is what this file is about

from __future__ import annotations

import unicodedata

# Printable by Unicode's book and nothing to see: joiners, fillers (letters, even), selectors.
_BLANK = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # ASCII's printable characters, in its order
_TYPED_FOR = {
    '"': "“”„‟«»‹›「」『』《》〈〉〝〞〟❝❞",
    "'": "‘’‚‛ʼ′",
    "-": "‐‑‒–−﹣",
}
_KEYS = str.maketrans(
    {other: key for key, others in _TYPED_FOR.items() for other in others}
    | {chr(code): chr(ord("!") + place) for place, code in enumerate(_FULL_WIDTH)}
)


def one_line(text: str) -> str:
    """Return a text on one line, without outer blanks and without what nobody sees.

    Each control character and each kind of space becomes a blank; zero-width, bidi, private and
    unassigned characters go.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_shown, text))
    return text.strip()


def _shown(character: str) -> str:
    if character.isspace() or unicodedata.category(character) == "Cc":
        return " "
    return character if character.isprintable() and ord(character) not in _BLANK else ""


def keys(line: str) -> str:
    """Return a line of the same length as typed on an ASCII keyboard.

    Full-width forms, and the quotes, apostrophes and hyphens of all countries, become ASCII's.
    """
    return line.translate(_KEYS)


def is_mark(character: str) -> bool:
    """Say whether a character belongs to the letter before it: an accent, a vowel sign."""
    return unicodedata.category(character).startswith("M")
