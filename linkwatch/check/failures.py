"""From every exception a fetch can raise to one reason: the only such table.

The most specific row wins, by the exception's own order of resolution. A test walks
``aiohttp.ClientError`` and its subclasses, so that a new one cannot slip through.
"""

from __future__ import annotations

import errno
import re
import ssl

import aiohttp

from linkwatch.model import Failure
from linkwatch.net.resolver import DnsError, DnsFault
from linkwatch.net.session import PrivateAddressError

LONGEST_DETAIL = 500  # characters: the remote has a say in it
_USERINFO = re.compile(r"//[^/@\s]*@")
_SPACE = re.compile(r"\s+")

REASONS: dict[type[BaseException], str] = {
    PrivateAddressError: "private_address",
    DnsError: "dns_failure",
    ConnectionRefusedError: "connection_refused",
    ConnectionError: "connection_reset",
    TimeoutError: "read_timeout",
    OSError: "connection_reset",
    ssl.SSLError: "tls_error",
    ValueError: "invalid_url",  # before anything is sent: what aiohttp cannot put into a request
    Exception: "client_fault",
    aiohttp.ClientError: "connection_reset",
    aiohttp.ClientResponseError: "malformed_response",
    aiohttp.ContentTypeError: "malformed_response",
    aiohttp.WSServerHandshakeError: "malformed_response",
    aiohttp.ClientHttpProxyError: "proxy_failure",
    aiohttp.TooManyRedirects: "too_many_redirects",
    aiohttp.ClientConnectionError: "connection_reset",
    aiohttp.ClientConnectionResetError: "connection_reset",
    aiohttp.ClientOSError: "connection_reset",
    aiohttp.ClientConnectorError: "connection_refused",
    aiohttp.ClientConnectorDNSError: "dns_failure",
    aiohttp.ClientProxyConnectionError: "proxy_failure",
    aiohttp.client_exceptions.UnixClientConnectorError: "connection_refused",
    aiohttp.ClientSSLError: "tls_error",
    aiohttp.ClientConnectorSSLError: "tls_error",
    aiohttp.ClientConnectorCertificateError: "tls_untrusted",
    aiohttp.ServerConnectionError: "connection_reset",
    aiohttp.ServerDisconnectedError: "connection_reset",
    aiohttp.ServerTimeoutError: "read_timeout",
    aiohttp.ConnectionTimeoutError: "connect_timeout",
    aiohttp.SocketTimeoutError: "read_timeout",
    aiohttp.ServerFingerprintMismatch: "tls_error",
    aiohttp.ClientPayloadError: "body_error",
    aiohttp.client_exceptions.UploadAbortedError: "connection_reset",
    aiohttp.InvalidURL: "invalid_url",
    aiohttp.InvalidUrlClientError: "invalid_url",
    aiohttp.InvalidUrlRedirectClientError: "invalid_url",
    aiohttp.RedirectClientError: "malformed_response",
    aiohttp.NonHttpUrlClientError: "unsupported_scheme",
    aiohttp.NonHttpUrlRedirectClientError: "unsupported_scheme",
}

# What the operating system said, where it says more than the class does.
ERRNOS = {
    errno.ECONNREFUSED: "connection_refused",
    errno.ECONNRESET: "connection_reset",
    errno.EPIPE: "connection_reset",
    errno.ETIMEDOUT: "connect_timeout",
    errno.EHOSTUNREACH: "host_unreachable",
    errno.ENETUNREACH: "no_route",
    errno.EADDRNOTAVAIL: "no_route",
    errno.EMFILE: "local_limit",
    errno.ENFILE: "local_limit",
    errno.ENOBUFS: "local_limit",
    errno.ENOMEM: "local_limit",
}

# By which a proxy says that it found no way to a host (RFC 9110, 15.6; Squid: 503 and 504); other
# refusals of a tunnel, a missing login above all, are between the proxy and us.
NO_WAY_STATUSES = (502, 503, 504)

# The classes that leave it to the error number to say more.
_BY_ERRNO = ("connection_refused", "connection_reset", "read_timeout")

DNS_REASONS = {
    DnsFault.NXDOMAIN: "dns_nxdomain",
    DnsFault.NODATA: "dns_failure",
    DnsFault.SERVFAIL: "dns_failure",
    DnsFault.TIMEOUT: "dns_failure",
    DnsFault.OTHER: "dns_failure",
}
# What tells them apart for people: the reasons are fewer.
DNS_SAID = {
    DnsFault.NXDOMAIN: "the name servers know no such name (NXDOMAIN)",
    DnsFault.NODATA: "the name is known and has no address (NODATA)",
    DnsFault.SERVFAIL: "the name servers in charge fail (SERVFAIL)",
    DnsFault.TIMEOUT: "no name server answered in time",
    DnsFault.OTHER: "the name could not be looked up",
}

# OpenSSL's verify codes (openssl-verify(1)) that say more than "not trusted".
CERTIFICATE_REASONS = {
    9: "tls_not_yet_valid",
    10: "tls_expired",
    18: "tls_self_signed",
    62: "tls_hostname",
    64: "tls_hostname",
}


def explain(error: BaseException) -> Failure:
    """The one reason for an exception, and the detail a person can search for."""
    names = error.os_error if isinstance(error, aiohttp.ClientConnectorDNSError) else error
    if isinstance(names, DnsError):
        return Failure(DNS_REASONS[names.fault], f"{names.host}: {DNS_SAID[names.fault]}")
    detail = _SPACE.sub(" ", _USERINFO.sub("//", f"{type(error).__name__}: {_message(error)}"))
    return Failure(_reason(error), detail.strip(": ")[:LONGEST_DETAIL])


def _message(error: BaseException) -> str:
    """What an exception says, without the status that aiohttp invents for garbage."""
    return error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)


def _reason(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):  # itself without a verify code
        return _reason(error.certificate_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATE_REASONS.get(error.verify_code, "tls_untrusted")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return _reason(error.os_error)
    return _by_class(error)


def _by_class(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorError) and _in_the_handshake(error.os_error):
        return "tls_error"
    by_class = next(REASONS[each] for each in type(error).__mro__ if each in REASONS)
    if isinstance(error, aiohttp.ClientHttpProxyError) and error.status in NO_WAY_STATUSES:
        return "host_unreachable"
    if by_class in _BY_ERRNO and isinstance(error, OSError):
        return ERRNOS.get(error.errno or 0, by_class)
    return by_class


def _in_the_handshake(error: OSError) -> bool:
    """Whether the line broke off between connecting and speaking: asyncio says so without a number."""
    return isinstance(error, ConnectionError) and error.errno is None
