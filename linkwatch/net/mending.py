"""Answers that break HTTP as browsers read them: the head mended before the parser sees it.

llhttp refuses a whole answer for one bad line, which is right for a proxy and wrong for who wants to know
whether readers see a page. What RFC 9112 lets a recipient do is done here, and what all browsers do beside
it. What is no HTTP is left as it came, so that the parser says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import ClientPayloadError
from aiohttp.client_proto import ResponseHandler
from aiohttp.compression_utils import HAS_BROTLI, HAS_ZSTD
from aiohttp.http_exceptions import HttpProcessingError

if TYPE_CHECKING:
    import asyncio

# More than this is no head, whatever it is.
LONGEST_HEAD = 131_072
_END = re.compile(rb"\r?\n\r?\n")
LONGEST_END = 4
_NEWLINE = re.compile(rb"\r?\n")
# Up to four bytes of rubbish before it, as Chromium has it (net/http/http_stream_parser.cc).
_STATUS = re.compile(rb"[^\r\n]{0,4}?HTTP(?:/(\d+)(?:\.(\d+))?)?[ \t]+(\d{3})(?!\d)[ \t]*(.*)", re.IGNORECASE)
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)")
_FRAMING = (b"content-length", b"transfer-encoding")
# A longer length than this is a mistake: no parser has a number for it.
_LENGTH = re.compile(rb"\d{1,18}")
_BODILESS = (b"204", b"304")
# What cannot be unpacked here is not asked for; some servers send it all the same, and browsers show it.
UNREADABLE = frozenset(name for name, known in ((b"br", HAS_BROTLI), (b"zstd", HAS_ZSTD)) if not known)


class Mended(NamedTuple):
    """A head that the parser takes, and how many bytes of a body belong to it."""

    head: bytes
    length: int | None = None  # None: until its own end


def mend(head: bytes) -> Mended:
    """A head, without its empty line, as a browser reads it; as it came where it is no HTTP."""
    first, *lines = _NEWLINE.split(head.lstrip(b"\r\n"))
    status = _STATUS.fullmatch(first)
    if status is None:
        return Mended(head + b"\r\n\r\n")
    minor = b"0" if status[1] is None or (status[1], status[2]) == (b"1", b"0") else b"1"
    fields = _readable(_fields(lines))
    framing, length = _framing(fields)
    kept = [b"%s: %s" % field for field in fields if field[0].lower() not in _FRAMING] + framing
    if status[3] in _BODILESS or status[3].startswith(b"1"):
        length = 0
    return Mended(b"\r\n".join([b"HTTP/1.%s %s %s" % (minor, status[3], status[4]), *kept, b"", b""]), length)


def _fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Names and values: lines without a name left out, folded ones joined (RFC 9112, 5.1 and 5.2)."""
    found: list[tuple[bytes, bytes]] = []
    for line in lines:
        field = _FIELD.fullmatch(line.replace(b"\r", b" ").replace(b"\0", b" "))
        if field is not None:
            found.append((field[1], field[2].strip()))
        elif line[:1] in (b" ", b"\t") and found:
            found[-1] = (found[-1][0], found[-1][1] + b" " + line.strip())
    return found


def _readable(fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The fields, where the body is packed in a way that nobody here can read: bytes, and no more said."""
    coded = {value.lower() for name, value in fields if name.lower() == b"content-encoding"}
    if not coded & UNREADABLE:
        return fields
    kept = [field for field in fields if field[0].lower() not in (b"content-encoding", b"content-type")]
    return [*kept, (b"Content-Type", b"application/octet-stream")]


def _framing(fields: list[tuple[bytes, bytes]]) -> tuple[list[bytes], int | None]:
    """How the body ends: chunks before lengths, a length said twice once (RFC 9112, 6.3)."""
    if any(b"chunked" in value.lower() for name, value in fields if name.lower() == b"transfer-encoding"):
        return [b"Transfer-Encoding: chunked"], None
    said = [value for name, value in fields if name.lower() == b"content-length"]
    lengths = {each.strip() for value in said for each in value.split(b",")}
    known = {int(each) for each in lengths if _LENGTH.fullmatch(each)}
    if len(known) == 1:
        return [b"Content-Length: %d" % min(known)], min(known)
    # Lengths that contradict each other no browser takes.
    return [b"Content-Length: %d" % each for each in sorted(known)], None


class Handler(ResponseHandler):
    """aiohttp's, whose readers learn at once of a body that breaks HTTP: it would leave them waiting."""

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """What ends the connection ends the body that has not come to its end."""
        super().set_exception(exc, *cause)
        body = self._payload
        if isinstance(exc, HttpProcessingError) and body is not None and not body.is_eof():
            body.set_exception(ClientPayloadError(exc.message))


class MendingHandler(Handler):
    """One answer of one connection, handed on as a browser would have read it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop=loop)
        self._head: bytes | None = b""  # what has come of it; None while a body comes
        self._left: int | None = None  # bytes that still belong to the body

    def data_received(self, data: bytes) -> None:
        """Takes what came: a head is held back until it is whole."""
        if self._head is not None:
            data = self._heads(data)
        if self._head is None:
            self._pass_on(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """What never became a head is the parser's to refuse."""
        self._give_up()
        super().connection_lost(exc)

    def _heads(self, data: bytes) -> bytes:
        """Hands on every head that is whole, and returns what came behind the last."""
        assert self._head is not None
        looked = max(0, len(self._head) - LONGEST_END)  # what drips is looked through once
        self._head, rest = (self._head + data).lstrip(b"\r\n"), b""
        while self._head is not None and (end := _END.search(self._head, looked)):
            mended = mend(self._head[: end.start()])
            rest, self._left, looked = self._head[end.end() :], mended.length, 0
            self._head = rest.lstrip(b"\r\n") if mended.head[9:10] == b"1" else None  # another head follows
            super().data_received(mended.head)
        if self._head is None:
            return rest
        if len(self._head) > LONGEST_HEAD:
            self._give_up()
        return b""

    def _pass_on(self, data: bytes) -> None:
        """No more than the length that was said: what comes after it is nobody's."""
        if self._left is not None:
            data = data[: self._left]
            self._left -= len(data)
        if data:
            super().data_received(data)

    def _give_up(self) -> None:
        head, self._head = self._head, None
        if head:
            super().data_received(head)
