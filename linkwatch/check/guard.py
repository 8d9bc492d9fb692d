"""Whether the fault is ours: canaries that answer whenever our own network is up.

Offline is not rot. A resolver that says "no such name" of everything, a cable pulled out half-way:
then the canaries fall silent too, and nothing is held against any URL. A captive portal is worse: it
answers for everybody. Then the canaries do not answer as themselves.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Observation
from linkwatch.urls import domain_of, host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.check.fetch import Fetcher


# So many hosts do not fail one after another unless something between us and them has.
MANY_HOSTS = 25
# So many hosts that answer alike are worth one question to the canaries: three more requests a likeness.
MANY_ALIKE = 4
# Answers remembered for that: a portal answers for one host after the other. Some 5 MB; without an end,
# a million pages would take half a gigabyte.
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Doubt:
    """Grows with every host that fails and is gone with the first that answers."""

    _failed: set[str] = field(default_factory=set)

    def grows(self, host: str, *, failed: bool) -> bool:
        """Whether it is time to ask the canaries; then it starts again from nothing."""
        if not failed:
            self._failed.clear()
            return False
        self._failed.add(host)
        if len(self._failed) < MANY_HOSTS:
            return False
        self._failed.clear()
        return True


@dataclass(slots=True)
class Likeness:
    """Grows with every host that answers as others do, as in front of a captive portal."""

    _hosts: dict[str, set[str]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def grows(self, seen: Observation) -> bool:
        """Whether it is time to ask the canaries: at most once for what many have in common."""
        mark = _mark(seen)
        if mark is None or mark in self._asked:
            return False
        hosts = self._hosts.setdefault(mark, set())
        hosts.add(_domain(seen.url))
        if len(hosts) < MANY_ALIKE:
            if len(self._hosts) > MOST_REMEMBERED:
                del self._hosts[next(iter(self._hosts))]
            return False
        self._asked.add(mark)
        del self._hosts[mark]
        return True


async def assure(fetcher: Fetcher, canaries: Sequence[str], alike: Observation | None = None) -> None:
    """Passes when at least half of the canaries answer as themselves. Raises OfflineError otherwise.

    A canary that answers as another one, or as many hosts do (``alike`` is one of them), does not.
    Without canaries there is no guard.
    """
    seen = await asyncio.gather(*(fetcher.glance(url) for url in canaries))
    witnesses = [*seen, alike] if alike else seen
    shared = Counter(mark for mark, _ in {(_mark(each), _domain(each.url)) for each in witnesses})
    silent = [each for each in seen if not _answers(each) or _is_a_portals(each, shared)]
    if 2 * len(silent) > len(seen):
        raise OfflineError(
            f"no network: {len(silent)} of {len(seen)} canary hosts do not answer as themselves"
            f" ({_why(silent[0])}); nothing was recorded against any URL."
            " Try again when the network is back, or set [network] canaries"
        )


def _answers(seen: Observation) -> bool:
    return isinstance(seen.outcome, Answer) and seen.outcome.status < 500


def _why(seen: Observation) -> str:
    if isinstance(seen.outcome, Answer):
        elsewhere = f" at {seen.final_url}" if seen.final_url != seen.url else ""
        return f"{seen.url}: HTTP {seen.outcome.status}{elsewhere}"
    return f"{seen.url}: {seen.outcome.reason}"


def _is_a_portals(seen: Observation, shared: Counter[str | None]) -> bool:
    """Whether somebody else answered: at a domain of theirs, or every host with the same page."""
    mark = _mark(seen)
    return mark is not None and (_domain(seen.final_url) != _domain(seen.url) or shared[mark] > 1)


def _mark(seen: Observation) -> str | None:
    """What an answer has in common with others: where one was sent, or the page itself."""
    if len(seen.hops) > 1 and (landing := _domain(seen.final_url)) != _domain(seen.url):
        return landing  # also where nothing can be had there, or we must not go
    if not isinstance(seen.outcome, Answer):
        return None
    body = seen.outcome.body
    # Also what refuses or is not there: so answers a filter between us and all hosts.
    return sha256(body).hexdigest() if body and seen.outcome.status < 500 else None


def _domain(url: str) -> str:
    return domain_of(host_of(url).lower())
