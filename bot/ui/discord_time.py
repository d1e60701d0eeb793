"""Discord's clock, as the ``Date`` of its answers tells it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

log = logging.getLogger(__name__)

SKEW = timedelta(seconds=2)
"""How far off our clock may be before Discord's counts: its header has whole seconds only."""

_HALF_A_SECOND = timedelta(milliseconds=500)


class DiscordTime:
    """How far Discord's clock is from ours, by the ``Date`` of its answers."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self._suspected: timedelta | None = None

    def hear(self, sent_at: datetime, heard_at: datetime, header: str) -> None:
        """Compare an answer's ``Date`` with the middle of its request; slow ones say nothing.

        The offset changes only when two answers running are ``SKEW`` away from it: a proxy's
        page may bear any date, and a clock that every answer moves a little is none.
        """
        took = heard_at - sent_at
        if not timedelta(0) <= took < SKEW:
            return
        try:
            told = parsedate_to_datetime(header).replace(tzinfo=UTC)  # always GMT
        except (ValueError, OverflowError):  # none, or rubbish
            return
        offset = told + _HALF_A_SECOND - (sent_at + took / 2)
        if abs(offset - self.offset) < SKEW:
            self._suspected = None
        elif self._suspected is None or abs(offset - self._suspected) >= SKEW:
            self._suspected = offset
        else:
            self._suspected = None
            self._go_by(offset)

    def _go_by(self, offset: timedelta) -> None:
        before, self.offset = self.offset, offset if abs(offset) >= SKEW else timedelta(0)
        if not self.offset:
            log.info("This machine's clock is right again")
        elif not before:
            log.warning(
                "This machine's clock is %.0f seconds %s by Discord's time, which counts now; "
                "switch on time synchronisation (NTP)",
                abs(offset.total_seconds()),
                "slow" if offset > timedelta(0) else "fast",
            )
