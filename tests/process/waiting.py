"""How tests wait: on a condition, up to a deadline."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE = 30.0
"""How long a test waits for what must come; a busy machine is slow, not wrong."""


async def until(
    met: Callable[[], object], why: str | Callable[[], str], deadline: float = DEADLINE
) -> None:
    """Wait until a condition is met; fail with ``why`` when it is not in time."""
    end = time.monotonic() + deadline
    while not met():
        if time.monotonic() > end:
            pytest.fail(f"Not in {deadline:.0f} seconds: {why() if callable(why) else why}")
        await asyncio.sleep(0.02)
