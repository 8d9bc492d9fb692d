"""Rows of a CDXJ index: where in which WARC file the capture of an address stands. Pure.

A row is a key by which addresses sort and fold, a time of fourteen digits, and JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - part of a value
from urllib.parse import urlsplit

from linkwatch.archive.timestamps import to_stamp

_WWW = re.compile(r"^www\d*\.")
_MIME = re.compile(rb"^content-type:[ \t]*([^;\s]+)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^HTTP/\S+ +(\d{3})")


@dataclass(frozen=True, slots=True)
class Record:
    """One whole record of a WARC file, and where it stands."""

    kind: str  # "response", "revisit", …
    url: str
    at: datetime
    digest: str
    offset: int
    length: int  # packed, as it stands in the file
    head: bytes  # status line and headers
    body: bytes

    @property
    def status(self) -> str:
        """The status that was answered; "-" where there is none."""
        found = _STATUS.match(self.head)
        return found[1].decode() if found else "-"

    @property
    def content_type(self) -> str:
        """What the answer calls itself, without parameters, in lower case; "-" where it is silent."""
        found = _MIME.search(self.head)
        return found[1].decode("latin-1").lower() if found else "-"


def key(url: str) -> str:
    """The address with its host's labels reversed, without ``www.``, in lower case, its query sorted."""
    parts = urlsplit(url.lower())
    labels = _WWW.sub("", parts.hostname or "").split(".")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{','.join(reversed(labels))}{port}){parts.path or '/'}{query}"


def line(record: Record, file: str) -> str:
    """The row of an answer, without a line's end."""
    said = {
        "url": record.url,
        "mime": "warc/revisit" if record.kind == "revisit" else record.content_type,
        "status": record.status,
        "digest": record.digest,
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": file,
    }
    return f"{key(record.url)} {to_stamp(record.at)} {json.dumps(said)}"
