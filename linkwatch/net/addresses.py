"""Which addresses lie on the public internet, and so may be fetched."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# All that IANA has handed out of IPv6 so far; whatever else looks global is a detour or a mistake.
GLOBAL_UNICAST = IPv6Network("2000::/3")
DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637, younger than some Pythons' tables
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052


def is_public(text: str) -> bool:
    """Whether an IP address in any of its forms is reachable by anyone, and not ours alone.

    Private, loopback, link-local, multicast and reserved ranges are not (IANA special-purpose
    registries, as ``ipaddress`` holds them). An IPv4 address inside an IPv6 one counts as itself.
    Raises ValueError for what is no address.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = _inner(address) or address
    if isinstance(address, IPv6Address) and (address not in GLOBAL_UNICAST or address in DOCUMENTATION):
        return False
    return address.is_global and not address.is_multicast


def is_private_literal(host: str) -> bool:
    """Whether a host as a URL has it is itself an address that is not public, or names this machine."""
    try:
        return not is_public(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761, 6.3


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, 6to4, Teredo or NAT64 address leads to."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None
