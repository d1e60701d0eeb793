"""A paper and why it is brought, told as fully as a message has room for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.editions import TLDR_LENGTH
from bot.ui import limits
from bot.ui.digest import TITLE_LENGTH
from bot.ui.passages import marked
from bot.ui.text import link, readable, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.searches import Passage

SENTENCE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Characters of a title, a tldr and a passage, 0 for none, and how many of the facts."""

    title: int = TITLE_LENGTH
    tldr: int = TLDR_LENGTH
    sentence: int = SENTENCE_LENGTH
    facts: int | None = None


_LENGTHS = (  # the first that fit a message are taken
    Lengths(),
    Lengths(title=150, tldr=140, sentence=140),
    Lengths(title=100, tldr=80, sentence=80),
    Lengths(title=80, tldr=0, sentence=60, facts=2),
    Lengths(title=50, tldr=0, sentence=0, facts=1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells of a paper.

    ``facts`` are safe to show, the most telling first; ``note`` is a line of its own below all
    else. ``why`` is the sentence that matched; ``reason`` is said where no sentence can show it.
    """

    place: int
    id: str
    title: str
    facts: tuple[str, ...] = ()
    tldr: str | None = None
    why: Passage | None = None
    reason: str | None = None
    note: str | None = None

    def text(self, lengths: Lengths) -> str:
        """Render it: place, linked title, facts, what it says, why it is here."""
        why = self.why if lengths.sentence else None
        title = link(_said(self.title, why, lengths.title), f"https://arxiv.org/abs/{self.id}")
        lines = [f"**{self.place}.** {title}"]
        if facts := " · ".join(self.facts[: lengths.facts]):
            lines.append(f"-# {facts}")
        if self.tldr and lengths.tldr:
            lines.append(_said(self.tldr, why, lengths.tldr))
        if why is not None and not (_is_of(why, self.title) or self._tells(why, lengths)):
            lines.append(f"> {marked(why, lengths.sentence)}")
        elif self.why is None and self.reason and lengths.sentence:
            lines.append(f"-# {shown(self.reason, lengths.sentence)}")
        if self.note:
            lines.append(f"-# {self.note}")
        return "\n".join(lines)

    def _tells(self, why: Passage, lengths: Lengths) -> bool:
        return bool(lengths.tldr) and _is_of(why, self.tldr)


def told_texts(papers: Sequence[Told], beside: str) -> list[str]:
    """Render papers at the greatest lengths that fit a message beside other text."""
    room = limits.TEXT - limits.text_length(beside)
    weight = limits.TEXT_BYTES - limits.text_bytes(beside)
    *more, least = _LENGTHS
    for lengths in more:
        texts = [one.text(lengths) for one in papers]
        whole = "".join(texts)
        if limits.text_length(whole) <= room and limits.text_bytes(whole) <= weight:
            return texts
    return [one.text(least) for one in papers]


def _said(text: str, why: Passage | None, length: int) -> str:
    """Return a paper's text, with what matched in bold if it is the sentence that did."""
    return marked(why, length) if why and _is_of(why, text) else shown(text, length)


def _is_of(why: Passage, text: str | None) -> bool:
    return text is not None and readable(why.text) == readable(text)
