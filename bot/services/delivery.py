"""Delivery: claim a planned message, send it once, and write down what Discord said."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.alerts import Batch
from bot.domain.deliveries import (
    NONCE_TRUSTED,
    PERMANENT_CODES,
    UNEDITABLE_CODES,
    UNKNOWN_MESSAGE,
    Notice,
    edition_key,
    retry_wait,
)
from bot.domain.editions import Part
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.log import about
from bot.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from bot.domain.deliveries import Claim, Content, Delivery, Publisher
    from bot.storage.alert_stops import AlertStops
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

AT_ONCE = 32
"""Messages under way at a time: at half a second each, more than Discord's limit lets through."""

SEND_WITHIN = timedelta(seconds=100)
"""How long one send may take with all its retries: within the time that its nonce is trusted."""


TRIES = 3
"""Refusals after which an edit or a notice is given up: the papers are the next edition's.

The one for an old message edited too often, 30046, may come as a rate limit without its code.
"""


class Deliveries:
    """Empties the ledger of what is planned."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it empties, and who is stopped by a refusal
        self,
        ledger: DeliveryLedger,
        schedules: ScheduleStore,
        alerts: AlertStops,
        publisher: Publisher,
        now: Callable[[], datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._ledger = ledger
        self._schedules = schedules
        self._alerts = alerts
        self._publisher = publisher
        self._now = now
        self._under_way: dict[str, asyncio.Event] = {}
        self._draining = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def deliver_edition(self, edition_id: str) -> bool:
        """Try the parts of one edition; True if all of them are sent."""
        await self.deliver_ready(edition_id)
        while others := self._sent_by_others(edition_id):
            await others[0].wait()
            await self.deliver_ready(edition_id)
        return await self._ledger.arrived(edition_id)

    def _sent_by_others(self, edition_id: str) -> list[asyncio.Event]:
        """Return the ends of what another round is sending of an edition just now."""
        start = edition_key(edition_id, 0).removesuffix("0")
        return [done for key, done in self._under_way.items() if key.startswith(start)]

    async def deliver_ready(self, edition_id: str | None = None) -> int:
        """Try every delivery (of one edition) that may be tried now; return how many were sent.

        Parts of one edition become ready one after the other, so this goes on until nothing is
        under way and nothing else is ready. Each is tried once.
        """
        tried: set[str] = set()
        under_way: set[asyncio.Task[bool]] = set()
        sent = 0
        try:
            while not self._draining:
                if len(under_way) <= AT_ONCE // 2:  # not one by one: each look costs a statement
                    room = AT_ONCE - len(under_way)
                    ready = await self._ledger.ready(self._now(), room, edition_id)
                    fresh = [one for one in ready if one.key not in tried]
                    tried.update(one.key for one in fresh)
                    under_way.update(
                        asyncio.create_task(self.deliver(one), name=one.key) for one in fresh
                    )
                if not under_way:
                    break
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                sent += sum(map(_was_sent, done))
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        return sent

    async def deliver(self, delivery: Delivery) -> bool:
        """Send one planned message, unless somebody else claimed it; True if it was sent."""
        if self._draining or delivery.key in self._under_way:
            return False
        with self._sending(delivery.key):
            if not await self._ledger.claim(delivery.key, self._now()):
                return False
            return await self._send(delivery, SEND_WITHIN)

    def is_under_way(self, key: str) -> bool:
        """Say whether a message is being sent by this process now."""
        return key in self._under_way

    async def send_again(self, claim: Claim) -> bool:
        """Send a claimed message once more with its nonce, as long as Discord knows that one.

        Discord then gives back the message that there is instead of making a second one. True if
        it is sent.
        """
        left = claim.doubtful_since + NONCE_TRUSTED - self._now()
        delivery = await self._ledger.delivery(claim.key)
        if self._draining or delivery is None or left <= timedelta(0):
            return False
        with self._sending(claim.key):
            if not await self._ledger.claim_again(claim, self._now()):
                return False
            return await self._send(delivery, min(left, SEND_WITHIN))

    async def drain(self, patience: float) -> int:
        """Take nothing new, and wait for what is on its way; return how many are left.

        Args:
            patience: seconds to wait at the most.
        """
        self._draining = True
        try:
            async with asyncio.timeout(patience):
                await self._idle.wait()
        except TimeoutError:
            log.warning("Left %d deliveries to the next start", len(self._under_way))
        return len(self._under_way)

    @contextmanager
    def _sending(self, key: str) -> Iterator[None]:
        """Mark a message as under way, which settling leaves alone and a stop waits for."""
        self._under_way[key] = done = asyncio.Event()
        self._idle.clear()
        try:
            yield
        finally:
            del self._under_way[key]
            done.set()
            if not self._under_way:
                self._idle.set()

    async def _send(self, delivery: Delivery, within: timedelta) -> bool:
        edition = {"edition": delivery.edition_id} if delivery.edition_id else {}
        with about(delivery=delivery.key, **edition):
            return await self._send_it(delivery, within)

    async def _send_it(self, delivery: Delivery, within: timedelta) -> bool:
        key = delivery.key
        try:
            message_id = await self._publish(delivery, within)
        except DeliveryRefused as refusal:
            await self._refused(delivery, refusal)
        except DeliveryUncertain as doubt:
            # The row stays claimed: a second send might be a second message.
            await self._ledger.note(key, str(doubt))
            log.warning("Delivery %s has no answer: %s", key, doubt)
            self._metrics.delivery("uncertain")
        else:
            await self._ledger.settle(key, message_id, self._now())
            self._metrics.delivery("sent" if delivery.edits is None else "edited")
            log.info(
                "Delivered %s to channel %d (%d papers)",
                key, delivery.content.channel_id, _papers(delivery.content),
            )  # fmt: skip
            return True
        return False

    async def _publish(self, delivery: Delivery, within: timedelta) -> int:
        content = delivery.content
        try:
            async with asyncio.timeout(within.total_seconds()):
                if delivery.edits is None:
                    return await self._publisher.publish(content, delivery.key)
                if delivery.message_id is None:
                    raise DeliveryRefused(
                        "Nobody knows which message it edits.", status=404, code=UNKNOWN_MESSAGE
                    )
                await self._publisher.edit(content, content.channel_id, delivery.message_id)
                return delivery.message_id
        except TimeoutError as error:
            raise DeliveryUncertain("Discord did not answer in time.") from error

    async def _refused(self, delivery: Delivery, refusal: DeliveryRefused) -> None:
        key, channel_id = delivery.key, delivery.content.channel_id
        self._metrics.delivery("refused")
        edit = delivery.edits is not None
        hopeless = refusal.code in UNEDITABLE_CODES or delivery.attempts + 1 >= TRIES
        last_try = edit and hopeless and refusal.code not in PERMANENT_CODES
        if isinstance(delivery.content, Notice):
            last_try = hopeless or refusal.code in PERMANENT_CODES
        if last_try:
            await self._give_up(delivery, refusal)
            return
        rest = self._now() + retry_wait(delivery.attempts)
        await self._ledger.refuse(key, error=str(refusal), code=refusal.code, not_before=rest)
        if refusal.code in PERMANENT_CODES and isinstance(delivery.content, Batch):
            stopped = await self._alerts.stop(channel_id, str(refusal), self._now())
            log.warning("Stopped %d alerts of channel %d: %s", stopped, channel_id, refusal)
        elif refusal.code in PERMANENT_CODES:
            await self._stop(channel_id, str(refusal))
        else:
            log.error("Delivery %s was refused, next try at %s: %s", key, rest, refusal)

    async def _give_up(self, delivery: Delivery, refusal: DeliveryRefused) -> None:
        """Leave the papers of an edit to the next edition, unless an earlier try has made it."""
        key, place = delivery.key, (delivery.content.channel_id, delivery.message_id)
        if delivery.doubtful and place[1] is not None:
            try:
                made = await self._publisher.shows(delivery.content, place[0], place[1])
            except DeliveryUncertain as doubt:
                rest = self._now() + retry_wait(delivery.attempts)
                await self._ledger.refuse(key, error=str(doubt), code=0, not_before=rest)
                return
            if made:
                await self._ledger.settle(key, place[1], self._now())
                return
        await self._ledger.drop(key)
        log.warning("Gave up %s in channel %d: %s", key, place[0], refusal)

    async def _stop(self, channel_id: int, reason: str) -> None:
        schedule = await self._schedules.get(channel_id)
        if schedule is None:
            return
        notice = Notice(
            key=f"n.{secrets.token_hex(6)}",
            person_id=schedule.created_by,
            channel_id=channel_id,
            reason=reason,
        )
        if await self._schedules.stop(channel_id, reason, notice, self._now()):
            log.warning("Stopped the schedule of channel %d: %s", channel_id, reason)


def _papers(content: Content) -> int:
    match content:
        case Part(entries=entries):
            return len(entries)
        case Batch(papers=papers):
            return len(papers)
        case _:
            return 0


def _was_sent(task: asyncio.Task[bool]) -> bool:
    error = None if task.cancelled() else task.exception()
    if error is not None:  # a fault of ours: the row stays claimed
        log.error("Delivery %s failed", task.get_name(), exc_info=error)
        return False
    return not task.cancelled() and task.result()
