"""The simulated web keeps the promises of its tables, over real sockets and under real names."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from linkwatch import reasons
from linkwatch.demo import behaviours, dns
from linkwatch.demo.sites import HOSTS, ROWS, world
from linkwatch.demo.web import SimulatedWeb, running_web, simulated_web
from linkwatch.demo.world import Host, Promise, Reach, Row, Sight, World, key, on_day
from linkwatch.net.resolver import DnsError, DnsFault, Resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp.abc import ResolveResult

PATIENCE = 1.0  # seconds: longer than the slowest page that does answer


class _Way(Resolver):
    """Names by the simulated name server; ports as ``connect_to`` maps them."""

    def __init__(self, served: SimulatedWeb) -> None:
        super().__init__(served.nameservers)
        self._served = served

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host, with the port that stands for ``port``."""
        for mapping in self._served.connect_to:
            name, asked, _, there = mapping.split(":")
            if name in ("", host) and int(asked) == port:
                return await super().resolve(host, int(there), family)
        raise AssertionError(f"no way to {host}:{port}")


async def visit(served: SimulatedWeb, url: str) -> Promise:
    """What a plain client meets at a URL, redirects not followed."""
    trust = ssl.create_default_context(cafile=str(served.ca_file))
    connector = aiohttp.TCPConnector(resolver=_Way(served), ssl=trust)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        try:
            async with session.get(url, allow_redirects=False, headers={"User-Agent": "tests"}) as answer:
                await answer.read()
                return Promise(answer.status, answer.headers.get("Location"))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Promise(sight=_sight(error))


def _sight(error: Exception) -> Sight:
    match error:
        case aiohttp.ClientConnectorDNSError(os_error=DnsError(fault=DnsFault.NXDOMAIN)):
            return Sight.NO_SUCH_NAME
        case aiohttp.ClientConnectorDNSError(os_error=DnsError(fault=DnsFault.SERVFAIL)):
            return Sight.NO_LOOKUP
        case aiohttp.ClientConnectorCertificateError():
            return Sight.BAD_CERTIFICATE
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return Sight.REFUSED
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
            return Sight.RESET
        case TimeoutError():
            return Sight.SILENCE
        case _:
            raise error


async def until_visited(served: SimulatedWeb) -> None:
    """Waits until the first request has come in."""
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def look() -> None:
        if served.visits:
            arrived.set()
        else:
            loop.call_soon(look)

    look()
    await arrived.wait()


def changes(row: Row) -> list[int]:
    """The days on which a row, or its host, begins to behave in another way."""
    hosts = [host.plan for host in HOSTS if host.name == URL(row.url).host]
    return sorted({0}.union(*(plan for plan in (row.plan, *hosts) if isinstance(plan, dict))))


@pytest.fixture(scope="module")
def served() -> Iterator[SimulatedWeb]:
    """The simulated web in a thread of its own, for all tests of this module."""
    with running_web(world()) as running:
        yield running


CASES = [(row, day) for row in ROWS for day in changes(row)]


@pytest.mark.parametrize(("row", "day"), CASES, ids=[f"{row.url[:60]} day {day}" for row, day in CASES])
async def test_each_row_keeps_its_promise(served: SimulatedWeb, row: Row, day: int) -> None:
    """What the table says of an address on a day is what a client meets there."""
    served.world.today = day
    met = await visit(served, row.url.replace("/*", "/no-row-of-its-own"))
    assert met == served.world.promise(row), row.why


def test_the_web_is_as_large_as_it_says() -> None:
    """Some forty pages on a dozen hosts at the least, and every behaviour the demo tells of."""
    everything = world()
    verdicts = {on_day(row.plan, 0).expected.verdict for row in ROWS}
    assert len(ROWS) >= 60
    assert len(everything.names) >= 30
    assert {"alive", "moved", "gone", "blocked", "unreachable"} <= verdicts
    assert {Reach.NO_SUCH_NAME, Reach.REFUSED, Reach.EXPIRED} <= {on_day(host.plan, 0) for host in HOSTS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.url[:60])
def test_each_row_expects_what_linkwatch_can_say(row: Row) -> None:
    """Expected reasons stand in the table of causes, under the expected verdict."""
    everything = world()
    for day in changes(row):
        everything.today = day
        expected = everything.expected(row)
        verdicts = {reasons.cause(reason).verdict for reason in expected.reasons}
        assert verdicts == {expected.verdict}
    assert row.why


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.url[:60])
def test_each_redirect_leads_to_a_page_of_the_tables(row: Row) -> None:
    """No row sends its visitors to where nothing answers."""
    everything = world()
    for day in changes(row):
        everything.today = day
        location = on_day(row.plan, day).promise.location
        if location is not None:
            target = URL(row.url).join(URL(location))
            assert target.path == "/" or everything.find(target) is not None


async def test_a_name_of_no_table_does_not_exist(served: SimulatedWeb) -> None:
    """An unknown host is NXDOMAIN, not a host that refuses."""
    assert (await visit(served, "https://nobody-registered-this.example/")).sight is Sight.NO_SUCH_NAME


async def test_an_unknown_page_of_a_known_host_is_404(served: SimulatedWeb) -> None:
    """Hosts answer for what they do not have; each has a front page."""
    served.world.today = 0
    assert (await visit(served, "https://perma.cc/nothing-here")).status == 404
    assert (await visit(served, "https://arquivo.pt/")).status == 200
    assert (await visit(served, "https://github.com/")).status == 200


async def test_the_visitors_book_tells_who_came() -> None:
    """Each request is written down with the day, the host, the path and the user agent."""
    rows = (Row("https://a.example/b?c=d", behaviours.missing(), "a page that is not there"),)
    async with simulated_web(World(rows, today=3)) as served:
        await visit(served, "https://a.example/b?c=d")
        (seen,) = served.visits
    assert (seen.day, seen.method, seen.scheme, seen.host, seen.path, seen.user_agent) == (
        3,
        "GET",
        "https",
        "a.example",
        "/b?c=d",
        "tests",
    )


async def test_an_application_answers_for_its_whole_host() -> None:
    """A mounted application has its host to itself, name look-up included."""

    async def hello(_: web.Request) -> web.Response:
        return web.Response(status=202)

    app = web.Application()
    app.router.add_get("/hello", hello)
    async with simulated_web(World(()), {"archive.example": app}) as served:
        assert (await visit(served, "https://archive.example/hello")).status == 202
        assert (await visit(served, "https://archive.example/other")).status == 404
        assert [each.host for each in served.visits] == ["archive.example"] * 2


@pytest.mark.parametrize(
    ("reach", "sight"),
    [
        (Reach.EXPIRED, Sight.BAD_CERTIFICATE),
        (Reach.SELF_SIGNED, Sight.BAD_CERTIFICATE),
        (Reach.UNTRUSTED, Sight.BAD_CERTIFICATE),
        (Reach.WRONG_NAME, Sight.BAD_CERTIFICATE),
        (Reach.REFUSED, Sight.REFUSED),
        (Reach.NO_LOOKUP, Sight.NO_LOOKUP),
        (Reach.NO_SUCH_NAME, Sight.NO_SUCH_NAME),
    ],
)
async def test_each_way_for_a_host_to_fail(reach: Reach, sight: Sight) -> None:
    """A host that is out of reach is so in its own way, over real sockets."""
    row = Row("https://a.example/", behaviours.page("A", "page"), "a page behind a bad host")
    async with simulated_web(World((row,), (Host("a.example", reach, "under test"),))) as served:
        assert await visit(served, row.url) == Promise(sight=sight)


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (Reach.EXPIRED, "certificate has expired"),
        (Reach.SELF_SIGNED, "self-signed certificate"),
        (Reach.UNTRUSTED, "unable to get local issuer"),
        (Reach.WRONG_NAME, "Hostname mismatch"),
    ],
)
async def test_bad_certificates_can_be_told_apart(reach: Reach, words: str) -> None:
    """Each bad certificate fails for its own reason, in OpenSSL's words."""
    row = Row("https://a.example/", behaviours.page("A", "page"), "a page behind a bad certificate")
    async with simulated_web(World((row,), (Host("a.example", reach, "under test"),))) as served:
        trust = ssl.create_default_context(cafile=str(served.ca_file))
        with pytest.raises(ssl.SSLCertVerificationError, match=words):
            await asyncio.open_connection(
                "127.0.0.1", served.https_port, ssl=trust, server_hostname="a.example"
            )


async def test_a_silent_page_does_not_hold_up_the_end() -> None:
    """What hangs ends with the web, and the web ends at once."""
    row = Row("http://a.example/", behaviours.silence(), "never answers")
    async with asyncio.timeout(5), simulated_web(World((row,))) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.http_port)
        writer.write(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
        await until_visited(served)
    assert await reader.read() == b""
    writer.close()


def test_a_web_in_a_thread_ends_when_its_block_raises() -> None:
    """Whatever happens inside, the sockets are given back."""
    ports = []

    def fail() -> None:
        with running_web(World(())) as served:
            ports.append(served.http_port)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", ports[0])) != 0


def test_two_rows_of_one_address_are_a_mistake() -> None:
    """A table that contradicts itself is refused."""
    row = Row("https://a.example/", behaviours.missing(), "first")
    with pytest.raises(ValueError, match=r"two rows for https://a\.example/"):
        World((row, Row("https://a.example/", behaviours.missing(410), "second")))


def test_a_plan_holds_from_its_days_on() -> None:
    """A behaviour lasts until the next one begins; before the first there is none."""
    plan = {2: "a", 5: "b"}
    assert [on_day(plan, day) for day in (2, 4, 5, 99)] == ["a", "a", "b", "b"]
    with pytest.raises(ValueError, match="begins on day 2"):
        on_day(plan, 1)


def test_spellings_of_one_address_are_one_row() -> None:
    """An address is found as written and as browsers send it."""
    assert key(URL("https://zh.wikipedia.org/wiki/长江")) == key(
        URL("https://zh.wikipedia.org/wiki/%E9%95%BF%E6%B1%9F", encoded=True)
    )


QUERY = bytes.fromhex("abcd 0100 0001 0000 0000 0000 0141 0765 78616d706c65 00 0001 0001")


def test_a_query_is_read() -> None:
    """RFC 1035, section 4: number, name in lower case, type."""
    question = dns.parse(QUERY)
    assert (question.number, question.name, question.kind) == (0xABCD, "a.example", 1)


@pytest.mark.parametrize("packet", [b"", QUERY[:11], QUERY[:-1], QUERY[:20], b"\xff" * 40])
def test_what_is_no_query_is_refused(packet: bytes) -> None:
    """Broken packets and answers are not answered."""
    with pytest.raises(ValueError, match="not a DNS query"):
        dns.parse(packet)


def test_a_known_name_has_one_address() -> None:
    """An answer repeats the question as it came and gives 127.0.0.1 for type A, nothing for AAAA."""
    reply = dns.answer(dns.parse(QUERY), dns.Rcode.FOUND)
    assert reply[:12] == bytes.fromhex("abcd 8580 0001 0001 0000 0000")
    assert reply[12:].startswith(QUERY[12:])
    assert reply.endswith(bytes((0, 4, 127, 0, 0, 1)))
    without = dns.answer(dns.parse(QUERY[:-4] + bytes((0, 28, 0, 1))), dns.Rcode.FOUND)
    assert without[:12] == bytes.fromhex("abcd 8580 0001 0000 0000 0000")


@pytest.mark.parametrize("rcode", [dns.Rcode.NO_SUCH_NAME, dns.Rcode.SERVER_FAILURE])
def test_a_refusal_names_its_cause(rcode: dns.Rcode) -> None:
    """NXDOMAIN and SERVFAIL differ in the last four bits of the flags, and carry no record."""
    reply = dns.answer(dns.parse(QUERY), rcode)
    assert reply[3] & 0x0F == rcode
    assert reply[6:8] == b"\0\0"


async def test_a_silent_name_server_says_nothing() -> None:
    """A query to a server that keeps silent stays open; the next one is answered."""
    said = {"a.example": dns.Rcode.SILENCE, "b.example": dns.Rcode.FOUND}
    loop = asyncio.get_running_loop()
    async with dns.name_server(lambda name: said[name]) as where:
        host, port = where.split(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.connect((host, int(port)))
            for packet in (QUERY, b"nonsense", QUERY.replace(b"\x01A", b"\x01B")):
                await loop.sock_sendall(line, packet)
            reply = await loop.sock_recv(line, 512)
    assert reply[12:].startswith(b"\x01B\x07example\0")
