"""A model's sentences made fit to be shown: on one line, no chatter, no markup, no link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.summaries.characters import visible
from bot.summaries.chatter import unmarked
from bot.summaries.markup import (
    without_addresses,
    without_blocks,
    without_emphasis,
    without_marks,
    without_tokens,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.summaries.chatter import Sentence

_PASSES = 6  # markup within markup; what is deeper was made to be deep


def cleaned(text: str) -> str:
    """Return what a model wrote on one line, without chatter, labels, markup, links and mentions.

    A plain sentence comes back as it is, but for its white space. Refusals stay: see
    `injection.follows`.
    """
    for _ in range(_PASSES):
        before, text = text, _once(text)
        if text == before:
            return text
    text = without_marks(text)
    while (shorter := _once(text)) != text:
        text = shorter
    return text


def _once(text: str) -> str:
    """Take one layer of everything off."""
    text = without_blocks(without_addresses(without_tokens(_thought_through(visible(text)))))
    text = _joined(list(unmarked(text)))
    return " ".join(without_emphasis(text).split())


def _thought_through(text: str) -> str:
    """Return what comes after a model's thoughts; with no end to them, that is nothing."""
    thoughts, end, answer = text.partition("</think>")
    begun = thoughts.lstrip().startswith("<think>")
    if end and (begun or thoughts.endswith("\n")):
        return answer
    return "" if begun and thoughts.lstrip().startswith("<think>\n") else text


def _joined(sentences: Sequence[Sentence]) -> str:
    """Put sentences on one line, a semicolon after one without an end.

    A number before the only or the first sentence is a list's and goes, unless others follow it.
    """
    numbered = sum(sentence.number is not None for sentence in sentences) > 1
    joined = ""
    for sentence in sentences:
        if joined:
            joined += "; " if joined[-1].isalnum() else " "
        if sentence.mark and (numbered or joined):
            joined += f"{sentence.mark} "
        joined += sentence.text
    return joined
