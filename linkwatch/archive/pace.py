"""So many calls a minute and no more: one gate for each limit of the archive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


# No wait shorter than this (seconds) is worth sleeping, or could be seen on a coarse clock.
SHORTEST = 1e-4


@dataclass(frozen=True, slots=True)
class Timer:
    """How time is told and passed: seconds on a clock that only goes forward, and a sleep."""

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Pace:
    """Lets calls through at even distances."""

    per_minute: float
    timer: Timer
    _next: float = float("-inf")
    _paused_until: float = float("-inf")
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def interval(self) -> float:
        """Seconds between two calls."""
        return 60.0 / self.per_minute

    async def turn(self) -> None:
        """Waits until the next call may be made; callers are served in the order they came."""
        async with self._gate:
            while (wait := max(self._next, self._paused_until) - self.timer.clock()) > SHORTEST:
                await self.timer.sleep(wait)
            self._next = self.timer.clock() + self.interval

    def pause(self, seconds: float) -> None:
        """Lets nothing through for so long from now."""
        self._paused_until = max(self._paused_until, self.timer.clock() + seconds)

    async def end_of_pause(self) -> None:
        """Waits while there is a pause, without taking a turn."""
        while (wait := self._paused_until - self.timer.clock()) > SHORTEST:
            await self.timer.sleep(wait)

    def slow_down(self, factor: float) -> None:
        """Stretches the distance between calls from now on."""
        self.per_minute /= factor
