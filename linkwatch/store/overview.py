"""What a report says of everything: how it stands, and who is in trouble, without the details.

Of a million URLs these are the questions that look at each: they ask the indexes.
"""

# ruff: noqa: S608 - the statements are pieced together from constants of the store only

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.report.rows import Coverage, Head
from linkwatch.store import everything
from linkwatch.store.views import NEWS_SINCE, SHOWS_A_PAGE
from linkwatch.times import optional_text, optional_time

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.report.model import Filters

LIVE_LINKS = """
    from links
    join articles on articles.id = links.article_id
    join urls on urls.id = links.url_id
    where links.removed_at is null and articles.removed_at is null
    and (:domain is null or urls.domain = :domain or urls.host = :domain)
    and (
        :article is null or articles.path = :article or articles.url = :article or articles.path glob :article
    )
"""

CITED = f"select links.url_id, count(*) as links {LIVE_LINKS} group by links.url_id"
STANDING = f"""
with stands as (
    select urls.state, links, urls.snapshot = 0 and urls.state <> 'skipped' as wanted,
        exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE}) as held,
        urls.id in (select url_id from captures where state in ('queued', 'submitted')) as waiting,
        urls.id in (select url_id from captures where state in ('failed', 'refused')) as refused
    from ({CITED}) as cited join urls on urls.id = cited.url_id
)
select state, count(*) as urls, sum(links) as links, sum(wanted) as wanted, sum(wanted and held) as held,
    sum(wanted and waiting) as waiting, sum(wanted and refused and not held and not waiting) as refused
from stands group by state
"""
ARTICLES = f"select count(distinct articles.id) {LIVE_LINKS}"

HEADS = f"""
with reborn as (select url_id from transitions where from_state = 'dead' and changed_at >= :since),
torn as (select url_id from links where fragment_state = 'missing' and {everything.LIVE})
select urls.id, url, host, state, state_since, final_url, ({{articles}}) as articles,
    urls.id in (select url_id from reborn) as recovered,
    state in ('alive', 'moved') and urls.id in (select url_id from torn) as torn
from urls
where urls.id in (
    select id from urls
    where state <> 'alive' and state in ('dead', 'suspect', 'moved', 'blocked', 'drifted')
    union select url_id from reborn union select url_id from torn
)
and (:domain is null or urls.domain = :domain or urls.host = :domain)
"""
CITING = """
select count(distinct article_id) from links join articles on articles.id = article_id
where links.url_id = urls.id and links.removed_at is null and articles.removed_at is null
and (
    :article is null or articles.path = :article or articles.url = :article or articles.path glob :article
)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """How all that is cited stands."""

    articles: int
    links: int
    states: tuple[tuple[State, int], ...]
    coverage: Coverage
    uncited: str = "[]"  # ids of the URLs that nothing cites, as JSON; not asked for where only some count


def news_since(db: Database) -> datetime | None:
    """Since when things are news, where nobody says otherwise; None where nothing was ever checked."""
    return optional_time(db.execute(NEWS_SINCE).fetchone()[0])


def bound(filters: Filters, since: datetime | None) -> dict[str, str | None]:
    """What the statements ask for. No time sorts after "~": with none to count from, nothing is new."""
    return {"domain": filters.domain, "article": filters.article, "since": optional_text(since) or "~"}


def heads(db: Database, filters: Filters, since: datetime | None) -> list[Head]:
    """Every cited URL that a report may have something to say of."""
    some = narrowed(filters)
    asked = HEADS.format(articles=CITING if some else everything.CITING)
    if some:  # of everything nearly all are cited, and to ask for that counts the articles of each again
        asked = f"select * from ({asked}) where articles > 0"
    states = {str(state): state for state in State}
    return [
        Head(id_, url, host, states[state], changed, final_url, articles, recovered, torn)
        for id_, url, host, state, changed, final_url, articles, recovered, torn in db.execute(
            asked, bound(filters, since)
        )
        if articles
    ]


def standing(db: Database, filters: Filters) -> Standing:
    """How many articles, links and URLs there are, in which state, and how many an archive holds."""
    return _some(db, filters) if narrowed(filters) else _all(db)


def _some(db: Database, filters: Filters) -> Standing:
    """By looking at each URL that these articles cite, or this domain has."""
    asked = bound(filters, None)
    rows = list(db.query(STANDING, asked))
    wanted, held, waiting, refused = (
        sum(row[name] for row in rows) for name in ("wanted", "held", "waiting", "refused")
    )
    return Standing(
        articles=db.execute(ARTICLES, asked).fetchone()[0],
        links=sum(row["links"] for row in rows),
        states=tuple((State(row["state"]), row["urls"]) for row in rows),
        coverage=Coverage(wanted, held, waiting, refused),
    )


def _all(db: Database) -> Standing:
    """The same of everything."""
    (uncited,) = db.execute(everything.UNCITED).fetchone()
    (urls,) = db.execute(everything.URLS, {"uncited": uncited}).fetchone()
    articles, links = db.execute(everything.LINKS).fetchone()
    unwanted, held, waiting, refused = db.execute(everything.COVERAGE, {"uncited": uncited}).fetchone()
    troubled = {
        State(state): number for state, number in db.execute(everything.TROUBLED, {"uncited": uncited})
    }
    states = {State.ALIVE: urls - sum(troubled.values())} | troubled
    return Standing(
        articles=articles,
        links=links,
        states=tuple((state, number) for state, number in states.items() if number),
        coverage=Coverage(urls - unwanted, held, waiting, refused),
        uncited=uncited,
    )


def narrowed(filters: Filters) -> bool:
    """Whether a report is not on everything."""
    return filters.domain is not None or filters.article is not None
