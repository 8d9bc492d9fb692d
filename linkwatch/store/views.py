"""The views people read: link health from the reader's side, one query each.

``best_memento`` is the good snapshot nearest to the article's date; reports choose by
``archive.choose``, which also weighs what happened after that date.
"""

from __future__ import annotations

# A capture of an error is evidence, but keeps nothing of the page.
SHOWS_A_PAGE = "coalesce(mementos.http_status, 200) in (200, 203, 206)"

# Of how many URLs an archive holds this very content: of many, and it is a challenge or a parked page.
SHARED_BY = """max(1, (
    select count(distinct other.url_id) from mementos as other where other.digest = mementos.digest
)) as shared_by"""

LINK_HEALTH = f"""
select
    links.id as link_id,
    articles.id as article_id,
    articles.path as path,
    articles.title as article,
    articles.published_at as published_at,
    links.line as line,
    links.column as column,
    links.text as text,
    links.element as element,
    links.scope as scope,
    links.via as via,
    links.fragment as fragment,
    links.fragment_state as fragment_state,
    links.fragment_checked_at as fragment_checked_at,
    urls.id as url_id,
    urls.url as url,
    urls.host as host,
    urls.domain as domain,
    urls.state as state,
    urls.state_since as state_since,
    urls.verdict as verdict,
    urls.reason as reason,
    urls.similarity as similarity,
    urls.http_status as http_status,
    urls.final_url as final_url,
    urls.last_checked_at as last_checked_at,
    urls.last_alive_at as last_alive_at,
    exists (select 1 from boilerplate where boilerplate.url_id = urls.id) as boilerplate,
    (
        select substr(min(printf('%012.4f', abs(
            julianday(mementos.captured_at)
            - julianday(coalesce(articles.published_at, articles.captured_at, articles.first_seen_at))
        )) || mementos.memento_url), 13)
        from mementos
        where mementos.url_id = urls.id and {SHOWS_A_PAGE}
    ) as best_memento
from links
join articles on articles.id = links.article_id
join urls on urls.id = links.url_id
where links.removed_at is null and articles.removed_at is null
"""  # noqa: S608 - our own text

# Said twice, because the index of what is in trouble serves only what says that it is not alive.
DEAD_LINKS = "select * from link_health where state = 'dead' and state <> 'alive'"

# News counts from the last run that looked: one that did its work, or recorded something before it
# failed. A night without a network has looked at nothing, so yesterday's news is still news.
LOOKED = """
command in ('check', 'run') and outcome is not null
and (outcome = 'done' or exists (select 1 from checks where checks.run_id = runs.id))
"""

# A run that was killed or failed on its way told nobody what it had found: its news are news still.
# Nor did one that is part of the same merge. Nights follow one another as they were written: a clock that
# was ahead for one of them must not hide what all others find.
NEWS_SINCE = f"""
with nights as (select *, coalesce(part_of, id) as night from runs where command in ('check', 'run')),
ended as (select max(coalesce(part_of, id)) as night from runs where {LOOKED}),
told as (
    select max(night) as night from nights where outcome = 'done' and night < (select night from ended)
)
select min(started_at) from nights
where (outcome = 'done' or exists (select 1 from checks where checks.run_id = nights.id))
and night <= (select night from ended)
and night > coalesce((select night from told), 0)
"""  # noqa: S608 - our own text

NEWLY_DEAD = f"""
select * from link_health
where state = 'dead' and state <> 'alive' and state_since >= ({NEWS_SINCE})
"""  # noqa: S608 - our own text

DOMAIN_HEALTH = """
select
    urls.domain as domain,
    count(distinct urls.host) as hosts,
    count(*) as urls,
    sum(urls.state = 'alive') as alive,
    sum(urls.state = 'moved') as moved,
    sum(urls.state = 'drifted') as drifted,
    sum(urls.state = 'blocked') as blocked,
    sum(urls.state = 'suspect') as suspect,
    sum(urls.state = 'dead') as dead,
    sum(urls.state = 'unchecked') as unchecked,
    round(100.0 * sum(urls.state = 'dead') / max(1, sum(urls.state not in ('unchecked', 'skipped'))), 1)
        as dead_percent
from urls
where exists (select 1 from links where links.url_id = urls.id and links.removed_at is null)
group by urls.domain
"""

ARTICLE_HEALTH = """
select
    articles.id as article_id,
    articles.path as path,
    articles.title as title,
    articles.published_at as published_at,
    count(links.id) as links,
    count(distinct links.url_id) as urls,
    count(distinct case when urls.state = 'dead' then urls.id end) as dead,
    count(distinct case when urls.state = 'suspect' then urls.id end) as suspect,
    count(distinct case when urls.state = 'moved' then urls.id end) as moved,
    count(distinct case when urls.state = 'blocked' then urls.id end) as blocked,
    count(distinct case when urls.state = 'drifted' then urls.id end) as drifted
from articles
left join links on links.article_id = articles.id and links.removed_at is null
left join urls on urls.id = links.url_id
where articles.removed_at is null
group by articles.id
"""

BOILERPLATE_HEALTH = """
select
    urls.id as url_id,
    urls.url as url,
    urls.host as host,
    urls.domain as domain,
    boilerplate.articles as articles,
    urls.state as state,
    urls.state_since as state_since,
    urls.reason as reason,
    urls.final_url as final_url,
    urls.last_checked_at as last_checked_at,
    urls.last_alive_at as last_alive_at,
    (
        select articles.path
        from links join articles on articles.id = links.article_id
        where links.url_id = urls.id and links.removed_at is null and articles.removed_at is null
        limit 1
    ) as example
from boilerplate
join urls on urls.id = boilerplate.url_id
"""

ARCHIVE_COVERAGE = f"""
select
    state,
    urls,
    with_memento,
    waiting,
    refused,
    (
        select group_concat(status_ext, ', ')
        from (
            select distinct captures.status_ext as status_ext
            from captures join urls as target on target.id = captures.url_id
            where target.state = stands.state and captures.state in ('failed', 'refused')
            order by status_ext
        )
        where status_ext is not null
    ) as refusals,
    round(100.0 * with_memento / urls, 1) as covered_percent
from (
    select
        urls.state as state,
        count(*) as urls,
        sum(exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE}))
            as with_memento,
        sum(exists (select 1 from captures where captures.url_id = urls.id
            and captures.state in ('queued', 'submitted'))) as waiting,
        sum(exists (select 1 from captures where captures.url_id = urls.id
            and captures.state in ('failed', 'refused'))) as refused
    from urls
    where exists (select 1 from links where links.url_id = urls.id and links.removed_at is null)
    and urls.snapshot = 0
    group by urls.state
) as stands
"""  # noqa: S608 - our own text

VIEWS = {
    "link_health": LINK_HEALTH,
    "dead_links": DEAD_LINKS,
    "newly_dead": NEWLY_DEAD,
    "domain_health": DOMAIN_HEALTH,
    "article_health": ARTICLE_HEALTH,
    "archive_coverage": ARCHIVE_COVERAGE,
    "boilerplate_health": BOILERPLATE_HEALTH,
}
