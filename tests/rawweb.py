"""A web of raw bytes on loopback: whatever a case wants a server to send, it sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from conftest import NIGHT

from linkwatch.check.fetch import Fetcher
from linkwatch.check.lanes import Pace
from linkwatch.config import Check, Network
from linkwatch.net.session import open_session
from linkwatch.policy import Policy

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from datetime import datetime
    from ssl import SSLContext

Handler = Callable[["Request", "StreamWriter"], Awaitable[None]]
QUICK = Check(per_host_interval=0.0, timeout=2.0, connect_timeout=2.0, retries=0)


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked."""

    host: str
    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class RawWeb:
    """Where the server listens, and what it was asked."""

    port: int
    requests: list[Request] = field(default_factory=list)
    sent: int = 0

    @property
    def network(self) -> Network:
        """Settings that lead every host to this server."""
        return Network(connect_to=(f"::127.0.0.1:{self.port}",), canaries=())

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [each.path for each in self.requests]


def answer(status: str = "200 OK", body: str | bytes = "<title>A page</title>", **headers: str) -> bytes:
    """A whole HTTP answer; header names with underscores for hyphens."""
    data = body.encode() if isinstance(body, str) else body
    lines = {"Content-Type": "text/html", "Content-Length": str(len(data)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode("utf-8", "surrogateescape") + data


@asynccontextmanager
async def raw_web(handler: Handler | bytes, tls: SSLContext | None = None) -> AsyncIterator[RawWeb]:
    """Serves a handler, or the same bytes to everyone, until the block ends; over TLS where that is given."""
    web = RawWeb(0)

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
            request = Request(headers.get("host", ""), head[0].split(" ")[1], headers)
            web.requests.append(request)
            if isinstance(handler, bytes):
                writer.write(handler)
            else:
                await handler(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    web.port = server.sockets[0].getsockname()[1]
    try:
        yield web
    finally:
        server.close()


@asynccontextmanager
async def fetcher(
    network: Network,
    settings: Check = QUICK,
    clock: Callable[[], datetime] = lambda: NIGHT,
    **policy: float,
) -> AsyncIterator[Fetcher]:
    """A fetcher as a run has it, quick to lose patience."""
    settled = replace(Policy(retry_wait=0.0), **policy)  # type: ignore[arg-type]
    leniently = partial(open_session, network, lenient=True)
    async with open_session(network) as session:
        pace = Pace(settings.per_host_interval)
        yield Fetcher(session, pace, settings, settled, clock, leniently=leniently)
