"""What the bot says of itself: schedules and help; text for people, in Discord's Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import State, Style, weekday_names
from bot.ui.text import counted, day_range, quoted, shown, timestamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.editions import DayState
    from bot.domain.schedules import Schedule
    from bot.services.drafts import Draft

_REASON_LENGTH = 200
_TOPIC_LENGTH = 100


def schedule_line(schedule: Schedule) -> str:
    """Say a schedule in one line: when, where on the clock, how many, and the filter."""
    days = weekday_names(schedule.weekdays)
    when = "Every day" if days == "daily" else days.title()
    facts = [
        f"{when} at {schedule.at:%H:%M} {schedule.zone.key}",
        f"{schedule.limit} papers" if schedule.limit else "all papers",
    ]
    if schedule.topic is not None:
        facts.append(f"matching {quoted(schedule.topic, LONGEST_QUERY)}")
    if schedule.min_upvotes:
        facts.append(f"at least {counted(schedule.min_upvotes, 'upvote')}")
    facts.append("full summaries" if schedule.style is Style.FULL else "compact")
    if schedule.mention_role:
        facts.append(f"mentions <@&{schedule.mention_role}>")
    return " · ".join(facts)


def wish(topic: str, min_upvotes: int) -> str:
    """Say what no paper matched: the topic and, where one was asked for, the least upvotes."""
    least = f" with at least {counted(min_upvotes, 'upvote')}" if min_upvotes else ""
    return f"{quoted(topic, _TOPIC_LENGTH)}{least}"


def next_line(schedule: Schedule, now: datetime) -> str:
    """Say when a schedule's next edition comes, or why none does."""
    if schedule.state is State.PAUSED:
        return "⏸ Paused; `/digest resume` wakes it."
    if schedule.state is State.STOPPED:
        reason = shown(schedule.reason or "unknown", _REASON_LENGTH)
        return f"⛔ Stopped: {reason} Mend it, then `/digest resume`."
    if schedule.next_run <= now:
        return f"Due since {timestamp(schedule.next_run, 'f')}, and comes in a moment"
    return f"Next edition {timestamp(schedule.next_run, 'f')} ({timestamp(schedule.next_run, 'R')})"


def schedule_note(schedule: Schedule, draft: Draft, now: datetime, *, new: bool) -> str:
    """Answer a ``/digest schedule``: what was saved, when it comes, and what it would bring."""
    verb = "is scheduled" if new else "has a new schedule"
    lines = [
        f"### <#{schedule.channel_id}> {verb}",
        schedule_line(schedule),
        next_line(schedule, now),
    ]
    if draft.edition is not None:
        lines.append("-# If it came now, it would bring this:")
    elif draft.choice.rest:
        papers = counted(len(draft.choice.rest), "paper")
        wanted = "" if schedule.topic is None else f" {wish(schedule.topic, schedule.min_upvotes)}"
        lines.append(f"-# None of the {papers} so far match{wanted}.")
    else:
        lines.append("-# There is no paper yet that this channel has not had.")
    return "\n".join(lines)


def schedule_list(schedules: Sequence[Schedule], now: datetime) -> list[str]:
    """Say each schedule of a server in three lines."""
    return [
        f"**<#{one.channel_id}>**\n{schedule_line(one)}\n{next_line(one, now)}" for one in schedules
    ]


def help_sections(commands: Mapping[str, int]) -> list[str]:
    """List the commands, clickable where their ids are known."""

    def mention(name: str) -> str:
        number = commands.get(name.split(maxsplit=1)[0])
        return f"</{name}:{number}>" if number else f"`/{name}`"

    anyone = (
        f"{mention('papers')}  search every paper, or see what is trending\n"
        f"{mention('digest show')}  the digest of a day\n"
        f"{mention('paper')}  one paper's card: summary, links, BibTeX\n"
        f"{mention('related')}  the papers nearest to one\n"
        f"{mention('alerts add')}  be told of new papers on what you look for\n"
        f"{mention('alerts list')}  your alerts: {mention('alerts edit')} · "
        f"{mention('alerts pause')} · {mention('alerts resume')} · {mention('alerts test')} · "
        f"{mention('alerts remove')}\n"
        f"{mention('status')}  what was read, what is open, what comes next\n"
        f"{mention('privacy export')} · {mention('privacy delete')}  what is stored of you"
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


def resumed_note(schedule: Schedule, now: datetime) -> str:
    """Answer a resumed schedule: what it missed comes at once, as one edition."""
    name = f"<#{schedule.channel_id}> is on again."
    if schedule.next_run <= now:
        return f"{name} What it missed comes in a moment, as one edition."
    return f"{name} {next_line(schedule, now)}"


def sent_note(draft_days: Sequence[DayState], shown: int, channel_id: int) -> str:
    """Answer a ``/digest send_now`` that brought something."""
    days = day_range([state.day for state in draft_days])
    return f"Sent {counted(shown, 'paper')} of {days} to <#{channel_id}>."


def nothing_note(listed: int, schedule: Schedule, now: datetime) -> str:
    """Answer a ``/digest send_now`` that had nothing to bring."""
    when = next_line(schedule, now)
    if listed:
        wanted = "this channel's filter"
        if schedule.topic is not None:
            wanted = wish(schedule.topic, schedule.min_upvotes)
        return f"None of the {counted(listed, 'new paper')} match {wanted}. {when}"
    return f"There is nothing that this channel has not had. {when}"
