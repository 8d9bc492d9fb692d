"""HTTP to another archive: any Memento TimeGate, or a MemGator that asks many.

Never raises for what the archive does. Every request waits for its turn, redirects included.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from linkwatch.archive import limits
from linkwatch.archive.breaker import Breaker
from linkwatch.archive.negotiation import Step, interpret, list_address, onward, source_name, with_others
from linkwatch.archive.timemap import entries, nearest

if TYPE_CHECKING:
    from linkwatch.archive.cdx import Lookup, Question
    from linkwatch.archive.pace import Pace
    from linkwatch.archive.timemap import Listed


@dataclass(slots=True)
class TimeGate:
    """The archive whose TimeGate for a page is ``base`` followed by the page's address."""

    session: aiohttp.ClientSession
    base: str
    pace: Pace
    timeout: float = limits.LOOKUP_TIMEOUT
    index: Breaker = field(default_factory=Breaker)
    listing: bool = True  # whether TimeMaps are asked for; no more once that was too often

    async def look_up(self, question: Question) -> Lookup:
        """The memento that this archive holds nearest to the time in question."""
        ticket = self.index.ticket()
        lookup, listed_at = await self._negotiate(question, ticket)
        if not listed_at or not lookup.mementos or question.limit < 2 or not self.listing:
            return lookup
        return await self._with_others(lookup, await self._list(listed_at, ticket), question)

    async def _negotiate(self, question: Question, ticket: int) -> tuple[Lookup, str | None]:
        """What the TimeGate leads to, and where the archive lists all mementos of the page."""
        step = await self._ask(f"{self.base.rstrip('/')}/{question.url}", question)
        listing, first = list_address(step), True
        for _ in range(limits.SOURCE_HOPS):
            target = onward(step, first=first)
            if target is None:
                break
            step, first = await self._ask(target, question), False
            listing = list_address(step) or listing
        lookup = interpret(question, step, source_name(self.base))
        if _refuses(step):
            self._too_often(ticket)
        elif lookup.error is not None and (step.status is None or step.status >= 500):
            self.index.silent(lookup.error)
        else:
            self.index.answered(ticket)
        return lookup, listing

    def _too_often(self, ticket: int) -> None:
        """Leaves the archive alone for a while."""
        if self.index.refused(ticket):
            self.pace.pause(limits.PAUSE_AFTER_429)

    async def _with_others(self, lookup: Lookup, listed: list[Listed], question: Question) -> Lookup:
        """Adds other mementos near the time; if the nearest shows an error, only after a look at each."""
        source = source_name(self.base)
        (shown,) = lookup.mementos
        if shown.http_status is None or shown.http_status < 300:
            return with_others(lookup, listed, question, source)
        seen = list(lookup.mementos)
        for each in nearest(listed, question.near, limits.SOURCE_LOOKS):
            if each.memento_url != shown.memento_url:
                ticket = self.index.ticket()
                step = await self._ask(each.memento_url, question)
                if _refuses(step):
                    self._too_often(ticket)
                    break
                seen += interpret(question, step, source).mementos
        return replace(lookup, mementos=tuple({each.memento_url: each for each in seen}.values()))

    async def _list(self, address: str, ticket: int) -> list[Listed]:
        """The mementos that a TimeMap lists; none where it cannot be had, which says nothing."""
        await self.pace.turn()
        limit = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with self.session.get(
                URL(address, encoded=True), timeout=limit, allow_redirects=False
            ) as response:
                if response.status == 429:
                    self.listing = False
                    self._too_often(ticket)
                body = await _beginning(response) if response.status == 200 else b""
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
            return []
        return entries(body.decode(errors="replace"))

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


def _refuses(step: Step) -> bool:
    """Whether the archive is asked too often. A page of the past may have been: that is a memento."""
    return step.status == 429 and step.memento_datetime is None


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    while len(body) < limits.TIMEMAP_LIMIT:
        piece = await response.content.read(limits.TIMEMAP_LIMIT - len(body))
        if not piece:
            break
        body += piece
    return bytes(body)


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
        original=_related(response, "original"),
        timemap=_related(response, "timemap"),
    )


def _related(response: aiohttp.ClientResponse, relation: str) -> str | None:
    try:
        links = response.links
    except ValueError:  # an address in it that is none
        return None
    for relations, link in links.items():
        if relation in str(relations).lower().split():
            return str(link["url"])
    return None
