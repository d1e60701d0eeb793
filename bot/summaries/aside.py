"""Long texts read beside the event loop, one at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# Threads share one interpreter: four papers read at once held the loop for 200 ms, one for 40.
_ONE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")


async def aside(function: Callable[..., T], *arguments: object) -> T:
    """Do something that takes long, after what others do here, and return what comes of it."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, function, *arguments)
