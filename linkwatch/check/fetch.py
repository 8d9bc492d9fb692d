"""Fetching one URL: redirects followed by hand, so that each hop is seen, paced and guarded.

Whatever the remote does becomes an ``Observation``; nothing it does raises.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import ada_url
import aiohttp
from yarl import URL

from linkwatch.archive.exchange import Cut, exchange
from linkwatch.check.chain import Chain, without_userinfo
from linkwatch.check.failures import explain
from linkwatch.check.judging.redirects import STATUSES
from linkwatch.check.judging.refresh import refresh
from linkwatch.check.quickness import Quickness
from linkwatch.check.retry import pause, worth_another_try
from linkwatch.check.unverified import CERTIFICATE, look, told
from linkwatch.model import Answer, Failure, Observation
from linkwatch.net.patience import ROUNDS, patience
from linkwatch.reasons import cause

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from linkwatch.archive.exchange import Exchange
    from linkwatch.check.lanes import Pace
    from linkwatch.check.robots import Robots
    from linkwatch.config import Check
    from linkwatch.policy import Policy

ACCEPT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "*"}
# Of what is not text, a glance shows that something is there.
GLANCE = 2_048
# RFC 9110, 4.1: what everybody should be able to read; longer ones are made to fill a database.
LONGEST_URL = 8_192
# By which a server says that it is asked too much (RFC 6585, 4; RFC 9110, 15.6.4).
STRAINED = frozenset({429, 503})
_TEXTS = ("text/", "application/xhtml", "application/xml", "application/json")


@dataclass(slots=True)
class _Heard:
    """What has come of one answer so far."""

    response: aiohttp.ClientResponse | None = None
    body: bytearray = field(default_factory=bytearray)
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches URLs over one session, each host at its pace."""

    session: aiohttp.ClientSession
    pace: Pace
    settings: Check
    policy: Policy
    clock: Callable[[], datetime]
    robots: Robots | None = None  # asked at every hop, where it is to be obeyed
    record: Callable[[Exchange], None] | None = None  # told of every answer, where a copy is kept
    leniently: Callable[[], aiohttp.ClientSession] | None = None  # for answers that break HTTP
    quickness: Quickness = field(default_factory=Quickness)

    async def fetch(self, url: str) -> Observation:
        """What is seen at a URL, after as many tries as the settings allow.

        A host that has been quick so far is only looked at briefly. Where that was too short for an answer,
        it is "brief_look", which says nothing of the URL: to be looked at again, with all patience.
        """
        seen = await self.glance(url, briefly=True)
        for tries in range(1, 1 + self.settings.retries):
            if not worth_another_try(seen, self.policy):
                break
            await self._leave_alone(_host(url), pause(seen, tries, self.policy))
            seen = await self.glance(url, briefly=True)
        return seen

    async def _leave_alone(self, host: str, seconds: float) -> None:
        """Waits before another try, and so does everyone else who wants something of this host."""
        now = asyncio.get_running_loop().time()
        self.pace.back_off(host, now + seconds)
        await asyncio.sleep(self.pace.reserve(host, now) - now)

    async def glance(self, url: str, *, briefly: bool = False) -> Observation:
        """What one try shows."""
        chain = Chain(briefly)
        outcome = await self._follow(url, chain)
        if isinstance(outcome, Answer) and outcome.status in STRAINED:
            self._go_easy(chain.hops[-1].url)
        return Observation(url, self.clock(), tuple(chain.hops), outcome, round(chain.seconds * 1000))

    def _go_easy(self, url: str) -> None:
        """A host that is asked too much is asked half as often from now on."""
        host = _host(url)
        self.pace.slow_down(host, min(2 * self.pace.interval(host), self.policy.slowest_pace))

    async def _follow(self, url: str, chain: Chain) -> Answer | Failure:
        for _ in range(self.settings.max_redirects + 1):
            if chain.is_loop(url):
                return Failure("redirect_loop", f"came by {without_userinfo(url)} again")
            refusal = await self.robots.refusal(url) if self.robots else None
            outcome = refusal or await self._request(url, chain)
            if isinstance(outcome, Failure):
                chain.passed(url, None)
                return await self._behind(outcome, url)
            chain.passed(url, outcome.status)
            target = self._onward(outcome, url, chain)
            if target is None:
                return outcome
            if isinstance(target, Failure):
                return target
            await self.wait_for_turn(target, coming_from=url)
            url = target
        return Failure("too_many_redirects", f"more than {self.settings.max_redirects}")

    async def _behind(self, failure: Failure, url: str) -> Failure:
        """The failure of a certificate with what would have been there, as evidence."""
        if failure.reason not in CERTIFICATE:
            return failure
        await self.wait_for_turn(url)
        return told(failure, await look(self.session, without_userinfo(url), self.settings, ACCEPT))

    def _onward(self, answer: Answer, url: str, chain: Chain) -> str | Failure | None:
        """Where an answer sends us; None where it is what was asked for.

        A page that goes on by itself to nowhere, or to where we came by, is a page all the same.
        """
        location = answer.header("location")
        if answer.status in STATUSES:
            return _target(location, url) if location else None
        found = refresh(answer, self.policy.refresh_wait_max)
        if found is None:
            return None
        base = _target(found[1], url) if found[1] else url
        target = _target(found[0], url if isinstance(base, Failure) else base)
        return None if isinstance(target, Failure) or chain.came_by(target) else target

    async def wait_for_turn(self, url: str, *, coming_from: str | None = None) -> None:
        """Takes the next turn of a URL's host and waits for it.

        One client walking on in one site is one visitor: its steps use turns up, without waiting.
        """
        host, now = _host(url), asyncio.get_running_loop().time()
        start = self.pace.reserve(host, now)
        if coming_from is None or _host(coming_from) != host:
            await asyncio.sleep(start - now)

    async def _request(self, url: str, chain: Chain) -> Answer | Failure:
        """One answer. Recording stands apart: what goes wrong there is not the remote's doing."""
        asked_at, heard = self.clock(), _Heard()
        outcome = await self._ask(self.session, url, chain, heard)
        if self.leniently and isinstance(outcome, Failure) and outcome.reason == "malformed_response":
            await self.wait_for_turn(url)
            chain.briefly = False  # who has answered is heard out
            async with self.leniently() as session:
                again = await self._ask(session, url, chain, heard := _Heard())
            outcome = outcome if isinstance(again, Failure) and not cause(again.reason).network else again
        if self.record and heard.response is not None:
            seen = exchange(heard.response, bytes(heard.body), asked_at, heard.cut)
            if seen is not None:
                self.record(seen)
        return outcome

    async def _ask(
        self, session: aiohttp.ClientSession, url: str, chain: Chain, heard: _Heard
    ) -> Answer | Failure:
        answer: Answer | None = None
        host, longest, started = _authority(url), self.settings.timeout, asyncio.get_running_loop().time()
        allowed = self.quickness.patience(host, self.policy.first_look, longest) if chain.briefly else longest
        # Twice the rounds: of two time-outs that are equal that of the connection strikes first.
        limit = patience(allowed, 2 * ROUNDS)
        try:
            async with limit:
                request = session.get(
                    URL(url, encoded=True),
                    allow_redirects=False,
                    headers=ACCEPT | chain.cookies.headers(url),
                    timeout=_connecting_within(self.settings.connect_timeout),
                )
                async with request as response:
                    heard.response = response
                    chain.cookies.keep(response)
                    answer = _heading(response)
                    answer = await self._with_body(response, answer, heard)
        except Exception as error:  # noqa: BLE001 - nothing a remote sends may end the run
            heard.cut = Cut.TIME if isinstance(error, TimeoutError) else Cut.UNSPECIFIED
            if limit.is_over and allowed < longest:
                self.quickness.forget(host)
                return Failure("brief_look", f"nothing, or not all of it, within {allowed:.1f} s")
            stands = answer is not None and _stands(answer, heard, error)
            return _as_heard(answer, heard) if answer and stands else explain(error)
        else:
            self.quickness.answered(host, asyncio.get_running_loop().time() - started)
            return answer
        finally:
            chain.seconds += asyncio.get_running_loop().time() - started

    async def _with_body(self, response: aiohttp.ClientResponse, answer: Answer, heard: _Heard) -> Answer:
        """The answer with the beginning of its body; the rest is never downloaded."""
        if answer.status in STATUSES:
            heard.cut = None if response.content.at_eof() else Cut.LENGTH
            return answer
        kind = answer.content_type or "text/"
        # What is no text tells a verdict little; a publication that keeps copies wants it whole.
        wanted = kind.startswith(_TEXTS) or self.record is not None
        limit = self.settings.body_limit if wanted else GLANCE
        pieces = heard.body
        while len(pieces) < limit:
            piece = await response.content.read(limit - len(pieces))
            if not piece:
                break
            pieces += piece
        cut = not response.content.at_eof()
        if cut:
            heard.cut = Cut.LENGTH
            response.close()
        return replace(answer, body=bytes(pieces), size=len(pieces), cut=cut)


@cache
def _connecting_within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(sock_connect=seconds)


def _heading(response: aiohttp.ClientResponse) -> Answer:
    headers = tuple((name.lower(), _text(value)) for name, value in response.headers.items())
    kind = response.headers.get("Content-Type")
    return Answer(response.status, headers, content_type=None if kind is None else _text(kind))


def _text(value: str) -> str:
    """A header's value as any place can hold it: aiohttp hands on what is not UTF-8 as surrogates."""
    if value.isascii():
        return value
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _stands(answer: Answer, heard: _Heard, error: Exception) -> bool:
    """Whether a status that was said counts though its body broke off, or dripped past our patience.

    "Not found" is said whatever follows; "here it is" is not true of a page that cannot be had. A page
    that has come to its own end is whole, whatever length was announced.
    """
    return isinstance(error, TimeoutError) or not 200 <= answer.status < 300 or _is_whole(heard)


def _as_heard(answer: Answer, heard: _Heard) -> Answer:
    """An answer with what came of its body."""
    body = bytes(heard.body)
    return replace(answer, body=body, size=len(body), cut=not _is_whole(heard))


def _is_whole(heard: _Heard) -> bool:
    return heard.body.rstrip().lower().endswith(b"</html>")


def _target(location: str, base: str) -> str | Failure:
    """Where a Location header leads, by the WHATWG standard, or why nowhere."""
    if len(location) > LONGEST_URL:
        return Failure("malformed_response", f"redirected to a URL of {len(location)} characters")
    try:
        url = ada_url.URL(location, base=base)
    except ValueError:
        return Failure("malformed_response", f"redirected to {location[:200]!r}, which is no URL")
    if url.protocol not in ("http:", "https:"):
        return Failure("malformed_response", f"redirected to {location[:200]!r}, which is not of the web")
    url.hash = ""
    return str(url.href)


def _authority(url: str) -> str:
    """Host and port as they stand in a URL, also where it is none."""
    return url.partition("://")[2].partition("/")[0]


def _host(url: str) -> str:
    return ada_url.URL(url).hostname
