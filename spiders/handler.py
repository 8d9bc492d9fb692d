"""Scrapy's way to the network: a session of linkwatch, so that routes and guards hold here too."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientTimeout
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.http import Headers
from scrapy.responsetypes import responsetypes
from yarl import URL

from linkwatch.check.failures import explain
from linkwatch.net.session import open_session
from linkwatch.reasons import cause

if TYPE_CHECKING:
    from aiohttp import ClientResponse
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from linkwatch.config import Config

# What the session has undone already.
_UNDONE = ("Content-Encoding", "Content-Length", "Transfer-Encoding")


class SessionHandler(BaseDownloadHandler):
    """Fetches requests of one scheme; redirects and retries are Scrapy's."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        config: Config = crawler.settings["LINKWATCH_CONFIG"]
        self._session = open_session(config.network)
        crawler.spider.sessions.append(self._session)  # type: ignore[union-attr]
        self._timeout = ClientTimeout(total=config.check.timeout, connect=config.check.connect_timeout)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """The answer to a request. Raises what Scrapy retries, or IgnoreRequest where that is no use."""
        started = monotonic()
        headers = {name.decode(): b", ".join(said).decode() for name, said in request.headers.items()}
        url = URL(request.url, encoded=True)
        try:
            async with self._session.get(
                url, headers=headers, allow_redirects=False, timeout=self._timeout
            ) as answer:
                request.meta["download_latency"] = monotonic() - started
                return _response(request, answer, await self._body(answer))
        except (ClientError, OSError, ValueError) as error:
            failure = explain(error)
            row = cause(failure.reason)
            kind = DownloadFailedError if row.transient else IgnoreRequest
            raise kind(f"{row.sentence} ({failure.detail})") from error

    async def close(self) -> None:
        """Ends the session."""
        await self._session.close()

    async def _body(self, answer: ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self._limit:
                raise IgnoreRequest(f"The page is larger than {self._limit} bytes.")
        return bytes(body)


def _response(request: Request, answer: ClientResponse, body: bytes) -> Response:
    headers = Headers([item for item in answer.headers.items() if item[0].title() not in _UNDONE])
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return kind(url=request.url, status=answer.status, headers=headers, body=body, request=request)
