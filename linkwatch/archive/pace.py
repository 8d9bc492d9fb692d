"""So many calls a minute and no more: one gate for each limit of the archive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@dataclass(slots=True)
class Pace:
    """Lets calls through at even distances. Clock (seconds) and sleep are passed in."""

    per_minute: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    _next: float = float("-inf")
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def interval(self) -> float:
        """Seconds between two calls."""
        return 60.0 / self.per_minute

    async def turn(self) -> None:
        """Waits until the next call may be made; callers are served in the order they came."""
        async with self._gate:
            while (wait := self._next - self.clock()) > 0:
                await self.sleep(wait)
            self._next = self.clock() + self.interval

    def pause(self, seconds: float) -> None:
        """Lets nothing through for so long from now."""
        self._next = max(self._next, self.clock() + seconds)

    def slow_down(self, factor: float) -> None:
        """Stretches the distance between calls from now on."""
        self.per_minute /= factor
