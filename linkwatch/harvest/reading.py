"""Reading a batch of files: bytes to rows, in whichever process has time for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, tzinfo
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linkwatch.harvest.batch import Batch
from linkwatch.harvest.corpus import Trouble
from linkwatch.harvest.document import Context, Metadata
from linkwatch.harvest.encoding import UndecodableError, decode
from linkwatch.harvest.extract import documents
from linkwatch.harvest.links import Publication, Resolver, publication
from linkwatch.harvest.source import encodable
from linkwatch.store.rows import ArticleRow, FileRow, article_values
from linkwatch.urls import whatwg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.config import Config
    from linkwatch.harvest.corpus import File, Task
    from linkwatch.harvest.document import Document


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files as one publication has them. Goes to other processes whole."""

    publication: Publication
    timezone: tzinfo
    timezone_is_set: bool

    def batch(self, tasks: Sequence[Task]) -> Batch:
        """What is in these files. Never raises for what a file holds.

        First all are read and then all links resolved: done in turn, each drives the other out of the
        processor's caches, which costs an eighth.
        """
        resolver = Resolver(self.publication)
        batch = Batch(urls=resolver.urls)
        read: list[tuple[FileRow, list[Document]]] = []
        for task in tasks:
            try:
                read.append(self._file(task))
            except OSError as error:
                reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
                batch.troubles.append(Trouble(task.file.path, reason))
            except UndecodableError as error:
                batch.troubles.append(Trouble(task.file.path, str(error)))
        for row, found in read:
            row.articles.extend(self._article(row, document, resolver) for document in found)
            batch.files.append(row)
        return batch

    def _file(self, task: Task) -> tuple[FileRow, list[Document]]:
        file = task.file
        data = _bytes(file)
        digest = sha256(data).hexdigest()
        if digest == task.sha256:
            return FileRow(file.path, file.size, file.modified_ns, digest, "", []), []
        context = Context(file.path, self.timezone, self.timezone_is_set)
        name, found = documents(decode(data), context)
        return FileRow(file.path, file.size, file.modified_ns, digest, name, []), found

    def _article(self, file: FileRow, document: Document, resolver: Resolver) -> ArticleRow:
        part = None if document.part is None else encodable(document.part)
        return ArticleRow(
            part, article_values(file, part, _storable(document.metadata)), *resolver.resolved(document)
        )


def reader(config: Config) -> Reader:
    """The reader that the settings ask for."""
    name = config.corpus.timezone
    return Reader(publication(config), UTC if name is None else ZoneInfo(name), name is not None)


def _bytes(file: File) -> bytes:
    """A file whole. By its descriptor: a file object of Python's costs as much again as the reading."""
    descriptor = os.open(file.location, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = os.read(descriptor, file.size + 1)
        while len(data) != file.size and (more := os.read(descriptor, len(data) + 1)):
            data += more  # it has grown or shrunk since it was looked at
        return data
    finally:
        os.close(descriptor)


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
