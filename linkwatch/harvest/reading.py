"""Reading a batch of files: bytes to rows, in whichever process has time for it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from linkwatch.harvest.corpus import Trouble
from linkwatch.harvest.document import Context
from linkwatch.harvest.encoding import UndecodableError, decode
from linkwatch.harvest.extract import documents
from linkwatch.harvest.links import Publication, publication, resolved
from linkwatch.harvest.source import encodable
from linkwatch.store.articles import ArticleRow, FileRow, LinkRow, MementoRow, UrlRow
from linkwatch.times import to_text
from linkwatch.urls import domain_of, host_of, whatwg
from linkwatch.wrappers import is_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.config import Config
    from linkwatch.harvest.corpus import File
    from linkwatch.harvest.document import Document, Metadata
    from linkwatch.model import Link


class Task(NamedTuple):
    """A file to read, and the sha256 it had when it was read last."""

    file: File
    sha256: str | None


@dataclass(slots=True)
class Batch:
    """What came of some files."""

    files: list[FileRow] = field(default_factory=list)
    urls: dict[str, UrlRow] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files as one publication has them. Goes to other processes whole."""

    publication: Publication
    timezone: tzinfo
    timezone_is_set: bool

    def batch(self, tasks: Sequence[Task]) -> Batch:
        """What is in these files. Never raises for what a file holds."""
        batch = Batch()
        for task in tasks:
            try:
                with Path(task.file.location).open("rb", buffering=0) as source:
                    data = source.readall()
                self._read(task, data, batch)
            except OSError as error:
                reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
                batch.troubles.append(Trouble(task.file.path, reason))
            except UndecodableError as error:
                batch.troubles.append(Trouble(task.file.path, str(error)))
        return batch

    def _read(self, task: Task, data: bytes, batch: Batch) -> None:
        file = task.file
        digest = sha256(data).hexdigest()
        articles: list[ArticleRow] = []
        name = ""
        if digest != task.sha256:
            context = Context(file.path, self.timezone, self.timezone_is_set)
            name, found = documents(decode(data), context)
            articles = [self._article(document, batch) for document in found]
        batch.files.append(FileRow(file.path, file.size, file.modified_ns, digest, name, articles))

    def _article(self, document: Document, batch: Batch) -> ArticleRow:
        links, snapshots = resolved(document, self.publication)
        for link in links:
            if link.url is not None and link.url not in batch.urls:
                batch.urls[link.url] = _url_row(link.url)
        mementos = [MementoRow(each.url, each.memento_url, to_text(each.captured_at)) for each in snapshots]
        part = None if document.part is None else encodable(document.part)
        return ArticleRow(part, _storable(document.metadata), [_row(link) for link in links], mementos)


def reader(config: Config) -> Reader:
    """The reader that the settings ask for."""
    name = config.corpus.timezone
    return Reader(publication(config), UTC if name is None else ZoneInfo(name), name is not None)


def _row(link: Link) -> LinkRow:
    """A link as plain values: an enum costs SQLite an adapter for every cell."""
    scope, reason, via = link.scope, link.skip_reason, link.via
    return (
        encodable(link.raw),
        link.fragment,
        link.element,
        link.attribute,
        link.kind.value,
        encodable(link.text),
        link.line,
        link.column,
        None if scope is None else scope.value,
        None if reason is None else reason.value,
        None if via is None else via.value,
        link.url,
    )


@lru_cache(maxsize=65_536)
def _url_row(url: str) -> UrlRow:
    host = host_of(url)
    return UrlRow(url.partition(":")[0], host, domain_of(host), is_snapshot(url))


def _storable(said: Metadata) -> Metadata:
    """The metadata as SQLite can hold it: its address in normal form, no lone surrogates."""
    url = None if said.url is None else whatwg(said.url) or encodable(said.url)
    return replace(
        said,
        url=url,
        title=None if said.title is None else encodable(said.title),
        authors=tuple(encodable(name) for name in said.authors),
        language=None if said.language is None else encodable(said.language),
    )
