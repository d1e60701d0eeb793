"""What people do with a channel's schedule: make, change, pause, resume, remove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import TYPE_CHECKING

from bot.domain.schedules import (
    EVERY_DAY,
    MAX_LIMIT,
    SCHEDULES_A_SERVER,
    Schedule,
    State,
    Style,
    next_run,
    parse_time,
    parse_weekdays,
    parse_zone,
)
from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.services.topics import Topics
    from bot.storage.deliveries import DeliveryLedger
    from bot.storage.schedules import ScheduleStore

CLEAR = "none"
_DEFAULT_TIME = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person typed: None keeps the value, ``none`` puts the default back.

    ``mention_role`` 0 clears the mention.
    """

    time: str | None = None
    timezone: str | None = None
    weekdays: str | None = None
    limit: int | None = None
    min_upvotes: int | None = None
    topic: str | None = None
    style: Style | None = None
    mention_role: int | None = None


class Schedules:
    """The schedules of all channels."""

    def __init__(
        self,
        store: ScheduleStore,
        ledger: DeliveryLedger,
        topics: Topics,
        default_zone: ZoneInfo,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._topics = topics
        self._default_zone = default_zone

    async def change(
        self, channel_id: int, guild_id: int, person_id: int, wishes: Wishes, now: datetime
    ) -> tuple[Schedule, bool]:
        """Make or change a channel's schedule; return it, and whether it is new.

        Raises:
            UserError: a wish cannot be read, or the server has its twenty-five.
        """
        known = await self._store.get(channel_id)
        before = known or Schedule(
            channel_id=channel_id,
            guild_id=guild_id,
            at=_DEFAULT_TIME,
            zone=self._default_zone,
            created_by=person_id,
            next_run=now,
        )
        after = self._apply(before, wishes)
        retimed = known is None or _times(after) != _times(known)
        if retimed:  # else what is due now stays due
            after = replace(after, next_run=next_run(after.at, after.zone, after.weekdays, now))
        if not await self._store.save(after, now, most=SCHEDULES_A_SERVER, retimed=retimed):
            raise UserError(
                f"This server has {SCHEDULES_A_SERVER} schedules, the most there can be; "
                "remove one with /digest remove."
            )
        if after.state is State.STOPPED:  # whoever may change it has seen to what stopped it
            await self._store.resume(channel_id, now)
        return await self.of_channel(channel_id), known is None

    def _apply(self, schedule: Schedule, wishes: Wishes) -> Schedule:
        changes: dict[str, object] = {}
        if wishes.time is not None:
            changes["at"] = _DEFAULT_TIME if _clears(wishes.time) else parse_time(wishes.time)
        if wishes.timezone is not None:
            clear = _clears(wishes.timezone)
            changes["zone"] = self._default_zone if clear else parse_zone(wishes.timezone)
        if wishes.weekdays is not None:
            clear = _clears(wishes.weekdays)
            changes["weekdays"] = EVERY_DAY if clear else parse_weekdays(wishes.weekdays)
        if wishes.limit is not None:
            changes["limit"] = _between("limit", wishes.limit, MAX_LIMIT)
        if wishes.min_upvotes is not None:
            changes["min_upvotes"] = _between("min_upvotes", wishes.min_upvotes, 1_000_000)
        if wishes.topic is not None:
            changes["topic"] = None if _clears(wishes.topic) else self._topic(wishes.topic)
        if wishes.style is not None:
            changes["style"] = wishes.style
        if wishes.mention_role is not None:
            changes["mention_role"] = wishes.mention_role or None
        return replace(schedule, **changes)  # type: ignore[arg-type]

    def _topic(self, text: str) -> str:
        topic = " ".join(text.split())
        self._topics.check(topic)
        return topic

    async def of_channel(self, channel_id: int) -> Schedule:
        """Return a channel's schedule.

        Raises:
            UserError: it has none.
        """
        schedule = await self._store.get(channel_id)
        if schedule is None:
            raise UserError("That channel has no schedule; make one with /digest schedule.")
        return schedule

    async def of_server(self, guild_id: int) -> list[Schedule]:
        """Return a server's schedules, the next to run first."""
        return await self._store.of_server(guild_id)

    async def pause(self, channel_id: int) -> Schedule:
        """Let a schedule rest; what it misses comes as one edition when it is resumed.

        Raises:
            UserError: the channel has none.
        """
        await self._store.pause(channel_id)
        return await self.of_channel(channel_id)

    async def resume(self, channel_id: int, now: datetime) -> Schedule:
        """Let a paused or stopped schedule run again; what it missed is due at once.

        Raises:
            UserError: the channel has none.
        """
        await self._store.resume(channel_id, now)
        return await self.of_channel(channel_id)

    async def wake(
        self, guild_id: int, may_post: Callable[[int], bool], now: datetime
    ) -> list[int]:
        """Resume a server's stopped schedules whose channels ``may_post`` says are open again.

        Deliveries of which nobody could know are looked for there now. Returns the channels.
        """
        stopped = [one.channel_id for one in await self._store.stopped_in(guild_id)]
        unknown = await self._ledger.unknown_in(guild_id)
        open_again = [one for one in dict.fromkeys((*stopped, *unknown)) if may_post(one)]
        for channel_id in open_again:
            if channel_id in unknown:
                await self._ledger.look_again(channel_id)
        return [one for one in open_again if await self._store.resume(one, now, stopped_only=True)]

    async def troubled(self) -> list[int]:
        """Return the servers with a stopped schedule or an unknown delivery."""
        return await self._store.troubled()

    async def channel_of(self, key: str) -> int:
        """Return the channel of a delivery.

        Raises:
            UserError: it is not known any more.
        """
        delivery = await self._ledger.delivery(key)
        if delivery is None:
            raise UserError("That message is settled already; /status has what is left.")
        return delivery.content.channel_id

    async def decide(self, key: str, guild_id: int, *, there: bool, now: datetime) -> None:
        """Take a person's word for a delivery of which nobody can know how it went.

        Raises:
            UserError: it is settled already, or not a delivery of that server.
        """
        if not await self._ledger.decide(key, guild_id, there=there, now=now):
            raise UserError("That message is settled already; /status has what is left.")

    async def forget(self, channel_id: int) -> None:
        """Remove the schedule of a channel that is gone, if it had one."""
        await self._store.remove(channel_id)

    async def remove(self, channel_id: int) -> None:
        """Remove a schedule.

        Raises:
            UserError: the channel has none.
        """
        if not await self._store.remove(channel_id):
            raise UserError("That channel has no schedule, so there is nothing to remove.")


def _times(schedule: Schedule) -> tuple[object, ...]:
    return schedule.at, schedule.zone, schedule.weekdays


def _clears(text: str) -> bool:
    return text.strip().lower() == CLEAR


def _between(name: str, number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise UserError(f"{name} is {number}; it can be 0 to {most}.")
    return number
