"""A summary of one paper in five parts, and the seam behind which summaries are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.domain.papers import Paper

PARTS = ("tldr", "objective", "method", "results", "implications")

ABSTRACT, FULL_TEXT = "abstract", "full text"
"""What a summary can be written from."""

EXTRACTIVE, AI_SUMMARY, ARCHIVE = "extractive", "ai_summary", "digest archive"
"""The writers that are no model of ours; every other name is a model's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a paper found, in five parts; a part that its source lacks is None.

    ``model`` names who wrote it (``extractive``, ``ai_summary``, ``digest archive`` or a model's
    own name), ``source`` what it was written from (``abstract`` or ``full text``), ``prompt`` the
    version of the instructions, and ``grounded`` whether every number was found in the source
    (None: not checked). ``sought`` says whether the four parts after the tldr were looked for, so
    that a None among them means "the source does not say" and not "nobody looked".

    ``unknown_names`` are the named models and datasets that the source does not have, and
    ``suspicious`` says that the source holds text which speaks to a model instead of a reader.
    """

    tldr: str | None
    objective: str | None = None
    method: str | None = None
    results: str | None = None
    implications: str | None = None
    model: str
    source: str
    prompt: int
    grounded: bool | None
    sought: bool
    written_at: datetime
    unknown_names: tuple[str, ...] = ()
    suspicious: bool = False

    @property
    def by_model(self) -> bool:
        """Whether the configured model wrote it, so that there is nothing better to come."""
        return self.model not in {EXTRACTIVE, AI_SUMMARY, ARCHIVE}

    def parts(self) -> tuple[tuple[str, str | None], ...]:
        """Return the five parts by name, in reading order."""
        return tuple((name, getattr(self, name)) for name in PARTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """What a summary is written from, without what speaks to a model instead of a reader.

    ``text`` is the abstract or, by its ``kind``, the full text; ``instructions`` are the sentences
    left out, and ``hidden`` says that there was text which no reader sees.
    """

    abstract: str
    text: str
    kind: str = ABSTRACT
    instructions: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def suspicious(self) -> bool:
        """Whether the paper holds text that is not for its readers."""
        return self.hidden or bool(self.instructions)


@dataclass(slots=True)
class Usage:
    """What one request took: tokens read and written, as the endpoint counts them."""

    requests: int = 0
    read: int = 0
    written: int = 0

    @property
    def tokens(self) -> int:
        """All tokens."""
        return self.read + self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """What one model did on one day."""

    model: str
    requests: int
    tokens: int
    summaries: int


class Purse(Protocol):
    """What may be spent on a model."""

    def spending(self, model: str, tokens: int) -> AbstractAsyncContextManager[Usage]:
        """Set tokens aside for a request; what it really took is entered in the usage.

        Raises:
            BudgetSpent: there are not so many left today.
        """
        ...


class Summarizer(Protocol):
    """Says in five parts what a paper found."""

    async def summarize(
        self, paper: Paper, source: SourceText, now: datetime, purse: Purse
    ) -> Summary:
        """Return a summary; never one with a number that its source lacks.

        Raises:
            BudgetSpent: today's tokens do not suffice.
            ModelUnreachable: there is no answer to be had from any model now.
            SummaryError: the models answer, but not with a summary of this paper.
        """
        ...
