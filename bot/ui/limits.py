"""Discord's limits, by name: https://docs.discord.com/developers/components/reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COMPONENTS = 40
"""Components in one message, nested ones counted."""

TEXT = 4000
"""Characters over all text displays of one message."""

TEXT_BYTES = 9000
"""UTF-8 bytes of text in one message: Discord is reported to answer 500 from about 10,170."""

CONTENT = 2000
OPTION_LABEL = 100
OPTION_DESCRIPTION = 100
CHOICES = 25
CHOICE_NAME = 100
BUTTONS_A_ROW = 5
BUTTON_LABEL = 80
URL = 512

PAPERS_A_MESSAGE = 10
PARTS_AN_EDITION = 10


def text_length(text: str) -> int:
    """Count a text as Discord may: by UTF-16 unit, never less than by character."""
    return len(text) + sum(character > "\uffff" for character in text)


def text_bytes(text: str) -> int:
    """Count a text in UTF-8 bytes."""
    return len(text.encode())


def first_that_fits(texts: Iterable[str], length: int, weight: int = TEXT_BYTES) -> str:
    """Return the first text of at most ``length`` characters and ``weight`` bytes, else the last.

    Raises:
        ValueError: if there is no text.
    """
    text = None
    for text in texts:
        if text_length(text) <= length and text_bytes(text) <= weight:
            return text
    if text is None:
        raise ValueError("no text to choose from")
    return text
