"""What a site's robots.txt allows us (RFC 9309), asked once per origin and run as long as there is room.

A file that is not there allows everything (2.3.1.3). One that the site cannot show just now
forbids everything (2.3.1.4). Where no HTTP answer came at all the page itself is asked: what
keeps us from the file keeps us from the page too, and that is what the check has to say.
"""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from linkwatch.model import Answer, Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkwatch.model import Observation


# Bytes of rules that are kept, packed, in which there is room for those of tens of thousands of sites: read,
# those of one take 60 kB. Beyond it what was kept first is forgotten, and asked for again.
MOST_KEPT = 32_000_000


@dataclass(slots=True)
class Robots:
    """The rules of the origins that a run has come to."""

    read: Callable[[str], Awaitable[Observation]]  # fetches a file at its host's pace
    agent: str  # the name by which sites address us
    slow_down: Callable[[str, float], None]  # told how many seconds a host wants between two requests
    _kept: dict[str, bytes | Failure] = field(default_factory=dict)
    _size: int = 0
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def refusal(self, url: str) -> Failure | None:
        """Why we may not fetch a URL; None where we may."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        said = self._kept.get(origin) or await self._ask(origin, parts.hostname or "")
        if isinstance(said, Failure):
            return said
        if _rules(said).can_fetch(url, self.agent):
            return None
        return Failure("robots_disallowed", f"{origin}/robots.txt disallows {parts.path or '/'}")

    async def _ask(self, origin: str, host: str) -> bytes | Failure:
        """What an origin says, asked once however many wait for it."""
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if origin in self._kept:
                return self._kept[origin]
            said = _said(await self.read(f"{origin}/robots.txt"))
            self._keep(origin, said)
            if isinstance(said, bytes) and (delay := _rules(said).crawl_delay(self.agent)):
                self.slow_down(host, delay)
            self._asking.pop(origin, None)
        return said

    def _keep(self, origin: str, said: bytes | Failure) -> None:
        self._kept[origin] = said
        self._size += _weight(said)
        while self._size > MOST_KEPT:
            self._size -= _weight(self._kept.pop(next(iter(self._kept))))


def agent_of(user_agent: str) -> str:
    """The product name of a User-Agent header: what stands before the version."""
    return user_agent.partition("/")[0].partition(" ")[0]


def _said(seen: Observation) -> bytes | Failure:
    """The rules, packed; or why nothing may be fetched."""
    answer = seen.outcome
    if isinstance(answer, Answer) and (answer.status >= 500 or answer.status == 429):
        return Failure("robots_disallowed", f"{seen.url} answers {answer.status}: nothing may be fetched")
    if not isinstance(answer, Answer) or not 200 <= answer.status < 300:
        return zlib.compress(b"")
    return zlib.compress(answer.body)


def _weight(said: bytes | Failure) -> int:
    return len(said) if isinstance(said, bytes) else len(said.detail)


@lru_cache(maxsize=128)
def _rules(said: bytes) -> Protego:
    return Protego.parse(zlib.decompress(said).decode("utf-8", "replace"))
