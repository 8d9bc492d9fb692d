"""Copying rows of another database, attached as ``theirs``, into ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from linkwatch.store.database import address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database


@contextmanager
def attached(db: Database, path: Path) -> Iterator[None]:
    """The other database beside ours, as ``theirs``."""
    db.execute("attach database ? as theirs", [address(path)])
    try:
        yield
    finally:
        db.execute("detach database theirs")


def changes(db: Database, statement: str, *values: object) -> int:
    """Runs a statement and returns how many rows it wrote."""
    return max(0, db.execute(statement, values).rowcount)


def names(db: Database, table: str) -> list[str]:
    """The columns of a table, whichever there are by now."""
    return [name for (name,) in db.execute("select name from pragma_table_info(?)", [table])]


def copy(db: Database, table: str, source: str, **given: str) -> int:
    """Copies the rows that ``source`` calls ``their``, with some columns given in their place."""
    copied = [name for name in names(db, table) if name != "id" or "id" in given]
    values = ", ".join(given.get(name, f'their."{name}"') for name in copied)
    columns = ", ".join(f'"{name}"' for name in copied)
    return changes(db, f"insert into main.{table} ({columns}) select {values} from {source}")  # noqa: S608
