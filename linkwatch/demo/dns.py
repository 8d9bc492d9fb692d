"""A name server for the simulated web: known names answer 127.0.0.1, others do not exist.

The packets are plain functions (RFC 1035, section 4); the server is a UDP socket on loopback.
Servers that fail and servers that keep silent are told apart from names that do not exist.
"""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

_HEADER = struct.Struct("!6H")  # id, flags, and four counts
_ANSWER = struct.Struct("!3HIH")  # name, type, class, time to live, length
_A, _NS, _ANY, _IN = 1, 2, 255, 1
_RESPONSE, _AUTHORITATIVE, _WANTED, _AVAILABLE = 0x8000, 0x0400, 0x0100, 0x0080
_FIRST_NAME = 0xC000 | _HEADER.size  # a pointer to the question's name
TTL = 0  # seconds: tomorrow's answer may differ
LOOPBACK = bytes((127, 0, 0, 1))


class Rcode(IntEnum):
    """What a name server says of a name (RFC 1035, section 4.1.1), or that it says nothing."""

    FOUND = 0
    SERVER_FAILURE = 2
    NO_SUCH_NAME = 3
    SILENCE = -1


@dataclass(frozen=True, slots=True)
class Question:
    """What one query asks."""

    number: int
    flags: int
    name: str  # in lower case, without the last dot
    kind: int
    raw: bytes  # the question as it came: resolvers compare its spelling


def parse(packet: bytes) -> Question:
    """The first question of a query. Raises ValueError where there is none."""
    try:
        number, flags, questions, *_ = _HEADER.unpack_from(packet)
        labels, at = _labels(packet, _HEADER.size)
        kind, _ = struct.unpack_from("!2H", packet, at)
    except (struct.error, IndexError):
        raise ValueError("not a DNS query") from None
    if flags & _RESPONSE or questions != 1:
        raise ValueError("not a DNS query")
    name = b".".join(labels).decode("ascii", "replace").lower()
    return Question(number, flags, name, kind, packet[_HEADER.size : at + 4])


def _labels(packet: bytes, at: int) -> tuple[list[bytes], int]:
    labels = []
    while length := packet[at]:
        labels.append(packet[at + 1 : at + 1 + length])
        at += 1 + length
    return labels, at + 1


def answer(question: Question, rcode: Rcode, address: bytes = LOOPBACK, servers: Sequence[str] = ()) -> bytes:
    """The packet that answers a question: of a name that is found its one address, or its name servers."""
    records: list[bytes] = []
    if rcode is Rcode.FOUND and question.kind in (_A, _ANY) and address:
        records = [_record(_A, address)]
    elif rcode is Rcode.FOUND and question.kind == _NS:
        records = [_record(_NS, _encoded(name)) for name in servers]
    flags = _RESPONSE | _AUTHORITATIVE | _AVAILABLE | question.flags & _WANTED | rcode
    header = _HEADER.pack(question.number, flags, 1, len(records), 0, 0)
    return header + question.raw + b"".join(records)


def _record(kind: int, data: bytes) -> bytes:
    return _ANSWER.pack(_FIRST_NAME, kind, _IN, TTL, len(data)) + data


def _encoded(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split(".")) + b"\0"


Lookup: TypeAlias = "Callable[[str], Rcode | bytes]"
Servers: TypeAlias = "Callable[[str], Sequence[str]]"


class _Server(asyncio.DatagramProtocol):
    """Answers each packet by what ``lookup`` says of its name."""

    def __init__(self, lookup: Lookup, servers: Servers) -> None:
        self._lookup = lookup
        self._servers = servers
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            question = parse(data)
        except ValueError:
            return
        said = self._lookup(question.name)
        rcode, address = (said, LOOPBACK) if isinstance(said, Rcode) else (Rcode.FOUND, said)
        if rcode is not Rcode.SILENCE and self._transport is not None:
            servers = self._servers(question.name)
            self._transport.sendto(answer(question, rcode, address, servers), addr)


@asynccontextmanager
async def name_server(
    lookup: Lookup, port: int = 0, *, servers: Servers = lambda _: ()
) -> AsyncIterator[str]:
    """A name server on loopback as ``host:port``, asking ``lookup`` anew for every query.

    It says how the question ends, or the address in four bytes; no byte for a name without one.
    ``servers`` says which name servers a domain has.
    """
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Server(lookup, servers), local_addr=("127.0.0.1", port)
    )
    try:
        host, port = transport.get_extra_info("sockname")
        yield f"{host}:{port}"
    finally:
        transport.close()
