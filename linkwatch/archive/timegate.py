"""HTTP to another archive: any Memento TimeGate, or a MemGator that asks many.

Never raises for what the archive does. Every request waits for its turn, redirects included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from linkwatch.archive import limits
from linkwatch.archive.breaker import Breaker
from linkwatch.archive.negotiation import Step, interpret, onward, source_name

if TYPE_CHECKING:
    from linkwatch.archive.cdx import Lookup, Question
    from linkwatch.archive.pace import Pace


@dataclass(slots=True)
class TimeGate:
    """The archive whose TimeGate for a page is ``base`` followed by the page's address."""

    session: aiohttp.ClientSession
    base: str
    pace: Pace
    timeout: float = limits.LOOKUP_TIMEOUT
    index: Breaker = field(default_factory=Breaker)

    async def look_up(self, question: Question) -> Lookup:
        """The memento that this archive holds nearest to the time in question."""
        ticket = self.index.ticket()
        step = await self._ask(f"{self.base.rstrip('/')}/{question.url}", question)
        first = True
        for _ in range(limits.SOURCE_HOPS):
            target = onward(step, first=first)
            if target is None:
                break
            step, first = await self._ask(target, question), False
        lookup = interpret(question, step, source_name(self.base))
        if step.status == 429:
            if self.index.refused(ticket):
                self.pace.pause(limits.PAUSE_AFTER_429)
        elif lookup.error is not None and (step.status is None or step.status >= 500):
            self.index.silent(lookup.error)
        else:
            self.index.answered(ticket)
        return lookup

    async def _ask(self, address: str, question: Question) -> Step:
        await self.pace.turn()
        headers = {"Accept-Datetime": format_datetime(question.near, usegmt=True)}
        limit = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with self.session.get(
                URL(address, encoded=True), headers=headers, timeout=limit, allow_redirects=False
            ) as response:
                return _step(address, response)
        except TimeoutError:
            return Step(address, error=f"no answer within {self.timeout:g} seconds")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Step(address, error=type(error).__name__)


def _step(address: str, response: aiohttp.ClientResponse) -> Step:
    """The headers that count; the body is not read."""
    headers = response.headers
    return Step(
        address,
        response.status,
        location=headers.get("Location"),
        content_location=headers.get("Content-Location"),
        memento_datetime=headers.get("Memento-Datetime"),
        replayed=any(name.lower().startswith("x-archive-orig-") for name in headers),
        original=_original(response),
    )


def _original(response: aiohttp.ClientResponse) -> str | None:
    try:
        links = response.links
    except ValueError:  # an address in it that is none
        return None
    for relations, link in links.items():
        if "original" in str(relations).lower().split():
            return str(link["url"])
    return None
