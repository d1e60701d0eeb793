"""What a model wrote held against its source: every number, every order, and the figure asked for.

Pure: a draft goes in, and comes out with each sentence that does not hold replaced by the source's
own best sentence for that part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.summaries import PARTS
from bot.summaries.cleaning import cleaned
from bot.summaries.digits import plain_digits, stated_in_digits
from bot.summaries.grounding import Source
from bot.summaries.injection import follows
from bot.summaries.names import unknown_names
from bot.summaries.parts import best_sentence
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.papers import Paper
    from bot.domain.summaries import SourceText

_MOST_SENTENCES = {"tldr": 1, "objective": 3, "method": 4, "results": 4, "implications": 3}
# What a model writes where it has nothing to say, or what is left when nothing else was there.
_NOTHING = re.compile(
    r"\W*|\W*(?:n/?a|none|null|nil|unknown|empty|string|(?:it is |this is )?not (?:\w{1,15} )?"
    r"(?:stated|mentioned|specified|given|provided|available|applicable|reported|discussed|clear)"
    r"(?: in the (?:abstract|paper|text))?)\W*|\{.*",
    re.IGNORECASE | re.DOTALL,
)
_FIGURE = re.compile(r"\d")
_NO_FIGURE = re.compile(r"\d{4}\b|\d\)|\[\d")  # a year, an item of a list, a citation


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a draft: the numbers that its source lacks, and whether it obeys an order."""

    text: str
    numbers: tuple[str, ...] = ()
    obeys: bool = False

    @property
    def holds(self) -> bool:
        """Whether it may be shown."""
        return not self.numbers and not self.obeys


@dataclass(frozen=True, slots=True)
class Review:
    """A draft, part by part, with what is wrong with it."""

    parts: Mapping[str, tuple[Sentence, ...]]
    figure_missing: bool

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that the source lacks, as written."""
        wrong = (number for part in self.parts.values() for one in part for number in one.numbers)
        return tuple(dict.fromkeys(wrong))

    @property
    def obeys(self) -> bool:
        """Whether a sentence follows text in the paper that speaks to a model."""
        return any(one.obeys for part in self.parts.values() for one in part)

    @property
    def faults(self) -> int:
        """How many sentences do not hold; a figure that is missing counts as one."""
        wrong = sum(not one.holds for part in self.parts.values() for one in part)
        return wrong + self.figure_missing


class Checker:
    """Holds drafts against one paper; its source is read once.

    ``language`` is that of the drafts: numbers are written otherwise in some.
    """

    def __init__(self, paper: Paper, source: SourceText, language: str = "en") -> None:
        self.paper = paper
        self.source = source
        self._whole = f"{paper.title}\n{source.abstract}\n{source.text}"
        self._numbers = Source(self._whole)
        self._language = language

    def review(self, draft: Mapping[str, str]) -> Review:
        """Return what of a draft holds, its chatter and markup stripped."""
        parts = {name: self._sentences(name, draft.get(name, "")) for name in PARTS}
        has_figure = any(_FIGURE.search(one.text) for one in parts["results"])
        return Review(parts, figure_missing=not has_figure and self._result() is not None)

    def mended(self, review: Review) -> dict[str, str | None]:
        """Return the five parts, with the source's own sentences where the model's do not hold."""
        return {name: self._mended(name, review) for name in PARTS}

    def unknown_names(self, parts: Mapping[str, str | None]) -> tuple[str, ...]:
        """Return the named models and datasets that the source does not have."""
        return unknown_names(" ".join(text for text in parts.values() if text), self._whole)

    def _sentences(self, part: str, text: str) -> tuple[Sentence, ...]:
        text = plain_digits(cleaned(text))
        if _NOTHING.fullmatch(text):
            return ()
        sentences = split_sentences(text)[: _MOST_SENTENCES[part]]
        return tuple(
            Sentence(
                one,
                self._numbers.ungrounded(stated_in_digits(one), self._language),
                obeys=follows(one, self.source.instructions),
            )
            for one in sentences
        )

    def _mended(self, part: str, review: Review) -> str | None:
        sentences = review.parts[part]
        kept = [one.text for one in sentences if one.holds]
        own = None
        if len(kept) < len(sentences) or (part == "tldr" and not kept):
            own = best_sentence(part, self.paper.title, self.source.abstract)
        elif part == "results" and review.figure_missing:
            own = self._result()
        if own is not None and own not in kept:
            kept.append(own)
        return " ".join(kept[: _MOST_SENTENCES[part]]) or None

    def _result(self) -> str | None:
        """Return the abstract's own result, if it has a figure."""
        own = best_sentence("results", self.paper.title, self.source.abstract)
        if own is None or not _FIGURE.search(_NO_FIGURE.sub("", own)):
            return None
        return own
