"""A time-out that counts only time in which our own loop came round.

A run that was busy for ten seconds, or a laptop that slept, would otherwise find every answer
late that has long been waiting in its socket.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SLICE = 1.0  # seconds: however long the loop is held up, it costs one of these


@asynccontextmanager
async def patience(seconds: float) -> AsyncIterator[None]:
    """Like ``asyncio.timeout``: raises TimeoutError when the block takes longer.

    The time is counted in slices, each when the loop gets to it, and the last slice is followed
    by one more round of the loop, so that what has come in meanwhile is read first.
    """
    async with asyncio.timeout(None) as limit:
        count = _Count(limit, seconds)
        try:
            yield
        finally:
            count.timer.cancel()


class _Count:
    """Counts slices down and then lets the limit strike."""

    def __init__(self, limit: asyncio.Timeout, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._left = seconds
        self.timer: asyncio.Handle = self._next()

    def _next(self) -> asyncio.Handle:
        length = min(self._left, SLICE)
        self._left -= length
        return self._loop.call_later(length, self._slice_ends)

    def _slice_ends(self) -> None:
        if self._left > 0:
            self.timer = self._next()
        else:
            self.timer = self._loop.call_soon(self._limit.reschedule, self._loop.time())
