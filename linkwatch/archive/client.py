"""HTTP to the Wayback Machine: one method for each thing it can be asked, values back.

Never raises for what the archive does. Every request waits for its turn; the keys go to
Save Page Now only, and no redirect is followed, so they go nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt, wait_exponential
from yarl import URL

from linkwatch.archive import cdx, limits, spn
from linkwatch.archive.breaker import Breaker
from linkwatch.archive.cdx import Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from linkwatch.archive.keys import Keys
    from linkwatch.archive.pace import Pace

# A passing fault deserves a second try; more would hurt an archive in trouble.
ATTEMPTS = 2


@dataclass(slots=True)
class Wayback:
    """The Wayback Machine at ``base``, asked over ``session``."""

    session: aiohttp.ClientSession
    base: str
    lookups: Pace
    captures: Pace
    sleep: Callable[[float], Awaitable[None]]
    keys: Keys | None = None
    lookup_timeout: float = limits.LOOKUP_TIMEOUT
    save_timeout: float = limits.SAVE_TIMEOUT
    index: Breaker = field(default_factory=Breaker)  # of look-ups
    saver: Breaker = field(default_factory=Breaker)  # of submissions

    async def look_up(self, question: cdx.Question) -> cdx.Lookup:
        """What the CDX index says of a URL."""
        ticket, reply = await self._ask_index(cdx.query(self.base, question))
        lookup = cdx.interpret(question, reply, self.base)
        if reply.status == 429:
            if self.index.refused(ticket):
                self.lookups.pause(limits.PAUSE_AFTER_429)
        elif lookup.error is not None and not _is_of_the_url(lookup):
            self.index.silent(lookup.error)
        else:
            self.index.answered(ticket)
        return lookup

    async def submit(self, url: str, within: float) -> spn.Submission:
        """Asks for a capture of ``url``, unless there is one not older than ``within`` seconds.

        Asked once only: a submission that went unanswered may have been taken.
        """
        await self.captures.turn()
        ticket = self.saver.ticket()
        form = {"url": url, "if_not_archived_within": str(int(within)), "skip_first_archive": "1"}
        reply = await self._send("POST", "/save", self.save_timeout, data=form)
        answer = spn.submission(reply)
        match answer:
            case spn.Throttled():
                self._too_often(ticket)
            case spn.NoAnswer(error):
                self.saver.silent(error)
            case _:
                self.saver.answered(ticket)
        return answer

    async def statuses(self, job_ids: Iterable[str]) -> dict[str, spn.Progress]:
        """How far some jobs have come; a job that is not in the answer is not known."""
        ids = list(job_ids)
        known: dict[str, spn.Progress] = {}
        for start in range(0, len(ids), limits.JOBS_PER_REQUEST):
            form = {"job_ids": ",".join(ids[start : start + limits.JOBS_PER_REQUEST])}
            known |= spn.statuses(await self._again("POST", "/save/status", data=form))
        return known

    async def slots(self, running: int = 0) -> spn.Slots | spn.Unauthorized:
        """How many captures may be begun now, while so many of ours are running."""
        return spn.slots(await self._again("GET", "/save/status/user"), running)

    async def system(self) -> Reply:
        """What Save Page Now says of itself."""
        return await self._again("GET", "/save/status/system")

    async def _ask_index(self, address: str) -> tuple[int, Reply]:
        """One look-up and at most one more after a fault, each in its turn; with its ticket."""
        ticket = 0

        async def ask() -> Reply:
            nonlocal ticket
            await self.lookups.turn()
            ticket = self.index.ticket()
            return await self._fetch("GET", URL(address, encoded=True), self.lookup_timeout)

        reply: Reply = await self._retrying()(ask)
        return ticket, reply

    async def _again(self, method: str, path: str, **options: Any) -> Reply:
        """A request to Save Page Now that may be repeated; it waits out a pause, and may begin one."""
        await self.captures.end_of_pause()
        ticket = self.saver.ticket()
        reply: Reply = await self._retrying()(self._send, method, path, self.save_timeout, **options)
        if reply.status == 429:
            self._too_often(ticket)
        return reply

    def _too_often(self, ticket: int) -> None:
        """Leaves Save Page Now alone for a while after a 429, whatever it was asked."""
        if self.saver.refused(ticket):
            self.captures.pause(limits.PAUSE_AFTER_429)

    async def _send(self, method: str, path: str, seconds: float, **options: Any) -> Reply:
        headers = {"Accept": "application/json"}
        if self.keys is not None:
            headers["Authorization"] = self.keys.authorization
        address = URL(self.base.rstrip("/") + path)
        return await self._fetch(method, address, seconds, headers=headers, **options)

    async def _fetch(self, method: str, address: URL, seconds: float, **options: Any) -> Reply:
        """One request. What goes wrong is told by its kind; no header is ever quoted."""
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self.session.request(
                method, address, timeout=limit, allow_redirects=False, **options
            ) as response:
                return Reply(response.status, await _text(response))
        except TimeoutError:
            return Reply(None, f"no answer within {seconds:g} seconds")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Reply(None, type(error).__name__)

    def _retrying(self) -> AsyncRetrying:
        return AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(multiplier=2, max=30),
            retry=retry_if_result(_passing),
            retry_error_callback=_last,
            sleep=self.sleep,
        )


async def _text(response: aiohttp.ClientResponse) -> str:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limits.BODY_LIMIT:
            break
    return body.decode("utf-8", errors="replace")


def _is_of_the_url(lookup: cdx.Lookup) -> bool:
    """Whether the index is well, and only this URL is excluded, malformed in its eyes, or too long."""
    return lookup.error == cdx.EXCLUDED or lookup.status in (400, 414)


def _passing(reply: Reply) -> bool:
    """Whether a fault may pass: nothing came back, or a server fault."""
    return reply.status is None or reply.status >= 500


def _last(state: RetryCallState) -> Reply:
    assert state.outcome is not None
    reply: Reply = state.outcome.result()
    return reply
