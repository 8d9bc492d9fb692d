"""The ``urls`` table as a harvest fills it: each URL once, and due where it is to be checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linkwatch.store.bulk import insert
from linkwatch.store.filling import keep_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

    from linkwatch.store.due import Asked
    from linkwatch.store.rows import UrlRow

_REMEMBERED = 200_000  # URLs whose ids are kept at hand: some 40 MB


class Urls:
    """The ids of the URLs that a harvest meets, batch by batch; those that are new get a row."""

    def __init__(self, db: Database, now: str, asked: Asked) -> None:
        self.db = db
        self.now = now
        self._asked = asked
        self._last = last_id(db, "urls")
        self._ids: dict[str, int] = {}  # of URLs met lately
        self._knows_all = not self._last  # these, and there are no others
        self._fresh: list[tuple[int, UrlRow]] = []  # of this batch, to be written
        self._idle: set[int] = set()  # in a first harvest: what is not due, and may yet be

    @property
    def are_due(self) -> bool:
        """Whether what is to be checked is due already: a first harvest writes it so.

        On other nights, and where there are more than can be remembered, ``settle`` finds out.
        """
        return self._knows_all

    def make_room(self) -> None:
        """Between two batches: forgets URLs that are too many to remember.

        From then on which of them are there is looked up, by the index that a first harvest does without.
        """
        if len(self._ids) <= _REMEMBERED:
            return
        self._ids.clear()
        if self._knows_all:
            self._knows_all = False
            self._idle.clear()
            keep_up(self.db)

    def numbered(self, urls: Sequence[UrlRow]) -> list[int]:
        """The ids of a batch of URLs, in their order."""
        ids = self._ids
        if not self._knows_all:
            unknown = [row[0] for row in urls if row[0] not in ids]
            ids.update(self.db.execute(_IDS, (json.dumps(unknown),)))
        for row in urls:
            if row[0] not in ids:
                self._last += 1
                ids[row[0]] = self._last
                self._fresh.append((self._last, row))
        return [ids[row[0]] for row in urls]

    def write(self, links: Iterable[tuple[Any, ...]]) -> None:
        """Writes the new URLs of the batch whose links are these."""
        due = self._cited(links) if self._knows_all else set()
        now, fresh = self.now, self._fresh
        rows = [(id_, *row, now, now if id_ in due and not row[4] else None) for id_, row in fresh]
        insert(self.db.conn, _URL, rows)
        if self._knows_all:
            late = due & self._idle
            self.db.conn.executemany(_MAKE_DUE, [(now, id_) for id_ in late])
            self._idle -= late
            self._idle.update(id_ for id_, row in fresh if id_ not in due and not row[4])
        fresh.clear()

    def _cited(self, links: Iterable[tuple[Any, ...]]) -> set[int]:
        """The URLs of those links that are to be checked."""
        elements, scopes = self._asked.elements, self._asked.scopes
        return {
            url
            for _, url, _, _, element, _, kind, _, _, _, scope, _, _, _ in links
            if scope in scopes and (kind in elements or element in elements)
        }


def last_id(db: Database, table: str) -> int:
    """The highest id of a table; 0 where it is empty."""
    last: int = db.execute(f"select coalesce(max(id), 0) from {table}").fetchone()[0]  # noqa: S608 - our own name
    return last


_IDS = "select urls.url, urls.id from json_each(?) as wanted join urls on urls.url = wanted.value"
_URL = "urls (id, url, scheme, host, domain, snapshot, first_seen_at, next_check_at)"
_MAKE_DUE = "update urls set next_check_at = ? where id = ?"
