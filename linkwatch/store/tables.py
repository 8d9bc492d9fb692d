"""The tables as the first migration makes them; what came later is in ``schema``."""

from __future__ import annotations

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

BOILERPLATE = """
create table boilerplate (
    url_id integer primary key references urls (id),
    articles integer not null
) strict
"""
