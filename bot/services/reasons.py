"""Why a paper was found: the sentence that shows it, else where else it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.papers import Paper
from bot.domain.searches import Match
from bot.search.analysis import words
from bot.search.documents import columns
from bot.search.matching import matches, spans
from bot.search.passages import passage
from bot.search.patterns import AUTHORS, CATEGORIES, ORGANIZATION, TEXTS, OneOf, leaves
from bot.summaries.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.searches import Passage
    from bot.search.patterns import Pattern
    from bot.services.retrieval import Retrieved
    from bot.storage.search_reading import Indexed


@dataclass(frozen=True, slots=True)
class Looked:
    """The patterns that matching papers were found by, and those of the close ones."""

    exact: tuple[OneOf, ...]
    close: tuple[OneOf, ...]

    @classmethod
    def of(cls, found: Retrieved) -> Looked:
        """Return what was looked for."""
        return cls(tuple(leaves(found.wanted)), found.related)

    def texts(self, match: Match) -> tuple[Pattern, ...]:
        """Return the patterns that may stand in a sentence, those of other forms last."""
        looked = self.exact if match is Match.EXACT else self.close
        ordered = sorted(looked, key=lambda leaf: not leaf.literal)
        return tuple(
            dict.fromkeys(
                pattern
                for leaf in ordered
                if not set(TEXTS).isdisjoint(leaf.columns)
                for pattern in leaf.patterns
            )
        )


def why(found: Indexed, match: Match, looked: Looked) -> tuple[Passage | None, str | None]:
    """Return the sentence in which what was looked for stands, or a reason where none has it."""
    patterns = looked.texts(match)
    if patterns and (shown := passage(patterns, _sentences(found))) is not None:
        return shown, None
    if match is Match.CLOSE:
        return None, None
    return None, next(_elsewhere(found, looked, patterns), None)


def _sentences(found: Indexed) -> Iterator[str]:
    if found.summary is not None and found.summary.tldr:
        yield found.summary.tldr
    yield from split_sentences(found.paper.abstract)


def _elsewhere(found: Indexed, looked: Looked, patterns: tuple[Pattern, ...]) -> Iterator[str]:
    paper = found.paper
    if spans(patterns, list(words(paper.title))):
        yield "It stands in the title."
    for keyword in paper.ai_keywords:
        if spans(patterns, list(words(keyword))):
            yield f"Keyword: {keyword}"
    # Without its texts, which would take most of the time.
    bare = Paper(id=paper.id, title="", source=paper.source, organization=paper.organization)
    for author in paper.authors:
        if _stands(looked, AUTHORS, replace(bare, authors=(author,))):
            yield f"Author: {author.name}"
    for category in paper.categories:
        if _stands(looked, CATEGORIES, replace(bare, categories=(category,))):
            yield f"Category: {category}"
    if paper.organization and _stands(looked, ORGANIZATION, bare):
        yield f"Organization: {paper.organization}"


def _stands(looked: Looked, column: str, paper: Paper) -> bool:
    """Say whether something that was looked for in a column stands in it."""
    there = [leaf for leaf in looked.exact if column in leaf.columns]
    stems = {column: columns(paper, None)[column]} if there else {}
    return any(matches(leaf, stems) for leaf in there)
