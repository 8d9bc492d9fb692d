"""Name look-up by c-ares, with "there is no such name" told apart from "nobody answered"."""

from __future__ import annotations

import socket
from enum import StrEnum
from typing import TYPE_CHECKING

import aiodns
import pycares
from aiohttp.abc import AbstractResolver, ResolveResult

from linkwatch.errors import ConfigError
from linkwatch.net.patience import patience

if TYPE_CHECKING:
    from collections.abc import Sequence

# c-ares asks each server this often, waiting this many seconds at first and longer after.
TIMEOUT = 3.0
TRIES = 3
# It goes by the clock, and learns to wait no longer than five times what a server takes as a rule: where our
# own loop is held up, all its tries may be over before the first answer is read. So it is asked anew until
# the loop itself has waited for as long as two tries take.
LONGEST = 9.0
# Names are asked for as they stand. Search domains of offices and clusters (``ndots:5``) would make
# a host of theirs out of a name that is gone, and call it alive.
FLAGS = pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_EDNS


class DnsFault(StrEnum):
    """How a look-up failed."""

    NXDOMAIN = "nxdomain"  # the name does not exist
    NODATA = "nodata"  # the name exists, without an address
    SERVFAIL = "servfail"  # the servers in charge do not answer rightly
    TIMEOUT = "timeout"
    OTHER = "other"


FAULTS = {
    aiodns.error.ARES_ENOTFOUND: DnsFault.NXDOMAIN,
    aiodns.error.ARES_ENODATA: DnsFault.NODATA,
    aiodns.error.ARES_ESERVFAIL: DnsFault.SERVFAIL,
    aiodns.error.ARES_ETIMEOUT: DnsFault.TIMEOUT,
}


class DnsError(OSError):
    """A look-up that gave no address, and how."""

    def __init__(self, host: str, fault: DnsFault) -> None:
        super().__init__(f"{host}: {fault}")
        self.host = host
        self.fault = fault


class Resolver(AbstractResolver):
    """Asks the system's name servers, or those named in the configuration (``host:port``)."""

    def __init__(self, nameservers: Sequence[str] = ()) -> None:
        try:
            self._dns = aiodns.DNSResolver(
                list(nameservers) or None, timeout=TIMEOUT, tries=TRIES, flags=FLAGS
            )
        except pycares.AresError:
            named = ", ".join(map(repr, nameservers))
            raise ConfigError(
                f"network.nameservers: {named}: write IP addresses, with or without a port"
            ) from None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """All addresses of a host. Raises DnsError."""
        found: list[ResolveResult] | None = None
        try:
            async with patience(LONGEST):
                while found is None:
                    found = await self._ask(host, port, family)
        except TimeoutError:
            raise DnsError(host, DnsFault.TIMEOUT) from None
        if not found:
            raise DnsError(host, DnsFault.NODATA)
        return found

    async def _ask(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult] | None:
        """The addresses of a host; None where c-ares would wait no longer."""
        try:
            answer = await self._dns.getaddrinfo(host, port=port, type=socket.SOCK_STREAM, family=family)
        except aiodns.error.DNSError as error:
            fault = FAULTS.get(error.args[0], DnsFault.OTHER)
            if fault is DnsFault.TIMEOUT:
                return None
            raise DnsError(host, fault) from error
        return [_result(host, port, node.family, node.addr[0]) for node in answer.nodes]

    async def name_servers(self, domain: str) -> tuple[str, ...]:
        """The name servers of a domain, in order; none where nobody says."""
        try:
            async with patience(TIMEOUT):  # it is not worth more
                answer = await self._dns.query_dns(domain, "NS")
        except (aiodns.error.DNSError, UnicodeError, TimeoutError):
            return ()
        found = (
            record.data.nsdname for record in answer.answer if isinstance(record.data, pycares.NSRecordData)
        )
        return tuple(sorted(name.rstrip(".").lower() for name in found))

    async def close(self) -> None:
        """Ends all look-ups under way."""
        await self._dns.close()


def _result(host: str, port: int, family: int, address: str | bytes) -> ResolveResult:
    text = address.decode("ascii") if isinstance(address, bytes) else address
    return ResolveResult(
        hostname=host, host=text, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )
