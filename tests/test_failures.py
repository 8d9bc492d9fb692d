"""Every exception of a fetch comes to one reason, by one table."""

from __future__ import annotations

import asyncio
import errno
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from unittest.mock import Mock

import aiohttp
import pytest
import trustme
from aiohttp import web
from rawweb import QUICK, fetcher

from linkwatch import reasons
from linkwatch.check import failures
from linkwatch.check.failures import CERTIFICATE_REASONS, DNS_REASONS, ERRNOS, REASONS, explain
from linkwatch.check.unverified import look
from linkwatch.config import Network
from linkwatch.model import Failure
from linkwatch.net.resolver import DnsError, DnsFault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def subclasses(cls: type[BaseException]) -> Iterator[type[BaseException]]:
    """A class and all that derive from it."""
    yield cls
    for each in cls.__subclasses__():
        yield from subclasses(each)


@pytest.mark.parametrize("cls", sorted(set(subclasses(aiohttp.ClientError)), key=lambda each: each.__name__))
def test_every_exception_of_aiohttp_has_a_row(cls: type[BaseException]) -> None:
    """A class that a new aiohttp brings fails here until somebody has thought about it."""
    assert cls in REASONS


@pytest.mark.parametrize("table", [REASONS, ERRNOS, DNS_REASONS, CERTIFICATE_REASONS])
def test_every_reason_is_a_known_cause(table: dict[object, str]) -> None:
    """No table names a reason that has no verdict."""
    for reason in table.values():
        assert reasons.cause(reason)


@pytest.mark.parametrize("fault", list(DnsFault))
def test_dns_faults_are_told_apart(fault: DnsFault) -> None:
    """Only "there is no such name" is evidence that a host is gone."""
    reason = explain(DnsError("host.example", fault)).reason
    assert reason == ("dns_nxdomain" if fault is DnsFault.NXDOMAIN else "dns_failure")


@pytest.mark.parametrize("wrapped", [False, True])
def test_each_fault_of_dns_is_said_in_words_of_its_own(*, wrapped: bool) -> None:
    """The reasons are fewer than the faults; the evidence tells which it was, and of which name."""
    details = set()
    for fault in DnsFault:
        error: OSError = DnsError("host.example", fault)
        if wrapped:
            error = aiohttp.ClientConnectorDNSError(Mock(host="host.example", port=80, ssl=True), error)
        details.add(explain(error).detail)
    assert len(details) == len(DnsFault)
    assert all(each.startswith("host.example: ") for each in details)


@pytest.mark.parametrize(("number", "reason"), sorted(ERRNOS.items()))
def test_what_the_system_says_counts(number: int, reason: str) -> None:
    """The error number says more than the class, whichever class it comes in."""
    assert explain(OSError(number, "x")).reason == reason
    assert explain(aiohttp.ClientOSError(number, "x")).reason == reason


def test_our_own_limits_are_never_the_links_fault() -> None:
    """Out of file handles, or without a way to IPv6: nothing is recorded."""
    for number in (errno.EMFILE, errno.ENFILE, errno.ENETUNREACH):
        assert reasons.cause(explain(OSError(number, "x")).reason).ours


async def here(_: web.Request) -> web.Response:
    """A page."""
    return web.Response(text="here")


CA = trustme.CA()
STRANGER = trustme.CA()
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
TOMORROW = datetime.now(UTC) + timedelta(days=1)
CERTIFICATES = [
    ("tls_expired", lambda: CA.issue_cert("site.example", not_after=YESTERDAY)),
    ("tls_hostname", lambda: CA.issue_cert("other.example")),
    ("tls_untrusted", lambda: STRANGER.issue_cert("site.example")),
    ("tls_not_yet_valid", lambda: CA.issue_cert("site.example", not_before=TOMORROW)),
    (None, lambda: CA.issue_cert("site.example")),
]


@pytest.mark.parametrize(("reason", "issue"), CERTIFICATES, ids=[str(row[0]) for row in CERTIFICATES])
async def test_certificates_are_told_apart(
    reason: str | None, issue: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expired, another host's, and nobody's certificate, over real handshakes."""
    bundle = f"{tmp_path}/ca.pem"
    CA.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", bundle)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issue().configure_cert(context)  # type: ignore[operator]
    app = web.Application()
    app.router.add_get("/", here)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    port = runner.addresses[0][1]
    async with fetcher(Network(connect_to=(f"::127.0.0.1:{port}",), canaries=())) as fetch:
        outcome = (await fetch.fetch("https://site.example/")).outcome
    await runner.cleanup()
    assert (outcome.reason if isinstance(outcome, Failure) else None) == reason


async def test_what_lies_behind_a_certificate_is_asked_for_without_anything_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request more, without cookies, names and passwords; a redirect there is told, not followed."""
    CA.cert_pem.write_to_path(f"{tmp_path}/ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", f"{tmp_path}/ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    STRANGER.issue_cert("site.example").configure_cert(context)
    asked: list[dict[str, str]] = []

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(
            {key.lower(): value for key, _, value in (x.partition(": ") for x in head.split("\r\n"))}
        )
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: https://site.example/b\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with fetcher(Network(connect_to=(f"::127.0.0.1:{port}",), canaries=())) as fetch:
        outcome = (await fetch.fetch("https://me:secret@site.example/a")).outcome
    server.close()
    assert isinstance(outcome, Failure)
    assert outcome.reason == "tls_untrusted"
    assert outcome.detail.startswith("behind the certificate: HTTP 302 to https://site.example/b; ")
    assert len(asked) == 1
    assert not {"cookie", "authorization"} & set(asked[0])


async def test_a_line_that_breaks_behind_a_certificate_is_told() -> None:
    """Whatever goes wrong there is evidence, and no error of ours."""
    seen = await look(_Broken(), "https://site.example/", QUICK, {})  # type: ignore[arg-type]
    assert seen.said == "no answer (connection_reset)"


class _Broken:
    def get(self, *_: object, **__: object) -> None:
        raise ConnectionResetError(errno.ECONNRESET, "reset")


async def test_tls_to_a_plain_port_is_a_tls_error() -> None:
    """A server that speaks, but not TLS where it should."""

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ready\r\n")
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with fetcher(Network(connect_to=(f"::127.0.0.1:{port}",), canaries=())) as fetch:
        outcome = (await fetch.fetch("https://site.example/")).outcome
    server.close()
    assert isinstance(outcome, Failure)
    assert outcome.reason == "tls_error"


def test_the_detail_can_be_searched_for() -> None:
    """The detail names the exception and what it said."""
    assert explain(ConnectionRefusedError(errno.ECONNREFUSED, "refused")).detail.startswith(
        "ConnectionRefused"
    )
    assert failures.explain(TimeoutError()).detail == "TimeoutError"
