"""What must be known of words to expand a query: how common they are, and their other forms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Sense(Protocol):
    @property
    def long(self) -> str: ...


class Forms(Protocol):
    """The short and long forms that papers define."""

    def long_forms(self, short: str) -> Sequence[_Sense]:
        """Return what a short form stands for, the likeliest first."""
        ...

    def short_forms(self, long: str) -> Sequence[str]:
        """Return the short forms of words with spaces between."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """In how many papers a stem stands: in their texts, and in their authors' names."""

    papers: int = 0
    names: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words: how common stems are, and the forms that stand for others."""

    forms: Forms
    known: Mapping[str, Known] = field(default_factory=dict)

    def with_papers(self, words: Mapping[str, tuple[int, int]]) -> Lexicon:
        """Return it with what is known of more stems."""
        return replace(
            self, known={**self.known, **{one: Known(*many) for one, many in words.items()}}
        )

    def papers(self, one: str) -> int:
        """Return in how many papers' texts a stem stands."""
        return self.known[one].papers if one in self.known else 0

    def names(self, one: str) -> int:
        """Return in how many papers' authors a stem stands."""
        return self.known[one].names if one in self.known else 0
