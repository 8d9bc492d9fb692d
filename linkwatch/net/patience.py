"""A time-out that counts only time in which our own loop came round.

A run that was busy for ten seconds, or a laptop that slept, would otherwise find every answer
late that has long been waiting in its socket.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

SLICE = 1.0  # seconds: however long the loop is held up, it costs one of these
# Of the loop after the last slice: what has come in is read in the first, handed on from task to task in
# the next ones (a connection passes five hands in aiohttp before it is one), and sent for in between.
ROUNDS = 12


class patience:  # noqa: N801 - read as ``asyncio.timeout`` is
    """Like ``asyncio.timeout``: raises TimeoutError when the block takes longer.

    The time is counted in slices, each when the loop gets to it, and the last slice is followed
    by more rounds of the loop, so that what has come in meanwhile is read first, and said to those
    who wait for it.
    """

    __slots__ = ("_left", "_limit", "_loop", "_rounds", "_timer")

    def __init__(self, seconds: float, rounds: int = ROUNDS) -> None:
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.timeout(None)
        self._left = seconds
        self._rounds = rounds

    @property
    def is_over(self) -> bool:
        """Whether the block took longer."""
        return self._limit.expired()

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()
        self._timer: asyncio.Handle = self._next()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        await self._limit.__aexit__(kind, error, trace)

    def _next(self) -> asyncio.Handle:
        length = min(self._left, SLICE)
        self._left -= length
        return self._loop.call_later(length, self._slice_ends)

    def _slice_ends(self) -> None:
        if self._left > 0:
            self._timer = self._next()
        elif self._rounds > 0:
            self._rounds -= 1
            self._timer = self._loop.call_soon(self._slice_ends)
        else:
            self._limit.reschedule(self._loop.time())
