"""What a model puts round its sentences: words to whoever asked, numbers, labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the model says to whoever asked it: an opening up to its colon (a title in quotes can hold
# one), whole sentences, and everything from the questions at the end on.
_OPENING = re.compile(
    r"\s*(?:(?:okay|ok|sure|certainly|of course|absolutely|great)"
    r"(?:[.!:]+|(?<=ok),|(?<=okay),|(?<=sure),|,(?=\s+(?:here|below|the following)\b))\s+)*"
    r"(?:(?:here(?:['\u2019]s| is| are)|below is|the following is)\b"
    r"(?=[^.!?]{0,80}\b(?:summar|overview|breakdown|tl;?dr))"
    r"(?:[^\":\n.!?]|[.!?](?!\s)|\"[^\"]*\")*:\s*)?",
    re.IGNORECASE,
)
_CHATTER = re.compile(
    r"(?:here(?:['\u2019]s| is| are)\b.{0,40}\b(?:summary|summaries|overview|breakdown)\b"
    r"(?: (?:of|for|in|that|as|based)\b[^.!?]{0,80})?\W*$"
    r"|(?:based on|according to|from) (?:the|this|your) (?:abstract|paper|text)[^.!?]{0,60},? "
    r"here(?:['\u2019]s| is| are)\b[^.!?]{0,80}[.:]$"
    r"|(?:(?:okay|ok|sure|certainly|of course|absolutely|great|you['\u2019]re welcome)"
    r"(?: thing| question| idea)?[\s.,!]*)+$"
    r"|(?:(?:okay|ok|sure|certainly|of course|absolutely|great)[,!.]? )?"
    r"i(?:['\u2019]d| would|['\u2019]m| am) (?:be )?(?:happy|glad|delighted) to\b"
    r"|(?:let me|i(?:['\u2019]ll| will)) summari[sz]e\b|here you (?:go|are)\W*$"
    r"|(?:i )?hope (?:this|that|it) (?:helps?|summary|is|was|meets)\b"
    r"|as an ai\b[^.!?]{0,80}\bi\b|i(?: have|['\u2019]ve) (?:followed|summari)"
    r"|let me know\b|(?:please )?feel free to\b|would you like\b|is there anything\b"
    r"|if you (?:have any|need|would like|want))",
    re.IGNORECASE,
)
_QUESTIONS = re.compile(r"follow-?\s?up questions?\W{0,4}(?:$|[:\n])", re.IGNORECASE)

# "**ii) ", "1. ", "- ": what stands before a sentence without being part of it.
_MARKS = re.compile(
    r"(?:\*\*|[-*\u2022]\s|#+\s|\s)*"
    r"(?:\(?(?P<number>[ivx]{1,4}|[a-e]|\d)(?:\)|\.(?=\s|$)))?(?:\*\*|\s)*"
)
_BULLETS = re.compile(r"(?:[-*\u2022]\s|#+\s|\s)*")
_LABELS = re.compile(
    r"(?:the\s+)?(?:(?:main|key|primary|principal|core|central|research|a|1-line|one-line)\s+)*"
    r"(?:(?P<tldr>summary|tl;?dr|overview)"
    r"|(?P<objective>(?:questions?|objectives?|goals?|aims?)"
    r"(?:\s*(?:/|\bor\b|\band\b)\s*(?:research\s+)?(?:questions?|objectives?|goals?))?)"
    r"|(?P<method>(?:methodology|methodologies|methods?|approach)(?:\s+used)?)"
    r"|(?P<results>results?|findings?)"
    r"|(?P<implications>implications?|takeaways?|significance|relevance))"
    r"(?:\s+for\s+(?:ai\s+)?practi\w+)?(?:\s*\([^()]*\))?"
    # "**A method** for things" is no label, but the sentence.
    r"(?:\s*(?::\s*\*\*|\*\*\s*:|\*\*(?=\s*(?-i:[^a-z\s]|$))|:)\s*"
    r"|(?<=\bused)\s+(?-i:(?=[A-Z])))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its marks, the number it had as written, and the part of its label."""

    text: str
    mark: str
    number: str | None
    label: str | None


def unmarked(text: str) -> Iterator[Sentence]:
    """Yield the sentences that a reader should see, parted from chatter, numbers and labels."""
    mark, number, label = "", None, None
    for sentence in split_sentences(text[_opening(text) :]):
        found = _parted(sentence)
        if _QUESTIONS.match(found.text):
            return
        if _CHATTER.match(found.text):
            continue
        if found.number:
            mark, number = found.mark, found.number
        label = found.label or label
        if found.text:
            yield Sentence(found.text, mark, number, label)
            mark, number, label = "", None, None


def _parted(sentence: str) -> Sentence:
    """Part a sentence from what stands before it."""
    marks = _MARKS.match(sentence)
    number = marks and marks["number"]
    place = marks.end() if marks else 0
    # All of them at once: to take one off at a time is quadratic in how many there are.
    while (more := _MARKS.match(sentence, place)) and more["number"] and ")" in more[0]:
        place = more.end()
    mark, label = sentence[:place].strip("*-#\u2022 \t\n"), None
    while found := _LABELS.match(sentence, place):
        label, place = found.lastgroup, _past_bullets(sentence, found.end())
    if not (number or label):
        place = _past_bullets(sentence, 0)  # further marks are of emphasis that closes later on
    rest = sentence[place:]
    rest = (rest.removesuffix("**") if rest.count("**") % 2 else rest).strip()
    return Sentence(rest, mark, number, label)


def _past_bullets(sentence: str, place: int) -> int:
    match = _BULLETS.match(sentence, place)
    return match.end() if match else place


def _opening(text: str) -> int:
    """Return where the model's opening words end."""
    match = _OPENING.match(text)
    return match.end() if match else 0
