"""What ``/status`` says: sources, lists, editions to come, what did not arrive, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.deliveries import DeliveryState
from bot.domain.schedules import State
from bot.ui import ids
from bot.ui.panels import Actions
from bot.ui.reports import next_line
from bot.ui.text import counted, short_date, shown, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.domain.editions import DayState
    from bot.domain.schedules import Schedule
    from bot.services.status import Status
    from bot.storage.delivery_rows import Unsettled
    from bot.ui.panels import Section

_TROUBLES = 8
_EDITIONS_A_SECTION = 5
_REASON_LENGTH = 200


def status_sections(status: Status, *, details: bool) -> list[Section]:
    """Say how the bot is: sources, lists, editions to come, and what did not arrive."""
    sections: list[Section] = [_sources(status), _lists(status)]
    if details:
        sections += _editions(status)
        sections += _troubles(status.unsettled)
    sections.append(f"-# {counted(status.papers, 'paper')} stored")
    return sections


def _sources(status: Status) -> str:
    lines = ["**Sources**"]
    good = {one.source: one for one in status.successes}
    for last in status.collections:
        if last.error is None:
            lines.append(
                f"✅ {last.source}: read {timestamp(last.began_at, 'R')}, "
                f"{counted(last.papers, 'paper')} on {counted(len(last.days), 'list')}, "
                f"{last.fresh} new"
            )
            continue
        since = good.get(last.source)
        when = f"last good {timestamp(since.began_at, 'R')}" if since else "never read yet"
        lines.append(f"⚠️ {last.source}: {shown(last.error, _REASON_LENGTH)} ({when})")
    if len(lines) == 1:
        lines.append("Nothing was collected yet.")
    return "\n".join(lines)


def _lists(status: Status) -> str:
    lines = ["**Lists**"]
    lines += [_list_line(state) for state in reversed(status.days)]
    lines += [f"⚠️ {day:%a} {short_date(day)}: not read yet" for day in reversed(status.missing)]
    return "\n".join(lines)


def _list_line(state: DayState) -> str:
    name = f"{state.day:%a} {short_date(state.day)}"
    papers = counted(state.papers, "paper") if state.papers else "no papers"
    if state.complete:
        return f"{name}: {papers}, closed {timestamp(state.closes_at, 'R')}"
    return f"{name}: {papers} so far, closes {timestamp(state.closes_at, 'R')}"


def _editions(status: Status) -> Iterator[Section]:
    if not status.schedules:
        yield "**Editions**\nNo channel has a schedule yet; make one with `/digest schedule`."
        return
    running = [one for one in status.schedules if one.state is not State.STOPPED]
    head = "**Editions**\n"
    for some in _batched(running, _EDITIONS_A_SECTION):
        yield head + "\n".join(_edition(one, status.at) for one in some)
        head = ""
    for one in status.schedules:
        if one.state is State.STOPPED:
            yield Actions(
                head + _edition(one, status.at), (("Resume", ids.resume(one.channel_id)),)
            )
            head = ""


def _edition(schedule: Schedule, now: datetime) -> str:
    line = f"<#{schedule.channel_id}>: {next_line(schedule, now)}"
    if schedule.last_outcome is None:
        return line
    when = f"last {timestamp(schedule.last_run, 'R')}: " if schedule.last_run else ""
    return f"{line}\n-# {when}{_outcome(schedule.last_outcome)}"


def _outcome(outcome: str) -> str:
    match outcome.split():
        case ["delivered", shown_papers]:
            return f"{counted(int(shown_papers), 'paper')} shown"
        case ["none", "matched", "of", listed]:
            return f"no message, as none of {counted(int(listed), 'paper')} matched"
        case ["no", "papers"]:
            return "no message, as there were no new papers"
        case ["waiting", day]:
            return (
                f"nothing to bring, but the list of {short_date(date.fromisoformat(day))} could "
                "not be read yet; its papers come when it can"
            )
        case ["unread", *since]:
            when = f" since {timestamp(datetime.fromisoformat(since[0]))}" if since else ""
            return f"a quiet line in its place, as no list could be read{when}"
        case _:
            return "nothing yet"


def _troubles(unsettled: Sequence[Unsettled]) -> Iterator[Section]:
    """Say what did not arrive and why; where nobody can know, ask the person."""
    head = "**Not delivered**\n"
    known = [one for one in unsettled if one.state is not DeliveryState.UNKNOWN]
    if known:
        lines = [_trouble(one) for one in known[:_TROUBLES]]
        if len(known) > _TROUBLES:
            lines.append(f"… and {len(known) - _TROUBLES} more")
        yield head + "\n".join(lines)
        head = ""
    for one in unsettled:
        if one.state is DeliveryState.UNKNOWN:
            text = (
                f"{head}<#{one.channel_id}>: a message of {timestamp(one.planned_at, 'f')} has no "
                "answer, and nobody but you can see whether it is there."
            )
            buttons = (
                ("Post it again", ids.decide("again", one.key)),
                ("It is there", ids.decide("there", one.key)),
            )
            yield Actions(text, buttons)
            head = ""


def _trouble(one: Unsettled) -> str:
    why = shown(one.error, _REASON_LENGTH) if one.error else "waiting to be sent"
    return f"<#{one.channel_id}>: {one.state.value} {timestamp(one.planned_at, 'R')}: {why}"


def _batched(items: Sequence[Schedule], size: int) -> Iterator[Sequence[Schedule]]:
    return (items[start : start + size] for start in range(0, len(items), size))
