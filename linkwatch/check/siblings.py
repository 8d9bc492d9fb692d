"""Asks a host what it shows at addresses made up by us, and who names its domain: once each a run."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkwatch.check.judging import made_up, soft404
from linkwatch.model import Answer, Beside
from linkwatch.urls import domain_of, host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkwatch.model import Observation
    from linkwatch.policy import Policy

# What is kept of such a page while the run goes on; a comparison needs no more.
KEPT = 131_072
# Of how many pages: 64 MB at the most. URLs of a directory come near one another in a run, so that few
# are asked for again.
KEPT_PAGES = 512


@dataclass(slots=True)
class Siblings:
    """What hosts have shown at made-up addresses in this run, and the name servers of their domains."""

    read: Callable[[str], Awaitable[Observation]]  # fetches a page at its host's pace
    name_servers: Callable[[str], Awaitable[tuple[str, ...]]]  # of a domain; none where nobody says
    _seen: dict[str, Observation] = field(default_factory=dict)
    _named: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _asking: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def wants(self, seen: Observation, policy: Policy) -> bool:
        """Whether a page gives reason to ask anything."""
        return soft404.suspicious(seen, policy) or soft404.says_little(seen, policy)

    async def beside(self, seen: Observation, policy: Policy) -> Beside | None:
        """What stands beside a page that may not be the page: as much as there is suspicion for."""
        named = (
            await self._names(domain_of(host_of(seen.final_url))) if soft404.says_little(seen, policy) else ()
        )
        if not soft404.suspicious(seen, policy):
            return Beside(name_servers=named) if named else None
        sibling = await self._ask(made_up.sibling(seen.url))
        if not soft404.is_page(sibling):  # the host knows what it does not have, or cannot say
            return Beside(sibling, name_servers=named)
        front = await self._ask(made_up.front(seen.url))
        if not isinstance(front.outcome, Answer):
            return Beside(name_servers=named)  # unknown is not "another page"
        further = made_up.stranger(seen.url)
        return Beside(sibling, None if further is None else await self._ask(further), front, named)

    async def _ask(self, url: str) -> Observation:
        async with self._asking[url]:
            if url not in self._seen:
                self._seen[url] = _short(await self.read(url))
                self._forget()
        return self._seen[url]

    def _forget(self) -> None:
        """Lets the page go that was asked for first, where there are too many."""
        if len(self._seen) > KEPT_PAGES:
            first = next(iter(self._seen))
            del self._seen[first]
            self._asking.pop(first, None)

    async def _names(self, domain: str) -> tuple[str, ...]:
        async with self._asking[domain]:
            if domain not in self._named:
                self._named[domain] = await self.name_servers(domain)
        return self._named[domain]


def _short(seen: Observation) -> Observation:
    if not isinstance(seen.outcome, Answer):
        return seen
    return replace(seen, outcome=replace(seen.outcome, body=seen.outcome.body[:KEPT]))
