"""What every format for people says of a report, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.report.model import By, SectionKind
from linkwatch.report.words import count, day, minute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from linkwatch.report.model import Citation, Entry, Filters, Ignore, Report, Section

TEMPLATE_EXAMPLES = 2  # articles shown of a link that stands in their template
# URLs that people are shown of one section: ten thousand rows are no reading.
ENTRIES = 500
LINE = 2_000  # characters: the longest line of a sentence and what it quotes


def headline(report: Report) -> str:
    """What a report found, in one line: "2 newly dead, 5 still dead"."""
    parts = (part for section in report.sections for part in _parts(section))
    found = [f"{number:,} {what}" for number, what in parts if number]
    if found:
        return ", ".join(found)
    return "nothing is broken" if report.run else "nothing has been checked yet"


def _parts(section: Section) -> tuple[tuple[int, str], ...]:
    """The counts of a section, as elsewhere: a page that only lacks a part has not drifted."""
    whole = (section.count - section.torn, section.heading.summary)
    return whole, (section.torn, "without the cited part")


def further(section: Section, by: By) -> str:
    """How many of a section are not listed, and what shows them."""
    where = ", also in these articles" if by is By.ARTICLE else ""
    return f"And {section.left_out:,} more{where}: --most, --domain or --format csv shows them."


def summary(report: Report) -> Iterator[str]:
    """The lines above the sections."""
    found = headline(report)
    yield f"{found[0].upper()}{found[1:]}."
    narrowed = _narrowed(report.filters)
    if narrowed:
        yield f"Only {narrowed}."
    if report.since:
        yield f"New means since {minute(report.since, report.made_at)}."
    yield corpus(report)
    yield coverage(report)
    if report.coverage.refusals:
        yield refusals(report)


def corpus(report: Report) -> str:
    """How many links there are, and how their URLs stand."""
    totals = report.totals
    states = ", ".join(f"{number:,} {state}" for state, number in totals.states if number)
    lead = f"{count(totals.links, 'link')} in {count(totals.articles, 'article')}"
    return f"{lead} lead to {count(totals.urls, 'URL')}{': ' if states else ''}{states}."


def coverage(report: Report) -> str:
    """How many of the URLs an archive holds."""
    held = report.coverage
    rest = [
        f"{number:,} {what}"
        for number, what in (
            (held.waiting, f"waiting to be captured ({_nights(held.nights)})"),
            (held.refused, "could not be captured"),
        )
        if number
    ]
    found = f"Archived: {held.with_memento:,} of {count(held.urls, 'URL')} ({held.percent:g} %)"
    return f"{', '.join([found, *rest])}."


def _nights(nights: int | None) -> str:
    """How long a queue takes at the present limit."""
    return "none are made at present" if nights is None else count(nights, "night")


def refusals(report: Report) -> str:
    """Why URLs were not captured, each reason once."""
    whys = [f"{each.urls:,} because {_within(each.why)}" for each in report.coverage.refusals]
    return f"Not captured: {'; '.join(whys)}."


def _within(sentence: str) -> str:
    """A sentence as part of another one."""
    return f"{sentence[0].lower()}{sentence[1:].rstrip('.')}"


def remarks(entry: Entry, kind: SectionKind, now: datetime) -> Iterator[str]:
    """What is to be said of a URL besides why it is in its state."""
    since = _since(entry, kind, now)
    if since:
        yield since
    if entry.noise:
        yield f"Differs only in {', '.join(entry.noise)}: safe to update without looking."
    torn = missing(entry)
    if torn:
        yield f"Not on the page: {', '.join(f'#{fragment}' for fragment in torn)}"
    if entry.witness:
        yield entry.witness.said
    if entry.ignore:
        yield ignored(entry.ignore)
    if entry.boilerplate:
        yield f"In {count(entry.articles, 'article')}: most likely part of their template."


def missing(entry: Entry) -> list[str]:
    """The parts of the page that are cited and not there, each once."""
    places = (place for citation in entry.citations for place in citation.places)
    return list(dict.fromkeys(place.fragment for place in places if place.missing and place.fragment))


def _since(entry: Entry, kind: SectionKind, now: datetime) -> str | None:
    if entry.since is None:
        return None
    since = day(entry.since, now)
    if entry.state is State.DEAD:
        seen = f", last seen alive on {day(entry.last_alive_at, now)}" if entry.last_alive_at else ""
        return f"Dead since {since}{seen}."
    if kind is SectionKind.RECOVERED:
        return f"Answers again since {since}."
    return f"Drifted since {since}." if entry.state is State.DRIFTED else None


def ignored(ignore: Ignore) -> str:
    """Why a URL is not reported, and until when."""
    until = "" if ignore.until is None else f" until {ignore.until.isoformat()}"
    return f"Ignored{until}: {ignore.reason}"


def place(citation: Citation) -> str:
    """Where an article cites a URL: "posts/one.md:12", with further lines after it."""
    lines = list(dict.fromkeys(each.line for each in citation.places))
    others = "".join(f",{line}" for line in lines[1:])
    return f"{citation.path}:{lines[0]}{others}"


def shown(entry: Entry) -> tuple[Citation, ...]:
    """The citations to show in full."""
    return entry.citations[:TEMPLATE_EXAMPLES] if entry.boilerplate else entry.citations


def left_out(entry: Entry) -> str | None:
    """How many citing articles are not shown."""
    missing = entry.articles - len(shown(entry))
    return f"and {count(missing, 'more article')}" if missing > 0 else None


def cited_briefly(entry: Entry) -> str:
    """Who cites a URL, in one line."""
    if not entry.citations:
        return "cited nowhere any more"
    others = entry.articles - 1
    more = f" and {count(others, 'more article')}" if others > 0 else ""
    return f"{place(entry.citations[0])}{more}"


def _narrowed(filters: Filters) -> str:
    parts = (("state", filters.state), ("domain", filters.domain), ("article", filters.article))
    return ", ".join(f"{name} {value}" for name, value in parts if value)
