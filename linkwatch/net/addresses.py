"""Which addresses lie on the public internet, and so may be fetched."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address


def is_public(text: str) -> bool:
    """Whether an IP address in any of its forms is reachable by anyone, and not ours alone.

    Private, loopback, link-local, multicast and reserved ranges are not (IANA special-purpose
    registries, as ``ipaddress`` holds them). An IPv4 address inside an IPv6 one counts as itself.
    """
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = _inner(address) or address
    return address.is_global and not address.is_multicast


def _inner(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a mapped, 6to4, Teredo or NAT64 address leads to."""
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if int(address) >> 32 == 0x64FF9B << 64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
