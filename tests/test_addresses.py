"""Which addresses may be fetched."""

from __future__ import annotations

import pytest

from linkwatch.net.addresses import is_private_literal, is_public

PRIVATE = {
    "this network": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private use": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "unique local": ["fc00::1", "fd12:3456::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fe80::1%eth0"],
    "metadata services of clouds": ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
    "protocol assignments": ["192.0.0.1", "192.0.0.170"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "benchmarks": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "4000::1"],
    "discard": ["100::1"],
    "site-local, deprecated": ["fec0::1"],
    "segment routing": ["5f00::1"],
    "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254"],
    "IPv4-compatible": ["::127.0.0.1", "::10.0.0.1", "::8.8.8.8"],
    "IPv4-translated": ["::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::192.168.1.1"],
    "NAT64 for local use": ["64:ff9b:1::7f00:1", "64:ff9b:1:a::1"],
    "Teredo": ["2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:4136:e378:8000:63bf:f5ff:fffe"],
}
PUBLIC = {
    "IPv4": ["1.1.1.1", "8.8.8.8", "93.184.216.34", "100.128.0.1", "172.32.0.1", "223.255.255.255"],
    "IPv6": ["2606:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"],
    "IPv4-mapped": ["::ffff:1.1.1.1"],
    "6to4": ["2002:101:101::1"],
    "NAT64": ["64:ff9b::101:101"],
}


def _rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(kind, address) for kind, addresses in table.items() for address in addresses]


@pytest.mark.parametrize(("kind", "address"), _rows(PRIVATE))
def test_not_public(kind: str, address: str) -> None:
    """What not everybody can reach is never fetched, in whichever form it is written."""
    assert not is_public(address), kind


@pytest.mark.parametrize(("kind", "address"), _rows(PUBLIC))
def test_public(kind: str, address: str) -> None:
    """What everybody can reach may be fetched."""
    assert is_public(address), kind


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "2130706433", "::1::"])
def test_only_addresses(text: str) -> None:
    """Names and the loose spellings of old C libraries are no addresses."""
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public(text)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("localhost.", True),
        ("Intern.LOCALHOST", True),
        ("1.1.1.1", False),
        ("www.example.org", False),
        ("mylocalhost", False),
        ("10.example.org", False),
    ],
)
def test_private_literals(host: str, private: bool) -> None:
    """A host tells by itself that it is private only as an address or as localhost."""
    assert is_private_literal(host) is private
