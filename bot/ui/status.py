"""What ``/status`` says: sources, lists, editions to come, what did not arrive, and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.deliveries import DeliveryState
from bot.domain.schedules import State
from bot.ui import ids
from bot.ui.panels import Actions
from bot.ui.reports import next_line, wish
from bot.ui.text import counted, day_range, escaped, short_date, shown, timestamp

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from bot.domain.editions import DayState
    from bot.domain.schedules import Schedule
    from bot.services.status import Models, Status
    from bot.storage.alert_stops import Stopped
    from bot.storage.delivery_rows import Unsettled
    from bot.storage.records import Collection
    from bot.ui.panels import Section

_TROUBLES = 8
_EDITIONS_A_SECTION = 5
_REASON_LENGTH = 200
_WAITING = "waiting"


def status_sections(status: Status, *, details: bool) -> list[Section]:
    """Say how the bot is: sources, lists, editions to come, and what did not arrive."""
    sections: list[Section] = [_sources(status), _lists(status)]
    if status.models is not None:
        sections.append(_models(status.models, details=details))
    if details:
        sections += _editions(status)
        sections += _alerts(status.stopped_alerts)
        sections += _troubles(status.unsettled)
    sections.append(f"-# {counted(status.papers, 'paper')} stored")
    return sections


def _sources(status: Status) -> str:
    good = {one.source: one.began_at for one in status.successes}
    lines = [_source_line(last, good.get(last.source)) for last in status.collections]
    return "\n".join(["**Sources**", *(lines or ["Nothing was collected yet."])])


def _source_line(last: Collection, good: datetime | None) -> str:
    if last.error is None:
        return (
            f"✅ {last.source}: read {timestamp(last.began_at, 'R')}, "
            f"{counted(last.papers, 'paper')} on {counted(len(last.days), 'list')}, "
            f"{last.fresh} new"
        )
    error = shown(last.error, _REASON_LENGTH)
    if last.days:  # it answers, but not for every list
        return f"⚠️ {last.source}: read in part {timestamp(last.began_at, 'R')}\n-# {error}"
    since = f"down since {timestamp(good, 'f')}" if good else "never read yet"
    return f"⚠️ {last.source}: {since}\n-# asked {timestamp(last.began_at, 'R')}: {error}"


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
    read = f", read {timestamp(state.read_at, 'R')}" if state.read_at else ""
    return f"{name}: {papers} so far{read}, closes {timestamp(state.closes_at, 'R')}"


def _models(models: Models, *, details: bool) -> str:
    lines = ["**Summaries**"]
    for one in models.used:
        of = f" of {models.limit:,}" if models.limit else ""
        papers = counted(one.summaries, "summary", "summaries")
        lines.append(f"{escaped(one.model)}: {papers} today, {one.tokens:,}{of} tokens")
    if not models.used:
        lines.append("No model was asked today (UTC) yet.")
    if models.trouble is not None:
        why = f"\n-# {shown(models.trouble, _REASON_LENGTH)}" if details else ""
        lines.append(f"⚠️ They are extracts for now{why}")
    elif models.spent:
        renewed = timestamp(models.renewed_at, "R")
        lines.append(f"⚠️ The day's tokens are spent: new ones are extracts, others come {renewed}")
    return "\n".join(lines)


def _editions(status: Status) -> Iterator[Section]:
    if not status.schedules:
        yield "**Editions**\nNo channel has a schedule yet; make one with `/digest schedule`."
        return
    late = {one.channel_id for one in status.unsettled}
    running = [one for one in status.schedules if one.state is not State.STOPPED]
    head = "**Editions**\n"
    for some in _batched(running, _EDITIONS_A_SECTION):
        yield head + "\n".join(_edition(one, status.at, late) for one in some)
        head = ""
    for one in status.schedules:
        if one.state is State.STOPPED:  # what its last occasion came to, it may never have got
            text = f"{head}<#{one.channel_id}>: {next_line(one, status.at)}"
            yield Actions(text, (("Resume", ids.resume(one.channel_id)),))
            head = ""


def _alerts(stopped: Sequence[Stopped]) -> Iterator[Section]:
    """Say which channels' alerts are stopped, and why."""
    head = "**Alerts**\n"
    for one in stopped:
        number = counted(one.alerts, "alert is", "alerts are")
        text = f"{head}<#{one.channel_id}>: {number} stopped: {shown(one.reason, _REASON_LENGTH)}"
        yield Actions(text, (("Resume", ids.wake(one.alert_no)),))
        head = ""


def _edition(schedule: Schedule, now: datetime, late: Container[int]) -> str:
    name, outcome = f"<#{schedule.channel_id}>", (schedule.last_outcome or "").split()
    due = schedule.state is State.ACTIVE and schedule.next_run <= now
    if due and outcome[:1] == [_WAITING]:
        when = timestamp(schedule.next_run, "f")
        return f"{name}: Due since {when}, and waits a while for the list of {_day(outcome[1])}"
    line = f"{name}: {next_line(schedule, now)}"
    if not outcome:
        return line
    when = f"last {timestamp(schedule.last_run, 'R')}: " if schedule.last_run else ""
    undelivered = ", not all delivered yet" if schedule.channel_id in late else ""
    return f"{line}\n-# {when}{_outcome(outcome)}{undelivered}"


def _outcome(outcome: Sequence[str]) -> str:
    match outcome:
        case ["delivered", shown_papers]:
            return counted(int(shown_papers), "paper")
        case ["none", "matched", "of", listed, *about]:
            return f"no message, as {_none_matched(listed, about)}"
        case ["no", "papers"]:
            return "no message, as there were no new papers"
        case [waiting, day] if waiting == _WAITING:
            return (
                f"no message, as the list of {_day(day)} could not be read; "
                "its papers come with the next edition"
            )
        case ["unread", *since]:
            when = f" since {timestamp(datetime.fromisoformat(since[0]), 'f')}" if since else ""
            return f"a line in its place until a list can be read; none could be{when}"
        case _:
            return "nothing yet"


def _none_matched(listed: str, about: Sequence[str]) -> str:
    match about:
        case ["on", first, last, least, *topic]:
            days = [date.fromisoformat(first), date.fromisoformat(last)]
            where = f"{days[0]:%A}'s list" if first == last else f"the lists of {day_range(days)}"
            return f"nothing on {where} matches {wish(' '.join(topic), int(least))}"
        case _:
            return f"none of {counted(int(listed), 'paper')} matched"


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))


def _troubles(unsettled: Sequence[Unsettled]) -> Iterator[Section]:
    """Say what did not arrive and why; first, where nobody can know, ask the person."""
    head = "**Not delivered**\n"
    for one in unsettled:
        if one.state is DeliveryState.UNKNOWN:
            text = (
                f"{head}<#{one.channel_id}>: Is the message of {timestamp(one.planned_at, 'f')} "
                "there? Discord gave no answer, and Paperboy may not read the history to look."
            )
            buttons = (
                ("Post it again", ids.decide("again", one.key)),
                ("It is there", ids.decide("there", one.key)),
            )
            yield Actions(text, buttons)
            head = ""
    known = [one for one in unsettled if one.state is not DeliveryState.UNKNOWN]
    if known:
        before = {one.channel_id for one in unsettled if one.state is not DeliveryState.PLANNED}
        lines = [_trouble(one, before) for one in known[:_TROUBLES]]
        if len(known) > _TROUBLES:
            lines.append(f"… and {len(known) - _TROUBLES} more")
        yield head + "\n".join(lines)


def _trouble(one: Unsettled, before: Container[int]) -> str:
    match one.state:
        case DeliveryState.REFUSED:
            why = f"{shown(one.error or 'Discord refused it.', _REASON_LENGTH)} It is tried again."
        case DeliveryState.CLAIMED:
            why = "Discord gave no answer yet; Paperboy looks whether the message is there."
        case _ if one.channel_id in before:
            why = "waits for the message before it"
        case _:
            why = "waiting to be sent"
    return f"<#{one.channel_id}>, {timestamp(one.planned_at, 'R')}: {why}"


def _batched(items: Sequence[Schedule], size: int) -> Iterator[Sequence[Schedule]]:
    return (items[start : start + size] for start in range(0, len(items), size))
