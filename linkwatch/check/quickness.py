"""How quick each host has been in this run, and so within what time an answer of it is to be expected.

Reckoned as TCP reckons when to send again what nobody has acknowledged (RFC 6298, 2): the usual time,
and how far answers are from it, the last ones weighing most.
"""

from __future__ import annotations

# Of the last answer in the usual time and in the distance from it, and how often the distance is allowed
# for (RFC 6298, 2.2 and 2.3: alpha, beta and K).
WEIGHT, WEIGHT_OF_DISTANCE = 1 / 8, 1 / 4
DISTANCES = 4
MOST_KNOWN = 10_000  # hosts, some 2 MB: beyond it those are forgotten that answered longest ago


class Quickness:
    """The times that hosts take to answer."""

    def __init__(self) -> None:
        self._times: dict[str, tuple[float, float]] = {}  # the usual one and the distance; the newest last

    def answered(self, host: str, seconds: float) -> None:
        """A host took so long for a whole answer."""
        known = self._times.pop(host, None)
        self._times[host] = _moved(*known, seconds) if known else (seconds, seconds / 2)
        if len(self._times) > MOST_KNOWN:
            del self._times[next(iter(self._times))]

    def expected(self, host: str) -> float | None:
        """Seconds within which an answer comes if all is as it was; None where nobody knows."""
        if host not in self._times:
            return None
        usual, distance = self._times[host]
        return usual + DISTANCES * distance

    def patience(self, host: str, least: float, most: float) -> float:
        """Seconds for a brief look at a host: until an answer is expected, between these two."""
        expected = self.expected(host)
        return most if expected is None else min(most, max(least, expected))

    def forget(self, host: str) -> None:
        """A host is no longer what it was: until it answers again nothing is expected of it."""
        self._times.pop(host, None)


def _moved(usual: float, distance: float, seconds: float) -> tuple[float, float]:
    """Both, one answer later."""
    return (
        usual + WEIGHT * (seconds - usual),
        distance + WEIGHT_OF_DISTANCE * (abs(usual - seconds) - distance),
    )
