"""Late papers of an open day, added to the edition that has already brought the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.editions import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.editions import Choice, DayState, Entry, Part
    from bot.domain.papers import ArxivId, Listed

    Extend = Callable[[Part, Sequence[Entry], Receipt], tuple[Part, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What late papers change: messages that are edited, messages that come after them.

    ``more`` are the papers that stand under *browse all* alone.
    """

    edits: tuple[Part, ...]
    parts: tuple[Part, ...]
    late: tuple[ArxivId, ...]
    more: tuple[ArxivId, ...]

    @property
    def receipt(self) -> Receipt:
        """What the edition accounts for from now on."""
        return (*self.edits, *self.parts)[-1].receipt


def part_late(late: Choice, limit: int, shown: int) -> tuple[Sequence[Listed], Sequence[Listed]]:
    """Part late papers that match in those shown, while fewer than ``limit`` are, and others."""
    matching = (*late.shown, *late.more)
    room = max(limit - shown, 0) if limit else len(matching)
    return matching[:room], matching[room:]


def revise(
    parts: Sequence[Part],
    late: Choice,
    entries: Sequence[Entry],
    days: tuple[DayState, ...],
    extend: Extend,
) -> Revision:
    """Add late papers at the end of an edition; those shown keep their place and number.

    Args:
        parts: the edition's messages as Discord has them, in order.
        late: the papers that are decided now.
        entries: what is to be shown of those for which the limit has room, numbered already.
        days: the state of the edition's lists now.
        extend: the publisher's way to fill up a last part.
    """
    last = parts[-1]
    matching = [one.paper.id for one in (*late.shown, *late.more)]
    receipt = Receipt(
        shown=last.receipt.shown + len(entries),
        matching=last.receipt.matching + len(matching),
        listed=last.receipt.matching + len(matching) + len(late.rest),
        days=days,
    )
    extended = extend(last, entries, receipt)
    filled, *new = extended
    edits = [filled]
    if len(parts) > 1:  # the header counts the papers too
        edits.insert(0, replace(parts[0], of=filled.of, receipt=filled.receipt))
    placed = {one.id for part in extended for one in part.entries}
    return Revision(
        edits=tuple(edits),
        parts=tuple(new),
        late=tuple(one for one in matching if one in placed),
        more=tuple(one for one in matching if one not in placed),
    )


def recounted(part: Part, upvotes: Mapping[ArxivId, int]) -> Part:
    """Return a part with today's upvotes: they change with an edit, and only with one."""
    entries = tuple(replace(one, upvotes=upvotes.get(one.id, one.upvotes)) for one in part.entries)
    return replace(part, entries=entries)
