"""Articles and their links as a harvest finds them: written in batches, marked when gone, never deleted."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from linkwatch.times import optional_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.harvest.document import Metadata


# A link as it is written: raw, fragment, element, attribute, kind, text, line, column, scope, skip_reason,
# via, url. A plain tuple, because hundreds of thousands of them come from other processes.
LinkRow = tuple[
    str, str | None, str, str, str, str, int, int, str | None, str | None, str | None, str | None
]  # fmt: skip


class UrlRow(NamedTuple):
    """What a URL is, apart from what checks say of it."""

    scheme: str
    host: str
    domain: str
    snapshot: bool  # itself a page in an archive: neither checked nor captured


class MementoRow(NamedTuple):
    """A snapshot that an article cites."""

    url: str
    memento_url: str
    captured_at: str


class ArticleRow(NamedTuple):
    """One article as read: what it says of itself, its links, the snapshots among them."""

    part: str | None
    metadata: Metadata
    links: Sequence[LinkRow]
    mementos: Sequence[MementoRow]


class FileRow(NamedTuple):
    """One file as read. No articles: its bytes are as they were, only its times have changed."""

    path: str
    size: int
    modified_ns: int
    sha256: str
    format: str
    articles: Sequence[ArticleRow]


class Known(NamedTuple):
    """What the database holds of one file."""

    size: int
    modified_ns: int
    sha256: str
    removed: bool
    articles: dict[str | None, int]  # part -> id


def known(db: Database) -> dict[str, Known]:
    """Every file that has ever held an article, by its name."""
    found: dict[str, Known] = {}
    for id_, path, part, size, modified_ns, sha256, removed_at in db.execute(
        "select id, path, part, size, modified_ns, sha256, removed_at from articles"
    ):
        file = path if part is None else path[: -len(part) - 1]
        entry = found.get(file)
        if entry is None or (entry.removed and removed_at is None):
            kept = {} if entry is None else entry.articles
            found[file] = entry = Known(size, modified_ns, sha256, removed_at is not None, kept)
        entry.articles[part] = id_
    return found


class Ledger:
    """Writes what one harvest finds. One transaction a batch, so that an interruption loses at most one."""

    def __init__(self, db: Database, now: datetime) -> None:
        self.db = db
        self.now = to_text(now)
        # The index of addresses is written all over: with SQLite's own 2 MB of cache a first harvest
        # of 300,000 links takes ten times as long.
        db.execute(f"pragma cache_size = -{_CACHE_KIB}")
        db.execute(f"pragma wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        self.new_links = 0
        self._next = {table: _last_id(db, table) for table in ("articles", "urls")}
        self._ids: dict[str, int] = {}  # of URLs written lately

    def write(self, files: Iterable[tuple[FileRow, Known | None]], urls: dict[str, UrlRow]) -> None:
        """One batch of files as read, each with what was known of it (after a rename: under its old name)."""
        with self.db.atomic():
            self._forget_due()
            ids = self._url_ids(urls)
            fresh: list[tuple[Any, ...]] = []
            for file, before in files:
                if file.articles:
                    fresh += self._file(file, before, ids)
                elif before is not None:
                    self._touch(file, before)
            self._insert_links(fresh)

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
        with self.db.atomic():
            self.db.conn.executemany(
                "update articles set last_seen_at = ? where id = ?",
                ((self.now, id_) for entry in unchanged for id_ in entry.articles.values()),
            )

    def _file(self, file: FileRow, before: Known | None, ids: dict[str, int]) -> Iterator[tuple[Any, ...]]:
        former = {} if before is None else dict(before.articles)
        for article in file.articles:
            id_ = former.pop(article.part, None)
            if id_ is None:
                id_ = self._insert_article(file, article)
                yield from (_link_row(id_, link, ids, self.now) for link in article.links)
            else:
                self._update_article(id_, file, article)
                yield from self._changed_links(id_, article.links, ids)
            self._insert_mementos(article.mementos, ids)
        self.db.conn.executemany(
            "update articles set removed_at = ? where id = ? and removed_at is null",
            [(self.now, id_) for id_ in former.values()],
        )

    def _insert_article(self, file: FileRow, article: ArticleRow) -> int:
        self._next["articles"] += 1
        id_ = self._next["articles"]
        values = (*_article_values(file, article), self.now, self.now)
        self.db.execute(_INSERT_ARTICLE, (id_, *values))
        return id_

    def _update_article(self, id_: int, file: FileRow, article: ArticleRow) -> None:
        self.db.execute(_UPDATE_ARTICLE, (*_article_values(file, article), self.now, id_))

    def _touch(self, file: FileRow, before: Known) -> None:
        """The same bytes under another time or name: the rows stay, and what was removed is back."""
        for part, id_ in before.articles.items():
            path = file.path if part is None else f"{file.path}#{part}"
            self.db.execute(_TOUCH_ARTICLE, (path, file.size, file.modified_ns, self.now, id_))

    def _changed_links(
        self, id_: int, links: Sequence[LinkRow], ids: dict[str, int]
    ) -> Iterator[tuple[Any, ...]]:
        """Pairs the links of an article read anew with the rows it has; what is left over is new or gone."""
        rows: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for row in self.db.execute(_LINKS_OF_ARTICLE, (id_,)):
            rows[row[1:]].append(row[0])
        kept = []
        for link in links:
            raw, fragment, element, attribute, kind, text, line, column, scope, reason, via, url = link
            same = rows.get((raw, element, attribute, via, None if url is None else ids[url]))
            if same:
                kept.append((fragment, kind, text, line, column, scope, reason, same.pop(0)))
            else:
                yield _link_row(id_, link, ids, self.now)
        self.db.conn.executemany(_KEEP_LINK, kept)
        gone = [(self.now, each) for left in rows.values() for each in left]
        self.db.conn.executemany("update links set removed_at = ? where id = ? and removed_at is null", gone)

    def _insert_links(self, rows: list[tuple[Any, ...]]) -> None:
        self.db.conn.executemany(_INSERT_LINK, rows)
        self.new_links += len(rows)

    def _insert_mementos(self, mementos: Sequence[MementoRow], ids: dict[str, int]) -> None:
        self.db.conn.executemany(
            _INSERT_MEMENTO,
            [(ids[each.url], each.memento_url, each.captured_at, self.now) for each in mementos],
        )

    def _url_ids(self, urls: dict[str, UrlRow]) -> dict[str, int]:
        """The ids of these URLs; those that are new get a row."""
        if len(self._ids) > _REMEMBERED:
            self._ids.clear()
        unknown = [url for url in urls if url not in self._ids]
        found = self.db.execute(
            "select urls.url, urls.id from json_each(?) as wanted join urls on urls.url = wanted.value",
            (json.dumps(unknown),),
        )
        self._ids.update(found)
        fresh = [url for url in unknown if url not in self._ids]
        for url in fresh:
            self._next["urls"] += 1
            self._ids[url] = self._next["urls"]
        self.db.conn.executemany(_INSERT_URL, [(self._ids[url], url, *urls[url], self.now) for url in fresh])
        return self._ids

    def _forget_due(self) -> None:
        """From the first change until ``settle``, what is due is not known."""
        self.db.execute("delete from settings where name = 'due'")


def _article_values(file: FileRow, article: ArticleRow) -> tuple[Any, ...]:
    said = article.metadata
    return (
        file.path if article.part is None else f"{file.path}#{article.part}",
        article.part,
        said.url,
        said.title,
        json.dumps(said.authors, ensure_ascii=False),
        optional_text(said.published_at),
        optional_text(said.captured_at),
        said.language,
        file.format,
        file.sha256,
        file.size,
        file.modified_ns,
    )


def _link_row(article_id: int, link: LinkRow, ids: dict[str, int], now: str) -> tuple[Any, ...]:
    url = link[-1]
    return (article_id, None if url is None else ids[url], *link[:-1], now)


def _last_id(db: Database, table: str) -> int:
    last: int = db.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]  # noqa: S608 - our own name
    return last


_CACHE_KIB = 131_072
_CHECKPOINT_PAGES = 16_384  # 64 MB of log between two checkpoints
_REMEMBERED = 200_000  # URLs whose ids are kept at hand: some 40 MB

_INSERT_ARTICLE = """
insert into articles (
    id, path, part, url, title, authors, published_at, captured_at, language, format, sha256, size,
    modified_ns, first_seen_at, last_seen_at
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_UPDATE_ARTICLE = """
update articles set
    path = ?, part = ?, url = ?, title = ?, authors = ?, published_at = ?, captured_at = ?, language = ?,
    format = ?, sha256 = ?, size = ?, modified_ns = ?, last_seen_at = ?, removed_at = null
where id = ?
"""
_TOUCH_ARTICLE = """
update articles set path = ?, size = ?, modified_ns = ?, last_seen_at = ?, removed_at = null where id = ?
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
_INSERT_LINK = """
insert into links (
    article_id, url_id, raw, fragment, element, attribute, kind, text, line, column, scope, skip_reason, via,
    first_seen_at
) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_URL = """
insert into urls (id, url, scheme, host, domain, snapshot, first_seen_at) values (?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_MEMENTO = """
insert or ignore into mementos (url_id, memento_url, captured_at, source, found_at)
values (?, ?, ?, 'article', ?)
"""
