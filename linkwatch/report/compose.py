"""Composing a report: rows from the store sorted into what people should read first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from linkwatch.model import State
from linkwatch.moves import noise
from linkwatch.report.ignored import ignoring
from linkwatch.report.model import (
    Citation,
    Entry,
    Place,
    Replacement,
    Report,
    Section,
    SectionKind,
    Totals,
)
from linkwatch.report.witness import witness
from linkwatch.report.words import distance, why
from linkwatch.urls import without_userinfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from linkwatch.config import Config
    from linkwatch.model import Memento
    from linkwatch.report.model import Filters
    from linkwatch.report.rows import CitationRow, Head, Rows, UrlRow

    Choose = Callable[[Sequence[Memento], datetime], Memento | None]

Row = TypeVar("Row")

REPLACEABLE = frozenset({State.DEAD, State.DRIFTED})
SECTIONS = {
    State.SUSPECT: SectionKind.SUSPECT,
    State.MOVED: SectionKind.MOVED,
    State.BLOCKED: SectionKind.BLOCKED,
    State.DRIFTED: SectionKind.DRIFTED,
}
# What is alive but not what was cited is asked for as drifted.
DRIFTING = {SectionKind.DRIFTED: State.DRIFTED}
FAILING = {
    "never": frozenset[SectionKind](),
    "new-dead": frozenset({SectionKind.NEW_DEAD}),
    "dead": frozenset({SectionKind.NEW_DEAD, SectionKind.STILL_DEAD}),
    "any": frozenset(SectionKind) - {SectionKind.RECOVERED, SectionKind.IGNORED},
}


def compose(
    rows: Rows,
    config: Config,
    *,
    now: datetime,
    choose: Choose,
    filters: Filters,
    counts: Mapping[SectionKind, int] | None = None,
    torn: int | None = None,
) -> Report:
    """The report on these rows; ``choose`` picks the memento nearest to an article's date.

    ``counts`` are how many URLs each section has, where the rows are only the first of them, and ``torn``
    how many of the drifted lack only the part that is cited.
    """
    citations = _grouped(rows.citations, lambda row: row.url_id)
    mementos = _grouped(rows.mementos, lambda pair: pair[0])
    witnesses = dict(rows.witnesses)
    sections: dict[SectionKind, list[Entry]] = {kind: [] for kind in SectionKind}
    for row in rows.urls:
        kind = section_of(row, rows.since)
        if kind is None or filters.state not in (None, row.state, DRIFTING.get(kind)):
            continue
        held = [memento for _, memento in mementos[row.id]] if row.state in REPLACEABLE or row.torn else []
        told = _told(row, citations[row.id])
        entry = _entry(row, cited(told, held, choose), config, now)
        entry = replace(entry, witness=witness(witnesses.get(row.id), now))
        sections[SectionKind.IGNORED if entry.ignore else kind].append(entry)
    if torn is None:
        torn = sum(entry.state is State.ALIVE for entry in sections[SectionKind.DRIFTED])
    return Report(
        made_at=now,
        sections=tuple(
            Section(
                kind,
                tuple(sorted(sections[kind], key=order(kind))),
                (counts or {}).get(kind),
                torn if kind is SectionKind.DRIFTED else 0,
            )
            for kind in SectionKind
        ),
        since=rows.since,
        filters=filters,
        totals=Totals(rows.articles, rows.links, _every_state(rows.states)),
        coverage=replace(rows.coverage, nights=nights(rows.coverage.waiting, config.archive.max_captures)),
        run=rows.run,
    )


def nights(waiting: int, a_night: int) -> int | None:
    """How many nights a queue needs at so many captures a night; None where it never ends."""
    return -(-waiting // a_night) if a_night else (None if waiting else 0)


def fails(report: Report, fail_on: str) -> bool:
    """Whether the report holds what ``--fail-on`` names: never, new-dead, dead or any."""
    return any(section.count for section in report.sections if section.kind in FAILING[fail_on])


def section_of(row: UrlRow | Head, since: datetime | None) -> SectionKind | None:
    """Where a URL is reported; None where there is nothing to say of it."""
    if row.state is State.DEAD:
        new = since is not None and row.state_since is not None and row.state_since >= since
        return SectionKind.NEW_DEAD if new else SectionKind.STILL_DEAD
    if row.recovered and row.state in (State.ALIVE, State.MOVED):
        return SectionKind.RECOVERED
    if is_torn(row):
        return SectionKind.DRIFTED
    return SECTIONS.get(row.state)


def _told(row: UrlRow, places: list[CitationRow]) -> list[CitationRow]:
    """The links to report: of a page that is alive, only those to a part that it lacks."""
    return [place for place in places if place.missing] if is_torn(row) else places


def is_torn(row: UrlRow | Head) -> bool:
    """Whether the only thing wrong with a page is that a part of it that is cited is missing."""
    return row.torn and row.state is State.ALIVE


def order(kind: SectionKind) -> Callable[[Entry], tuple[Any, ...]]:
    """How the entries of a section are sorted: what matters most to an editor first."""
    match kind:
        case SectionKind.STILL_DEAD:
            return lambda entry: (_day(entry.since), -entry.articles, entry.url)
        case SectionKind.NEW_DEAD | SectionKind.RECOVERED:
            return lambda entry: (-entry.articles, entry.url)
        case _:
            return lambda entry: (bool(entry.noise), entry.host, entry.url)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else moment.date().isoformat()


def _entry(row: UrlRow, cited: tuple[Citation, ...], config: Config, now: datetime) -> Entry:
    moved = row.state is State.MOVED and row.final_url not in (None, row.url)
    return Entry(
        url=without_userinfo(row.url),
        host=row.host,
        state=row.state,
        since=row.state_since,
        why=why(row, now),
        reason=row.reason,
        http_status=row.http_status,
        new_url=row.final_url if moved else None,
        noise=noise(row.url, row.final_url) if moved and row.final_url else (),
        failing_since=row.failing_since,
        last_alive_at=row.last_alive_at,
        last_checked_at=row.last_checked_at,
        links=row.links,
        articles=len(cited) if is_torn(row) else row.articles,
        boilerplate=row.articles >= config.policy.boilerplate_articles,
        citations=cited,
        ignore=ignoring(row.url, row.host, config.check.exclude, now.date()),
    )


def cited(rows: Iterable[CitationRow], held: Sequence[Memento], choose: Choose) -> tuple[Citation, ...]:
    """One citation for each article, in the order of the articles' dates."""
    ordered = sorted(rows, key=lambda row: (row.cited_at, row.path, row.line, row.column))
    return tuple(
        _citation(list(places), held, choose) for _, places in groupby(ordered, lambda row: row.path)
    )


def _citation(rows: Sequence[CitationRow], held: Sequence[Memento], choose: Choose) -> Citation:
    first = rows[0]
    return Citation(
        path=first.path,
        title=first.title,
        url=first.article_url,
        cited_at=first.cited_at,
        places=tuple(_place(row) for row in rows),
        replacement=replacement(choose(held, first.cited_at) if held else None, first),
    )


def _place(row: CitationRow) -> Place:
    return Place(row.line, row.column, row.text, row.element, row.fragment, row.missing)


def replacement(memento: Memento | None, citation: CitationRow) -> Replacement | None:
    """A chosen memento with its distance from the article in words."""
    if memento is None:
        return None
    what = "the article" if citation.dated else "the link was first seen"
    how_far = distance(memento.captured_at, citation.cited_at, what)
    return Replacement(memento.memento_url, memento.captured_at, how_far)


def _grouped(rows: Iterable[Row], url_id: Callable[[Row], int]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[url_id(row)].append(row)
    return groups


def _every_state(states: Iterable[tuple[State, int]]) -> tuple[tuple[State, int], ...]:
    counted = dict(states)
    return tuple((state, counted.get(state, 0)) for state in State)
