"""One request with its answer, as a WARC file keeps them. Pure.

The body is kept as it was read: unpacked and out of its chunks, cut where reading ended. The
headers that no longer fit it stand under ``X-Archive-Orig-`` and their name; all other bytes of
request line, status line and headers are those that came.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from aiohttp import ClientResponse, RequestInfo

ORIGINAL = b"X-Archive-Orig-"
# What aiohttp unpacks; any other coding reaches us packed and is kept so.
_UNPACKED = (b"gzip", b"deflate", b"br", b"zstd")

Headers = tuple[tuple[bytes, bytes], ...]


class Cut(StrEnum):
    """Why the body is not whole, in the words of ``WARC-Truncated`` (ISO 28500, 5.13)."""

    LENGTH = "length"
    TIME = "time"
    UNSPECIFIED = "unspecified"  # it broke off, or could not be unpacked


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and what was answered, as bytes."""

    url: str
    at: datetime
    asked: bytes  # request line and headers with the empty line after them
    head: bytes  # status line and headers with the empty line after them
    body: bytes
    cut: Cut | None = None

    @property
    def digest(self) -> str:
        """The payload digest as WARC files and CDX indexes write it."""
        sha1 = hashlib.sha1(self.body, usedforsecurity=False)
        return f"sha1:{base64.b32encode(sha1.digest()).decode()}"


def exchange(response: ClientResponse, body: bytes, at: datetime, cut: Cut | None) -> Exchange | None:
    """The exchange that ended in a response; None where a password was sent: that is nobody's copy."""
    info = response.request_info
    if "Authorization" in info.headers:
        return None
    version = response.version or (1, 1)
    status = f"HTTP/{version[0]}.{version[1]} {response.status} {response.reason or ''}"
    headers = fitting(response.raw_headers, len(body), cut)
    return Exchange(str(info.url), at, _asked(info), _block(_bytes(status), headers), body, cut)


def fitting(headers: Iterable[tuple[bytes, bytes]], size: int, cut: Cut | None) -> Headers:
    """The headers, those that do not fit a body of ``size`` bytes under names that say so."""
    received = tuple(headers)
    codings = [value.strip().lower() for name, value in received if name.lower() == b"content-encoding"]
    unfit = {b"transfer-encoding"}
    if codings[:1] and codings[0] in _UNPACKED:
        unfit.add(b"content-encoding")
    kept = [(ORIGINAL + name if name.lower() in unfit else name, value) for name, value in received]
    if cut is None and not any(name.startswith(ORIGINAL) for name, _ in kept):
        return tuple(kept)
    renamed = [
        (ORIGINAL + name if name.lower() == b"content-length" else name, value) for name, value in kept
    ]
    return (*renamed, (b"Content-Length", str(size).encode()))


def _asked(info: RequestInfo) -> bytes:
    """The request as the site was to see it: how we reach our own proxy is not its business."""
    line = f"{info.method} {info.url.raw_path_qs} HTTP/1.1"
    headers = [(name, value) for name, value in info.headers.items() if not name.lower().startswith("proxy-")]
    return _block(_bytes(line), [(_bytes(name), _bytes(value)) for name, value in headers])


def _block(first: bytes, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    lines = [first, *(name + b": " + value for name, value in headers)]
    return b"".join(b" ".join(line.splitlines()) + b"\r\n" for line in lines) + b"\r\n"


def _bytes(text: str) -> bytes:
    """Text of aiohttp's as the bytes it came from."""
    return text.encode("utf-8", "surrogateescape")
