"""Delivery: claim a planned message, send it once, and write down what Discord said."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.deliveries import PERMANENT_CODES, retry_wait
from bot.errors import DeliveryRefused, DeliveryUncertain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.domain.deliveries import Delivery
    from bot.domain.editions import Publisher
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Messages under way at a time; discord.py keeps Discord's own limits behind them."""

LOOK_AFTER = timedelta(seconds=30)
"""How long after a claim its message is looked for: Discord may still be making it before."""

LOOK_BACK = timedelta(minutes=10)
"""How far before the claim the search begins, as our clock may not be Discord's."""

_BATCH = 32  # read at a time: to read their contents takes the loop a few milliseconds
_UNREADABLE = (
    "Discord gave no answer, and without View Channel and Read Message History nobody can look "
    "whether the message is there."
)


class Deliveries:
    """Empties the ledger of what is planned."""

    def __init__(
        self,
        ledger: DeliveryLedger,
        schedules: ScheduleStore,
        publisher: Publisher,
        now: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._schedules = schedules
        self._publisher = publisher
        self._now = now
        self._under_way: set[str] = set()

    async def deliver_edition(self, edition_id: str) -> bool:
        """Try the parts of one edition; True if all of them are sent."""
        await self.deliver_ready(edition_id)
        return await self._ledger.arrived(edition_id)

    async def deliver_ready(self, edition_id: str | None = None) -> int:
        """Try every delivery (of one edition) that may be tried now; return how many were sent.

        Parts of one edition become ready one after the other, so this goes on until a round
        sends nothing.
        """
        sent = 0
        while ready := await self._ledger.ready(self._now(), _BATCH, edition_id):
            round_sent = await self._round(ready)
            sent += round_sent
            if not round_sent:
                break
        return sent

    async def _round(self, ready: Sequence[Delivery]) -> int:
        places = asyncio.Semaphore(AT_ONCE)

        async def one(delivery: Delivery) -> bool:
            async with places:
                return await self.deliver(delivery)

        results = await asyncio.gather(*map(one, ready), return_exceptions=True)
        for delivery, result in zip(ready, results, strict=True):
            if isinstance(result, BaseException):  # a fault of ours: the row stays claimed
                log.error("Delivery %s failed", delivery.key, exc_info=result)
        return sum(result is True for result in results)

    async def deliver(self, delivery: Delivery) -> bool:
        """Send one planned message, unless somebody else claimed it; True if it was sent."""
        self._under_way.add(delivery.key)
        try:
            return await self._deliver(delivery)
        finally:
            self._under_way.discard(delivery.key)

    async def _deliver(self, delivery: Delivery) -> bool:
        key = delivery.key
        if not await self._ledger.claim(key, self._now()):
            return False
        try:
            message_id = await self._publisher.publish(delivery.part, key)
        except DeliveryRefused as refusal:
            await self._refused(delivery, refusal)
        except DeliveryUncertain as doubt:
            # The row stays claimed: a second send might be a second message.
            await self._ledger.note(key, str(doubt))
            log.warning("Delivery %s has no answer: %s", key, doubt)
        else:
            await self._ledger.settle(key, message_id, self._now())
            log.info(
                "Delivered %s to channel %d (%d papers)",
                key, delivery.part.channel_id, len(delivery.part.entries),
            )  # fmt: skip
            return True
        return False

    async def settle(self) -> int:
        """Find out how the claimed deliveries went; return how many are settled now.

        What died between the claim and Discord's answer, a process or a connection, leaves a
        row that is settled by looking, never guessed: a message found is *sent*, one that is
        certainly absent is planned again, and where the history cannot be read nothing is done.
        """
        settled = 0
        for claim in await self._ledger.claimed(self._now() - LOOK_AFTER):
            if claim.key in self._under_way:
                continue
            since = claim.claimed_at - LOOK_BACK
            sighting = await self._publisher.look(claim.channel_id, claim.key, since)
            if sighting.message_id is not None:
                await self._ledger.settle(claim.key, sighting.message_id, self._now())
                log.info("Delivery %s had arrived after all", claim.key)
                settled += 1
            elif sighting.certain:
                settled += await self._ledger.release(claim)
                log.info("Delivery %s never arrived and will be sent", claim.key)
            else:
                await self._ledger.note(claim.key, _UNREADABLE)
                log.warning("Delivery %s cannot be looked for", claim.key)
        return settled

    async def _refused(self, delivery: Delivery, refusal: DeliveryRefused) -> None:
        rest = self._now() + retry_wait(delivery.attempts)
        await self._ledger.refuse(
            delivery.key, error=str(refusal), code=refusal.code, not_before=rest
        )
        if refusal.code in PERMANENT_CODES:
            await self._schedules.stop(delivery.part.channel_id, str(refusal))
            log.warning("Stopped the schedule of channel %d: %s", delivery.part.channel_id, refusal)
        else:
            log.error("Delivery %s was refused, next try at %s: %s", delivery.key, rest, refusal)
