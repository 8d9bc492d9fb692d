"""Asks a host what it shows at addresses made up by us: once a directory and run, at the host's pace."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkwatch.check import soft404
from linkwatch.model import Answer, Beside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkwatch.model import Observation

# What is kept of such a page while the run goes on; a comparison needs no more.
KEPT = 131_072


@dataclass(slots=True)
class Siblings:
    """What hosts have shown at made-up addresses in this run."""

    read: Callable[[str], Awaitable[Observation]]  # fetches a page at its host's pace
    _seen: dict[str, Observation] = field(default_factory=dict)
    _asking: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def beside(self, url: str) -> Beside | None:
        """What stands beside a URL; None where the host knows what it does not have."""
        sibling = await self._ask(soft404.sibling(url))
        if not _is_page(sibling):
            return None
        front = await self._ask(soft404.front(url))
        if not isinstance(front.outcome, Answer):
            return None  # unknown is not "another page"
        further = soft404.stranger(url)
        return Beside(sibling, None if further is None else await self._ask(further), front)

    async def _ask(self, url: str) -> Observation:
        async with self._asking[url]:
            if url not in self._seen:
                self._seen[url] = _short(await self.read(url))
        return self._seen[url]


def _is_page(seen: Observation) -> bool:
    return isinstance(seen.outcome, Answer) and 200 <= seen.outcome.status < 300


def _short(seen: Observation) -> Observation:
    if not isinstance(seen.outcome, Answer):
        return seen
    return replace(seen, outcome=replace(seen.outcome, body=seen.outcome.body[:KEPT]))
