"""A report as one HTML file: no script, no outside request, readable on a phone and in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from linkwatch.report import safe, svg, telling, words
from linkwatch.report.groups import groups

if TYPE_CHECKING:
    from linkwatch.report.model import Report

# Nothing may be fetched, run, framed or submitted; the page brings its own style.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report) -> str:
    """The report as an HTML document."""
    environment = Environment(
        loader=PackageLoader("linkwatch.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = safe.plain
    environment.filters["href"] = safe.href
    template = environment.get_template("report.html")
    return template.render(
        report=report,
        policy=POLICY,
        stamp=words.stamp,
        telling=telling,
        url_limit=safe.URL_LIMIT,
        svg=svg,
        groups=groups,
    )
