"""The local copy as one WACZ file (version 1.1.1): what a browser replays without a server.

A ZIP file that holds the WARC files as they are, an index of them, the list of pages, and the
digests of it all. It is written beside its place and put there whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from linkwatch import __version__
from linkwatch.archive import cdxj
from linkwatch.archive.warc import unwritten, whole_records
from linkwatch.check.judging.page import Page
from linkwatch.errors import UsageError
from linkwatch.model import Answer
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from linkwatch.archive.cdxj import Record

PIECE = 1 << 20
PAGES = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}


@dataclass(frozen=True, slots=True)
class Packed:
    """What was packed."""

    files: int
    records: int
    pages: int


@dataclass(slots=True)
class _Package:
    """A ZIP file under way, and what its datapackage.json says of it."""

    archive: ZipFile
    now: datetime
    resources: list[dict[str, str | int]] = field(default_factory=list)

    def add(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Writes one file of the package."""
        entry = ZipInfo(path, self.now.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self.archive.open(entry, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                size += out.write(piece)
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": _hash(digest.hexdigest()), "bytes": size})


def pack(directory: Path, target: Path, now: datetime) -> Packed:
    """Packs the WARC files of a directory. Raises UsageError without any, StoreError where it cannot."""
    files = sorted(directory.glob("linkwatch-*.warc.gz"))
    if not files:
        raise UsageError(f"{directory}: no WARC files to pack; run 'linkwatch check' first")
    beside = target.with_name(f"{target.name}.part")
    try:
        with ZipFile(beside, "w") as archive:
            packed = _fill(_Package(archive, now), files)
        beside.replace(target)
    except OSError as error:
        raise unwritten(target, error) from None
    finally:
        beside.unlink(missing_ok=True)
    return packed


def _fill(package: _Package, files: list[Path]) -> Packed:
    rows: list[str] = []
    pages: list[dict[str, str]] = []
    titles: dict[str, str] = {}
    for path in files:
        for record in whole_records(path):
            if record.kind in ("response", "revisit"):
                rows.append(cdxj.line(record, path.name))
                pages += _page(record, titles)
        package.add(f"archive/{path.name}", _pieces(path), packed=False)
    package.add("indexes/index.cdx", [f"{row}\n".encode() for row in sorted(rows)])
    package.add("pages/pages.jsonl", [f"{json.dumps(each)}\n".encode() for each in (PAGES, *pages)])
    about = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "created": to_text(package.now),
        "software": f"linkwatch/{__version__}",
        "resources": package.resources,
    }
    said = json.dumps(about, indent=2).encode()
    proof = {"path": "datapackage.json", "hash": _hash(hashlib.sha256(said).hexdigest())}
    package.add("datapackage.json", [said])
    package.add("datapackage-digest.json", [json.dumps(proof, indent=2).encode()])
    return Packed(len(files), len(rows), len(pages))


def _page(record: Record, titles: dict[str, str]) -> Iterator[dict[str, str]]:
    """The entry of what a reader would call a page; a repetition has the title of what it repeats."""
    if record.status != "200" or record.content_type not in ("text/html", "application/xhtml+xml"):
        return
    if record.kind == "response":
        answer = Answer(200, body=record.body, content_type=record.content_type)
        titles[record.digest] = Page(answer).title or record.url
    yield {"url": record.url, "ts": to_text(record.at), "title": titles.get(record.digest, record.url)}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _hash(digest: str) -> str:
    return f"sha256:{digest}"
