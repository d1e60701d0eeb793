"""Summaries without a model: an abstract's own sentences under the five parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.summaries import ABSTRACT, AI_SUMMARY, EXTRACTIVE, PARTS, Summary
from bot.summaries.grounding import ungrounded
from bot.summaries.housekeeping import unfit
from bot.summaries.injection import follows, without_instructions
from bot.summaries.parts import sentences_by_part
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.papers import Paper

PROMPT = 2
"""The version of the rules in ``parts``, stored with every summary."""


class Extractive:
    """Writes summaries without a model: every sentence of the abstract is taken word for word."""

    def summarize(self, paper: Paper, now: datetime) -> Summary:
        """Return the five parts; one that the abstract lacks is None.

        The tldr is Hugging Face's sentence where its numbers hold, else the abstract's most
        telling one. Without an abstract there is nothing to hold numbers against, and only a
        sentence free of them is taken; the other parts are then not sought. What in the abstract
        speaks to a model instead of a reader is left out.
        """
        abstract, orders = without_instructions(paper.abstract)
        told = _told_by_hugging_face(paper)
        found = sentences_by_part(paper.title, abstract, told)
        tldr, objective, method, results, implications = (
            " ".join(found[part]) or None for part in PARTS
        )
        return Summary(
            tldr=tldr,
            objective=objective,
            method=method,
            results=results,
            implications=implications,
            model=AI_SUMMARY if told else EXTRACTIVE,
            source=ABSTRACT,
            prompt=PROMPT,
            grounded=True,
            sought=bool(paper.abstract),
            written_at=now,
            suspicious=bool(orders),
        )


def _told_by_hugging_face(paper: Paper) -> str | None:
    """Return the first sentence of the paper's ``ai_summary`` if it can be shown."""
    sentences = split_sentences(paper.ai_summary or "")
    if not sentences or ungrounded(sentences[0], paper.abstract):
        return None
    return None if unfit(sentences[0]) or follows(sentences[0], ()) else sentences[0]
