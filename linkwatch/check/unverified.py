"""What lies behind a certificate that cannot be trusted: evidence for people, never a verdict.

One request more, without checking who answers: no cookies, no names and passwords, the same gate before
private networks. Whether content is there tells an expired certificate from an abandoned host.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from linkwatch.check.failures import explain
from linkwatch.check.judging.page import Page
from linkwatch.model import Answer
from linkwatch.net.patience import patience

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkwatch.config import Check
    from linkwatch.model import Failure

# The failures of a certificate, behind which the server would have answered.
CERTIFICATE = frozenset({
    "tls_expired", "tls_not_yet_valid", "tls_hostname", "tls_self_signed", "tls_incomplete_chain",
    "tls_untrusted",
})  # fmt: skip
# A title stands in the first of it.
READ = 65_536
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Behind:
    """What came of asking all the same."""

    said: str  # in words
    names_its_issuer: bool = False  # the certificate says where that of its authority can be had


async def look(
    session: aiohttp.ClientSession, url: str, settings: Check, headers: Mapping[str, str]
) -> Behind:
    """What answers at a URL, whoever it is. Never fails, whatever the remote does."""
    try:
        async with patience(settings.timeout):
            anybody = _anybody()
            request = session.get(
                URL(url, encoded=True).with_user(None),
                allow_redirects=False,
                headers=headers,
                ssl=anybody,
                timeout=aiohttp.ClientTimeout(sock_connect=settings.connect_timeout),
            )
            async with request as response:
                body = await _beginning(response)
                return Behind(_words(response, body), any(map(_names_its_issuer, anybody.shown)))
    except Exception as error:  # noqa: BLE001 - nothing a remote sends may end the run
        return Behind(f"no answer ({explain(error).reason})")


def told(failure: Failure, behind: Behind) -> Failure:
    """The failure with what lies behind it; a chain that was cut short told from a stranger's."""
    cut = failure.reason == "tls_untrusted" and behind.names_its_issuer
    return replace(
        failure,
        reason="tls_incomplete_chain" if cut else failure.reason,
        detail=f"behind the certificate: {behind.said}; {failure.detail}",
    )


class _Anybody(ssl.SSLContext):
    """Takes whatever certificate is shown, and keeps it: of a short answer the line is gone at once."""

    shown: list[bytes]


class _Line(ssl.SSLObject):
    def do_handshake(self) -> None:
        super().do_handshake()
        if isinstance(self.context, _Anybody):
            self.context.shown.append(self.getpeercert(binary_form=True) or b"")


def _anybody() -> _Anybody:
    context = _Anybody(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslobject_class = _Line
    context.shown = []
    return context


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    pieces = bytearray()
    while len(pieces) < READ and (piece := await response.content.read(READ - len(pieces))):
        pieces += piece
    if not response.content.at_eof():
        response.close()
    return bytes(pieces)


def _words(response: aiohttp.ClientResponse, body: bytes) -> str:
    """Status and title, or where the answer leads."""
    if location := response.headers.get("Location"):
        return f"HTTP {response.status} to {location[:LONGEST_TITLE]}"
    title = Page(Answer(response.status, body=body, content_type=response.headers.get("Content-Type"))).title
    return f"HTTP {response.status}" + (f", titled {title[:LONGEST_TITLE]!r}" if title else "")


def _names_its_issuer(der: bytes) -> bool:
    """Whether the certificate says where its issuer's can be had (RFC 5280, 4.2.2.1: caIssuers).

    Public authorities all write it, and a browser that follows it finds the chain complete.
    """
    from cryptography import x509
    from cryptography.x509.oid import AuthorityInformationAccessOID

    try:
        ways = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(
            x509.AuthorityInformationAccess
        )
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    return any(each.access_method == AuthorityInformationAccessOID.CA_ISSUERS for each in ways.value)
