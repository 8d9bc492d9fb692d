"""A report as one HTML file: no script, no outside request, readable on a phone and in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkwatch.report import templating

if TYPE_CHECKING:
    from linkwatch.report.model import Report

# Nothing may be fetched, run, framed or submitted; the page brings its own style.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report, templates: str | None = None) -> str:
    """The report as an HTML document, by the user's own template where the directory holds one."""
    return templating.fill(templating.html(templates), "report.html", report=report, policy=POLICY)
