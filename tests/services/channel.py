"""A Discord of one's own: messages, nonces and histories, and every way to answer badly."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.domain.alerts import Batch
from bot.domain.deliveries import Line, Look, Notice, Sighting
from bot.domain.editions import Part
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.ui import split
from tests.builders import FakePublisher

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.deliveries import Claim, Content
    from bot.domain.editions import Edition, Entry, Receipt
    from tests.builders import Clock


class Answer(Enum):
    """What comes of a request that is not refused."""

    GIVEN = "done, and answered"
    UNHEARD = "done, and the answer was lost"
    LOST = "not done, and nobody knows"


@dataclass
class Message:
    """One message that stands in a channel, or stood there."""

    id: int
    key: str
    content: Content
    made_at: datetime
    deleted: bool = False
    locked: bool = False
    edits: int = 0

    @property
    def numbers(self) -> list[int]:
        """The numbers of the papers that it shows."""
        match self.content:
            case Part(entries=entries):
                return [int(one.id[-5:]) for one in entries]
            case Batch(papers=papers):
                return [int(one.entry.id[-5:]) for one in papers]
        return []


class Life:
    """A bot's life, in steps: told to, it ends at one of them, and nothing more is done."""

    def __init__(self) -> None:
        self.left: int | None = None

    @property
    def over(self) -> bool:
        """Whether the process is dead."""
        return self.left is not None and self.left <= 0

    def step(self) -> None:
        """Take one step, the last one perhaps; the dead take none."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                raise asyncio.CancelledError


class Discord(FakePublisher):
    """A Discord with messages: it answers, or does not, and knows nonces for a while.

    ``answers`` and ``edit_answers`` are what comes of the next requests: an ``Answer``, or the
    code of a refusal. ``closed`` is the code with which every message to a channel is refused,
    ``history`` what looking into it comes to. Without ``papers_a_part`` editions are cut as
    they are for the real one.
    """

    def __init__(self, clock: Clock, papers_a_part: int | None = 10) -> None:
        super().__init__(papers_a_part or 10)
        self.real = papers_a_part is None
        self.clock = clock
        self.life = Life()
        self.messages: list[Message] = []
        self.answers: deque[Answer | int] = deque()
        self.edit_answers: deque[Answer | int] = deque()
        self.closed: int | None = None
        self.to_people: Answer | int = Answer.GIVEN
        self.history: Look | None = None
        self.nonces_kept = timedelta(minutes=5)

    @property
    def standing(self) -> list[Message]:
        """The messages that a reader of the channel sees."""
        return [
            one for one in self.messages if not one.deleted and not isinstance(one.content, Notice)
        ]

    @property
    def shown(self) -> list[list[int]]:
        """The numbers of the papers in each message, in order."""
        return [one.numbers for one in self.standing]

    @property
    def lines(self) -> list[Line]:
        """The quiet lines that stand."""
        return [one.content for one in self.standing if isinstance(one.content, Line)]

    @property
    def parts(self) -> list[Part]:
        """The parts of editions that stand."""
        return [one.content for one in self.standing if isinstance(one.content, Part)]

    @property
    def batches(self) -> list[Batch]:
        """The messages of alerts that stand."""
        return [one.content for one in self.standing if isinstance(one.content, Batch)]

    @property
    def notices(self) -> list[Notice]:
        """What people were told."""
        return [one.content for one in self.messages if isinstance(one.content, Notice)]

    @override
    def split(self, edition: Edition) -> tuple[Part, ...]:
        """Cut an edition."""
        return split.split(edition) if self.real else super().split(edition)

    @override
    def extend(self, last: Part, late: Sequence[Entry], receipt: Receipt) -> tuple[Part, ...]:
        """Lengthen an edition."""
        extend = split.extend if self.real else super().extend
        return extend(last, late, receipt)

    @override
    def fits(self, part: Part) -> bool:
        """Measure as Discord does where the real cut is asked for."""
        return split.fits(part) if self.real else super().fits(part)

    @override
    async def publish(self, content: Content, key: str) -> int:
        """Make one message a nonce, as long as it is known."""
        self.life.step()
        self.asked.append(key)
        if isinstance(content, Notice):
            answer = self._answer(deque(), self.to_people)
        else:
            answer = self._answer(self.answers, self.closed)
        message = self._known(key)
        if message is None:
            message = Message(1000 + len(self.messages), key, content, self.clock())
            self.messages.append(message)
        self.life.step()
        if answer is Answer.UNHEARD:
            raise DeliveryUncertain("The answer was lost.")
        return message.id

    def _known(self, key: str) -> Message | None:
        known_from = self.clock() - self.nonces_kept
        known = (one for one in self.messages if one.key == key and one.made_at > known_from)
        return next((one for one in known if not one.deleted), None)

    @staticmethod
    def _answer(answers: deque[Answer | int], always: Answer | int | None) -> Answer:
        """Answer as always, or as the next request is to be answered."""
        answer = always or (answers.popleft() if answers else Answer.GIVEN)
        if answer is Answer.LOST:
            raise DeliveryUncertain("The connection broke.")
        if isinstance(answer, int):
            raise DeliveryRefused(f"refused with {answer}", status=403, code=answer)
        return answer

    @override
    async def edit(self, content: Content, channel_id: int, message_id: int) -> None:
        """Change a message that stands and may still be changed."""
        self.life.step()
        answer = self._answer(self.edit_answers, self.closed)
        message = next(one for one in self.messages if one.id == message_id)
        if message.deleted or message.locked:
            code = 10008 if message.deleted else 30046
            raise DeliveryRefused("It cannot be edited.", status=404, code=code)
        message.content = content
        message.edits += 1
        self.life.step()
        if answer is Answer.UNHEARD:
            raise DeliveryUncertain("The answer was lost.")

    @override
    async def shows(self, content: Content, channel_id: int, message_id: int) -> bool:
        """Look at a message."""
        self.life.step()
        message = next(one for one in self.messages if one.id == message_id)
        return not message.deleted and message.content == content

    @override
    async def look(self, claim: Claim, since: datetime) -> Sighting:
        """Search the channel, as far as it can be read."""
        self.life.step()
        if self.history is not None and claim.person_id is None:
            return Sighting(look=self.history)
        found = [
            one.id
            for one in self.messages
            if one.key == claim.key and not one.deleted and one.made_at >= since
        ]
        if not found:
            return Sighting(look=Look.ABSENT)
        return Sighting(look=Look.FOUND, message_id=found[0])
