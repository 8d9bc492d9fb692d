"""Which URL comes next: of the hosts whose turn it is, the one that would take longest by itself.

Politeness sets the length of a run, so the longest host must never wait for a shorter one
(measured: 82.9 s against 50.0 s for 10,000 URLs); and one that is known to hang begins early, so
that waiting for it overlaps with the rest. One lane per host; times are seconds on any clock that
only goes forward.
"""

from __future__ import annotations

import heapq
import itertools
import math
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Generic, Protocol

from linkwatch.check.backlog import Backlog, Listed, T

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from linkwatch.check.backlog import Queue

AT_A_TIME = 25  # targets of a host loaded together: a question to the database costs as much as ten of them
MOST_HELD = 10_000  # targets loaded and waiting for their turn, some 10 MB; beyond it one at a time
# Seconds after which an active target counts as one that hangs. Our own choice: beyond what is called a
# poor time to the first byte (web.dev, "Time to First Byte": from 1.8), and far below any time-out.
SILENT = 2.0
FORGET_AT = 10_000  # hosts whose next turn is remembered, before those whose turn has come are forgotten


class Rule(Protocol):
    """What somebody has decided for the hosts that a glob fits."""

    @property
    def pattern(self) -> str:
        """The glob over host names."""

    @property
    def concurrency(self) -> int | None:
        """Requests at once; None where all hosts' holds."""

    @property
    def interval(self) -> float | None:
        """Seconds between two requests; None where all hosts' holds."""


class Pace:
    """When each host may be asked next: requests to one host start an interval apart.

    A host that asks for time, or is in trouble, gets a longer interval for the rest of the run.
    """

    def __init__(self, interval: float, rules: Sequence[Rule] = ()) -> None:
        self._interval = interval
        self._rules = rules
        self._slowed: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._forget_at = FORGET_AT

    def reserve(self, host: str, now: float) -> float:
        """Takes the host's next free moment and returns it; never earlier than ``now``."""
        start = max(now, self._next.get(host, now))
        self._next[host] = start + self.interval(host)
        if len(self._next) > self._forget_at:
            self._next = {each: at for each, at in self._next.items() if at > now}
            self._forget_at = max(FORGET_AT, 2 * len(self._next))
        return start

    def interval(self, host: str) -> float:
        """Seconds between the starts of two requests to a host."""
        slowed = self._slowed.get(host)
        if slowed is not None:
            return slowed
        rule = self._rule(host) if self._rules else None
        return self._interval if rule is None or rule.interval is None else rule.interval

    def at_once(self, host: str, otherwise: int) -> int:
        """How many requests a host gets at the same time."""
        rule = self._rule(host) if self._rules else None
        return otherwise if rule is None or rule.concurrency is None else rule.concurrency

    def slow_down(self, host: str, interval: float) -> None:
        """Asks a host no more often than this from now on; never more often than before."""
        longer = max(0.0, interval - self.interval(host))
        if longer:
            self._slowed[host] = self.interval(host) + longer
        if host in self._next:
            self._next[host] += longer  # also before the next request, and not only from then on

    def _rule(self, host: str) -> Rule | None:
        return next((each for each in self._rules if fnmatchcase(host, each.pattern)), None)

    def free_at(self, host: str) -> float:
        """From when on the host may be asked again."""
        return self._next.get(host, float("-inf"))

    def back_off(self, host: str, until: float) -> None:
        """Leaves the host alone until a time."""
        self._next[host] = max(until, self._next.get(host, until))


@dataclass(slots=True)
class _Lane(Generic[T]):
    """What is left of one host; of ``left`` targets some are at hand, the next one of each kind last."""

    left: int
    hangs: bool
    quick: list[T] = field(default_factory=list)
    slow: list[T] = field(default_factory=list)  # known to keep us waiting
    again: list[T] = field(default_factory=list)  # put back, and ready
    # Ids, and since when; of what hangs, always. What was put back may be taken again before it is released.
    active: list[tuple[int, float]] = field(default_factory=list)
    listed: bool = False  # stands in one of the two heaps

    @property
    def at_hand(self) -> int:
        """Targets that need not be loaded any more."""
        return len(self.quick) + len(self.slow) + len(self.again)


class Lanes(Generic[T]):
    """Hands out targets host by host, the longest lane first, each host at its pace.

    ``patience`` is what a target that ``hangs`` takes at the worst, in seconds. Such targets come
    first, but never at all of a host's places while it has others: silence would hold these up. One
    that turns out to hang is counted with them as soon as it is silent for long.
    """

    def __init__(
        self,
        targets: Iterable[T] | Backlog[T],
        pace: Pace,
        per_host: int,
        patience: float = 0.0,
        hangs: Callable[[T], bool] = lambda _: False,
    ) -> None:
        self._backlog = targets if isinstance(targets, Backlog) else Listed(targets)
        self._pace = pace
        self._per_host = per_host
        self._patience = patience
        self._hangs = hangs
        self._lanes: dict[str, _Lane[T]] = {}  # of hosts that were begun and are not done
        self._untouched = sorted(self._backlog.queues(), key=self._longest_first)[::-1]  # taken from the end
        self._ready: list[tuple[float, int, str]] = []
        self._waiting: list[tuple[float, str]] = []
        self._later: list[tuple[float, int, T]] = []
        self._held = 0
        self._order = itertools.count()
        self.left = len(self._backlog)

    def take(self, now: float) -> T | None:
        """The next target, its host's moment taken; None where no host may be asked yet."""
        self._wake(now)
        host = self._longest(now)
        if host is None:
            return None
        lane = self._lanes[host]
        target = self._next(host, lane, now)
        lane.listed = False
        lane.left -= 1
        self.left -= 1
        self._pace.reserve(host, now)
        self._list(host)
        return target

    def release(self, target: T) -> None:
        """A target that was taken is done."""
        lane = self._lanes[target.host]
        lane.active.remove(next(each for each in lane.active if each[0] == id(target)))
        if lane.left or lane.active:
            self._list(target.host)
        else:
            del self._lanes[target.host]

    def put_back(self, target: T, at: float) -> None:
        """One that was taken is to be taken again: from a time on, or as soon as nothing else is left."""
        heapq.heappush(self._later, (at, next(self._order), target))
        self.left += 1

    def spare(self) -> float:
        """Seconds for which one that hangs may be put back without lengthening the run."""
        begun = (lane.left * self._pace.interval(host) for host, lane in self._lanes.items())
        longest = max(begun, default=0.0)
        if self._untouched:
            host, targets, _ = self._untouched[-1]
            longest = max(longest, targets * self._pace.interval(host))
        return max(0.0, longest - self._patience)

    def returned(self) -> list[T]:
        """Those put back and not taken again yet, which are in these lanes no more."""
        found = [target for _, _, target in sorted(self._later)]
        self._later.clear()
        for lane in self._lanes.values():
            found += lane.again
            lane.left -= len(lane.again)
            self._held -= len(lane.again)
            lane.again.clear()
            lane.listed = lane.listed and lane.left > 0
        self.left -= len(found)
        self._forget_the_empty()
        return found

    def _forget_the_empty(self) -> None:
        """Hosts of which nothing is left have no turn to wait for."""
        self._waiting = [each for each in self._waiting if self._lanes[each[-1]].left]
        self._ready = [each for each in self._ready if self._lanes[each[-1]].left]
        heapq.heapify(self._waiting)
        heapq.heapify(self._ready)
        self._lanes = {host: lane for host, lane in self._lanes.items() if lane.left or lane.active}

    def more(self, host: str) -> bool:
        """Whether targets of a host that was begun are left."""
        return host in self._lanes and self._lanes[host].left > 0

    def next_at(self) -> float | None:
        """The earliest time at which something may be taken; None where nothing waits for a time."""
        times = [heap[0][0] for heap in (self._waiting, self._later) if heap]
        return min(times, default=None)

    def _next(self, host: str, lane: _Lane[T], now: float) -> T:
        if not lane.quick and lane.left > lane.at_hand:
            self._load(host, lane)
        slow = lane.again or lane.slow
        if not slow or (lane.quick and self._keeps_silent(host, lane, now)):
            target = lane.quick.pop()
            lane.active.append((id(target), now))
        else:
            target = slow.pop()
            lane.active.append((id(target), -math.inf))
        self._held -= 1
        return target

    def _keeps_silent(self, host: str, lane: _Lane[T], now: float) -> bool:
        """Whether all places of a host but one are with what has not answered for long."""
        silent = sum(since <= now - SILENT for _, since in lane.active)
        return silent >= self._pace.at_once(host, self._per_host) - 1

    def _load(self, host: str, lane: _Lane[T]) -> None:
        found = self._backlog.more(host, AT_A_TIME if self._held < MOST_HELD else 1)
        self._held += len(found)
        for target in reversed(found):
            (lane.slow if self._hangs(target) else lane.quick).append(target)

    def _longest(self, now: float) -> str | None:
        """The host with most left; one whose turn a redirect took meanwhile waits again."""
        while (host := self._pop()) is not None:
            free_at = self._pace.free_at(host)
            if free_at <= now:
                return host
            heapq.heappush(self._waiting, (free_at, host))
        return None

    def _pop(self) -> str | None:
        """The longest of the hosts that are ready, and of those not begun yet."""
        if not self._untouched or (self._ready and self._ready[0] <= self._rank(*self._untouched[-1])):
            return heapq.heappop(self._ready)[2] if self._ready else None
        queue = self._untouched.pop()
        self._lanes[queue.host] = _Lane(queue.targets, queue.hangs, listed=True)
        return queue.host

    def _rank(self, host: str, left: int, hangs: bool) -> tuple[float, int, str]:
        """Sorts first what would take longest by itself: that many turns, and perhaps a long silence."""
        return -left * self._pace.interval(host) - hangs * self._patience, -left, host

    def _longest_first(self, queue: Queue) -> tuple[float, int]:
        return self._rank(*queue)[:2]  # of equals that with the oldest debt comes first, as they are given

    def _list(self, host: str) -> None:
        lane = self._lanes[host]
        if lane.left and not lane.listed and len(lane.active) < self._pace.at_once(host, self._per_host):
            lane.listed = True
            heapq.heappush(self._waiting, (self._pace.free_at(host), host))

    def _wake(self, now: float) -> None:
        nothing_else = len(self._later) == self.left
        while self._later and (nothing_else or self._later[0][0] <= now):
            _, _, target = heapq.heappop(self._later)
            lane = self._lanes.setdefault(target.host, _Lane(0, hangs=True))
            lane.again.insert(0, target)
            lane.left += 1
            self._held += 1
            self._list(target.host)
        while self._waiting and self._waiting[0][0] <= now:
            _, host = heapq.heappop(self._waiting)
            free_at = self._pace.free_at(host)  # a redirect from elsewhere may have used its turn
            if free_at > now:
                heapq.heappush(self._waiting, (free_at, host))
            else:
                lane = self._lanes[host]
                heapq.heappush(self._ready, self._rank(host, lane.left, lane.hangs))
