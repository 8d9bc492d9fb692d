"""WARC files in one directory: what a run fetched, exchange by exchange.

Each record is packed by itself and an exchange is written in one piece, so that a run that is
killed leaves whole records and at most one broken end. No file is ever opened again. A copy that
cannot be written ends the run: the fault is ours, and no link's.
"""

from __future__ import annotations

import io
import itertools
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch import __version__
from linkwatch.archive.cdxj import Record
from linkwatch.errors import MissingExtraError, StoreError
from linkwatch.store import payloads
from linkwatch.store.payloads import Payload
from linkwatch.times import from_text, to_text

try:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter
except ImportError:
    raise MissingExtraError(
        "[archive] warc_dir needs warcio; run: pip install 'linkwatch[archive]'"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any, BinaryIO

    from sqlite_utils import Database

    from linkwatch.archive.exchange import Exchange
    from linkwatch.config import Config

VERSION = "WARC/1.1"
STANDARD = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
# How many payloads are remembered at once, as checks are.
BATCH = 50


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """Headers as they came: warcio would write what is not ASCII in other bytes."""

    def __init__(self, raw: bytes) -> None:
        super().__init__("as it came", [])  # warcio takes empty headers for none
        self.headers_buff = raw

    def compute_headers_buffer(self, _filter: object = None) -> None:
        """Nothing is to be computed."""


@dataclass(slots=True)
class Recorder:
    """Writes what one run fetches."""

    directory: Path
    db: Database
    run_id: int
    about: dict[str, str]  # the fields of each file's warcinfo
    limit: int  # bytes after which another file is begun
    _file: BinaryIO | None = None
    _path: Path = field(init=False)
    _size: int = 0
    _new: dict[str, Payload] = field(default_factory=dict)

    def write(self, seen: Exchange) -> None:
        """Writes one exchange, its body only where no file holds it yet. Raises StoreError."""
        if self._file is None or self._size >= self.limit:
            self._begin(seen.at)
        known = self._held(seen.digest) if seen.body else None
        self._append(_exchange(seen, known))
        if seen.body and known is None:
            self._new[seen.digest] = Payload(seen.digest, seen.url, seen.at, self._path.name)
        if len(self._new) >= BATCH:
            self._remember()

    def close(self) -> None:
        """Ends the file and keeps what it holds."""
        self._end()
        self._remember()

    def _held(self, digest: str) -> Payload | None:
        """Where the bytes stand, in a file that is still there."""
        found = self._new.get(digest) or payloads.find(self.db, digest)
        return found if found and (self.directory / found.file).is_file() else None

    def _remember(self) -> None:
        new, self._new = self._new, {}
        if new:
            payloads.remember(self.db, new.values())

    def _begin(self, at: datetime) -> None:
        self._end()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            for number in itertools.count(1):
                self._path = (
                    self.directory / f"linkwatch-{at:%Y%m%d%H%M%S}-{self.run_id:06}-{number:05}.warc.gz"
                )
                with suppress(FileExistsError):
                    self._file = self._path.open("xb", buffering=0)
                    break
        except OSError as error:
            raise unwritten(self.directory, error) from None
        self._append(_warcinfo(self._path.name, at, self.about))

    def _end(self) -> None:
        if self._file:
            self._file.close()
        self._file, self._size = None, 0

    def _append(self, records: bytes) -> None:
        """Writes whole records or none: what could not be finished is taken back."""
        assert self._file is not None
        rest = memoryview(records)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._size)
            raise unwritten(self._path, error) from None
        self._size += len(records)


@contextmanager
def recording(db: Database, config: Config, run_id: int) -> Iterator[Recorder]:
    """A recorder as the configuration wants it, its file ended however the block ends."""
    directory = config.root / (config.archive.warc_dir or "")
    about = {
        "software": f"linkwatch/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": STANDARD,
        "isPartOf": f"linkwatch run {run_id}",
        "robots": config.check.robots,
        "http-header-user-agent": config.network.user_agent,
    }
    recorder = Recorder(directory, db, run_id, about, config.policy.warc_size)
    try:
        yield recorder
    finally:
        recorder.close()


def whole_records(path: Path) -> Iterator[Record]:
    """The records of a file, up to the broken end that a killed run may have left."""
    with path.open("rb") as file:
        found = ArchiveIterator(file, no_record_parse=True)
        with suppress(ArchiveLoadFailed, EOFError, ValueError, zlib.error):
            for record in found:
                fields = record.rec_headers
                block = record.raw_stream.read()
                if len(block) < int(fields.get_header("Content-Length", len(block) + 1)):
                    return
                head, _, body = block.partition(b"\r\n\r\n")
                yield Record(
                    kind=record.rec_type,
                    url=fields.get_header("WARC-Target-URI", ""),
                    at=from_text(fields.get_header("WARC-Date")),
                    digest=fields.get_header("WARC-Payload-Digest", "-"),
                    offset=found.get_record_offset(),
                    length=found.get_record_length(),
                    head=head,
                    body=body,
                )


def unwritten(path: Path, error: OSError) -> StoreError:
    """What is said where a file of the copy cannot be written."""
    return StoreError(
        f"{path}: cannot be written: {error.strerror}; make room there, or choose another place"
    )


def _warcinfo(name: str, at: datetime, about: dict[str, str]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, warc_version=VERSION)
    record = writer.create_warcinfo_record(name, about)
    record.rec_headers.replace_header("WARC-Date", to_text(at))
    writer.write_record(record)
    return out.getvalue()


def _exchange(seen: Exchange, known: Payload | None) -> bytes:
    """The response, or that it repeats what another record holds, and the request."""
    out = io.BytesIO()
    writer = WARCWriter(out, warc_version=VERSION)
    response = _repetition(writer, seen, known) if known else _response(writer, seen)
    request = writer.create_warc_record(seen.url, "request", http_headers=_Head(seen.asked))
    writer.write_request_response_pair(request, response)
    return out.getvalue()


def _response(writer: WARCWriter, seen: Exchange) -> Any:
    return writer.create_warc_record(
        seen.url,
        "response",
        payload=io.BytesIO(seen.body),
        length=len(seen.body),
        http_headers=_Head(seen.head),
        warc_headers_dict=_fields(seen),
    )


def _repetition(writer: WARCWriter, seen: Exchange, known: Payload) -> Any:
    return writer.create_revisit_record(
        seen.url,
        seen.digest,
        known.url,
        to_text(known.recorded_at),
        http_headers=_Head(seen.head),
        warc_headers_dict=_fields(seen),
    )


def _fields(seen: Exchange) -> dict[str, str]:
    return {"WARC-Date": to_text(seen.at)} | ({"WARC-Truncated": str(seen.cut)} if seen.cut else {})
