"""A copy of the database for readers: whole, at rest, with full-text search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database

from linkwatch.store.database import open_for_reading

if TYPE_CHECKING:
    from pathlib import Path

# Search lives in the copy only: triggers on the tables that runs write would make them fail
# at once, instead of wait, where another connection holds the lock.
SEARCHED = {"articles": ["title", "path"], "urls": ["url"], "links": ["text"]}
# What the pages sort, facet and average by; a run that writes a million checks need not keep these.
INDEXED = {"checks": [["checked_at"], ["verdict"], ["reason"], ["url_id", "elapsed_ms"]]}


def take(source: Path, target: Path) -> None:
    """Copies the database at ``source``, beside a run that may be writing, to a new file."""
    with open_for_reading(source) as db:
        db.execute("pragma query_only = off")  # VACUUM INTO counts as writing, though not to the source
        db.execute("vacuum into ?", [str(target)])
    copy = Database(target)
    try:
        for table, columns in SEARCHED.items():
            copy.table(table).enable_fts(columns)
        for table, indexes in INDEXED.items():
            for indexed in indexes:
                copy.table(table).create_index(indexed)
        copy.execute("analyze")
    finally:
        copy.close()
