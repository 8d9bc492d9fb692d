"""Whether the fault is ours: canaries that answer whenever our own network is up.

Offline is not rot. A resolver that says "no such name" of everything, a cable pulled out half-way:
then the canaries fall silent too, and nothing is held against any URL. A captive portal is worse: it
answers for everybody, perhaps with each host's name in its page. Then the canaries do not answer as
themselves: they are sent elsewhere, or show what other hosts show.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.check.judging.hands import domain, is_one_hand, landed_at, mark
from linkwatch.check.judging.judge import judge
from linkwatch.check.signs import is_the_machine
from linkwatch.errors import OfflineError
from linkwatch.model import Answer
from linkwatch.reasons import CAUSES
from linkwatch.urls import domain_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkwatch.check.fetch import Fetcher
    from linkwatch.model import Observation
    from linkwatch.policy import Policy


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
    """Grows with every host that answers as others do, as in front of a captive portal.

    Where what is looked at is of too ``few`` domains to tell by them, each URL counts.
    """

    few: bool = False
    _alike: dict[bytes, set[str]] = field(default_factory=dict)
    _asked: set[bytes] = field(default_factory=set)

    def grows(self, seen: Observation) -> bool:
        """Whether it is time to ask the canaries: at most once for what many have in common."""
        common = mark(seen)
        if common is None or common in self._asked:
            return False
        alike = self._alike.setdefault(common, set())
        alike.add(seen.url if self.few else domain(seen.url))
        if len(alike) < MANY_ALIKE:
            if len(self._alike) > MOST_REMEMBERED:
                del self._alike[next(iter(self._alike))]
            return False
        self._asked.add(common)
        del self._alike[common]
        return True


def are_few(hosts: Iterable[str]) -> bool:
    """Whether hosts are of fewer domains than it takes to tell a portal by them."""
    found = set()
    for host in hosts:
        found.add(domain_of(host))
        if len(found) >= MANY_ALIKE:
            return False
    return True


async def assure(fetcher: Fetcher, canaries: Sequence[str], *alike: Observation) -> None:
    """Passes when at least half of the canaries answer as themselves. Raises OfflineError otherwise.

    A canary that answers as another one, or as many hosts do (of which ``alike`` are some), does not.
    Two that share the error page of one company do not either: it looks like a filter's, and a night that
    is lost can be made up for. Without canaries there is no guard.
    """
    seen = await asyncio.gather(*(fetcher.glance(url) for url in canaries))
    others = [*seen, *alike]
    amiss = [why for each in seen if (why := _amiss(each, others, fetcher.policy))]
    if 2 * len(amiss) <= len(seen):
        return
    if any(map(is_the_machine, seen)):
        raise OfflineError(f"the canaries could not be asked. {CAUSES['local_limit'].sentence}")
    raise OfflineError(
        f"no network: {len(amiss)} of {len(seen)} canary hosts do not answer as themselves"
        f" ({amiss[0]}); nothing was recorded against any URL."
        " Try again when the network is back; if it is up, set other [network] canaries"
    )


def _amiss(seen: Observation, others: Iterable[Observation], policy: Policy) -> str | None:
    """In which way a canary does not answer as itself, in words; None where it does."""
    if not isinstance(seen.outcome, Answer):
        return f"{seen.url}: {seen.outcome.reason}"
    said = f"{seen.url}: HTTP {seen.outcome.status}"
    if seen.outcome.status >= 500:
        return said
    if landed_at(seen) is not None:
        return f"{said} at {seen.final_url}, another domain"
    twin = _twin(seen, seen.outcome, others, policy)
    return f"{said}, and {domain(twin.url)} shows the same page" if twin else None


def _twin(
    seen: Observation, answer: Answer, others: Iterable[Observation], policy: Policy
) -> Observation | None:
    """One of another domain that shows the same, unless that is a gate that many hosts are known to have."""
    for each in others:
        if domain(each.url) == domain(seen.url) or not isinstance(each.outcome, Answer):
            continue
        if is_one_hand(answer, each.outcome, policy.same_page):
            return None if judge(seen, policy).reason == "bot_challenge" else each
    return None
