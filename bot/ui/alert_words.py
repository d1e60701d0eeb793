"""What is said of alerts in words: where their papers go and when, and what was done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.alerts import Alert, following
from bot.domain.queries import LONGEST_QUERY
from bot.domain.schedules import State
from bot.ui.text import counted, quoted, shown, timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.alerts import Order

REASON_LENGTH = 200
CLOSED = (
    "Discord does not let Paperboy write to you, so nothing has changed. Allow direct messages in "
    "the privacy settings of a server that Paperboy is in and try again, or pick a channel: "
    "/alerts add has “where” for that."
)


def where(one: Order | Alert) -> str:
    """Say where an alert's papers go, as it stands in a sentence."""
    direct = one.direct if isinstance(one, Alert) else one.channel_id is None
    return "your direct messages" if direct else f"<#{one.channel_id}>"


def when(one: Order | Alert, now: datetime) -> str:
    """Say when an alert's papers come, as it stands in a sentence."""
    due = following(one, now)
    if one.at is None or one.zone is None or due is None:
        return "at once"
    return f"daily at {one.at:%H:%M} {one.zone.key} (next {timestamp(due, 'f')})"


def when_and_where(one: Order | Alert, now: datetime) -> str:
    """Say in a line where an alert's papers go, when, and who is mentioned."""
    facts = [f"to {where(one)}", when(one, now)]
    if one.mention_role:
        facts.append(f"mentions <@&{one.mention_role}>")
    return f"-# {' · '.join(facts)}"


def state_line(alert: Alert, length: int = REASON_LENGTH) -> str | None:
    """Say why an alert brings nothing; None while it does."""
    if alert.state is State.PAUSED:
        return "⏸ Paused: what comes meanwhile is not kept for it."
    if alert.state is State.STOPPED:
        return f"⛔ Stopped: {shown(alert.reason or 'nobody knows why.', length)}"
    return None


def saved_note(alert: Alert, now: datetime, *, new: bool) -> str:
    """Answer a Save: what will come, where, when, and how that is changed."""
    verb = "is saved" if new else "is changed"
    text = (
        f"### Alert {alert.no} {verb}: {quoted(alert.query, LONGEST_QUERY)}\n"
        f"New papers that match go to {where(alert)}, {when(alert, now)}.\n"
    )
    state = state_line(alert)
    if state is not None:
        text += f"{state}\n"
    return (
        f"{text}-# `/alerts edit` changes it, `/alerts pause` lets it rest, `/alerts list` has all."
    )


def welcome_note(query: str) -> str:
    """Greet a person where their alert's papers will come; sent before it is saved."""
    return (
        f"Papers on {quoted(query, LONGEST_QUERY)} come here.\n"
        "-# `/alerts list` shows your alerts, and changes or stops them."
    )


def paused_note(alert: Alert) -> str:
    """Answer a pause."""
    return (
        f"Alert {alert.no} on {quoted(alert.query, LONGEST_QUERY)} rests: nothing comes by it, and "
        "what it misses is not made up for."
    )


def resumed_note(alert: Alert, now: datetime, others: int = 0) -> str:
    """Answer a resume; so many ``others`` were stopped with it, and go on with it."""
    with_it = f" So {'is' if others == 1 else 'are'} {counted(others, 'other')}." if others else ""
    return (
        f"Alert {alert.no} on {quoted(alert.query, LONGEST_QUERY)} is on again: what is new from "
        f"now on goes to {where(alert)}, {when(alert, now)}.{with_it}"
    )


def removed_note(alert: Alert) -> str:
    """Answer a removal, with what makes the alert again."""
    return (
        f"Alert {alert.no} on {quoted(alert.query, LONGEST_QUERY)} is removed; "
        "`/alerts add` with that query makes it again."
    )


def found_line(papers: int) -> str:
    """Say how many papers an alert has found of late."""
    return f"{counted(papers, 'paper')} in 30 days"
