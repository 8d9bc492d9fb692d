"""What a plain Python program takes that reads the same files and writes rows into the same tables.

    python tests/benchmarks/plain.py DIRECTORY DATABASE

Every file is read, hashed, decoded and parsed by the library that linkwatch parses with; what stands in
``<a href>`` and ``<img src>`` goes into the tables as it is written, with its line, and the indexes are made.
No Markdown, no other format or element, no normal form, scope or wrapper, no title, author or date, no
second night: about the floor for any program that harvests in Python on this machine.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sqlite3
import sys
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from turbohtml import parse

from linkwatch.store.indexes import HARVEST_INDEXES, SPARSE_INDEXES
from linkwatch.store.tables import TABLES

AT_ONCE = 700  # files in a batch, some 4 MB as linkwatch has it
NOW = "2026-01-01T00:00:00Z"
ATTRIBUTES = {"a": "href", "img": "src"}


class Read(NamedTuple):
    """What is in some files: rows of articles, rows of links by the place of their URL, the URLs."""

    articles: list[tuple[Any, ...]]
    links: list[tuple[Any, ...]]
    urls: list[str]


def read(paths: list[str]) -> Read:
    """What is in these files."""
    articles, links = [], []
    places: dict[str, int] = {}
    for number, path in enumerate(paths):
        data = Path(path).read_bytes()
        articles.append((path, sha256(data).hexdigest()))
        for element in parse(data.decode()).iter_elements(tuple(ATTRIBUTES)):
            attribute = ATTRIBUTES[element.tag]
            raw = element.attr(attribute)
            if raw is not None:
                place = places.setdefault(raw, len(places))
                where = (element.source_line, element.source_col)
                links.append((number, place, raw, element.tag, attribute, element.text, *where))
    return Read(articles, links, list(places))


class Writer:
    """Writes batches, and then the indexes."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path)
        for pragma in ("journal_mode = truncate", "synchronous = normal", "cache_size = -131072"):
            self.db.execute(f"pragma {pragma}")
        self.db.executescript(TABLES)
        self.ids: dict[str, int] = {}
        self.articles = 0

    def write(self, batch: Read) -> None:
        """One transaction."""
        known = len(self.ids)
        ids = [self.ids.setdefault(url, len(self.ids) + 1) for url in batch.urls]
        fresh = (
            (id_, url, url.split("/", 3)[2]) for id_, url in zip(ids, batch.urls, strict=True) if id_ > known
        )
        self.db.executemany(ARTICLE, batch.articles)
        self.db.executemany(URL, fresh)
        first = self.articles + 1
        self.db.executemany(LINK, ((first + article, ids[url], *rest) for article, url, *rest in batch.links))
        self.articles += len(batch.articles)
        self.db.commit()

    def finish(self) -> None:
        """The indexes that linkwatch has."""
        for statement in HARVEST_INDEXES + SPARSE_INDEXES:
            self.db.execute(statement)
        self.db.commit()
        self.db.close()


ARTICLE = f"""
insert into articles (path, sha256, format, first_seen_at, last_seen_at)
values (?, ?, 'html', '{NOW}', '{NOW}')
"""
URL = f"""
insert into urls (id, url, scheme, host, domain, first_seen_at, next_check_at)
values (?1, ?2, 'https', ?3, ?3, '{NOW}', '{NOW}')
"""
LINK = f"""
insert into links (
    article_id, url_id, raw, element, attribute, text, line, column, kind, scope, first_seen_at
) values (?, ?, ?, ?, ?, ?, ?, ?, 'anchors', 'outbound', '{NOW}')
"""


def main() -> None:
    """Harvest plainly: one process writes, and one a core reads."""
    gc.disable()
    directory, database = sys.argv[1:]
    paths = sorted(chain.from_iterable(map(_files, os.walk(directory))))
    groups = [paths[at : at + AT_ONCE] for at in range(0, len(paths), AT_ONCE)]
    with multiprocessing.get_context("fork").Pool() as pool:
        writer = Writer(database)
        for batch in pool.imap(read, groups):
            writer.write(batch)
        writer.finish()


def _files(listing: tuple[str, list[str], list[str]]) -> list[str]:
    directory, _, names = listing
    return [f"{directory}/{name}" for name in names]


if __name__ == "__main__":
    main()
