"""What is edited into an edition that is there: late papers of its days, and better summaries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.editions import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.editions import Choice, DayState, Entry, Part
    from bot.domain.papers import ArxivId, Listed
    from bot.domain.summaries import Summary

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
        extracts=last.receipt.extracts,
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


def reword(
    parts: Sequence[Part], summaries: Mapping[ArxivId, Summary], fits: Callable[[Part], bool]
) -> tuple[Part, ...]:
    """Return those of an edition's messages that better summaries change, as they become.

    Args:
        parts: the edition's messages as Discord has them, in order.
        summaries: the summaries of its papers as they are now.
        fits: whether Discord takes a message; a text for which one has no room stays as it is.
    """
    by_model = {one: told for one, told in summaries.items() if told.by_model}
    shown = {one.id for part in parts for one in part.entries}
    extracts = parts[-1].receipt.extracts and not shown <= by_model.keys()
    changed = []
    for part in parts:
        receipt = replace(part.receipt, extracts=extracts) if part.last else part.receipt
        now = replace(_reworded(part, by_model, fits), receipt=receipt)
        if now != part:
            changed.append(now)
    return tuple(changed)


def _reworded(
    part: Part, summaries: Mapping[ArxivId, Summary], fits: Callable[[Part], bool]
) -> Part:
    entries = list(part.entries)
    for place, one in enumerate(part.entries):
        if one.id in summaries:
            entries[place] = replace(one, **dict(summaries[one.id].parts()))  # type: ignore[arg-type]
            if not fits(replace(part, entries=tuple(entries))):
                entries[place] = one
    return replace(part, entries=tuple(entries))
