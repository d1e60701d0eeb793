"""How the contents of messages stand in a cell: whole, so that they are sent as planned."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from bot.domain.alerts import Batch, Reported
from bot.domain.deliveries import Line, Notice, Silence
from bot.domain.editions import DayState, Entry, Part, Receipt
from bot.domain.papers import ArxivId
from bot.domain.schedules import Style
from bot.domain.searches import Passage
from bot.storage import cells

if TYPE_CHECKING:
    from bot.domain.deliveries import Content

PART, LINE, NOTICE, BATCH = "part", "line", "notice", "batch"

# By hand, and not by asdict, which copies deeply: ten thousand channels get the same papers.
_PART_FIELDS, _ENTRY_FIELDS, _RECEIPT_FIELDS, _BATCH_FIELDS = (
    tuple(one.name for one in fields(kind)) for kind in (Part, Entry, Receipt, Batch)
)


def kind_of(content: Content) -> str:
    """Return how a row names what its content is."""
    match content:
        case Part():
            return PART
        case Line():
            return LINE
        case Notice():
            return NOTICE
        case Batch():
            return BATCH


def content_cell(content: Content) -> str:
    """Write a content."""
    match content:
        case Part():
            return part_cell(content)
        case Line():
            since = cells.optional_moment_cell(content.since)
            return cells.json_cell(asdict(content) | {"since": since})
        case Notice():
            return cells.json_cell(asdict(content))
        case Batch():
            return _batch_cell(content)


def content_from(kind: str, cell: str) -> Content:
    """Read what ``content_cell`` wrote."""
    if kind == PART:
        return part_from(cell)
    told: dict[str, Any] = cells.from_json(cell)
    if kind == NOTICE:
        return Notice(**told)
    if kind == BATCH:
        return _batch_from(told)
    since, silence = cells.optional_moment(told.pop("since")), Silence(told.pop("silence"))
    return Line(**told, since=since, silence=silence)


def _batch_cell(batch: Batch) -> str:
    told = {name: getattr(batch, name) for name in _BATCH_FIELDS}
    told["papers"] = [
        {
            "entry": _entry_told(one.entry),
            "alerts": one.alerts,
            "why": one.why and {"text": one.why.text, "matched": one.why.matched},
            "reason": one.reason,
        }
        for one in batch.papers
    ]
    return cells.json_cell(told)


def _entry_told(one: Entry) -> dict[str, Any]:
    return {
        name: value for name in _ENTRY_FIELDS if (value := getattr(one, name)) not in (None, ())
    }


def _batch_from(told: dict[str, Any]) -> Batch:
    papers = tuple(
        Reported(
            entry=_entry_from(one["entry"]),
            alerts=tuple(one["alerts"]),
            why=_passage_from(one["why"]),
            reason=one["reason"],
        )
        for one in told.pop("papers")
    )
    alerts = tuple((no, query) for no, query in told.pop("alerts"))
    return Batch(**told, alerts=alerts, papers=papers)


def _passage_from(told: dict[str, Any] | None) -> Passage | None:
    if told is None:
        return None
    return Passage(text=told["text"], matched=tuple((a, b) for a, b in told["matched"]))


def _entry_from(told: dict[str, Any]) -> Entry:
    return Entry(**told | {"id": ArxivId(told["id"]), "authors": tuple(told.get("authors") or ())})


def part_cell(part: Part) -> str:
    """Write a part, whole, so that it is sent again as it was planned."""
    told = {name: getattr(part, name) for name in _PART_FIELDS}
    told["entries"] = list(map(_entry_told, part.entries))
    told["receipt"] = {name: getattr(part.receipt, name) for name in _RECEIPT_FIELDS}
    told["receipt"]["days"] = [
        {
            "day": state.day.isoformat(),
            "papers": state.papers,
            "read_at": cells.optional_moment_cell(state.read_at),
            "closes_at": cells.moment_cell(state.closes_at),
            "complete": state.complete,
        }
        for state in part.receipt.days
    ]
    return cells.json_cell(told)


def part_from(cell: str) -> Part:
    """Read what ``part_cell`` wrote."""
    told: dict[str, Any] = cells.from_json(cell)
    receipt = told.pop("receipt")
    days = tuple(
        DayState(
            day=cells.day(state["day"]),
            papers=state["papers"],
            read_at=cells.optional_moment(state["read_at"]),
            closes_at=cells.moment(state["closes_at"]),
            complete=state["complete"],
        )
        for state in receipt.pop("days")
    )
    entries = tuple(map(_entry_from, told.pop("entries")))
    style = Style(told.pop("style"))
    return Part(**told, style=style, entries=entries, receipt=Receipt(**receipt, days=days))
