"""Settling: what has no answer is looked for, and never guessed."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.deliveries import NONCE_TRUSTED, DeliveryState, Look
from bot.log import about
from bot.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.deliveries import Claim, Publisher
    from bot.services.delivery import Deliveries
    from bot.storage.deliveries import DeliveryLedger

log = logging.getLogger(__name__)

LOOK_AFTER = timedelta(seconds=30)
"""How long after a claim its message is looked for: Discord may still be making it before."""

LOOK_BACK = timedelta(minutes=10)
"""How far before the claim the search begins, as our clock may not be Discord's."""

AT_ONCE = 16
"""Looked for at a time: after a bad hour there are many, and a nonce is not trusted for long."""

_UNREADABLE = (
    "Discord gave no answer, and without View Channel and Read Message History nobody can look "
    "whether the message is there."
)


class Settling:
    """Finds out how the deliveries went that have no answer.

    Args:
        ledger: where they stand.
        deliveries: sends again what may be sent again.
        publisher: looks into the channel.
        now: Discord's time as far as it is known: the nonce is trusted by that.
        metrics: counts what became of them.
    """

    def __init__(
        self,
        ledger: DeliveryLedger,
        deliveries: Deliveries,
        publisher: Publisher,
        now: Callable[[], datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self._metrics = metrics or Metrics()
        self._ledger = ledger
        self._deliveries = deliveries
        self._publisher = publisher
        self._now = now

    async def settle(self) -> int:
        """Settle what was claimed a while ago; return how many are settled now.

        What died between the claim and Discord's answer, a process or a connection, left a row
        that is settled by looking. A message found is *sent*; one that is certainly absent is
        planned again. Where the history cannot be read the message is sent again as long as
        Discord surely knows its nonce; after that nobody can know, and a person must say.
        """
        now = self._now()
        claims = [
            one
            for one in await self._ledger.claimed(now - LOOK_AFTER, now)
            if not self._deliveries.is_under_way(one.key)
        ]
        places = asyncio.Semaphore(AT_ONCE)

        async def one(claim: Claim) -> bool:
            async with places:
                with about(delivery=claim.key):
                    return await self._settle(claim)

        results = await asyncio.gather(*map(one, claims), return_exceptions=True)
        for claim, result in zip(claims, results, strict=True):
            if isinstance(result, BaseException):  # a fault of ours keeps no other from its end
                log.error("Delivery %s could not be settled", claim.key, exc_info=result)
        return sum(result is True for result in results)

    async def _settle(self, claim: Claim) -> bool:
        if claim.edits is not None:  # to make the same edit twice does no harm
            return await self._ledger.release(claim)
        now, since = self._now(), claim.doubtful_since
        if since > now:  # by a clock that was wrong: ahead of now nothing would be found
            since = min(claim.planned_at, now)
        sighting = await self._publisher.look(claim, since - LOOK_BACK)
        match sighting.look:
            case Look.FOUND:
                await self._ledger.settle(claim.key, sighting.message_id, self._now())
                self._metrics.delivery(sighting.look)
                log.info("Delivery %s had arrived after all", claim.key)
                return True
            case Look.ABSENT:
                self._metrics.delivery(sighting.look)
                log.info("Delivery %s never arrived and will be sent", claim.key)
                return await self._ledger.release(claim)
            case Look.UNREADABLE:
                return await self._without_looking(claim)
            case Look.UNREACHED:
                log.warning("Delivery %s cannot be looked for now", claim.key)
        return False

    async def _without_looking(self, claim: Claim) -> bool:
        await self._ledger.note(claim.key, _UNREADABLE)
        if self._now() - claim.doubtful_since < NONCE_TRUSTED:
            return await self._deliveries.send_again(claim)
        if await self._ledger.doubt(claim):
            self._metrics.delivery(DeliveryState.UNKNOWN)
            log.error("Delivery %s: nobody can know whether it arrived", claim.key)
        return False
