"""Articles and their links as a harvest finds them: written in batches, marked when gone, never deleted."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from linkwatch.store.bulk import insert
from linkwatch.store.urls import Urls, last_id
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.store.due import Asked
    from linkwatch.store.known import Known
    from linkwatch.store.rows import ArticleRow, FileRow, LinkRow, MementoRow, UrlRow


class Ledger:
    """Writes what one harvest finds. One transaction a batch, so that an interruption loses at most one."""

    def __init__(self, db: Database, now: datetime, asked: Asked) -> None:
        self.db = db
        self.now = to_text(now)
        self.urls = Urls(db, self.now, asked)
        # The index of addresses is written all over: with SQLite's own 2 MB of cache a first harvest
        # of 300,000 links takes ten times as long.
        db.execute(f"pragma cache_size = -{_CACHE_KIB}")
        db.execute(f"pragma wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        self.new_links = 0
        self._next = last_id(db, "articles")

    def write(self, files: Iterable[tuple[FileRow, Known | None]], urls: Sequence[UrlRow]) -> None:
        """One batch of files as read, each with what was known of it (after a rename: under its old name)."""
        self.urls.make_room()
        with self.db.atomic():
            self._forget_due()
            batch = _Rows(self.urls.numbered(urls), self.now)
            for file, before in files:
                if not file.articles:
                    self._touch(file, before)
                elif before is None:
                    for article in file.articles:
                        self._new(article, batch)
                else:
                    self._file(file, before, batch)
            self.urls.write(batch.links)
            self._insert(batch)

    def remove(self, ids: Iterable[int]) -> int:
        """Marks articles whose files are gone."""
        rows = [(self.now, id_) for id_ in ids]
        with self.db.atomic():
            if rows:
                self._forget_due()
            self.db.conn.executemany(
                "update articles set removed_at = ? where id = ? and removed_at is null", rows
            )
        return len(rows)

    def seen(self, unchanged: Iterable[Known]) -> None:
        """Notes that these files were there today, unchanged."""
        ids = [id_ for entry in unchanged for id_ in entry.articles.values()]
        with self.db.atomic():
            self.db.execute(_SEEN, (self.now, json.dumps(ids)))

    def seen_all(self) -> None:
        """Notes that all files were there today, unchanged."""
        self.db.execute("update articles set last_seen_at = ? where removed_at is null", (self.now,))

    def _file(self, file: FileRow, before: Known, batch: _Rows) -> None:
        former = dict(before.articles)
        for article in file.articles:
            id_ = former.pop(article.part, None)
            if id_ is None:
                self._new(article, batch)
            else:
                self._changed(id_, article, batch)
        self.db.conn.executemany(
            "update articles set removed_at = ? where id = ? and removed_at is null",
            [(self.now, id_) for id_ in former.values()],
        )

    def _new(self, article: ArticleRow, batch: _Rows) -> None:
        self._next = id_ = self._next + 1
        batch.articles.append((id_, *article.values, self.now, self.now))
        batch.add(id_, article.links, article.mementos)

    def _changed(self, id_: int, article: ArticleRow, batch: _Rows) -> None:
        self.db.execute(_UPDATE_ARTICLE, (*article.values, self.now, id_))
        batch.add(id_, self._changed_links(id_, article.links, batch.ids), article.mementos)

    def _touch(self, file: FileRow, before: Known | None) -> None:
        """The same bytes under another time or name: the rows stay, and a file that was removed is back.

        Of a file that was there, an article that had gone from it before stays gone.
        """
        if before is None:
            return
        for part, id_ in before.articles.items():
            path = file.path if part is None else f"{file.path}#{part}"
            row = (path, file.size, file.modified_ns, self.now, id_, before.removed)
            self.db.execute(_TOUCH_ARTICLE, row)

    def _changed_links(self, id_: int, links: Sequence[LinkRow], ids: Sequence[int]) -> list[LinkRow]:
        """Pairs the links of an article read anew with the rows it has, and gives those that are new."""
        rows: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in self.db.execute(_LINKS_OF_ARTICLE, (id_,)):
            rows[row[1:]].append(row[0])
        kept, fresh = [], []
        for link in links:
            url, raw, fragment, element, attribute, kind, text, line, column, scope, reason, via = link
            same = rows.get((raw, element, attribute, via, None if url is None else ids[url]))
            if same:
                kept.append((fragment, kind, text, line, column, scope, reason, same.pop(0)))
            else:
                fresh.append(link)
        self.db.conn.executemany(_KEEP_LINK, kept)
        gone = [(self.now, each) for left in rows.values() for each in left]
        self.db.conn.executemany("update links set removed_at = ? where id = ? and removed_at is null", gone)
        return fresh

    def _insert(self, batch: _Rows) -> None:
        insert(self.db.conn, _ARTICLE, batch.articles)
        insert(self.db.conn, _LINK, batch.links)
        self.db.conn.executemany(_INSERT_MEMENTO, batch.mementos)
        self.new_links += len(batch.links)

    def _forget_due(self) -> None:
        """From the first change until ``settle``, what is due is not known."""
        self.db.execute("delete from settings where name = 'due'")


class _Rows:
    """What one batch inserts, in the order of the statements below; ``ids`` are those of its URLs."""

    __slots__ = ("articles", "ids", "links", "mementos", "now")

    def __init__(self, ids: Sequence[int], now: str) -> None:
        self.ids = ids
        self.now = now
        self.articles: list[tuple[Any, ...]] = []
        self.links: list[tuple[Any, ...]] = []
        self.mementos: list[tuple[Any, ...]] = []

    def add(self, article_id: int, links: Sequence[LinkRow], mementos: Sequence[MementoRow]) -> None:
        """The links and snapshots that an article cites."""
        ids, now = self.ids, self.now
        self.links += [
            (article_id, None if link[0] is None else ids[link[0]], *link[1:], now) for link in links
        ]
        self.mementos += [(ids[url], *rest, now) for url, *rest in mementos]


_CACHE_KIB = 131_072
_CHECKPOINT_PAGES = 16_384  # 64 MB of log between two checkpoints

_ARTICLE = """
articles (
    id, path, part, url, title, authors, published_at, captured_at, language, format, sha256, size,
    modified_ns, first_seen_at, last_seen_at
)
"""
_UPDATE_ARTICLE = """
update articles set
    path = ?, part = ?, url = ?, title = ?, authors = ?, published_at = ?, captured_at = ?, language = ?,
    format = ?, sha256 = ?, size = ?, modified_ns = ?, last_seen_at = ?, removed_at = null
where id = ?
"""
_TOUCH_ARTICLE = """
update articles set path = ?, size = ?, modified_ns = ?, last_seen_at = ?, removed_at = null
where id = ? and (removed_at is null or ?)
"""
_SEEN = """
update articles set last_seen_at = ? where id in (select value from json_each(?)) and removed_at is null
"""
_LINKS_OF_ARTICLE = """
select id, raw, element, attribute, via, url_id from links
where article_id = ? order by removed_at is not null, line, column, id
"""
_KEEP_LINK = """
update links set
    fragment = ?, kind = ?, text = ?, line = ?, column = ?, scope = ?, skip_reason = ?, removed_at = null
where id = ?
"""
_LINK = """
links (
    article_id, url_id, raw, fragment, element, attribute, kind, text, line, column, scope, skip_reason, via,
    first_seen_at
)
"""
_INSERT_MEMENTO = """
insert or ignore into mementos (url_id, memento_url, captured_at, source, found_at)
values (?, ?, ?, 'article', ?)
"""
