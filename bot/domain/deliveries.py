"""A message that must reach Discord exactly once: its key, its nonce, its states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

from bot.domain.alerts import Batch
from bot.domain.editions import Part

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.editions import Edition, Entry, Receipt

NONCE_LENGTH = 25
"""Discord's limit: https://docs.discord.com/developers/resources/message#create-message."""

NONCE_TRUSTED = timedelta(seconds=120)
"""How long after the claim Discord surely still knows the nonce of its message."""

PERMANENT_CODES = frozenset({10003, 10004, 50001, 50007, 50013})
"""Unknown channel, unknown guild, missing access, closed DMs, missing permissions."""

UNKNOWN_MESSAGE = 10008
UNEDITABLE_CODES = frozenset({UNKNOWN_MESSAGE, 30046, 50005, 50021})
"""Unknown message, too many edits of an old one, another's message, a system message."""

_FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
"""How long a refused delivery rests at the most."""


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``planned`` (written, not yet tried) → ``claimed`` (somebody is sending it, or died while
    doing so) → ``sent`` or ``refused`` (Discord said that no message was made; tried again
    unless the refusal is permanent). A claimed one that nobody can look for any more, and whose
    nonce Discord may have forgotten, is ``unknown`` until a person says how it is.
    """

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Silence(StrEnum):
    """Why a quiet line stands where an edition would."""

    UNREAD = "unread"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The quiet line that stands in for an edition: ``since`` the lists could not be read.

    ``since`` is None where they were never read. With ``Silence.NOTHING`` they have been read
    meanwhile, and there was nothing to bring.
    """

    edition_id: str
    channel_id: int
    silence: Silence
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the person who made a schedule is told once: that it is stopped, and why.

    ``alert_no`` is set where it is about their alerts in that channel, of which it is one.
    """

    key: str
    person_id: int
    channel_id: int
    reason: str
    alert_no: int | None = None


Content: TypeAlias = Part | Line | Notice | Batch
"""What one message says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: a content under its key.

    Where ``edits`` is set, the content replaces that of the message of that key, ``message_id``
    (None where nobody knows it). ``doubtful`` says that an earlier try had no answer.
    """

    key: str
    content: Content
    edits: str | None = None
    message_id: int | None = None
    state: DeliveryState = DeliveryState.PLANNED
    attempts: int = 0
    doubtful: bool = False

    @property
    def edition_id(self) -> str | None:
        """The edition that it is of, None for what is of none."""
        return self.content.edition_id if isinstance(self.content, Part | Line) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A delivery that somebody began to send, and that nobody knows the end of.

    ``doubtful_since`` is the first of its claims whose message may be there, ``claimed_at`` the
    last. ``person_id`` is set where the message goes to a person; the channel is then the one
    that a notice is about, or, where it is ``direct``, the person's own.
    """

    key: str
    channel_id: int
    person_id: int | None = None
    direct: bool = False
    edits: str | None = None
    claimed_at: datetime
    doubtful_since: datetime
    planned_at: datetime


class Look(StrEnum):
    """What looking for a message came to.

    ``absent`` is certain. A channel whose history may not be read looks just like an empty one,
    so that is ``unreadable``; ``unreached`` is a Discord that could not be asked.
    """

    FOUND = "found"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What was seen when a message was looked for; ``message_id`` is set where it was found."""

    look: Look
    message_id: int | None = None


class Publisher(Protocol):
    """The way to the channel."""

    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition into messages that Discord takes; pure, called before the plan."""
        ...

    def extend(self, last: Part, late: Sequence[Entry], receipt: Receipt) -> tuple[Part, ...]:
        """Add late papers behind an edition's last part: it, filled up, and new ones after it.

        Pure. Papers for which an edition has no more messages are left out.
        """
        ...

    def fits(self, part: Part) -> bool:
        """Say whether Discord takes a part as one message; pure."""
        ...

    async def publish(self, content: Content, key: str) -> int:
        """Send one message under its key and return its id.

        Raises:
            DeliveryRefused: Discord said that no message was made.
            DeliveryUncertain: nobody knows whether one was made.
        """
        ...

    async def edit(self, content: Content, channel_id: int, message_id: int) -> None:
        """Put another content in a message's place; to do it twice does no harm.

        Raises:
            DeliveryRefused: Discord said that it was not done.
            DeliveryUncertain: nobody knows whether it was done.
        """
        ...

    async def shows(self, content: Content, channel_id: int, message_id: int) -> bool:
        """Say whether a message shows a content by now; a message that is gone does not.

        Raises:
            DeliveryUncertain: Discord could not be asked.
        """
        ...

    async def look(self, claim: Claim, since: datetime) -> Sighting:
        """Look, from ``since`` on, for the message that carries a claim's key."""
        ...


def edition_key(edition_id: str, number: int) -> str:
    """Return the key of an edition's part, at most 25 characters."""
    return f"e.{edition_id}.{number}"


def edit_key(key: str) -> str:
    """Return the key of the edit that a message waits for."""
    return f"{key}.edit"


def nonce_of(key: str) -> str:
    """Return the nonce that makes Discord recognise a second send of the same key.

    Raises:
        ValueError: if the key would not fit.
    """
    if len(key) > NONCE_LENGTH:
        raise ValueError(f"the key {key!r} is longer than {NONCE_LENGTH} characters")
    return key


def retry_wait(attempts: int) -> timedelta:
    """Return how long a refused delivery rests: 30 s, doubled with each attempt, at most 1 h."""
    doublings = min(max(attempts, 0), 16)
    return min(_FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
