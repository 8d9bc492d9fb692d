"""Serves the cases: HTTP and HTTPS as raw bytes, and a name server that knows their hosts only."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from ipaddress import ip_address
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from linkwatch.demo.dns import Rcode, name_server

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    Site = Callable[["Request", StreamWriter], Awaitable[None]]

SERVED, CLOSED = "127.0.0.1", "127.0.0.9"  # where the servers listen, and where nobody does


class Name(Enum):
    """What the name server says of a host."""

    FOUND = auto()
    MISSING = auto()
    NO_ADDRESS = auto()
    FAILING = auto()
    SILENT = auto()
    CLOSED = auto()  # an address where nothing listens


class Tls(Enum):
    """What certificate a host shows."""

    GOOD = auto()
    INTERMEDIATE = auto()  # good, signed by an authority between
    INCOMPLETE = auto()  # the same without the certificate of that authority
    EXPIRED = auto()
    NOT_YET = auto()
    OTHER_HOST = auto()
    SELF_SIGNED = auto()
    UNTRUSTED = auto()
    REFUSED = auto()  # the handshake is broken off


@dataclass(frozen=True, slots=True)
class Host:
    """How one host of the web behaves."""

    site: Site
    name: Name = Name.FOUND
    tls: Tls = Tls.GOOD
    servers: tuple[str, ...] = ("ns1.host-lwt.net", "ns2.host-lwt.net")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked, and how often that was asked before."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    before: int


@dataclass(frozen=True, slots=True)
class Served:
    """Where the web listens while it runs."""

    http: int
    https: int
    names: str  # the name server, as host:port
    ca_pem: bytes


@asynccontextmanager
async def served(
    hosts: Mapping[str, Host], *, http: int = 0, https: int = 0, names: int = 0
) -> AsyncIterator[Served]:
    """Serves the hosts until the block ends, on free ports unless some are named."""
    ca = trustme.CA()
    async with AsyncExitStack() as stack:
        serve = _serving(hosts)
        plain = await asyncio.start_server(serve, SERVED, http)
        secure = await asyncio.start_server(serve, SERVED, https, ssl=_certificates(hosts, ca))
        for each in (plain, secure):
            stack.callback(each.close)
        named = name_server(
            lambda name: _said(hosts, name), names,
            servers=lambda name: hosts[name].servers if name in hosts else (),
        )  # fmt: skip
        looked_up = await stack.enter_async_context(named)
        ports = [each.sockets[0].getsockname()[1] for each in (plain, secure)]
        yield Served(ports[0], ports[1], looked_up, ca.cert_pem.bytes())


def _said(hosts: Mapping[str, Host], name: str) -> Rcode | bytes:
    host = hosts.get(name)
    match host.name if host else Name.MISSING:
        case Name.FOUND:
            return ip_address(SERVED).packed
        case Name.CLOSED:
            return ip_address(CLOSED).packed
        case Name.NO_ADDRESS:
            return b""
        case Name.FAILING:
            return Rcode.SERVER_FAILURE
        case Name.SILENT:
            return Rcode.SILENCE
        case Name.MISSING:
            return Rcode.NO_SUCH_NAME


def _serving(hosts: Mapping[str, Host]) -> Callable[[StreamReader, StreamWriter], Awaitable[None]]:
    visits: dict[tuple[str, str], int] = {}

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, *_ = head[0].split(" ")
            headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in head[1:])}
            host = headers.get("host", "").partition(":")[0].rstrip(".")
            before = visits.get((host, path), 0)
            visits[host, path] = before + 1
            if host in hosts:
                await hosts[host].site(Request(method, host, path, headers, before), writer)
            await writer.drain()
        except (OSError, EOFError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            writer.close()

    return serve


def _certificates(hosts: Mapping[str, Host], ca: trustme.CA) -> ssl.SSLContext:
    """A context that shows each host its own certificate, made when it is first asked for."""
    made: dict[str, ssl.SSLContext] = {}

    def choose(line: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        host = hosts.get(name or "")
        if host is None or host.tls is Tls.REFUSED:
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        assert name is not None
        if name not in made:
            made[name] = _context(name, host.tls, ca)
        line.context = made[name]
        return None

    front = _context("localhost", Tls.GOOD, ca)
    front.sni_callback = choose
    return front


def _context(name: str, tls: Tls, ca: trustme.CA) -> ssl.SSLContext:
    now = datetime.now(UTC)
    day = timedelta(days=1)
    match tls:
        case Tls.EXPIRED:
            leaf = ca.issue_cert(name, not_before=now - 90 * day, not_after=now - day)
        case Tls.NOT_YET:
            leaf = ca.issue_cert(name, not_before=now + day, not_after=now + 90 * day)
        case Tls.OTHER_HOST:
            leaf = ca.issue_cert("another-host-lwt.net")
        case Tls.UNTRUSTED:
            leaf = trustme.CA().issue_cert(name)
        case Tls.INTERMEDIATE:
            leaf = ca.create_child_ca().issue_cert(name)
        case Tls.INCOMPLETE:
            return _loaded(_without_its_authority(name))
        case Tls.SELF_SIGNED:
            own = trustme.CA()
            return _loaded(own.private_key_pem.bytes() + own.cert_pem.bytes())
        case _:
            leaf = ca.issue_cert(name)
    return _loaded(leaf.private_key_pem.bytes() + b"".join(each.bytes() for each in leaf.cert_chain_pems))


def _without_its_authority(name: str) -> bytes:
    """A certificate as public authorities write them, alone: it says where its issuer's can be had."""
    key, issuer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    place = x509.UniformResourceIdentifier("http://authority-lwt.net/between.crt")
    way = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority between")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.AuthorityInformationAccess([way]), critical=False)
        .sign(issuer, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private + made.public_bytes(Encoding.PEM)


def _loaded(pem: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile() as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context
