"""Name look-up against a name server that says what each case wants, over real packets."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

import pytest
from rawweb import answer as page
from rawweb import fetcher, raw_web

from linkwatch.config import Network
from linkwatch.demo.dns import LOOPBACK, parse
from linkwatch.demo.dns import name_server as simulated
from linkwatch.model import Answer, Failure
from linkwatch.net import resolver as module
from linkwatch.net import session as session_module
from linkwatch.net.resolver import DnsError, DnsFault, Resolver
from linkwatch.net.session import name_servers, open_session

if TYPE_CHECKING:
    from linkwatch.demo.dns import Question
    from linkwatch.model import Observation

Says = Callable[["Question"], bytes | None]


def answer(question: Question, *addresses: str, rcode: int = 0) -> bytes:
    """A packet with those of the addresses that are of the kind that is asked for."""
    kinds = {4: 1, 6: 28}
    packed = [ip_address(each) for each in addresses if kinds[ip_address(each).version] == question.kind]
    records = b"".join(
        struct.pack("!3HIH", 0xC00C, question.kind, 1, 0, len(each.packed)) + each.packed for each in packed
    )
    header = struct.pack("!6H", question.number, 0x8180 | rcode, 1, len(packed), 0, 0)
    return header + question.raw + records


class _Server(asyncio.DatagramProtocol):
    def __init__(self, says: Says) -> None:
        self._says = says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        packet = self._says(parse(data))
        if packet is not None:
            self._transport.sendto(packet, addr)


@asynccontextmanager
async def name_server(says: Says) -> AsyncIterator[str]:
    """A name server on loopback as ``host:port``."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Server(says), local_addr=("127.0.0.1", 0))
    try:
        yield "{}:{}".format(*transport.get_extra_info("sockname"))
    finally:
        transport.close()


async def addresses(says: Says, host: str = "site.example") -> list[str]:
    """What the resolver finds."""
    async with name_server(says) as server:
        resolver = Resolver([server])
        try:
            return [each["host"] for each in await resolver.resolve(host, 443)]
        finally:
            await resolver.close()


async def fault(says: Says) -> DnsFault:
    """How the resolver fails."""
    with pytest.raises(DnsError) as caught:
        await addresses(says)
    return caught.value.fault


async def test_all_addresses_are_found() -> None:
    """Both kinds of address are asked for and returned."""
    found = await addresses(lambda question: answer(question, "192.0.2.1", "192.0.2.2", "2001:db8::1"))
    assert sorted(found) == ["192.0.2.1", "192.0.2.2", "2001:db8::1"]


async def test_one_kind_of_address_is_enough() -> None:
    """A host with only one kind of address is found."""
    assert await addresses(lambda question: answer(question, "192.0.2.1")) == ["192.0.2.1"]
    assert await addresses(lambda question: answer(question, "2001:db8::1")) == ["2001:db8::1"]


async def test_the_result_is_what_aiohttp_wants() -> None:
    """Host, port and family stand in each result."""
    async with name_server(lambda question: answer(question, "192.0.2.1")) as server:
        resolver = Resolver([server])
        (found,) = await resolver.resolve("site.example", 443)
        await resolver.close()
    assert (found["hostname"], found["host"], found["port"]) == ("site.example", "192.0.2.1", 443)
    assert found["family"] == socket.AF_INET


@pytest.mark.parametrize(
    ("rcode", "expected"),
    [(3, DnsFault.NXDOMAIN), (0, DnsFault.NODATA), (2, DnsFault.SERVFAIL), (5, DnsFault.OTHER)],
    ids=["NXDOMAIN", "no address", "SERVFAIL", "REFUSED"],
)
async def test_faults_are_told_apart(rcode: int, expected: DnsFault) -> None:
    """No such name, no address, and a server that fails are three different things."""
    found = await fault(lambda question: answer(question, rcode=rcode))
    assert found is expected or (rcode == 5 and found is not DnsFault.NXDOMAIN)


async def test_silence_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing has not said that there is no such name."""
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    monkeypatch.setattr(module, "TRIES", 1)
    monkeypatch.setattr(module, "LONGEST", 0.3)
    assert await fault(lambda _: None) is DnsFault.TIMEOUT


async def test_a_look_up_given_up_too_soon_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """c-ares goes by the clock also where our own loop is held up; what counts is how long that waited."""
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    monkeypatch.setattr(module, "TRIES", 1)
    asked: list[Question] = []

    def says(question: Question) -> bytes | None:
        asked.append(question)
        return answer(question, "192.0.2.1") if len(asked) > 4 else None

    assert await addresses(says) == ["192.0.2.1"]


async def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that is not there has not said that there is no such name."""
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    monkeypatch.setattr(module, "TRIES", 1)
    monkeypatch.setattr(module, "LONGEST", 0.3)
    resolver = Resolver(["127.0.0.1:9"])
    with pytest.raises(DnsError) as caught:
        await resolver.resolve("site.example")
    await resolver.close()
    assert caught.value.fault not in (DnsFault.NXDOMAIN, DnsFault.NODATA)


@pytest.mark.parametrize(
    "mangle",
    [
        lambda packet: packet[:20],
        lambda packet: packet + b"\xc0\x0c" * 200,
        lambda packet: packet[:6] + b"\xff\xff" + packet[8:],
        lambda packet: b"\x00" * 12,
        lambda packet: b"",
    ],
    ids=["cut", "with a tail", "of 65535 answers", "of nothing", "empty"],
)
async def test_broken_packets_are_no_evidence(
    mangle: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A packet that cannot be read never means that a name is gone."""
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    monkeypatch.setattr(module, "TRIES", 1)
    monkeypatch.setattr(module, "LONGEST", 0.3)
    try:
        assert await addresses(lambda question: mangle(answer(question, "192.0.2.1"))) == ["192.0.2.1"]
    except DnsError as error:
        assert error.fault is not DnsFault.NXDOMAIN  # noqa: PT017 - either outcome is right, but not that


async def test_the_name_servers_of_a_domain_are_found() -> None:
    """In order, in lower case, without the last dot; none where nobody says."""
    known = {"site.example": ("NS2.sedoparking.com", "ns1.sedoparking.com")}
    says = simulated(lambda _: LOOPBACK, servers=lambda name: known.get(name, ()))
    async with says as at:
        resolver = Resolver([at])
        try:
            assert await resolver.name_servers("site.example") == (
                "ns1.sedoparking.com",
                "ns2.sedoparking.com",
            )
            assert await resolver.name_servers("other.example") == ()
            assert await resolver.name_servers("no name") == ()
        finally:
            await resolver.close()


@pytest.mark.parametrize("network", [
    {"proxy": "http://127.0.0.1:9"}, {"connect_to": ("::127.0.0.1:9",)},
])  # fmt: skip
async def test_whose_names_are_not_ours_to_look_up(network: dict[str, Any]) -> None:
    """Behind a proxy, and where the operator says what a name leads to, nobody is asked."""

    asked: list[str] = []

    def says(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("ns1.sedoparking.com",)

    async with simulated(lambda _: LOOPBACK, servers=says) as at:
        async with open_session(Network(nameservers=(at,), canaries=(), **network)) as session:
            assert await name_servers(session, "site.example") == ()
        assert asked == []
        async with open_session(Network(nameservers=(at,), canaries=())) as session:
            assert await name_servers(session, "site.example") == ("ns1.sedoparking.com",)


async def test_look_ups_end_with_their_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """They would otherwise tell an event loop that is closed, on a thread of their own: a word on stderr."""
    made: list[Resolver] = []

    class Noted(Resolver):
        def __init__(self, nameservers: tuple[str, ...] = ()) -> None:
            super().__init__(nameservers)
            made.append(self)

    monkeypatch.setattr(session_module, "Resolver", Noted)
    asked = asyncio.Event()
    async with name_server(lambda _: asked.set()) as server:
        async with open_session(Network(nameservers=(server,))):
            look_up = asyncio.create_task(made[0].resolve("site.example"))
            await asked.wait()
        with pytest.raises(DnsError) as caught:
            await look_up
    assert caught.value.fault is DnsFault.OTHER  # given up, and not waited for


async def test_names_that_are_no_names() -> None:
    """What cannot be a host name is a fault like any other."""
    async with name_server(lambda question: answer(question, "192.0.2.1")) as server:
        resolver = Resolver([server])
        for name in ("a" * 64 + ".example", "a..example", ".".join(["a" * 60] * 5), "a b.example"):
            with pytest.raises(DnsError):
                await resolver.resolve(name)
        await resolver.close()


async def test_a_name_that_is_gone_is_not_sought_in_our_own_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search domain whose names all exist makes no dead host alive."""
    monkeypatch.setenv("LOCALDOMAIN", "office.example")
    monkeypatch.setenv("RES_OPTIONS", "ndots:5")

    def says(question: Question) -> bytes:
        ours = question.name.endswith("office.example")
        return answer(question, "192.0.2.1") if ours else answer(question, rcode=3)

    assert await fault(says) is DnsFault.NXDOMAIN


async def seen(says: Says, **network: object) -> Observation:
    """What is seen of a site whose name leads where the name server says."""
    async with raw_web(page()) as web, name_server(says) as server:
        settings = replace(Network(nameservers=(server,), canaries=()), **network)  # type: ignore[arg-type]
        async with fetcher(settings) as fetch:
            return await fetch.fetch(f"http://site.example:{web.port}/")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254"],
)
async def test_a_name_that_leads_into_a_private_network_is_not_followed(address: str) -> None:
    """The resolved address decides, not the name."""
    observation = await seen(lambda question: answer(question, address))
    assert isinstance(observation.outcome, Failure)
    assert observation.outcome.reason == "private_address"


async def test_a_private_address_among_public_ones_is_never_tried() -> None:
    """Of several addresses only the public ones are connected to; no fallback leads inside."""
    observation = await seen(lambda question: answer(question, "240.0.0.1", "127.0.0.1", "::1"))
    assert isinstance(observation.outcome, Failure)
    assert observation.outcome.reason == "private_address"


async def test_a_name_may_lead_inside_when_the_operator_says_so() -> None:
    """``allow_private`` is the operator's word for names too."""
    observation = await seen(lambda question: answer(question, "127.0.0.1"), allow_private=True)
    assert isinstance(observation.outcome, Answer)


async def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """Each connection is held against its own look-up: a public answer first opens no door."""
    asked = 0

    def says(question: Question) -> bytes:
        nonlocal asked
        asked += 1
        return answer(question, "127.0.0.1" if asked > 2 else "240.0.0.1")

    async with raw_web(page()) as web, name_server(says) as server:
        async with fetcher(Network(nameservers=(server,), canaries=())) as fetch:
            for port in (web.port, web.port, web.port):
                observation = await fetch.fetch(f"http://site.example:{port}/")
                assert isinstance(observation.outcome, Failure)
        assert web.requests == []
