"""A report for programs: JSON with a stable layout.

::

    {"schema": "linkwatch.report/1",
     "made_at": time, "since": time or null,
     "filters": {"state": …, "domain": …, "article": …},       each null where not narrowed
     "run": {"command", "started_at", "finished_at", "outcome", "counts", "version"} or null,
     "totals": {"articles", "links", "urls", "states": {state: number of URLs}},
     "archive": {"urls", "with_memento", "waiting", "refused", "percent",
                 "nights": until the queue is empty at the present limit, null for never,
                 "refusals": [{"status_ext", "why", "urls"}, …]},
     "counts": {section: number of URLs},
     "sections": {section: [entry, …]},                        with --most only the first of each
     "groups": {section: [{"name", "title", "urls": [url, …]}, …]}}      only with --by host or article

The sections are new_dead, recovered, still_dead, suspect, moved, blocked, drifted and ignored; all
are always there. An entry::

    {"url", "host", "state", "since", "why", "reason", "http_status", "new_url", "noise", "failing_since",
     "last_alive_at", "last_checked_at", "links", "articles", "boilerplate",
     "ignored": {"pattern", "reason", "until"} or null,
     "witness": {"why", "memento_url", "captured_at", "http_status"} or null,    of a blocked URL
     "memento": replacement or null,                            that of the first citation with one
     "citations": [{"path", "title", "url", "cited_at",
                    "places": [{"line", "column", "text", "element", "fragment", "missing"}, …],
                    "memento": {"url", "captured_at", "why"} or null}, …]}

Times are UTC ISO 8601 with ``Z``. ``citations`` holds at most the first hundred articles;
``articles`` counts all. New keys may come; these stay.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linkwatch.report import safe
from linkwatch.report.groups import groups
from linkwatch.report.model import By
from linkwatch.times import optional_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.report.model import Citation, Entry, Ignore, Place, Replacement, Report
    from linkwatch.report.rows import Coverage, RunRow
    from linkwatch.report.witness import Witness

SCHEMA = "linkwatch.report/1"


def render(report: Report) -> str:
    """The report as one JSON object, each entry on a line of its own."""
    return "".join(chunks(report))


def chunks(report: Report) -> Iterator[str]:
    """The same piece by piece."""
    frame = json.dumps(_frame(report), ensure_ascii=False, indent=2)
    yield safe.json(frame.removesuffix("\n}") + ',\n  "sections": {')
    for place, section in enumerate(report.sections):
        yield f'{"," if place else ""}\n    "{section.kind}": ['
        for number, each in enumerate(section.entries):
            line = safe.json(json.dumps(entry(each), ensure_ascii=False))
            yield f"{',' if number else ''}\n      {line}"
        yield "\n    ]" if section.entries else "]"
    yield "\n  }\n}\n"


def tree(report: Report) -> dict[str, Any]:
    """The report as plain values, laid out as above."""
    sections = {section.kind: [entry(each) for each in section.entries] for section in report.sections}
    return _frame(report) | {"sections": sections}


def _frame(report: Report) -> dict[str, Any]:
    """All but the sections."""
    grouped = {} if report.by is By.URL else {"groups": _groups(report)}
    return grouped | {
        "schema": SCHEMA,
        "made_at": to_text(report.made_at),
        "since": optional_text(report.since),
        "filters": {
            "state": report.filters.state,
            "domain": report.filters.domain,
            "article": report.filters.article,
        },
        "run": run(report.run) if report.run else None,
        "totals": {
            "articles": report.totals.articles,
            "links": report.totals.links,
            "urls": report.totals.urls,
            "states": dict(report.totals.states),
        },
        "archive": _coverage(report.coverage),
        "counts": {section.kind: section.count for section in report.sections},
    }


def entry(each: Entry) -> dict[str, Any]:
    """One URL as plain values."""
    return {
        "url": each.url,
        "host": each.host,
        "state": each.state,
        "since": optional_text(each.since),
        "why": each.why,
        "reason": each.reason,
        "http_status": each.http_status,
        "new_url": each.new_url,
        "noise": list(each.noise),
        "failing_since": optional_text(each.failing_since),
        "last_alive_at": optional_text(each.last_alive_at),
        "last_checked_at": optional_text(each.last_checked_at),
        "links": each.links,
        "articles": each.articles,
        "boilerplate": each.boilerplate,
        "ignored": _ignore(each.ignore) if each.ignore else None,
        "witness": witness(each.witness),
        "memento": replacement(each.replacement),
        "citations": [citation(one) for one in each.citations],
    }


def citation(each: Citation) -> dict[str, Any]:
    """One citing article as plain values."""
    return {
        "path": each.path,
        "title": each.title,
        "url": each.url,
        "cited_at": to_text(each.cited_at),
        "places": [_place(one) for one in each.places],
        "memento": replacement(each.replacement),
    }


def replacement(each: Replacement | None) -> dict[str, Any] | None:
    """A chosen memento as plain values."""
    if each is None:
        return None
    return {"url": each.memento_url, "captured_at": to_text(each.captured_at), "why": each.why}


def witness(each: Witness | None) -> dict[str, Any] | None:
    """What the archive saw of a blocked URL as plain values."""
    if each is None:
        return None
    return {
        "why": each.said,
        "memento_url": each.memento_url,
        "captured_at": optional_text(each.captured_at),
        "http_status": each.http_status,
    }


def run(row: RunRow) -> dict[str, Any]:
    """One run as plain values."""
    return {
        "command": row.command,
        "started_at": to_text(row.started_at),
        "finished_at": optional_text(row.finished_at),
        "outcome": row.outcome,
        "counts": dict(row.counts),
        "version": row.version,
    }


def _place(each: Place) -> dict[str, Any]:
    return {
        "line": each.line,
        "column": each.column,
        "text": each.text,
        "element": each.element,
        "fragment": each.fragment,
        "missing": each.missing,
    }


def _groups(report: Report) -> dict[str, Any]:
    return {
        section.kind: [
            {"name": group.name, "title": group.title, "urls": [each.url for each in group.entries]}
            for group in groups(section.entries, report.by)
        ]
        for section in report.sections
    }


def _ignore(each: Ignore) -> dict[str, Any]:
    until = each.until.isoformat() if each.until else None
    return {"pattern": each.pattern, "reason": each.reason, "until": until}


def _coverage(held: Coverage) -> dict[str, Any]:
    return {
        "urls": held.urls,
        "with_memento": held.with_memento,
        "waiting": held.waiting,
        "refused": held.refused,
        "percent": held.percent,
        "nights": held.nights,
        "refusals": [{"status_ext": e.status_ext, "why": e.why, "urls": e.urls} for e in held.refusals],
    }
