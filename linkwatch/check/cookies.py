"""The cookies of one way of redirects: kept from hop to hop as a browser would, and then forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from linkwatch.urls import is_suffix

if TYPE_CHECKING:
    from http.cookies import Morsel

# RFC 6265, 6.1: what a browser should hold at least; what a server may rely on.
LONGEST = 4_096
MOST = 50


class Cookies:
    """A jar that sends back what was set, as it was set, to the hosts it was set for."""

    def __init__(self) -> None:
        self._jar: aiohttp.CookieJar | None = None

    def keep(self, response: aiohttp.ClientResponse) -> None:
        """Takes what an answer sets."""
        if not response.cookies:
            return
        if self._jar is None:
            self._jar = aiohttp.CookieJar(unsafe=True)  # hosts may be addresses
        for each in response.cookies.values():
            if each["domain"] and is_suffix(each["domain"]):  # RFC 6265, 5.3: else it would go to strangers
                each["domain"] = ""
        self._jar.update_cookies(response.cookies, response.url)

    def headers(self, url: str) -> dict[str, str]:
        """The header that a request for a URL carries; none where there is nothing to say."""
        if self._jar is None:
            return {}
        found = self._jar.filter_cookies(URL(url, encoded=True)).values()
        pairs = [_pair(each) for each in found if _is_sendable(each)]
        return {"Cookie": "; ".join(pairs[:MOST])} if pairs else {}


def _pair(morsel: Morsel[str]) -> str:
    return f"{morsel.key}={morsel.coded_value}"


def _is_sendable(morsel: Morsel[str]) -> bool:
    pair = _pair(morsel)
    return len(pair) <= LONGEST and pair.isascii() and pair.isprintable()
