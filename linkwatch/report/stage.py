"""The report on a database: read, then composed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from linkwatch.archive.choose import best
from linkwatch.report.compose import compose
from linkwatch.report.listing import Listing
from linkwatch.report.model import By, Filters, Report
from linkwatch.report.shortlist import shortlist
from linkwatch.store import overview, reading
from linkwatch.store.figures import figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.model import Memento, State
    from linkwatch.report.model import Entry, Section, SectionKind
    from linkwatch.report.shortlist import Shortlist

AT_ONCE = 5_000  # entries that are composed before any is told: no report for people has more


def build(  # noqa: PLR0913 - each of them a wish of the command line
    db: Database,
    config: Config,
    *,
    now: datetime,
    since: datetime | None = None,
    state: State | None = None,
    domain: str | None = None,
    article: str | None = None,
    pictures: bool = False,
    most: int | None = None,
    by: By = By.URL,
    at_once: int = AT_ONCE,
) -> Report:
    """What changed, since when, and what to do about it.

    New means since ``since``, or since the start of the last run that checked and ended; or
    of the first before it, where those between were cut short and told nobody what they found.
    ``domain`` is a domain or a host; ``article`` a path, a glob of paths, or an article's URL.
    ``pictures`` reads what those of the HTML report show. Of each section no more than the ``most``
    first URLs are listed, under hosts or articles where it is told ``by`` them; the counts stay true.
    Of more than ``at_once`` the report reads the entries when they are told, so it is to be told while the
    database is open.
    """
    filters = Filters(state, domain, article)
    since = since or overview.news_since(db)
    heads = overview.heads(db, filters, since)
    listed = shortlist(heads, config, now=now, since=since, filters=filters, most=most, by=by)
    stands = overview.standing(db, filters)
    later = len(listed.ids) > at_once
    rows = reading.rows(db, filters, () if later else listed.ids, since, stands)
    composed = compose(
        rows, config, now=now, choose=nearest, filters=filters, counts=listed.counts, torn=listed.torn
    )
    if later:
        composed = replace(composed, sections=_to_come(db, config, composed, listed))
    pictured = figures(db, filters, stands) if pictures else None
    return replace(composed, by=by, figures=pictured)


def _to_come(db: Database, config: Config, report: Report, listed: Shortlist) -> tuple[Section, ...]:
    """The sections of a report with entries that are composed when they are told."""

    def load(kind: SectionKind, ids: Sequence[int]) -> Sequence[Entry]:
        rows = reading.told(db, report.filters, ids, report.since)
        told = compose(rows, config, now=report.made_at, choose=nearest, filters=report.filters)
        return told.section(kind).entries

    return tuple(
        replace(section, entries=Listing(listed.sections.get(section.kind, ()), partial(load, section.kind)))
        for section in report.sections
    )


def nearest(candidates: Sequence[Memento], at: datetime) -> Memento | None:
    """The memento that best stands in for what an article of that time cited."""
    choice = best(candidates, at)
    return choice.best if choice else None
