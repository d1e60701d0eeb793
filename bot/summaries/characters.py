"""Characters that nobody sees, and letters that only look like others."""

# ruff: noqa: RUF001 - what looks alike is what this file is about

from __future__ import annotations

import re
import unicodedata

# Printable by Unicode's book, and blank all the same: combining joiners, fillers, selectors.
_BLANK = frozenset(
    (
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)
# Persian and the scripts of India are spelled with joiners between their letters.
_JOINING = "\u0600-\u06ff\u0750-\u077f\u0900-\u0dff"
_JOINERS = (0x200C, 0x200D)
_STRAY_JOINER = re.compile(rf"(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0020-\U000e007e]{4,600}")
_TAG_BASE = 0xE0000  # tag characters are ASCII, this much higher

# What NFKD does not take back to the Latin letter or the mark that a reader takes it for.
_TAKEN_FOR = {
    "a": "аαɑᴀ", "b": "вʙ", "c": "сᴄ", "d": "ԁᴅ", "e": "еεᴇ", "g": "ցɡɢ", "h": "нһʜ", "i": "іιıɪ",
    "j": "јᴊ", "k": "кκᴋ", "l": "ӏʟ", "m": "мᴍ", "n": "ոηɴ", "o": "оοօᴏ", "p": "рρᴘ", "q": "ԛ",
    "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уγʏ",
    "'": "’‘‛", '"': "“”„‟", "-": "‐‑‒–—−",
}  # fmt: skip
_LOOKALIKES = str.maketrans(
    {other: letter for letter, others in _TAKEN_FOR.items() for other in others}
)


class _Visible(dict[int, int | None]):
    """A table for `str.translate` that takes out what is not printed, filled as it is asked."""

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        shown = character.isprintable() or character.isspace() or code in _JOINERS
        self[code] = code if shown and code not in _BLANK else None
        return self[code]


class _Plain(dict[int, str]):
    """A table for `str.translate` that gives each letter's plainest form, one for one."""

    def __missing__(self, code: int) -> str:
        if chr(code).isspace():
            return " "
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        self[code] = base.translate(_LOOKALIKES) if len(base) == 1 else chr(code)
        return self[code]


_VISIBLE = _Visible()
_PLAIN = _Plain()


def visible(text: str) -> str:
    """Return a text without zero-width, control, bidi, tag and private characters.

    White space stays, and so does a joiner between two letters of a script that is spelled with
    joiners.
    """
    if text.isascii() and text.isprintable():
        return text
    return _STRAY_JOINER.sub("", text.translate(_VISIBLE))


def plain_letters(text: str) -> str:
    """Return a text of the same length in small letters, without accents and look-alikes.

    All white space in it is spaces.
    """
    return text.translate(_PLAIN)


def smuggled(text: str) -> tuple[str, ...]:
    """Return what is written in Unicode's tag characters, which nobody sees, flags aside."""
    return tuple(
        "".join(chr(ord(tag) - _TAG_BASE) for tag in found) for found in _TAGS.findall(text)
    )
