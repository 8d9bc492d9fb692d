"""The simulated web, served: HTTP, HTTPS and DNS on loopback sockets under the real host names.

``async with simulated_web(world) as web:`` runs it in this event loop, ``with running_web(world)``
in a thread of its own beside code that has no loop. What a checker needs to find its way there
is ``web.connect_to``, ``web.nameservers`` and ``web.ca_file``.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import trustme
from aiohttp import web
from yarl import URL

from linkwatch.demo.authority import Authority, new_authority
from linkwatch.demo.behaviours import missing, page
from linkwatch.demo.dns import Rcode, name_server
from linkwatch.demo.world import Reach, Visit, World, on_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    from aiohttp.typedefs import Handler, Middleware

    from linkwatch.demo.world import Behaviour

LOOPBACK = "127.0.0.1"
_RCODES = {Reach.NO_SUCH_NAME: Rcode.NO_SUCH_NAME, Reach.NO_LOOKUP: Rcode.SERVER_FAILURE}


@dataclass(frozen=True, slots=True)
class SimulatedWeb:
    """A simulated web while it runs, and the way to it."""

    world: World
    nameservers: tuple[str, ...]  # for ``[network] nameservers``
    ca_file: Path  # for ``SSL_CERT_FILE``
    http_port: int
    https_port: int
    closed_port: int  # nothing listens there

    @property
    def connect_to(self) -> tuple[str, ...]:
        """For ``[network] connect_to``: today's refusing hosts to nowhere, all others to the servers.

        Only ports are mapped: names still go to the name server, so a name that does not exist
        is found not to exist.
        """
        refusing = [name for name in self.world.names if self.world.reach(name) is Reach.REFUSED]
        closed = [f"{name}:{port}::{self.closed_port}" for name in refusing for port in (80, 443)]
        return (*closed, f":80::{self.http_port}", f":443::{self.https_port}")

    @property
    def visits(self) -> list[Visit]:
        """Who came by, in order."""
        return self.world.visits


@asynccontextmanager
async def simulated_web(
    world: World, apps: Mapping[str, web.Application] | None = None, authority: Authority | None = None
) -> AsyncIterator[SimulatedWeb]:
    """Serves a world on loopback until the block ends; ``apps`` answer for whole hosts."""
    mounted = dict(apps or {})
    async with AsyncExitStack() as stack:
        authority = authority or stack.enter_context(new_authority())
        certificates = _Certificates(world, authority.ca)
        closed = stack.enter_context(_closed_port())
        lookup = await stack.enter_async_context(name_server(lambda name: _rcode(world, mounted, name)))
        runner = web.AppRunner(
            _application(world, mounted), access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        plain = await _listen(runner, None)
        secure = await _listen(runner, certificates.context)
        yield SimulatedWeb(world, (lookup,), authority.ca_file, plain, secure, closed)


@contextmanager
def running_web(world: World, apps: Mapping[str, web.Application] | None = None) -> Iterator[SimulatedWeb]:
    """The same, in a thread with an event loop of its own, for callers that block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulated web", daemon=True)
    thread.start()
    served = simulated_web(world, apps)
    try:
        running = asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result()
        try:
            yield running
        finally:
            asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _listen(runner: web.AppRunner, context: ssl.SSLContext | None) -> int:
    """Starts one more listener on a free port, and says which."""
    site = web.TCPSite(runner, LOOPBACK, 0, ssl_context=context)
    await site.start()
    port: int = runner.addresses[-1][1]
    return port


@contextmanager
def _closed_port() -> Iterator[int]:
    """A port that is taken and not listened on, so that every connection to it is refused."""
    with socket.socket() as held:
        held.bind((LOOPBACK, 0))
        yield held.getsockname()[1]


def _rcode(world: World, mounted: Mapping[str, object], name: str) -> Rcode:
    return Rcode.FOUND if name in mounted else _RCODES.get(world.reach(name), Rcode.FOUND)


def _application(world: World, mounted: Mapping[str, web.Application]) -> web.Application:
    """One application for all hosts: those of ``mounted`` have their own, the table serves the rest."""

    async def serve(request: web.Request) -> web.StreamResponse:
        url = _url(request)
        row = world.find(url)
        if row is not None:
            return await on_day(row.plan, world.today).answer(request)
        behaviour = _front_page(url.host or "") if url.path == "/" else missing()
        return await behaviour.answer(request)

    tables = web.Application()
    tables.router.add_route("*", "/{path:.*}", serve)
    application = web.Application(middlewares=[_visitors_book(world)])
    for host, app in mounted.items():
        application.add_domain(host, app)
    application.add_domain("*", tables)
    return application


def _front_page(host: str) -> Behaviour:
    return page(host, f"The front page of {host}, with the newest things first.")


def _visitors_book(world: World) -> Middleware:
    @web.middleware
    async def write_down(request: web.Request, handler: Handler) -> web.StreamResponse:
        url = _url(request)
        agent = request.headers.get("User-Agent", "")
        world.visits.append(
            Visit(world.today, request.method, url.scheme, url.host or "", url.raw_path_qs, agent)
        )
        return await handler(request)

    return write_down


def _url(request: web.Request) -> URL:
    """What was asked for, in the spelling of the table."""
    return URL(f"{request.scheme}://{request.host}{request.raw_path}")


class _Certificates:
    """The certificates of the simulated web, each made when its host is first asked for."""

    def __init__(self, world: World, ca: trustme.CA) -> None:
        self.ca = ca
        self._stranger = trustme.CA()
        self._world = world
        self._contexts: dict[tuple[str, Reach], ssl.SSLContext] = {}
        self.context = self._made("localhost", Reach.SERVED)
        self.context.sni_callback = self._choose

    def _choose(self, line: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name is not None:
            line.context = self._made(name, self._world.reach(name))

    def _made(self, name: str, reach: Reach) -> ssl.SSLContext:
        if (name, reach) not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._configure(context, name, reach)
            self._contexts[name, reach] = context
        return self._contexts[name, reach]

    def _configure(self, context: ssl.SSLContext, name: str, reach: Reach) -> None:
        match reach:
            case Reach.EXPIRED:
                end = datetime.now(UTC) - timedelta(days=1)
                start = end - timedelta(days=90)
                self.ca.issue_cert(name, not_before=start, not_after=end).configure_cert(context)
            case Reach.SELF_SIGNED:
                own = trustme.CA()
                with own.private_key_pem.tempfile() as private, own.cert_pem.tempfile() as public:
                    context.load_cert_chain(public, private)
            case Reach.UNTRUSTED:
                self._stranger.issue_cert(name).configure_cert(context)
            case Reach.WRONG_NAME:
                self.ca.issue_cert("another-host.example").configure_cert(context)
            case _:
                self.ca.issue_cert(name).configure_cert(context)
