"""Reading a batch of files: bytes to rows, in whichever process has time for it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linkwatch.harvest.corpus import Trouble
from linkwatch.harvest.document import Context, Metadata
from linkwatch.harvest.encoding import UndecodableError, decode
from linkwatch.harvest.extract import documents
from linkwatch.harvest.links import Publication, publication, resolved
from linkwatch.harvest.source import encodable
from linkwatch.store.articles import ArticleRow, FileRow, UrlRow, article_values
from linkwatch.times import to_text
from linkwatch.urls import domain_of, host_of, whatwg
from linkwatch.wrappers import is_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.config import Config
    from linkwatch.harvest.corpus import File, Task
    from linkwatch.harvest.document import Document


@dataclass(slots=True)
class Batch:
    """What came of some files."""

    files: list[FileRow] = field(default_factory=list)
    urls: list[UrlRow] = field(default_factory=list)  # links and mementos name them by their place here
    troubles: list[Trouble] = field(default_factory=list)


class _Places(dict[str, int]):
    """Where each URL stands in a batch; one asked for the first time is added."""

    def __init__(self, rows: list[UrlRow]) -> None:
        self.rows = rows

    def __missing__(self, url: str) -> int:
        self.rows.append(_url_row(url))
        self[url] = place = len(self.rows) - 1
        return place


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files as one publication has them. Goes to other processes whole."""

    publication: Publication
    timezone: tzinfo
    timezone_is_set: bool

    def batch(self, tasks: Sequence[Task]) -> Batch:
        """What is in these files. Never raises for what a file holds."""
        batch = Batch()
        places = _Places(batch.urls)
        for task in tasks:
            try:
                batch.files.append(self._file(task, places))
            except OSError as error:
                reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
                batch.troubles.append(Trouble(task.file.path, reason))
            except UndecodableError as error:
                batch.troubles.append(Trouble(task.file.path, str(error)))
        return batch

    def _file(self, task: Task, places: _Places) -> FileRow:
        file = task.file
        data = _bytes(file)
        digest = sha256(data).hexdigest()
        if digest == task.sha256:
            return FileRow(file.path, file.size, file.modified_ns, digest, "", [])
        context = Context(file.path, self.timezone, self.timezone_is_set)
        name, found = documents(decode(data), context)
        row = FileRow(file.path, file.size, file.modified_ns, digest, name, [])
        row.articles.extend(self._article(row, document, places) for document in found)
        return row

    def _article(self, file: FileRow, document: Document, places: _Places) -> ArticleRow:
        links, snapshots = resolved(document, self.publication)
        part = None if document.part is None else encodable(document.part)
        return ArticleRow(
            part,
            article_values(file, part, _storable(document.metadata)),
            [(None if link[0] is None else places[link[0]], *link[1:]) for link in links],
            [(places[each.url], each.memento_url, to_text(each.captured_at)) for each in snapshots],
        )


def reader(config: Config) -> Reader:
    """The reader that the settings ask for."""
    name = config.corpus.timezone
    return Reader(publication(config), UTC if name is None else ZoneInfo(name), name is not None)


def _bytes(file: File) -> bytes:
    """A file whole. By its descriptor: a file object of Python's costs as much again as the reading."""
    descriptor = os.open(file.location, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = [os.read(descriptor, file.size + 1)]
        while parts[-1]:
            parts.append(os.read(descriptor, file.size + 1))
        return b"".join(parts)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=65_536)
def _url_row(url: str) -> UrlRow:
    host = host_of(url)
    return url, url.partition(":")[0], host, domain_of(host), is_snapshot(url)


def _storable(said: Metadata) -> Metadata:
    """The metadata as SQLite can hold it: its address in normal form, no lone surrogates."""
    return Metadata(
        url=said.url and (whatwg(said.url) or encodable(said.url)),
        title=said.title and encodable(said.title),
        authors=tuple(map(encodable, said.authors)),
        published_at=said.published_at,
        captured_at=said.captured_at,
        language=said.language and encodable(said.language),
    )
