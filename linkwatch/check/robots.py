"""What a site's robots.txt allows us (RFC 9309), asked once per origin and run.

A file that is not there allows everything (2.3.1.3). One that the site cannot show just now
forbids everything (2.3.1.4). Where no HTTP answer came at all the page itself is asked: what
keeps us from the file keeps us from the page too, and that is what the check has to say.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from linkwatch.model import Answer, Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkwatch.model import Observation


@dataclass(slots=True)
class Robots:
    """The rules of every origin that a run has come to."""

    read: Callable[[str], Awaitable[Observation]]  # fetches a file at its host's pace
    agent: str  # the name by which sites address us
    slow_down: Callable[[str, float], None]  # told how many seconds a host wants between two requests
    _rules: dict[str, Protego | Failure] = field(default_factory=dict)
    _asking: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def refusal(self, url: str) -> Failure | None:
        """Why we may not fetch a URL; None where we may."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        async with self._asking[origin]:
            if origin not in self._rules:
                self._rules[origin] = found = _rules(await self.read(f"{origin}/robots.txt"))
                if isinstance(found, Protego) and (delay := found.crawl_delay(self.agent)):
                    self.slow_down(parts.hostname or "", delay)
        rules = self._rules[origin]
        if isinstance(rules, Failure):
            return rules
        if rules.can_fetch(url, self.agent):
            return None
        return Failure("robots_disallowed", f"{origin}/robots.txt disallows {parts.path or '/'}")


def agent_of(user_agent: str) -> str:
    """The product name of a User-Agent header: what stands before the version."""
    return user_agent.partition("/")[0].partition(" ")[0]


def _rules(seen: Observation) -> Protego | Failure:
    answer = seen.outcome
    if isinstance(answer, Answer) and (answer.status >= 500 or answer.status == 429):
        return Failure("robots_disallowed", f"{seen.url} answers {answer.status}: nothing may be fetched")
    if not isinstance(answer, Answer) or not 200 <= answer.status < 300:
        return Protego.parse("")
    return Protego.parse(answer.body.decode("utf-8", "replace"))
