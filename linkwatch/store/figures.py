"""What the pictures of a report rest on: changes of state by day, ages of links, domains, mementos."""

# ruff: noqa: S608 - the statements are pieced together from constants of the store only

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.report.figures import (
    DOMAINS,
    Change,
    DomainRot,
    Figures,
    Held,
    Watched,
    cohorts,
    standings,
)
from linkwatch.store import everything, overview
from linkwatch.store.overview import LIVE_LINKS
from linkwatch.store.views import SHOWS_A_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from sqlite_utils import Database

    from linkwatch.report.model import Filters
    from linkwatch.report.rows import Coverage
    from linkwatch.store.overview import Standing

CITED = f"cited as materialized (select distinct links.url_id as id {LIVE_LINKS})"

CHANGES = f"""
with {CITED}
select substr(changed_at, 1, 10) as day, from_state, to_state, count(*) as urls
from transitions
where url_id in (select id from cited)
group by 1, 2, 3
order by 1
"""

# A death is dated by the first of the failing checks that proved it. What is held to be alive lives
# until the latest check of any URL: the healthy are checked seldom, and to take their own last check
# would let them leave before the others die. Of the rest we know only when they were last seen alive,
# if ever.
LIVES = f"""
with placed as (
    select articles.published_at as born, urls.state = 'dead' as died,
        case when urls.state = 'dead' then coalesce(urls.failing_since, urls.state_since)
            when urls.state in ('alive', 'moved') then {everything.LATEST}
            else urls.last_alive_at end as until
    {LIVE_LINKS}
)
select cast(substr(born, 1, 4) as integer) as year,
    max(0, cast(julianday(until) - julianday(born) as integer)) as days, died, count(*) as links
from placed
where born is not null and until is not null
group by 1, 2, 3
"""

SKIPPED = f"select count(*) {LIVE_LINKS} and urls.state = 'skipped'"

ROT = f"""
with {CITED}
select domain, sum(state = 'dead') as dead, count(*) as checked
from urls
where id in (select id from cited) and state not in ('unchecked', 'skipped')
group by domain
having dead > 0
order by dead desc, 1.0 * dead / checked desc, domain
limit :domains
"""

HELD = f"""
with {CITED}
select state, count(*) as urls,
    sum(exists (select 1 from mementos where mementos.url_id = urls.id and {SHOWS_A_PAGE})) as with_memento
from urls
where id in (select id from cited) and state not in ('alive', 'skipped') and snapshot = 0
group by state
"""


def figures(db: Database, filters: Filters, standing: Standing | None = None) -> Figures:
    """The pictures of a report narrowed to a domain or article; ``standing`` is that of the same."""
    standing = standing or overview.standing(db, filters)
    bound = {**overview.bound(filters, None), "uncited": standing.uncited, "domains": DOMAINS}
    some = overview.narrowed(filters)
    lives = [
        Watched(row["year"], row["days"], bool(row["died"]), row["links"])
        for row in db.query(LIVES if some else everything.LIVES, bound)
    ]
    (skipped,) = db.execute(SKIPPED if some else everything.SKIPPED, bound).fetchone()
    domains = db.query(ROT if some else everything.ROT, bound)
    return Figures(
        standings=standings(
            _change(*row) for row in db.execute(CHANGES if some else everything.CHANGES, bound)
        ),
        cohorts=cohorts(lives),
        undated=standing.links - skipped - sum(life.links for life in lives),
        domains=tuple(DomainRot(**row) for row in domains),
        held=_held(db.query(HELD if some else everything.HELD, bound), standing.coverage),
    )


def _held(rows: Iterable[dict[str, Any]], coverage: Coverage) -> tuple[Held, ...]:
    """By state, from what is not alive: the rest of what an archive is asked for is."""
    troubled = {State(row["state"]): (row["urls"], row["with_memento"]) for row in rows}
    urls, held = (sum(column) for column in zip((0, 0), *troubled.values(), strict=True))
    alive = {State.ALIVE: (coverage.urls - urls, coverage.with_memento - held)}
    found = {state: numbers for state, numbers in (alive | troubled).items() if numbers[0]}
    return tuple(Held(state, *found[state]) for state in State if state in found)


def _change(day: str, before: str, after: str, urls: int) -> Change:
    return Change(date.fromisoformat(day), State(before), State(after), urls)
