"""Parts an imported digest's summary into the five parts, every sentence in its own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.summaries import PARTS, Summary
from bot.summaries.chatter import unmarked
from bot.summaries.cleaning import cleaned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.summaries.chatter import Sentence

_SERIES = tuple(
    dict(zip(numbers, parts, strict=False))
    for numbers, parts in (
        (("i", "ii", "iii", "iv", "v"), PARTS),
        (("i", "ii", "iii", "iv"), PARTS),
        ("12345", PARTS),
        ("abcde", PARTS),
        ("abcd", PARTS[1:]),
    )
)
# How a sentence begins that says outright which part it is.
_SUBJECT = (
    r"(?:(?:the|this|its|their|a|an|our|one|another)\s+)?(?:[\w-]+['\u2019]s?\s+)?"
    r"(?:(?:main|key|primary|principal|core|central|overall|overarching|specific|most|more|"
    r"significant|important|impactful|notable|practical|research|experimental|empirical|evaluation|"
    r"quantitative|preliminary|paper['\u2019]s|study['\u2019]s)\s+)*"
)
_STATED = re.compile(
    rf"{_SUBJECT}(?:(?P<objective>(?:objectives?|goals?|aims?|questions?)\b(?!-))"
    r"|(?P<method>(?:methodology|methodologies|innovations?)\b)"
    r"|(?P<results>(?:results?|findings?|experiments?|evaluations?)\b)"
    r"|(?P<implications>(?:implications?|takeaways?|relevance|significance)\b))",
    re.IGNORECASE,
)
_AIMS = re.compile(
    r"(?:(?:the|this|our)\s+)?(?:[\w-]+\s+)?(?:research|paper|study|work|survey|authors?|researchers|it|we)"
    r"\s+(?:primarily\s+|specifically\s+|mainly\s+)?"
    r"(?:aim|seek|sought|investigat|address|explor|examin|focus|ask|question)\w*\b",
    re.IGNORECASE,
)
_FOR_PRACTITIONERS = re.compile(
    r"\b(?:practi(?:ti)?oners?|ai engineers?|data scientists?|implications?|implies)\b",
    re.IGNORECASE,
)
_CONCLUDES = re.compile(
    r"[^,;]{0,60}\b(?:suggests?|imply|implies|indicates?|signif(?:y|ies)|means?)\b", re.IGNORECASE
)
_ACHIEVED_BY = re.compile(
    r"(?:this|it) is (?:achieved|accomplished|done|realized)\b|\S+ achieves? this (?:by|through)\b",
    re.IGNORECASE,
)
_ABOUT_THE_PAPER = re.compile(
    r"(?:however, )?(?:the|this) (?:paper|abstract|text|summary)"
    r" (?:does(?:n['\u2019]t| not)|did(?:n['\u2019]t| not)|is (?:unclear|silent)|seems to|lacks)\b",
    re.IGNORECASE,
)
# The verb, or the noun, that says what kind of sentence it is where none of the above does; the
# second kind only beside a figure.
_FOUND = re.compile(
    r"(?<![\w-])(?:achiev\w+|outperform\w*|surpass\w*|exceed\w*|attain\w*|reach(?:es|ed)"
    r"|demonstrat(?:es?|ed|ing)"
    r"|results? (?:show|in)\w*|reveal\w*|show(?:s|ed|ing)?|found|finds?\b|experiment(?:s|al)\b"
    r"|scored|match(?:es|ed)|identifies|degrad\w*)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:improv\w+|reduc\w+|increas\w+|decreas\w+|yield\w*|deliver\w*|gains?|boost\w*|scores?"
    r"|accelerat\w+|enhanc\w+|obtain\w*|drop\w*|declin\w+)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:employ\w*|leverag\w+|utiliz\w+|us(?:es|ed|ing)|propos\w+|introduc\w+|involv\w+"
    r"|train(?:s|ed|ing)|consist\w*|combin\w+|integrat\w+|compris\w+|incorporat\w+|formulat\w+"
    r"|construct\w*|design\w*|develop\w*|curat\w+|fine-tun\w+|generat\w+|appl(?:y|ies|ied)"
    r"|adopt\w*|creat\w+|optimiz\w+|implement\w*|decompos\w+|categoriz\w+|build\w*|built|via)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.-])[+-]?\d[\d,]*(?:\.\d+)?(?:%|x\b|\u00d7|\b(?!-))")


def split_imported(text: str, written_at: datetime) -> Summary:
    """Return the five parts of a summary as a digest archive has it, without its markup.

    ``tldr`` is the first sentence that is not chatter; it stands in a second part too when no
    other sentence states that part. A part of which no sentence speaks is None.
    """
    sentences = list(unmarked(text))
    parts = _assigned(sentences)
    if sentences and not parts["objective"] and _states_aim(sentences[0].text):
        parts["objective"].append(sentences[0].text)
    told = {name: cleaned(" ".join(found)) or None for name, found in parts.items()}
    return Summary(
        tldr=(cleaned(sentences[0].text) or None) if sentences else None,
        objective=told["objective"],
        method=told["method"],
        results=told["results"],
        implications=told["implications"],
        model="digest archive",
        source="full text",
        prompt=0,
        grounded=None,
        sought=True,
        written_at=written_at,
    )


def _assigned(sentences: Sequence[Sentence]) -> dict[str, list[str]]:
    """Put each sentence under the part that it states."""
    numbers = {sentence.number for sentence in sentences}
    numbered = next((names for names in _SERIES if numbers.issuperset(names)), {})
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    current, last = "tldr", len(sentences) - 1
    for place, sentence in enumerate(sentences):
        given = sentence.label or numbered.get(sentence.number or "")
        if given or place:
            current = (
                given
                or _stated(sentence.text)
                or _likely(sentence.text, current, parts, last=place == last)
            )
        parts[current].append(sentence.text)
    return parts


def _stated(text: str) -> str | None:
    """Return the part that a sentence names itself, or None."""
    to_practitioners = _FOR_PRACTITIONERS.search(text) is not None
    if match := _STATED.match(text):
        concludes = match["results"] and to_practitioners and _CONCLUDES.match(text)
        return "implications" if concludes else match.lastgroup
    if to_practitioners:
        return "implications"
    if _ACHIEVED_BY.match(text):
        return "method"
    return "objective" if _AIMS.match(text) else None


def _states_aim(text: str) -> bool:
    match = _STATED.match(text)
    return _AIMS.match(text) is not None or (match is not None and match.lastgroup == "objective")


def _likely(text: str, current: str, parts: Mapping[str, Sequence[str]], *, last: bool) -> str:
    """Return the part that a sentence's verbs and its place speak of."""
    if current != "tldr" and _ABOUT_THE_PAPER.match(text):
        return current
    figure = _FIGURE.search(text)
    found = _FOUND.search(text) or (figure and _CHANGED.search(text))
    if parts["implications"] or parts["results"]:
        measured = found and figure
        if not measured and (last or parts["implications"] or text.startswith(("This ", "These "))):
            return "implications"
    if not found:
        return "method" if current in {"tldr", "objective"} or _DONE.search(text) else current
    done = _DONE.search(text)
    method_known = parts["method"] and (figure or not parts["results"])
    return "method" if done and done.start() < found.start() and not method_known else "results"
