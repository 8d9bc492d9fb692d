"""The tables as ordered migrations, each applied whole or not at all.

Names and columns are a promise: people write SQL against them. Timestamps are UTC ISO 8601
with ``Z``. A migration that has been released is never edited; a change is a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from linkwatch.store.views import SHOWS_A_PAGE, VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID = 0x4C4E4B57  # "LNKW": tells our files from other people's
migrations = Migrations("linkwatch")

TABLES = """
create table runs (
    id integer primary key,
    command text not null,
    started_at text not null,
    finished_at text,
    outcome text,
    counts text not null default '{}',
    version text not null
) strict;

create table articles (
    id integer primary key,
    path text not null unique,
    part text,
    url text,
    title text,
    authors text not null default '[]',
    published_at text,
    captured_at text,
    language text,
    format text not null,
    sha256 text not null,
    size integer not null default 0,
    modified_ns integer not null default 0,
    first_seen_at text not null,
    last_seen_at text not null,
    removed_at text
) strict;

create table urls (
    id integer primary key,
    url text not null,
    scheme text not null,
    host text not null,
    domain text not null,
    snapshot integer not null default 0,
    state text not null default 'unchecked',
    state_since text,
    verdict text,
    reason text,
    http_status integer,
    final_url text,
    failures integer not null default 0,
    failing_since text,
    gone integer not null default 0,
    gone_since text,
    changed_since text,
    similarity real,
    first_seen_at text not null,
    last_checked_at text,
    next_check_at text,
    last_alive_at text
) strict;

create table links (
    id integer primary key,
    article_id integer not null references articles (id) on delete cascade,
    url_id integer references urls (id),
    raw text not null,
    fragment text,
    element text not null,
    attribute text not null,
    kind text not null,
    text text not null default '',
    line integer not null,
    column integer not null,
    scope text,
    skip_reason text,
    via text,
    fragment_state text,
    fragment_checked_at text,
    first_seen_at text not null,
    removed_at text
) strict;

create table settings (
    name text primary key,
    value text not null
) strict;

create table checks (
    id integer primary key,
    run_id integer not null references runs (id),
    url_id integer not null references urls (id),
    checked_at text not null,
    verdict text not null,
    reason text not null,
    http_status integer,
    final_url text,
    content_type text,
    elapsed_ms integer,
    bytes integer,
    title text,
    error text,
    similarity real
) strict;
create index checks_url on checks (url_id, checked_at);
create index checks_run on checks (run_id);

create table hops (
    check_id integer not null references checks (id) on delete cascade,
    position integer not null,
    url text not null,
    http_status integer,
    primary key (check_id, position)
) strict;

create table sketches (
    url_id integer primary key references urls (id),
    kept_at text not null,
    alike_at text not null,
    changing integer not null default 0,
    title text not null,
    language text,
    sketch blob not null
) strict;

create table transitions (
    id integer primary key,
    url_id integer not null references urls (id),
    run_id integer references runs (id),
    changed_at text not null,
    from_state text not null,
    to_state text not null
) strict;
create index transitions_url on transitions (url_id, changed_at);
create index transitions_time on transitions (changed_at, to_state);

create table mementos (
    id integer primary key,
    url_id integer not null references urls (id),
    memento_url text not null,
    captured_at text not null,
    http_status integer,
    source text not null,
    digest text,
    length integer,
    found_at text not null,
    unique (url_id, memento_url)
) strict;
create index mementos_digest on mementos (digest);

create table lookups (
    url_id integer not null references urls (id),
    source text not null,
    asked_at text not null,
    answer text not null,
    error text,
    primary key (url_id, source)
) strict;

create table captures (
    id integer primary key,
    url_id integer not null references urls (id),
    run_id integer references runs (id),
    state text not null,
    job_id text,
    submitted_at text,
    finished_at text,
    error text,
    status_ext text,
    memento_id integer references mementos (id),
    attempts integer not null default 0
) strict;
create index captures_url on captures (url_id);
create index captures_open on captures (state) where state in ('queued', 'submitted');

create table payloads (
    digest text primary key,
    url text not null,
    recorded_at text not null,
    file text not null
) strict, without rowid;
"""
# What kept us waiting the last time: the spelling is that of an index, so statements take it from here.
HUNG = "reason in ('connect_timeout', 'read_timeout')"
# Of the tables that a harvest fills. Not part of the tables' own statements, because a first harvest
# makes them when the rows are there: keeping them up row by row costs three times as much.
HARVEST_INDEXES = (
    "create unique index if not exists urls_url on urls (url)",
    "create index if not exists articles_url on articles (url)",
    "create index if not exists articles_sha256 on articles (sha256)",
    "create index if not exists urls_queues on urls (host, next_check_at)",
    "create index if not exists urls_domain on urls (domain)",
    "create index if not exists urls_due on urls (next_check_at) where next_check_at is not null",
    "create index if not exists urls_checked on urls (last_checked_at) where next_check_at is not null",
    f"create index if not exists urls_hung on urls (host, next_check_at) where {HUNG}",
    "create index if not exists urls_troubled on urls (state, state_since) where state <> 'alive'",
    "create index if not exists urls_snapshots on urls (id) where snapshot = 1",
    "create index if not exists links_article on links (article_id)",
    "create index if not exists links_url on links (url_id)",
    "create index if not exists links_cited on links (url_id, article_id) where removed_at is null",
    "create index if not exists links_torn on links (url_id) where fragment_state = 'missing'",
    f"create index if not exists mementos_pages on mementos (url_id) where {SHOWS_A_PAGE}",
)

BOILERPLATE = """
create table boilerplate (
    url_id integer primary key references urls (id),
    articles integer not null
) strict
"""


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


def index(db: Database) -> None:
    """Makes the indexes that are missing: after the first harvest, or after one that was killed."""
    for statement in HARVEST_INDEXES:
        db.execute(statement)


def unindex(db: Database) -> None:
    """Drops the indexes of tables that are about to be filled, where they are empty."""
    if db.execute("select 1 from articles union all select 1 from urls limit 1").fetchone() is None:
        for statement in HARVEST_INDEXES:
            db.execute(f"drop index if exists {statement.partition(' if not exists ')[2].split()[0]}")
