"""What a report reads: the troubled URLs, who cites them, what could replace them."""

# ruff: noqa: S608 - the statements are pieced together from constants of this module only

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linkwatch.archive.statuses import bare, meaning
from linkwatch.model import Scope, State, Via
from linkwatch.report.rows import CitationRow, Refusal, Rows, RunRow, UrlRow
from linkwatch.store import overview
from linkwatch.store.mementos import memento_row
from linkwatch.store.overview import LIVE_LINKS
from linkwatch.store.views import LOOKED, SHARED_BY, SHOWS_A_PAGE
from linkwatch.store.witnesses import WITNESS, witness_row
from linkwatch.times import from_text, optional_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.report.model import Filters
    from linkwatch.store.overview import Standing

# Of a URL in the template of ten thousand articles, a report needs the number and a few examples.
ARTICLES_PER_URL = 100
# Of a capture that came to nothing without a code.
NO_REASON = "The archive gave no usable answer."

CITED = f"""
chosen as materialized (select value as id from json_each(:only)),
cited as (
    select links.url_id, count(*) as links, count(distinct links.article_id) as articles {LIVE_LINKS}
    and links.url_id in (select id from chosen)
    group by links.url_id
),
reborn as (
    select url_id from transitions
    where from_state = 'dead' and changed_at >= :since
),
torn as (
    select distinct links.url_id {LIVE_LINKS} and links.fragment_state = 'missing'
    and links.url_id in (select id from chosen)
),
reported as (
    select cited.*, cited.url_id in (select url_id from reborn) as recovered,
        urls.state in ('alive', 'moved') and cited.url_id in (select url_id from torn) as torn
    from cited
    join urls on urls.id = cited.url_id
)
"""

URLS = f"""
with {CITED}
select urls.*, reported.links, reported.articles, reported.recovered, reported.torn,
    case when urls.failures > 0 then (
        select count(*) from checks
        where checks.url_id = urls.id and checks.checked_at >= urls.failing_since
        and checks.reason = urls.reason
    ) else 0 end as alike
from reported
join urls on urls.id = reported.url_id
"""

CITATIONS = f"""
with {CITED},
placed as (
    select links.url_id, links.line, links.column, links.text, links.element, links.fragment,
        links.fragment_state, links.scope, links.via, articles.path, articles.title,
        articles.url as article_url,
        coalesce(articles.published_at, articles.captured_at, links.first_seen_at) as cited_at,
        coalesce(articles.published_at, articles.captured_at) is not null as dated,
        dense_rank() over (
            partition by links.url_id
            order by coalesce(articles.published_at, articles.captured_at, articles.first_seen_at),
                articles.id
        ) as nth_article
    {LIVE_LINKS} and links.url_id in (select url_id from reported)
)
select * from placed where nth_article <= {ARTICLES_PER_URL}
order by url_id, cited_at, path, line, column
"""

MEMENTOS = f"""
with {CITED}
select mementos.*, {SHARED_BY}, urls.url
from reported
join urls on urls.id = reported.url_id and (urls.state in ('dead', 'drifted') or reported.torn)
join mementos on mementos.url_id = urls.id
order by mementos.url_id, mementos.captured_at
"""

WITNESSES = f"with {CITED} {WITNESS} and urls.id in (select url_id from reported)"

REFUSALS = f"""
select captures.status_ext, count(*) as urls
from captures
join (
    select max(id) as id from captures where state in ('failed', 'refused') group by url_id
) as last on last.id = captures.id
join urls on urls.id = captures.url_id
where urls.state <> 'skipped' and urls.snapshot = 0 and urls.id in (select links.url_id {LIVE_LINKS})
and not exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE})
and not exists (
    select 1 from captures as other
    where other.url_id = urls.id and other.state in ('queued', 'submitted')
)
group by captures.status_ext
order by urls desc, captures.status_ext
"""

LAST_RUN = f"""
select * from runs
where {LOOKED}
order by coalesce(part_of, id) desc, started_at desc, id desc
limit 1
"""


def rows(
    db: Database,
    filters: Filters,
    only: Iterable[int],
    since: datetime | None = None,
    stands: Standing | None = None,
) -> Rows:
    """All that a report on these URLs is composed of, with how everything stands."""
    stands = stands or overview.standing(db, filters)
    return replace(
        told(db, filters, only, since),
        states=stands.states,
        articles=stands.articles,
        links=stands.links,
        coverage=replace(stands.coverage, refusals=refusals(db, overview.bound(filters, since))),
        run=last_run(db),
    )


def told(db: Database, filters: Filters, only: Iterable[int], since: datetime | None = None) -> Rows:
    """What is said of these URLs themselves."""
    bound = overview.bound(filters, since) | {"only": json.dumps(list(only))}
    return Rows(
        urls=tuple(url_row(row) for row in db.query(URLS, bound)),
        citations=tuple(citation_row(row) for row in db.query(CITATIONS, bound)),
        mementos=tuple((row["url_id"], memento_row(row)) for row in db.query(MEMENTOS, bound)),
        witnesses=tuple((row["url_id"], witness_row(row)) for row in db.query(WITNESSES, bound)),
        since=since,
    )


def refusals(db: Database, bound: Mapping[str, str | None]) -> tuple[Refusal, ...]:
    """Why cited URLs were not captured, the most frequent reason first."""
    return tuple(
        Refusal(bare(row["status_ext"]), meaning(row["status_ext"]).sentence, row["urls"])
        if row["status_ext"]
        else Refusal(None, NO_REASON, row["urls"])
        for row in db.query(REFUSALS, dict(bound))
    )


def last_run(db: Database) -> RunRow | None:
    """The latest run that checked anything and has ended; None before the first."""
    row = next(db.query(LAST_RUN), None)
    if row is None:
        return None
    return RunRow(
        command=row["command"],
        started_at=from_text(row["started_at"]),
        version=row["version"],
        finished_at=optional_time(row["finished_at"]),
        outcome=row["outcome"],
        counts=tuple(json.loads(row["counts"]).items()),
    )


def url_row(row: dict[str, Any]) -> UrlRow:
    """A row of ``urls`` with what was counted of it."""
    return UrlRow(
        id=row["id"],
        url=row["url"],
        host=row["host"],
        domain=row["domain"],
        state=State(row["state"]),
        state_since=optional_time(row["state_since"]),
        reason=row["reason"],
        http_status=row["http_status"],
        final_url=row["final_url"],
        failures=row["failures"],
        failing_since=optional_time(row["failing_since"]),
        alike=row["alike"],
        similarity=row["similarity"],
        last_checked_at=optional_time(row["last_checked_at"]),
        next_check_at=optional_time(row["next_check_at"]),
        last_alive_at=optional_time(row["last_alive_at"]),
        links=row["links"],
        articles=row["articles"],
        recovered=bool(row["recovered"]),
        torn=bool(row["torn"]),
    )


def citation_row(row: dict[str, Any]) -> CitationRow:
    """A row of ``links`` joined with its article."""
    return CitationRow(
        url_id=row["url_id"],
        path=row["path"],
        line=row["line"],
        column=row["column"],
        cited_at=from_text(row["cited_at"]),
        title=row["title"],
        article_url=row["article_url"],
        text=row["text"],
        element=row["element"],
        fragment=row["fragment"],
        missing=row["fragment_state"] == "missing",
        scope=Scope(row["scope"]) if row["scope"] else None,
        via=Via(row["via"]) if row["via"] else None,
        dated=bool(row["dated"]),
    )
