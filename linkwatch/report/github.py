"""A report as GitHub annotations: workflow commands that mark the lines of the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.report import safe
from linkwatch.report.model import SectionKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.report.model import Citation, Entry, Place, Report

LEVELS = {
    SectionKind.NEW_DEAD: "error",
    SectionKind.STILL_DEAD: "warning",
    SectionKind.DRIFTED: "warning",
    SectionKind.MOVED: "notice",
}


def lines(report: Report) -> Iterator[str]:
    """One command for each place where an article cites what is dead, drifted or moved."""
    return (
        f"{_command(level, section.heading.title, entry, citation, place)}\n"
        for section in report.sections
        if (level := LEVELS.get(section.kind))
        for entry in section.entries
        for citation in entry.citations
        for place in citation.places
    )


def _command(level: str, title: str, entry: Entry, citation: Citation, place: Place) -> str:
    where = f"file={safe.workflow_property(citation.path)},line={place.line},col={place.column}"
    message = " ".join(_message(entry, citation))
    return f"::{level} {where},title={safe.workflow_property(title)}::{message}"


def _message(entry: Entry, citation: Citation) -> Iterator[str]:
    yield safe.workflow(entry.url, safe.URL_LIMIT)
    yield safe.workflow(entry.why, safe.URL_LIMIT)
    if entry.new_url:
        yield f"Now at {safe.workflow(entry.new_url, safe.URL_LIMIT)}"
    if citation.replacement:
        yield f"Replace by {safe.workflow(citation.replacement.memento_url, safe.URL_LIMIT)}"
