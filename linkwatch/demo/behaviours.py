"""How servers behave: one small function each, giving what it answers, shows and should come to.

Whatever answers HTTP is an ordinary aiohttp handler; the two that answer nothing hold the line
or break it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from linkwatch.demo import pages
from linkwatch.demo.pages import Page
from linkwatch.demo.world import Behaviour, Expected, Promise, Sight
from linkwatch.model import Verdict
from linkwatch.reasons import http

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkwatch.demo.world import Answer

_ALIVE = Expected(Verdict.ALIVE, ("ok",))
_NO_LINGER = struct.pack("ii", 1, 0)


def page(title: str, text: str, *, lang: str = "en", ids: tuple[str, ...] = (), body: str = "") -> Behaviour:
    """A living page."""
    return _says(200, pages.html(Page(title, text, lang, ids, body=body)), _ALIVE)


def article(title: str, text: str, *, head: str, body: str, lang: str = "en") -> Behaviour:
    """A living page with an article that says of itself what it is, as news sites do."""
    return _says(200, pages.html(Page(title, text, lang, head=head, body=body)), _ALIVE)


def another(title: str, text: str, *, lang: str = "en") -> Behaviour:
    """A living page that is no longer the one that stood there."""
    return _says(200, pages.html(Page(title, text, lang)), Expected(Verdict.DRIFTED, ("content_changed",)))


def document(text: str, content_type: str) -> Behaviour:
    """Something to read that is not a page: a sitemap, a feed, plain text."""
    return _says(200, text, _ALIVE, content_type=content_type)


def picture() -> Behaviour:
    """An image."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=pages.PICTURE, content_type="image/gif")

    return Behaviour(answer, Promise(200), _ALIVE)


def moved(location: str, status: int = 301) -> Behaviour:
    """The page lives elsewhere for good."""
    return _redirect(status, location, Expected(Verdict.MOVED, ("permanent_redirect",)))


def found(location: str, status: int = 302) -> Behaviour:
    """The page is shown from elsewhere for now: the address stays right."""
    return _redirect(status, location, _ALIVE)


def home(status: int = 302) -> Behaviour:
    """Every page that is gone leads to the front page."""
    return _redirect(status, "/", Expected(Verdict.GONE, ("redirect_to_home", "soft_404")))


def login(location: str) -> Behaviour:
    """Visitors are sent to a login first."""
    return _redirect(302, location, Expected(Verdict.BLOCKED, ("redirect_to_login",)))


def missing(status: int = 404) -> Behaviour:
    """The server says that the page does not exist (404) or is gone for good (410)."""
    expected = Expected(Verdict.GONE, (http(status),))
    return _says(status, pages.bare("Not found", "There is nothing at this address."), expected)


def soft_missing(lang: str = "en", site: str = "") -> Behaviour:
    """A page that says "not found" while the status says 200."""
    title, text = {
        "en": ("Page not found", "Sorry, the page you are looking for does not exist or has been removed."),
        "zh": ("页面不存在", "抱歉，您访问的页面不存在或已被删除。"),
    }[lang]
    name = f"{title} - {site}" if site else title
    return _says(200, pages.bare(name, text, lang=lang), Expected(Verdict.GONE, ("soft_404",)))


def refused(status: int = 403, headers: Mapping[str, str] | None = None) -> Behaviour:
    """The server will not show us the page, and says so by its status (401, 402, 403, 451, 999 …)."""
    expected = Expected(Verdict.BLOCKED, (http(status), *_ALSO.get(status, ())))
    return _says(status, pages.bare("Access denied", "You cannot see this page."), expected, headers=headers)


# What these statuses may be told as besides their number.
_ALSO = {402: ("paywall",), 429: ("rate_limited",)}


def challenge() -> Behaviour:
    """A gate that asks for proof of being human, marked by the header Cloudflare documents."""
    body = pages.bare("Just a moment...", "Checking that you are human before the page is shown.")
    expected = Expected(Verdict.BLOCKED, ("bot_challenge",))
    return _says(403, body, expected, headers={"cf-mitigated": "challenge", "Server": "cloudflare"})


def parked(domain: str) -> Behaviour:
    """A domain without an owner who cares: advertising and an offer of sale, at every address."""
    body = pages.bare(
        domain,
        f"{domain} is for sale! This domain is parked. Related searches: loans, travel, insurance.",
        head='<script src="https://img1.sedoparking.com/js/parking.js"></script>',
    )
    return _says(200, body, Expected(Verdict.GONE, ("parked_domain",)))


def for_sale(domain: str) -> Behaviour:
    """A domain that sends its visitors to a dealer in domains."""
    location = f"https://www.sedo.com/search/details/?domain={quote(domain)}"
    return _redirect(302, location, Expected(Verdict.GONE, ("parked_domain",)))


def slow(seconds: float, then: Behaviour) -> Behaviour:
    """An answer that takes its time."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await then.answer(request)

    return Behaviour(answer, then.promise, then.expected)


def fault(status: int = 500) -> Behaviour:
    """The server has a fault of its own."""
    expected = Expected(Verdict.UNREACHABLE, (http(status),))
    return _says(status, pages.bare("Server error", "Something went wrong on our side."), expected)


def silence() -> Behaviour:
    """Picks up, reads the request, and never answers."""

    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError  # nobody sets that event

    return Behaviour(answer, Promise(sight=Sight.SILENCE), Expected(Verdict.UNREACHABLE, ("read_timeout",)))


def reset() -> Behaviour:
    """Reads the request and breaks the connection off with a TCP reset."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            line = request.transport.get_extra_info("socket")
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            request.transport.abort()
        return web.Response()

    return Behaviour(answer, Promise(sight=Sight.RESET), Expected(Verdict.UNREACHABLE, ("connection_reset",)))


def _says(
    status: int,
    text: str,
    expected: Expected,
    *,
    content_type: str = "text/html",
    headers: Mapping[str, str] | None = None,
) -> Behaviour:
    return Behaviour(_answer(status, text, content_type, headers), Promise(status), expected)


def _redirect(status: int, location: str, expected: Expected) -> Behaviour:
    body = pages.bare("Redirect", "This page is elsewhere.")
    answer = _answer(status, body, "text/html", {"Location": location})
    return Behaviour(answer, Promise(status, location), expected)


def _answer(status: int, text: str, content_type: str, headers: Mapping[str, str] | None) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, content_type=content_type, headers=headers)

    return answer
