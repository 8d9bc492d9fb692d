"""When to leave the archive alone: after too many refusals or silences in a row."""

from __future__ import annotations

from dataclasses import dataclass

from linkwatch.archive.limits import STRIKES_429, STRIKES_UNKNOWN


@dataclass(slots=True)
class Breaker:
    """Counts bad answers in a row. ``reason`` says why to stop; None while all is well.

    Questions under way at once may all be refused for one fault. So each takes a ticket when it
    is asked, and a refusal counts only where no other has counted since.
    """

    reason: str | None = None
    _epoch: int = 0
    _refused: int = 0
    _silent: int = 0

    def ticket(self) -> int:
        """What to hand back with the answer."""
        return self._epoch

    def refused(self, ticket: int) -> bool:
        """Notes an HTTP 429; true where a pause must begin now."""
        if ticket != self._epoch:
            return False
        self._epoch += 1
        self._refused += 1
        if self._refused >= STRIKES_429:
            self.reason = f"it answered {self._refused} times in a row that we ask too often (429)"
        return True

    def silent(self, error: str) -> None:
        """Notes that nothing usable came back."""
        self._silent += 1
        if self._silent >= STRIKES_UNKNOWN:
            self.reason = f"it gave no usable answer {self._silent} times in a row (last: {error})"

    def answered(self, ticket: int) -> None:
        """Notes a usable answer."""
        self._silent = 0
        if ticket == self._epoch:
            self._refused = 0
