"""A copy of the database for readers: whole, at rest, with full-text search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database

from linkwatch.model import State
from linkwatch.report.model import Filters
from linkwatch.store.database import open_for_reading
from linkwatch.store.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from linkwatch.report.figures import Cohort

# Search lives in the copy only: triggers on the tables that runs write would make them fail
# at once, instead of wait, where another connection holds the lock.
SEARCHED = {"articles": ["title", "path"], "urls": ["url"], "links": ["text"]}
# What the pages sort, facet and average by; a run that writes a million checks need not keep these.
INDEXED = {
    "checks": [["checked_at"], ["verdict"], ["reason"], ["url_id", "elapsed_ms"]],
    "urls": [["state", "snapshot", "domain"], ["reason"], ["domain", "state", "host"]],
    "links": [["scope"], ["kind"], ["via"]],
}

# Views that count everything, with what each row is of: in a copy that does not change they are tables.
COUNTED = {"domain_health": "domain", "article_health": "article_id", "archive_coverage": "state"}

# What the dashboard draws is worked out once for the copy, not for each page.
DRAWN = {
    "state_history": {"day": str, "state": str, "urls": int, "percent": float},
    "link_survival": {
        "published": str, "links": int, "years": float, "percent": float, "low": float, "high": float,
        "at_risk": int,
    },
}  # fmt: skip


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
        with copy.atomic():
            _draw(copy)
            _count(copy)
        copy.execute("analyze")
    finally:
        copy.close()


def _draw(copy: Database) -> None:
    """Fills the tables behind the pictures, with what the HTML report shows."""
    for table, columns in DRAWN.items():
        copy.table(table).create(columns)
    drawn = figures(copy, Filters())
    # A state that was empty on a day is none then, not unknown: areas would have holes.
    shown = [state for state in State if any(state in dict(each.states) for each in drawn.standings)]
    copy.table("state_history").insert_all(
        {
            "day": each.day.isoformat(),
            "state": state,
            "urls": dict(each.states).get(state, 0),
            "percent": round(100 * dict(each.states).get(state, 0) / max(1, each.urls), 2),
        }
        for each in drawn.standings
        for state in shown
    )
    copy.table("link_survival").insert_all(row for cohort in drawn.cohorts for row in _curve(cohort))


def _count(copy: Database) -> None:
    """Puts a table in the place of each view that would be counted anew for every page."""
    for name, key in COUNTED.items():
        copy.execute(f"create temp table counted as select * from {name}")  # noqa: S608 - names of our own
        copy.execute(f"drop view main.{name}")
        columns = [each[0] for each in copy.execute("select * from temp.counted limit 0").description]
        listed = ", ".join(f'"{each}" primary key' if each == key else f'"{each}"' for each in columns)
        copy.execute(f"create table main.{name} ({listed})")
        copy.execute(f"insert into main.{name} select * from temp.counted")  # noqa: S608
        copy.execute("drop table temp.counted")


def _curve(cohort: Cohort) -> Iterator[dict[str, object]]:
    """A curve begins with all links alive, and goes on level to the age at which the last was seen."""
    points = [(0.0, 1.0, 1.0, 1.0, cohort.links)]
    points += [(step.age, step.share, step.low, step.high, step.at_risk) for step in cohort.steps]
    if cohort.watched > points[-1][0]:
        points.append((cohort.watched, *points[-1][1:4], 0))
    for age, share, low, high, at_risk in points:
        percents = {
            "percent": round(100 * share, 2),
            "low": round(100 * low, 2),
            "high": round(100 * high, 2),
        }
        yield {
            "published": cohort.years, "links": cohort.links, "years": round(age, 3), **percents,
            "at_risk": at_risk,
        }  # fmt: skip
