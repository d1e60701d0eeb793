"""Characters as a reader knows them: no ligatures, no control codes, nothing that is invisible."""

from __future__ import annotations

import re
from itertools import islice

HYPHEN = "\x02"
"""How PDFium marks a hyphen that ends a line."""

FEW_WORDS = 5
"""From so many on, hidden words are a text and not the label of a figure."""

_LIGATURES = dict(enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"), start=0xFB00))
# Bold, double-struck, sans-serif and monospaced digits, which no search for a figure would find.
_DIGITS = {0x1D7CE + value: str(value % 10) for value in range(50)}
_SHAPES = {**_LIGATURES, **_DIGITS, 0x00AD: HYPHEN, 0xFFFE: HYPHEN}
_NARROW = "\u00a0\u2009\u202f"
_SPACES = re.compile(
    # Between the digits of one number it stays: "7 000" is not 7 and 000.
    rf"[{_NARROW}](?![0-9]{{3}}(?![0-9]))|(?<![0-9])[{_NARROW}]|[\t\v\f\u2000-\u2008\u200a\u3000]"
)
_UNSEEN = re.compile(
    "[\0\x01\x03-\t\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
# Tag characters spell ASCII that no font shows: https://www.unicode.org/charts/PDF/UE0000.pdf
_SMUGGLED = re.compile(rf"[\U000e0000-\U000e007f]{{{FEW_WORDS * 2}}}")
# UTF-8 that was taken for Latin-1 on its way: old LaTeXML pages have three letters for a dash.
_TWICE_ENCODED = re.compile("[\xc2-\xf4](?=[\x80-\xbf]{0,2}[\x80-\x9f])[\x80-\xbf]{1,3}")
_WORD = re.compile(r"[^\W\d_]{2,}")


def clean(text: str) -> str:
    """Return a text with plain letters, digits and spaces, without what nobody sees.

    Line breaks and ``HYPHEN`` stay.
    """
    text = _TWICE_ENCODED.sub(_decoded, text).translate(_SHAPES)
    return _UNSEEN.sub("", _SPACES.sub(" ", text))


def smuggles(text: str) -> bool:
    """Say whether a text is spelled in characters that no font shows."""
    return _SMUGGLED.search(text) is not None


def is_text(words: str) -> bool:
    """Say whether there are more than a few words."""
    found = islice(_WORD.finditer(words), FEW_WORDS)
    return sum(1 for _ in found) == FEW_WORDS


def _decoded(match: re.Match[str]) -> str:
    """Return what was encoded twice as it was meant, anything else as it is."""
    try:
        return match[0].encode("latin-1").decode()
    except UnicodeDecodeError:
        return match[0]
