"""HTTP sessions whose every connection passes one gate: routes first, then no private addresses."""

from __future__ import annotations

import logging
import math
import os
import ssl
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import (
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from aiohttp.log import client_logger

from linkwatch.net import routes
from linkwatch.net.addresses import is_private_literal, is_public
from linkwatch.net.mending import Handler, MendingHandler
from linkwatch.net.patience import patience
from linkwatch.net.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiohttp.abc import ResolveResult
    from aiohttp.client_proto import ResponseHandler
    from aiohttp.client_reqrep import ConnectionKey
    from aiohttp.tracing import Trace

    from linkwatch.config import Network
    from linkwatch.net.routes import Route

# How long an idle connection waits for another URL of its host. Idle TLS connections cost up to 330 kB
# each (measured: 2,000 of them take 667 MB), so those of which no more is wanted are closed at once.
KEEPALIVE = 5.0
# Hosts whose connections wait so, for each request under way: as many as are answered in the half second
# until a host's next turn, where an answer takes a fifth of one. Without an end, 2,000 TLS hosts with three
# URLs each took 706 MB (so 214), and thousands of hosts all the files that a process may have open.
IDLE_HOSTS = 2.5
DNS_TTL = 300
# Headers beyond aiohttp's 8 kB are legal and common on news sites (cookies, security policies).
HEADER_LIMIT = 65_536
# aiohttp takes 128 lines; browsers count bytes only.
MOST_HEADERS = 1_000


UNLIMITED = ClientTimeout(total=None)


class PrivateAddressError(aiohttp.ClientOSError):
    """A host that leads into a private network. One of aiohttp's, so that it passes through unwrapped."""


class GuardedConnector(TCPConnector):
    """Connects where the routes say, and else only to public addresses.

    aiohttp asks its resolver for names only, never for literal addresses, so the gate stands
    where both pass.
    """

    # Whether more is wanted of a host: else its connection is closed with the answer, not kept idle.
    more: Callable[[str], bool] = staticmethod(lambda _: True)
    most_idle = math.inf  # hosts

    def __init__(
        self,
        *,
        ways: Sequence[Route],
        allow_private: bool,
        resolver: Resolver,
        has_proxy: bool = False,
        lenient: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(
            resolver=resolver,
            force_close=lenient,
            keepalive_timeout=None if lenient else KEEPALIVE,
            **options,
        )
        handler: type[ResponseHandler] = MendingHandler if lenient else Handler
        self._factory = partial(handler, loop=self._loop)
        self._names = None if has_proxy else resolver
        self._ways = ways
        self._allow_private = allow_private

    async def name_servers(self, domain: str) -> tuple[str, ...]:
        """The name servers of a domain; none where a proxy or a route stands between us and its names."""
        way = routes.find(self._ways, domain, 443) or routes.find(self._ways, domain, 80)
        if self._names is None or (way is not None and way[0] != domain):
            return ()
        return await self._names.name_servers(domain)

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Ends its look-ups too: one that outlives the event loop has nobody to tell."""
        await super().close(abort_ssl=abort_ssl)
        await self._resolver.close()

    def _release(self, key: ConnectionKey, protocol: ResponseHandler, *, should_close: bool = False) -> None:
        super()._release(key, protocol, should_close=should_close or not self.more(key.host))
        while len(self._conns) > self.most_idle:
            self._hang_up(next(iter(self._conns)))  # the host that was asked longest ago

    def _hang_up(self, key: ConnectionKey) -> None:
        """Closes the idle connections to a host."""
        for protocol, _ in self._conns.pop(key):
            protocol.close()

    async def _create_connection(  # as in aiohttp
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109
    ) -> ResponseHandler:
        """A new connection, within a time that our own delays do not count in, as aiohttp's would."""
        if timeout.sock_connect is None:
            return await super()._create_connection(req, traces, timeout)
        async with patience(timeout.sock_connect):
            return await super()._create_connection(req, traces, UNLIMITED)

    async def _resolve_host(self, host: str, port: int, traces: Any = None) -> list[ResolveResult]:
        way = routes.find(self._ways, host, port)
        if way is not None:  # the operator's word: not subject to the private-address rule
            return await super()._resolve_host(*way, traces)
        found = await super()._resolve_host(host, port, traces)
        if self._allow_private:
            return found
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise PrivateAddressError(f"{host} is at {found[0]['host']}, which is not a public address")
        return public


async def name_servers(session: ClientSession, domain: str) -> tuple[str, ...]:
    """The name servers of a domain; none where nobody says, or where names are not ours to look up."""
    connector = session.connector
    return await connector.name_servers(domain) if isinstance(connector, GuardedConnector) else ()


def open_session(network: Network, *, concurrency: int = 0, lenient: bool = False) -> ClientSession:
    """A session as the configuration wants it. Cookies are the caller's; redirects too.

    ``SSL_CERT_FILE`` is honoured, as OpenSSL's default context reads it. A lenient one reads answers that
    break HTTP as browsers do, each over a connection of its own.
    """
    client_logger.setLevel(logging.ERROR)  # a cookie that no browser would take is no news
    ways = [routes.parse(each) for each in network.connect_to]
    connector = GuardedConnector(
        ways=ways,
        allow_private=network.allow_private or network.proxy is not None,
        has_proxy=network.proxy is not None,
        lenient=lenient,
        resolver=Resolver(network.nameservers),
        # aiohttp's own was made at import, whatever SSL_CERT_FILE says since.
        ssl=_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
        limit=concurrency,
        ttl_dns_cache=DNS_TTL,
    )
    return ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": network.user_agent},
        proxy=network.proxy,
        middlewares=[_gate_before_the_proxy] if network.proxy and not network.allow_private else [],
        timeout=UNLIMITED,
        max_line_size=HEADER_LIMIT,
        max_field_size=HEADER_LIMIT,
        max_headers=MOST_HEADERS,
    )


@lru_cache(maxsize=4)
def _trust(_file: str | None, _directory: str | None) -> ssl.SSLContext:
    """The authorities that OpenSSL finds where these say: reading them takes as long as forty checks."""
    return ssl.create_default_context()


def keep_where(session: ClientSession, more: Callable[[str], bool], at_once: int) -> None:
    """Keeps connections open from now on only to hosts of which more is wanted, and not to too many of them.

    ``at_once`` are the requests that are under way at the same time.
    """
    assert isinstance(session.connector, GuardedConnector)
    session.connector.more = more
    session.connector.most_idle = IDLE_HOSTS * at_once


async def _gate_before_the_proxy(request: ClientRequest, go_on: ClientHandlerType) -> ClientResponse:
    """A proxy looks up names itself, so only literal addresses and localhost can be refused before it."""
    host = request.url.host or ""
    if is_private_literal(host):
        raise PrivateAddressError(f"{host} is not a public address")
    return await go_on(request)
