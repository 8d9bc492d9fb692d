"""The tables as ordered migrations, each applied whole or not at all.

Names and columns are a promise: people write SQL against them. Timestamps are UTC ISO 8601
with ``Z``. A migration that has been released is never edited; a change is a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from linkwatch.store.indexes import index
from linkwatch.store.tables import BOILERPLATE, TABLES
from linkwatch.store.views import VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4C4E4B57  # "LNKW": tells our files from other people's
migrations = Migrations("linkwatch")


@migrations()
def m001_tables(db: Database) -> None:
    """The first schema."""
    for statement in TABLES.split(";"):
        if statement.strip():
            db.execute(statement)
    index(db)
    db.execute(f"pragma application_id = {APPLICATION_ID}")


@migrations()
def m002_views(db: Database) -> None:
    """The views people read."""
    for name, query in VIEWS.items():
        db.create_view(name, query)


@migrations()
def m003_parallel_runs(db: Database) -> None:
    """A key that tells runs of several machines apart, and which merge brought a run in."""
    db.execute("alter table runs add column key text")
    db.execute("alter table runs add column part_of integer references runs (id)")
    db.execute("update runs set key = started_at || ' ' || id")  # the same in every copy of the database
    db.execute("create unique index runs_key on runs (key)")


@migrations()
def m004_boilerplate(db: Database) -> None:
    """Which URLs the templates of articles repeat, and the views that tell it.

    Sketches are made in another way now, and an old one would show every page as another: the next check
    of each URL is its first again. One index of hosts has taken the place of another.
    """
    db.execute(BOILERPLATE)
    db.execute("delete from sketches")
    db.execute("drop index if exists urls_host")
    for name, query in VIEWS.items():
        db.create_view(name, query, replace=True)


@migrations()
def m005_digests(db: Database) -> None:
    """The digest of the text of each sketch, so that the same text is not sketched night after night."""
    db.execute("alter table sketches add column digest blob")


@migrations()
def m006_large(db: Database) -> None:
    """What a report over a million URLs asks by: changes by their day, captures that came to nothing."""
    day = "substr(changed_at, 1, 10)"
    db.execute(f"create index transitions_days on transitions ({day}, from_state, to_state, url_id)")
    db.execute("create index captures_lost on captures (url_id) where state in ('failed', 'refused')")
    for name, query in VIEWS.items():
        db.create_view(name, query, replace=True)


@migrations()
def m007_news(db: Database) -> None:
    """News counts from the night before by the order of nights, whatever their clocks said."""
    for name, query in VIEWS.items():
        db.create_view(name, query, replace=True)


@migrations()
def m008_indexes(db: Database) -> None:
    """Indexes that tell by themselves how many links each article has, and which URLs are never due.

    Two that no question was ever answered by are gone.
    """
    for name in ("links_article", "urls_due", "articles_url", "articles_sha256"):
        db.execute(f"drop index if exists {name}")
    index(db)
