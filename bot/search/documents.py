"""A paper as the search sees it: the words of each of its columns, and what they say of it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.indexing import IndexEntry, Vector
from bot.search import analysis
from bot.search.analysis import STOP_WORDS, spelled, stems
from bot.search.definitions import definitions
from bot.search.patterns import (
    ABSTRACT,
    AUTHORS,
    BOUNDARY,
    CATEGORIES,
    KEYWORDS,
    ORGANIZATION,
    SUMMARY,
    TITLE,
)
from bot.search.stemming import family, stem
from bot.search.topics import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.papers import Paper
    from bot.domain.summaries import Summary

VECTOR_LENGTH = 48
"""Stems that are kept of what a paper is about."""

_STOP_STEMS = frozenset(map(stem, STOP_WORDS))  # papers are known by their stems: "wa" of was
_TITLE_COUNTS = 2
_HEAVIEST = 255
_FEWEST_PAPERS, _FEW_PAPERS = 3, 100


def columns(paper: Paper, summary: Summary | None) -> dict[str, list[str]]:
    """Return the stems of each column of a paper, as they are matched and indexed.

    A part of the summary that is a sentence of the abstract is left out: it says nothing more.
    """
    parts = [] if summary is None else [part for _, part in summary.parts() if part]
    own = [part for part in parts if part not in paper.abstract]
    return {
        TITLE: stems(paper.title),
        ABSTRACT: stems(paper.abstract),
        SUMMARY: stems(" ".join(dict.fromkeys(own))),
        KEYWORDS: _apart(map(stems, paper.ai_keywords)),
        ORGANIZATION: stems(paper.organization or ""),
        AUTHORS: _apart(form for author in paper.authors for form in _names(author.name)),
        CATEGORIES: [word for one in paper.categories for word in _category(one)],
    }


def _told(paper: Paper, summary: Summary | None) -> str:
    """Return everything whose words are counted: the texts, and the names."""
    parts = () if summary is None else (part for _, part in summary.parts() if part)
    names = (author.name for author in paper.authors)
    texts = paper.title, paper.abstract, paper.organization or ""
    return "\n".join((*texts, *parts, *paper.ai_keywords, *names))


def _apart(groups: Iterable[list[str]]) -> list[str]:
    joined: list[str] = []
    for group in groups:
        joined += [BOUNDARY, *group] if joined else group
    return joined


def _names(name: str) -> list[list[str]]:
    """Return a name, and without what stands between the first and the last, as people say it."""
    whole = stems(name)
    return [whole, [whole[0], whole[-1]]] if len(whole) > 2 else [whole]  # noqa: PLR2004


def _category(category: str) -> list[str]:
    """Return ``cs`` and ``cs·cv`` for cs.CV; the dot would part words in the index."""
    parts = ["".join(filter(str.isalnum, part)) for part in category.casefold().split(".")]
    return [parts[0], "·".join(parts)] if parts[1:] else parts


class PaperAnalyst:
    """Reads papers for the index."""

    version = analysis.VERSION

    def entry(self, paper: Paper, summary: Summary | None) -> IndexEntry:
        """Return what is indexed of a paper."""
        found = columns(paper, summary)
        told = set(spelled(_told(paper, summary)))
        return IndexEntry(
            columns={name: " ".join(stems_) for name, stems_ in found.items()},
            # Of the words that have a stem the shortest, by which it is shown and related.
            words={
                stem(word): (word, family(word))
                for word in sorted(told, key=lambda one: (-len(one), one))
            },
            topics=tuple((one.kind.value, one.form, one.text) for one in candidates(paper)),
            definitions=tuple(
                dict.fromkeys(
                    (one.short, one.long)
                    for text in (paper.title, paper.abstract)
                    for one in definitions(text)
                )
            ),
        )

    def vector(self, entry: IndexEntry, papers: Mapping[str, int], total: int) -> Vector:
        """Return a paper's most telling stems, by how often it has them and how few others do.

        Logarithmic term frequency times Robertson's inverse document frequency, of length one
        before it is cut: Manning, Raghavan and Schütze, Introduction to Information Retrieval, 6.2,
        6.4 and 11.3. A stem that hardly any paper has likens none to another, and is left out.
        """
        least = _FEWEST_PAPERS if total > _FEW_PAPERS else 1
        counts = Counter(entry.columns[TITLE].split() * _TITLE_COUNTS)
        for column in (ABSTRACT, KEYWORDS, SUMMARY):
            counts.update(entry.columns[column].split())
        weights = {
            one: math.log1p(count) * _telling(papers.get(one, 0), total)
            for one, count in counts.items()
            if one not in _STOP_STEMS and one != BOUNDARY and papers.get(one, 0) >= least
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        kept = sorted(weights, key=lambda one: (-weights[one], one))[:VECTOR_LENGTH]
        return Vector(
            tuple(kept), bytes(max(1, round(_HEAVIEST * weights[one] / length)) for one in kept)
        )


def _telling(papers: int, total: int) -> float:
    return math.log1p(max(0.0, total - papers + 0.5) / (papers + 0.5))
