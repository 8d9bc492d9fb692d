"""The indexes of the tables that a harvest fills: made when rows are there, and where they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.store.views import SHOWS_A_PAGE

if TYPE_CHECKING:
    from sqlite_utils import Database

# What kept us waiting the last time: the spelling is that of an index, so statements take it from here.
HUNG = "reason in ('connect_timeout', 'read_timeout')"
# Of the tables that a harvest fills. Not part of the tables' own statements, because a first harvest
# makes them when the rows are there: keeping them up row by row costs three times as much.
HARVEST_INDEXES = (
    "create unique index if not exists urls_url on urls (url)",
    "create index if not exists urls_queues on urls (host, next_check_at)",
    "create index if not exists urls_domain on urls (domain)",
    "create index if not exists urls_due on urls (next_check_at)",
    "create index if not exists urls_checked on urls (last_checked_at) where next_check_at is not null",
    "create index if not exists urls_troubled on urls (state, state_since) where state <> 'alive'",
    "create index if not exists links_article on links (article_id, removed_at, url_id)",
    "create index if not exists links_url on links (url_id)",
    "create index if not exists links_cited on links (url_id, article_id) where removed_at is null",
)
# Of rows that are few, and of hardly any that a first harvest writes: asking each row as it comes costs less
# than looking at all of them again.
SPARSE_INDEXES = (
    f"create index if not exists urls_hung on urls (host, next_check_at) where {HUNG}",
    "create index if not exists urls_snapshots on urls (id) where snapshot = 1",
    "create index if not exists links_torn on links (url_id) where fragment_state = 'missing'",
    f"create index if not exists mementos_pages on mementos (url_id) where {SHOWS_A_PAGE}",
)


def index(db: Database) -> None:
    """Makes the indexes that are missing: after the first harvest, or after one that was killed."""
    for statement in HARVEST_INDEXES + SPARSE_INDEXES:
        db.execute(statement)


def unindex(db: Database) -> None:
    """Drops the indexes of tables that are empty, and about to be filled."""
    for statement in HARVEST_INDEXES:
        db.execute(f"drop index if exists {statement.partition(' if not exists ')[2].split()[0]}")
