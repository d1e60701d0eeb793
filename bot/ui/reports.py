"""What the bot says of itself: schedules, status, help; text for people, in Discord's Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import ui

from bot.domain.editions import shortened
from bot.domain.schedules import State, Style, weekday_names
from bot.ui import limits
from bot.ui.digest import ACCENT, stateless
from bot.ui.text import counted, day_range, escaped, short_date, shown, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.editions import DayState
    from bot.domain.schedules import Schedule
    from bot.services.editions import Draft
    from bot.services.status import Status
    from bot.storage.deliveries import Unsettled

_TROUBLES = 8
_SECTIONS = 15
_EDITIONS_A_SECTION = 5
_REASON_LENGTH = 200
_SECTIONS_ROOM = limits.TEXT - 300  # beside the title


def panels(title: str, sections: Sequence[str]) -> list[ui.LayoutView]:
    """Render a titled list of sections, in as many messages as it takes; none is cut."""
    pages: list[list[str]] = [[]]
    room = _SECTIONS_ROOM
    for section in (piece for whole in sections for piece in _pieces(whole)):
        room -= limits.text_length(section)
        if pages[-1] and (room < 0 or len(pages[-1]) == _SECTIONS):
            pages.append([])
            room = _SECTIONS_ROOM - limits.text_length(section)
        pages[-1].append(section)
    return [
        _panel(title if len(pages) == 1 else f"{title} · {number} of {len(pages)}", page)
        for number, page in enumerate(pages, start=1)
    ]


def _pieces(section: str) -> Iterator[str]:
    """Cut a section between its lines where it is more than one message holds."""
    kept: list[str] = []
    for line in section.split("\n"):
        fitting = shortened(line, _SECTIONS_ROOM // 2)
        if kept and limits.text_length("\n".join([*kept, fitting])) > _SECTIONS_ROOM:
            yield "\n".join(kept)
            kept = []
        kept.append(fitting)
    yield "\n".join(kept)


def _panel(title: str, sections: Sequence[str]) -> ui.LayoutView:
    box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=ACCENT)
    box.add_item(ui.TextDisplay(f"## {title}"))
    box.add_item(ui.Separator())
    for number, section in enumerate(sections):
        if number:
            box.add_item(ui.Separator(visible=False))
        box.add_item(ui.TextDisplay(section))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return stateless(view)


def schedule_line(schedule: Schedule) -> str:
    """Say a schedule in one line: when, where on the clock, how many, and the filter."""
    days = weekday_names(schedule.weekdays)
    when = "Every day" if days == "daily" else days.title()
    facts = [
        f"{when} at {schedule.at:%H:%M} {schedule.zone.key}",
        f"{schedule.limit} papers" if schedule.limit else "all papers",
    ]
    if schedule.min_upvotes:
        facts.append(f"at least {counted(schedule.min_upvotes, 'upvote')}")
    facts.append("full summaries" if schedule.style is Style.FULL else "compact")
    if schedule.mention_role:
        facts.append(f"mentions <@&{schedule.mention_role}>")
    return " · ".join(facts)


def next_line(schedule: Schedule) -> str:
    """Say when a schedule's next edition comes, or why none does."""
    if schedule.state is State.PAUSED:
        return "⏸ Paused; `/digest resume` wakes it."
    if schedule.state is State.STOPPED:
        return (
            f"⛔ Stopped: {escaped(schedule.reason or 'unknown')} Mend it, then `/digest resume`."
        )
    return f"Next edition {timestamp(schedule.next_run, 'f')} ({timestamp(schedule.next_run, 'R')})"


def schedule_note(schedule: Schedule, draft: Draft, *, new: bool) -> str:
    """Answer a ``/digest schedule``: what was saved, when it comes, and what it would bring."""
    verb = "is scheduled" if new else "has a new schedule"
    lines = [
        f"### <#{schedule.channel_id}> {verb}",
        schedule_line(schedule),
        next_line(schedule),
    ]
    if draft.edition is not None:
        lines.append("-# If it came now, it would bring this:")
    elif draft.choice.rest:
        lines.append(f"-# None of the {counted(len(draft.choice.rest), 'paper')} so far match.")
    else:
        lines.append("-# There is no paper yet that this channel has not had.")
    return "\n".join(lines)


def schedule_list(schedules: Sequence[Schedule]) -> list[str]:
    """Say each schedule of a server in three lines."""
    return [f"**<#{one.channel_id}>**\n{schedule_line(one)}\n{next_line(one)}" for one in schedules]


def status_sections(status: Status, *, details: bool) -> list[str]:
    """Say how the bot is: sources, lists, editions to come, and what did not arrive."""
    sections = [_sources(status), _lists(status)]
    if details:
        sections += _editions(status.schedules)
        if status.unsettled:
            sections.append(_troubles(status.unsettled))
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


def _editions(schedules: Sequence[Schedule]) -> list[str]:
    if not schedules:
        return ["**Editions**\nNo channel has a schedule yet; make one with `/digest schedule`."]
    lines = []
    for one in schedules:
        line = f"<#{one.channel_id}>: {next_line(one)}"
        if one.last_run is not None:
            line += f"\n-# last {timestamp(one.last_run, 'R')}: {_outcome(one.last_outcome)}"
        lines.append(line)
    starts = range(0, len(lines), _EDITIONS_A_SECTION)
    sections = ["\n".join(lines[start : start + _EDITIONS_A_SECTION]) for start in starts]
    return [f"**Editions**\n{sections[0]}", *sections[1:]]


def _outcome(outcome: str | None) -> str:
    match (outcome or "").split():
        case ["delivered", shown]:
            return f"{counted(int(shown), 'paper')} shown"
        case ["none", "matched", "of", listed]:
            return f"no message, as none of {counted(int(listed), 'paper')} matched"
        case ["no", "papers"]:
            return "no message, as there were no new papers"
        case _:
            return "nothing yet"


def _troubles(unsettled: Sequence[Unsettled]) -> str:
    lines = ["**Not delivered**"]
    for one in unsettled[:_TROUBLES]:
        why = shown(one.error, _REASON_LENGTH) if one.error else "waiting to be sent"
        lines.append(
            f"<#{one.channel_id}>: {one.state.value} {timestamp(one.planned_at, 'R')}: {why}"
        )
    if len(unsettled) > _TROUBLES:
        lines.append(f"… and {len(unsettled) - _TROUBLES} more")
    return "\n".join(lines)


def help_sections(commands: Mapping[str, int]) -> list[str]:
    """List the commands, clickable where their ids are known."""

    def mention(name: str) -> str:
        number = commands.get(name.split(maxsplit=1)[0])
        return f"</{name}:{number}>" if number else f"`/{name}`"

    anyone = (
        f"{mention('digest show')}  the digest of a day\n"
        f"{mention('paper')}  one paper's card: summary, links, BibTeX\n"
        f"{mention('status')}  what was read, what is open, what comes next"
    )
    managers = (
        "**With Manage Server**\n"
        f"{mention('digest schedule')}  a digest in a channel, at its own time\n"
        f"{mention('digest list')}  every schedule of this server\n"
        f"{mention('digest send_now')}  an edition at once, of what is not brought yet\n"
        f"{mention('digest pause')} · {mention('digest resume')} · {mention('digest remove')}"
    )
    origin = (
        "-# Papers come from Hugging Face Daily Papers and arXiv. "
        "Days are those of the daily lists, in UTC; times you see are your own."
    )
    return [anyone, managers, origin]


def sent_note(draft_days: Sequence[DayState], shown: int, channel_id: int) -> str:
    """Answer a ``/digest send_now`` that brought something."""
    days = day_range([state.day for state in draft_days])
    return f"Sent {counted(shown, 'paper')} of {days} to <#{channel_id}>."


def nothing_note(listed: int, schedule: Schedule) -> str:
    """Answer a ``/digest send_now`` that had nothing to bring."""
    when = next_line(schedule)
    if listed:
        return f"None of the {counted(listed, 'new paper')} match this channel's filter. {when}"
    return f"There is nothing that this channel has not had. {when}"
