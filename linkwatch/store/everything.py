"""What is asked of all that is cited, without looking at all of it.

Of a million URLs six in seven are alive, and nearly all are cited. So the others are counted, by the
indexes that hold only them, and taken from the total. Each statement answers what the one of the same
name answers for a domain or an article, in ``overview`` or ``figures``.
"""

# ruff: noqa: S608 - the statements are pieced together from constants of the store only

from __future__ import annotations

from linkwatch.store.views import SHOWS_A_PAGE

# The articles whose files are gone are few, so that asking who they are is cheaper than asking of each.
LIVE = "links.removed_at is null and links.article_id not in (select id from articles where removed_at <> '')"
_HAS_LINKS = f"exists (select 1 from links where links.url_id = urls.id and {LIVE})"
CITING = f"select count(distinct article_id) from links where links.url_id = urls.id and {LIVE}"

# After a harvest nothing is due that is not cited, so only what is not due may be cited by nobody. Where
# articles have changed since, or others were merged, every URL is asked about. The others take the list.
UNCITED = f"""
select json_group_array(id) from (
    select id from urls where next_check_at is null and not {_HAS_LINKS}
    union all
    select id from urls where next_check_at is not null and not {_HAS_LINKS}
        and not exists (select 1 from settings where name = 'due')
)
"""
IS_CITED = "urls.id not in (select value from json_each(:uncited))"
URLS = "select count(*) - json_array_length(:uncited) from urls"
LINKS = """
select count(*), coalesce(sum(links), 0) from (
    select count(*) as links from articles
    join links on links.article_id = articles.id and links.removed_at is null and links.url_id is not null
    where articles.removed_at is null
    group by articles.id
)
"""
TROUBLED = f"select state, count(*) from urls where state <> 'alive' and {IS_CITED} group by state"
# What no archive is asked for is not counted among what it holds, nor among what waits for it.
COVERAGE = f"""
with unwanted as materialized (
    select id from urls where snapshot = 1 and {IS_CITED}
    union select id from urls where state <> 'alive' and state = 'skipped' and {IS_CITED}
),
held as (select url_id as id from mementos where {SHOWS_A_PAGE} group by url_id),
waiting as materialized (
    select distinct url_id as id from captures
    where state in ('queued', 'submitted') and url_id not in (select id from unwanted)
),
refused as (select distinct url_id as id from captures where state in ('failed', 'refused'))
select (select count(*) from unwanted) as unwanted,
    (
        select count(*) from held as urls where {IS_CITED} and id not in (select id from unwanted)
    ) as held,
    (select count(*) from waiting as urls where {IS_CITED}) as waiting,
    (
        select count(*) from refused as urls
        where {IS_CITED} and id not in (select id from unwanted) and id not in (select id from waiting)
        and not exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE})
    ) as refused
"""

CHANGES = f"""
select substr(changed_at, 1, 10) as day, from_state, to_state, count(*) as urls
from transitions
where {IS_CITED.replace("urls.id", "transitions.url_id")}
group by substr(changed_at, 1, 10), from_state, to_state
order by 1
"""
# Of what is still checked an index tells; where nothing is, of what once was.
LATEST = """coalesce(
        (select max(last_checked_at) from urls where next_check_at is not null),
        (select max(last_checked_at) from urls)
    )"""
# Every link of an article is counted as living until the latest check; those of which that is not so
# are taken back, and counted as what they are.
LIVES = f"""
with latest as materialized (
    select {LATEST} as until
),
others as materialized (
    select articles.published_at as born, urls.state = 'dead' as died,
        case when urls.state = 'dead' then coalesce(urls.failing_since, urls.state_since)
            else urls.last_alive_at end as until,
        count(*) as links
    from urls
    join links on links.url_id = urls.id and links.removed_at is null
    join articles on articles.id = links.article_id and articles.removed_at is null
    where urls.state <> 'alive' and urls.state <> 'moved'
    group by 1, 2, 3
),
placed as (
    select articles.published_at as born, 0 as died, latest.until, count(*) as links
    from latest, articles
    join links on links.article_id = articles.id and links.removed_at is null and links.url_id is not null
    where articles.removed_at is null
    group by articles.id
    union all select born, 0, latest.until, -links from latest, others
    union all select born, died, until, links from others
)
select cast(substr(born, 1, 4) as integer) as year,
    max(0, cast(julianday(until) - julianday(born) as integer)) as days, died, sum(links) as links
from placed
where born is not null and until is not null
group by 1, 2, 3
having sum(links) > 0
"""
SKIPPED = f"""
select count(*) from urls join links on links.url_id = urls.id and {LIVE}
where urls.state <> 'alive' and urls.state = 'skipped'
"""
ROT = f"""
with rotten as (
    select domain, count(*) as dead from urls
    where state <> 'alive' and state = 'dead' and {IS_CITED}
    group by domain
),
counted as materialized (
    select domain, dead, (
        select count(*) from urls
        where urls.domain = rotten.domain and state not in ('unchecked', 'skipped') and {IS_CITED}
    ) as checked
    from rotten
)
select domain, dead, checked from counted
order by dead desc, 1.0 * dead / checked desc, domain
limit :domains
"""
HELD = f"""
select state, count(*) as urls,
    sum(exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE})) as with_memento
from urls
where state <> 'alive' and state <> 'skipped' and id not in (select id from urls where snapshot = 1)
    and {IS_CITED}
group by state
"""
