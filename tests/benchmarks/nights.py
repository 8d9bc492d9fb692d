"""How long the first night of ``checking.py``'s slow web takes, for many such webs in seconds.

    python tests/benchmarks/nights.py [--webs 60] [--first-look 2] [--second-look 20]

The clock jumps to whatever happens next: who comes next, how long each host is waited for and when it is
looked at again are linkwatch's own, what answers and when is ``slowweb``'s, and our own CPU takes no time.
Each web has the same sizes and another chance of what hangs. Printed: the mean and the worst of how much
longer a night takes than its bound, and how often an answer that would have come was not waited for.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import sys
from dataclasses import dataclass, field, replace
from statistics import mean

import slowweb
from checking import LONG, PATIENCE, POLITE, PORT, bound, bound_unforeseen
from slowweb import Fate

from linkwatch.check.lanes import Lanes, Pace
from linkwatch.check.quickness import Quickness
from linkwatch.policy import Policy


@dataclass(eq=False, slots=True)
class Target:
    """A URL, and whether it is looked at for the second time."""

    url: str
    host: str
    again: bool = False


@dataclass(slots=True)
class Look:
    """What comes of a look, and when it is over."""

    end: float
    target: Target
    silent: bool = False
    took: float = 0.0  # of the host itself


@dataclass(slots=True)
class Night:
    """One night over a web, from its beginning at zero."""

    urls: list[str]
    policy: Policy
    quickness: Quickness = field(default_factory=Quickness)
    pace: Pace = field(init=False)
    lanes: Lanes[Target] = field(init=False)
    cut_short: int = 0  # answers that would have come

    def __post_init__(self) -> None:
        """All are due."""
        self.pace = Pace(POLITE.interval)
        targets = [Target(url, slowweb.host_of(url)) for url in self.urls]
        self.lanes = Lanes(targets, self.pace, POLITE.per_host, PATIENCE)

    def seconds(self) -> float:
        """How long it takes."""
        looks: list[tuple[float, int, Look]] = []
        order, now = itertools.count(), 0.0
        while looks or self.lanes.left:
            while looks and looks[0][0] <= now:
                self._end(heapq.heappop(looks)[2], now)
            while len(looks) < POLITE.at_once and (target := self.lanes.take(now)) is not None:
                look = self._begin(target, now)
                heapq.heappush(looks, (look.end, next(order), look))
            turn = self.lanes.next_at() if len(looks) < POLITE.at_once else None
            now = min([*(end for end, _, _ in looks[:1]), *([] if turn is None else [turn])], default=now)
        return now

    def _begin(self, target: Target, now: float) -> Look:
        path = slowweb.path_of(target.url)
        fate, took = slowweb.fate(path), slowweb.seconds(path)
        allowed = PATIENCE
        if not target.again:
            allowed = self.quickness.patience(target.host, self.policy.first_look, PATIENCE)
        if fate is Fate.HANGS or took > allowed:
            self.cut_short += fate is not Fate.HANGS
            return Look(now + allowed, target, silent=True)
        if fate is not Fate.MOVED:
            return Look(now + took, target, took=took)
        turn = self.pace.reserve(slowweb.other_name(target.host), now + took)
        return Look(turn + slowweb.seconds(f"/moved{path}"), target, took=took)

    def _end(self, look: Look, now: float) -> None:
        target = look.target
        if not look.silent:
            self.quickness.answered(target.host, look.took)
        elif not target.again:
            self.quickness.forget(target.host)
            target.again = True
            self.lanes.put_back(target, now + min(self.policy.second_look, self.lanes.spare()))
        self.lanes.release(target)


def main() -> None:
    """Simulate, and print what came of it."""
    options = _options()
    policy = replace(Policy(), first_look=options.first_look, second_look=options.second_look)
    shares, unforeseen, cut = [], [], 0
    for seed in [slowweb.SEED, *range(options.webs - 1)]:
        urls = slowweb.urls(LONG, PORT, seed=seed)
        night = Night(urls, policy)
        took = night.seconds()
        shares.append(took / bound(urls, POLITE))
        unforeseen.append(took / bound_unforeseen(urls, POLITE))
        cut += night.cut_short
    print(f"{options.webs} webs, first looks of {policy.first_look} s, second {policy.second_look} s later")
    print(f"against the bound: mean {mean(shares):.3f}, worst {max(shares):.3f}, ", end="")
    print(f"of the web of checking.py {shares[0]:.3f}")
    print(f"against the bound of who must find out what hangs: mean {mean(unforeseen):.3f}")
    print(f"answers not waited for: {cut / options.webs:.1f} of {LONG.urls:,}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--webs", type=int, default=60, metavar="N")
    parser.add_argument("--first-look", type=float, default=Policy().first_look, metavar="SECONDS")
    parser.add_argument("--second-look", type=float, default=Policy().second_look, metavar="SECONDS")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
