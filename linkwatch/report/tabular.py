"""A report as rows: CSV for spreadsheets, NDJSON for pipes. One row for each citing article."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

from linkwatch.report import safe
from linkwatch.times import optional_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.report.model import Citation, Entry, Report, Section

COLUMNS = (
    "section",
    "url",
    "state",
    "since",
    "why",
    "reason",
    "http_status",
    "new_url",
    "article",
    "line",
    "title",
    "memento",
    "memento_captured_at",
    "articles",
    "ignored",
    "witness",
)


def csv_lines(report: Report) -> Iterator[str]:
    """The report as CSV with a header; no cell is a formula."""
    file = StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for row in rows(report):
        writer.writerow({name: _cell(value) for name, value in row.items()})
        yield file.getvalue()
        file.seek(0)
        file.truncate()
    yield file.getvalue()


def _cell(value: object) -> object:
    return safe.csv(value) if isinstance(value, str) else value


def ndjson_lines(report: Report) -> Iterator[str]:
    """The report as one JSON object a line."""
    return (f"{safe.json(json.dumps(row, ensure_ascii=False))}\n" for row in rows(report))


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """A row for each URL and article; a URL that is cited nowhere has one row."""
    for section in report.sections:
        for entry in section.entries:
            for citation in entry.citations or (None,):
                yield _row(section, entry, citation)


def _row(section: Section, entry: Entry, citation: Citation | None) -> dict[str, Any]:
    replacement = citation.replacement if citation else None
    return {
        "section": section.kind.value,
        "url": entry.url,
        "state": entry.state.value,
        "since": optional_text(entry.since),
        "why": entry.why,
        "reason": entry.reason,
        "http_status": entry.http_status,
        "new_url": entry.new_url,
        "article": citation.path if citation else None,
        "line": citation.places[0].line if citation else None,
        "title": citation.title if citation else None,
        "memento": replacement.memento_url if replacement else None,
        "memento_captured_at": optional_text(replacement.captured_at) if replacement else None,
        "articles": entry.articles,
        "ignored": entry.ignore.reason if entry.ignore else None,
        "witness": entry.witness.said if entry.witness else None,
    }
