"""Cutting an edition into messages that Discord takes: pure, and never inside a paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.editions import Part
from bot.ui import limits
from bot.ui.digest import entry_text, receipt_text, title_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.editions import Edition, Entry, Receipt
    from bot.domain.schedules import Style

_SPARE = 40  # for the part number in the header
_FRAME = 700  # header and receipt of many days: late papers lengthen them where they stand


def split(edition: Edition) -> tuple[Part, ...]:
    """Cut an edition into parts, between papers and never inside one.

    As many papers a part as Discord takes, and much the same number in each; past ten parts the
    rest is left to *browse all*, and the receipt counts it there.
    """
    texts = _sizes(edition.entries, edition.style)
    room = _Room.beside(edition.receipt, edition.filter, mention=edition.mention_role is not None)
    sizes = _fill(texts, room, limits.PAPERS_A_MESSAGE)
    for even in range(-(-len(texts) // len(sizes)), max(sizes)):
        evened = _fill(texts, room, even)
        if len(evened) == len(sizes):
            sizes = evened
            break
    sizes = sizes[: limits.PARTS_AN_EDITION]
    receipt = replace(edition.receipt, shown=sum(sizes))
    first = Part(
        edition_id=edition.id,
        channel_id=edition.channel_id,
        number=1,
        of=len(sizes),
        style=edition.style,
        mention_role=edition.mention_role,
        filter=edition.filter,
        entries=(),
        receipt=receipt,
    )
    return _parts(first, edition.entries, sizes)


def extend(last: Part, late: Sequence[Entry], receipt: Receipt) -> tuple[Part, ...]:
    """Add late papers behind an edition's last part: it, filled up, and new parts after it.

    What it holds already stays in it. Papers for which ten parts have no room are left to *browse
    all*, and the receipt counts them there.
    """
    texts = _sizes((*last.entries, *late), last.style)
    room = _Room.beside(receipt, last.filter, mention=last.first and last.mention_role is not None)
    held = len(last.entries)
    kept = held
    while kept < min(len(texts), limits.PAPERS_A_MESSAGE) and room.holds(texts[: kept + 1]):
        kept += 1
    more = _fill(texts[kept:], room, limits.PAPERS_A_MESSAGE)
    sizes = [kept, *more[: limits.PARTS_AN_EDITION - last.number]]
    shown = receipt.shown - len(late) + sum(sizes) - held
    base = replace(last, of=last.number + len(sizes) - 1, receipt=replace(receipt, shown=shown))
    return _parts(base, (*last.entries, *late), sizes)


def fits(part: Part) -> bool:
    """Say whether a part is one message still, once its texts are others."""
    room = _Room.beside(part.receipt, part.filter, mention=part.first and bool(part.mention_role))
    return room.holds(_sizes(part.entries, part.style))


def _parts(first: Part, entries: Sequence[Entry], sizes: Sequence[int]) -> tuple[Part, ...]:
    parts = []
    start = 0
    for number, size in enumerate(sizes, start=first.number):
        parts.append(replace(first, number=number, entries=tuple(entries[start : start + size])))
        start += size
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class _Size:
    """What a text takes of a message."""

    length: int
    bytes: int

    @classmethod
    def of(cls, text: str) -> _Size:
        return cls(limits.text_length(text), limits.text_bytes(text))


def _sizes(entries: Sequence[Entry], style: Style) -> list[_Size]:
    return [_Size.of(entry_text(one, style)) for one in entries]


@dataclass(frozen=True, slots=True)
class _Room:
    """How much text a message has for its papers, beside its header and its receipt."""

    length: int
    bytes: int

    @classmethod
    def beside(cls, receipt: Receipt, filter_text: str | None, *, mention: bool) -> _Room:
        frame = title_text(receipt, filter_text) + receipt_text(receipt)
        spare = _SPARE + (32 if mention else 0)
        return cls(
            limits.TEXT - max(limits.text_length(frame), _FRAME) - spare,
            limits.TEXT_BYTES - max(limits.text_bytes(frame), _FRAME) - spare,
        )

    def holds(self, sizes: Sequence[_Size]) -> bool:
        return (
            sum(one.length for one in sizes) <= self.length
            and sum(one.bytes for one in sizes) <= self.bytes
        )


def _fill(texts: Sequence[_Size], room: _Room, most: int) -> list[int]:
    sizes: list[int] = []
    start = 0
    while start < len(texts):
        size = 1
        while (
            size < most
            and start + size < len(texts)
            and room.holds(texts[start : start + size + 1])
        ):
            size += 1
        sizes.append(size)
        start += size
    return sizes
