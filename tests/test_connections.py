"""Connections are kept for the hosts of which more is wanted, and closed with the answer of all others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from conftest import NIGHT
from rawweb import QUICK, answer

from linkwatch.check.fetch import Fetcher
from linkwatch.check.lanes import Lanes, Pace
from linkwatch.check.stage import check
from linkwatch.config import Config, Network
from linkwatch.model import History
from linkwatch.net.session import IDLE_HOSTS, keep_where, open_session
from linkwatch.policy import Policy
from linkwatch.store import checks, runs

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator

    from sqlite_utils import Database

PAGE = answer(Connection="keep-alive")


class Patient:
    """A server that never closes a connection by itself, and knows who is connected."""

    def __init__(self) -> None:
        self.connections: defaultdict[str, int] = defaultdict(int)  # of each host, ever
        self.left: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.most = 0
        self._open = 0

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection until it is hung up on."""
        host = ""
        self._open += 1
        self.most = max(self.most, self._open)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                if not host:
                    host = head.partition("Host: ")[2].partition("\r")[0]
                    self.connections[host] += 1
                writer.write(PAGE)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.left[host].set()
        finally:
            self._open -= 1
            writer.close()


@asynccontextmanager
async def serving(server: Patient) -> AsyncIterator[Network]:
    """The network in which every host leads to a server."""
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield Network(connect_to=(f"::127.0.0.1:{port}",), canaries=())


async def test_only_what_is_wanted_stays_connected() -> None:
    """The line to a host of which more is wanted is used again; the other one is hung up on at once."""
    server = Patient()
    async with serving(server) as network, open_session(network) as session:
        keep_where(session, lambda host: host == "more.example", 4)
        fetcher = Fetcher(session, Pace(0.0), QUICK, Policy(), lambda: NIGHT)
        for host in ("more.example", "done.example", "more.example"):
            await fetcher.glance(f"http://{host}/")
        async with asyncio.timeout(10):
            await server.left["done.example"].wait()
        assert not server.left["more.example"].is_set()
        assert server.connections["more.example"] == 1


async def test_a_run_over_many_hosts_keeps_few_lines_open(db: Database) -> None:
    """However many hosts: never more lines open than requests are under way."""
    server = Patient()
    async with serving(server) as network:
        urls = [(f"http://h{number}.example/", f"h{number}.example") for number in range(40)]
        urls += [("http://h0.example/again", "h0.example")]
        settings = Config(network=network, check=replace(QUICK, concurrency=4))
        run_id = runs.begin(db, "check", NIGHT)
        targets = checks.named(db, urls, NIGHT)
        await check(db, settings, run_id=run_id, clock=lambda: NIGHT, targets=targets)
    assert len(server.connections) == 40
    assert server.most <= 8  # one that is being closed may still stand beside each new one


async def test_no_more_lines_are_kept_than_are_soon_used() -> None:
    """Of many hosts of which more is wanted those are hung up on that were asked longest ago."""
    server = Patient()
    async with serving(server) as network, open_session(network) as session:
        keep_where(session, lambda _: True, 4)
        fetcher = Fetcher(session, Pace(0.0), QUICK, Policy(), lambda: NIGHT)
        hosts = [f"h{number}.example" for number in range(4 * int(IDLE_HOSTS) + 5)]
        for host in hosts:
            await fetcher.glance(f"http://{host}/")
        most = int(4 * IDLE_HOSTS)
        async with asyncio.timeout(10):
            for host in hosts[:-most]:
                await server.left[host].wait()
        for host in hosts[-most:]:
            await fetcher.glance(f"http://{host}/again")
        assert [server.connections[host] for host in hosts[-most:]] == [1] * most


def test_lanes_know_of_whom_more_is_wanted() -> None:
    """As long as a target waits; not when the last was handed out, nor of hosts never heard of."""
    hosts = ("a.example", "a.example", "b.example")
    lanes = Lanes(
        [checks.Due(n, f"http://{host}/{n}", host, History()) for n, host in enumerate(hosts)], Pace(0.0), 2
    )
    lanes.take(1.0)
    assert lanes.more("a.example")
    assert not lanes.more("c.example")
    while lanes.take(1.0):
        pass
    assert not lanes.more("a.example")
