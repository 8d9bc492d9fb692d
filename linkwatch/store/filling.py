"""Filling tables that are empty, as a first harvest does: what need not be kept up row by row."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from sqlite3 import OperationalError
from typing import TYPE_CHECKING

from linkwatch.store.indexes import index, unindex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


def is_empty(db: Database) -> bool:
    """Whether no harvest has written anything yet."""
    return db.execute("select 1 from articles union all select 1 from urls limit 1").fetchone() is None


@contextmanager
def filling(db: Database) -> Iterator[None]:
    """While tables that were empty are filled they have no indexes, which cost a third made afterwards.

    No row is asked whether those it names are there: who fills them has just numbered them itself. And no
    page is written twice, into a log and then in its place: there is nothing that readers could go on
    reading meanwhile.
    """
    if not is_empty(db):
        yield
        index(db)
        return
    unindex(db)
    db.execute("pragma foreign_keys = off")
    with _plainly_written(db):
        try:
            yield
        finally:
            db.execute("pragma foreign_keys = on")
        with db.atomic():
            index(db)


def keep_up(db: Database) -> None:
    """From now on the indexes are there, and are kept up row by row.

    Their pages change with every transaction, so a log is what costs least again.
    """
    _write_by(db, "wal")
    index(db)


@contextmanager
def _plainly_written(db: Database) -> Iterator[None]:
    """In transactions as always, but without a write-ahead log; as it is where somebody reads already."""
    (mode,) = db.execute("pragma journal_mode").fetchone()
    (patience,) = db.execute("pragma busy_timeout").fetchone()
    _write_by(db, "truncate")
    db.execute(f"pragma busy_timeout = {_PATIENCE_MS}")
    try:
        yield
    finally:
        _write_by(db, mode)
        db.execute(f"pragma busy_timeout = {patience}")


def _write_by(db: Database, mode: str) -> None:
    """Changes the kind of journal. Not while somebody reads; who opens it next for writing makes it a log."""
    with suppress(OperationalError):
        db.execute(f"pragma journal_mode = {mode}")


_PATIENCE_MS = 60_000  # with who comes to read meanwhile, and has to be waited for at each transaction
