"""Filling tables that are empty, as a first harvest does: what need not be kept up row by row."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkwatch.store.schema import index, unindex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


def is_empty(db: Database) -> bool:
    """Whether no harvest has written anything yet."""
    return db.execute("select 1 from articles union all select 1 from urls limit 1").fetchone() is None


@contextmanager
def filling(db: Database) -> Iterator[None]:
    """While tables that were empty are filled they have no indexes, which cost a third made afterwards.

    And no row is asked whether those it names are there: who fills them has just numbered them itself.
    """
    if is_empty(db):
        unindex(db)
        db.execute("pragma foreign_keys = off")
    try:
        yield
    finally:
        db.execute("pragma foreign_keys = on")
    index(db)
