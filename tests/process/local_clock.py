"""The local Discord's own clock, which a test can set apart from ours and move on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate

_EPOCH_MS = 1_420_070_400_000


@dataclass(kw_only=True)
class Clock:
    """``offset`` seconds from ours, and ``speed`` times as fast."""

    offset: float = 0.0
    speed: float = 1.0
    _began: float = field(default_factory=time.time)
    _last_id: int = 0

    def time(self) -> float:
        """Return the seconds since 1970 by this clock."""
        return self._began + (time.time() - self._began) * self.speed + self.offset

    def iso(self) -> str:
        """Return the moment as messages bear it."""
        return datetime.fromtimestamp(self.time(), UTC).isoformat()

    def date(self) -> str:
        """Return the moment as the ``Date`` header of an answer."""
        return formatdate(self.time(), usegmt=True)

    def wall(self, seconds: float) -> float:
        """Return how long the bot waits for so many seconds of this clock."""
        return max(0.0, seconds) / self.speed

    def snowflake(self) -> str:
        """Return an id of this moment, larger than every one before."""
        self._last_id = max(self._last_id + 1, (int(self.time() * 1000) - _EPOCH_MS) << 22)
        return str(self._last_id)
