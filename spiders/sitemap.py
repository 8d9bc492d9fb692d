"""The spider that reads a site's own lists: sitemaps and feeds."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import HtmlResponse, XmlResponse

from linkwatch.reasons import cause, http

from .listing import read
from .page import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from aiohttp import ClientSession
    from scrapy.http import Response
    from twisted.python.failure import Failure

GZIP = b"\x1f\x8b"
UNPACKED_LIMIT = 52_428_800  # bytes; the most a sitemap may have (sitemaps.org)


class SitemapSpider(Spider):
    """Fetches the pages that the lists at the start addresses name, at most ``limit`` of them."""

    name = "sitemap"

    def __init__(self, start: Sequence[str], domains: Sequence[str], limit: int) -> None:
        super().__init__()
        self._left = limit
        self.start_urls = list(start)
        self.allowed_domains = list(domains)
        self.sessions: list[ClientSession] = []  # open ones, for whoever interrupts the crawl
        self.listings = 0  # how many lists could be read
        self.troubles: dict[str, str] = {}  # what could not be fetched or kept, and why

    async def start(self) -> AsyncIterator[Request]:
        """The lists to begin with."""
        for url in self.start_urls:
            yield self._request(url, self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        """The lists and pages that a list names."""
        if not self._answered(response):
            return
        listing = read(text_of(response), response.url)
        if listing is None:
            self.troubles[response.url] = "This is neither a sitemap nor a feed."
            return
        self.listings += 1
        yield from (self._request(url, self.parse_list) for url in listing.lists)
        pages = listing.pages[: self._left]
        self._left -= len(pages)
        yield from (self._request(url, self.parse_page) for url in pages)

    def parse_page(self, response: Response) -> Iterator[Page]:
        """The page itself, where it is one."""
        if not self._answered(response):
            return
        if isinstance(response, HtmlResponse):
            yield Page(response.url, response.text, datetime.now(UTC), response.encoding)
        else:
            self.troubles[response.url] = "This is not an HTML page."

    def note(self, failure: Failure) -> None:
        """Remembers a request that got no answer. What is no fault of the site is raised."""
        if not isinstance(failure.value, IgnoreRequest | DownloadFailedError):
            failure.raiseException()
        request: Request = failure.request  # type: ignore[attr-defined]
        self.troubles[request.url] = str(failure.value)

    def _request(self, url: str, callback: Any) -> Request:
        return Request(url, callback, errback=self.note)

    def _answered(self, response: Response) -> bool:
        answered = 200 <= response.status < 300
        if not answered:
            self.troubles[response.url] = cause(http(response.status)).sentence
        return answered


def text_of(response: Response) -> str:
    """A list's text: unpacked where it is a ``.gz`` file, decoded by its headers and declaration."""
    body = response.body
    if body.startswith(GZIP):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, UNPACKED_LIMIT)
        except zlib.error:
            body = b""
    return XmlResponse(response.url, headers=response.headers, body=body).text
