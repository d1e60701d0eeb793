"""A summary of one paper in five parts, and the seam behind which summaries are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.papers import Paper

PARTS = ("tldr", "objective", "method", "results", "implications")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a paper found, in five parts; a part that its source lacks is None.

    ``model`` names who wrote it (``extractive``, ``ai_summary``, ``digest archive`` or a model's
    own name), ``source`` what it was written from (``abstract`` or ``full text``), ``prompt`` the
    version of the instructions, and ``grounded`` whether every number was found in the source
    (None: not checked). ``sought`` says whether the four parts after the tldr were looked for, so
    that a None among them means "the source does not say" and not "nobody looked".
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

    def parts(self) -> tuple[tuple[str, str | None], ...]:
        """Return the five parts by name, in reading order."""
        return tuple((name, getattr(self, name)) for name in PARTS)


class Summarizer(Protocol):
    """Says in five parts what a paper found."""

    async def summarize(self, paper: Paper, now: datetime) -> Summary:
        """Return a summary; never one with a number that its source lacks."""
        ...
