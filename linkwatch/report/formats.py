"""Every output format of a report by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkwatch.report.model import Report

NAMES = ("terminal", "markdown", "html", "json", "ndjson", "csv", "atom", "junit", "github")


def render(
    name: str,
    report: Report,
    *,
    width: int | None = None,
    colour: bool = False,
    limit: int | None = None,
    templates: str | None = None,
) -> str:
    """The report in a format of ``NAMES``, ending in a line feed.

    ``width`` and ``colour`` are for the terminal, ``limit`` (bytes) is for Markdown,
    ``templates`` (a directory) for Markdown and HTML. Raises KeyError for an unknown name, ConfigError
    for a template that cannot be filled.
    """
    if name == "terminal":
        from linkwatch.report import terminal

        return terminal.render(report, width=width, colour=colour)
    if name == "markdown":
        from linkwatch.report import markdown

        room = markdown.ISSUE_LIMIT if limit is None else limit
        if templates:
            return markdown.from_template(report, templates, limit=room)
        return markdown.render(report, limit=room)
    if name == "html":
        from linkwatch.report import html

        return html.render(report, templates)
    return _renderers()[name](report)


def _renderers() -> dict[str, Callable[[Report], str]]:
    """The formats that take no wishes. Imported here: most commands print none of them."""
    from linkwatch.report import github, json, tabular, xml

    return {
        "json": json.render,
        "ndjson": tabular.render_ndjson,
        "csv": tabular.render_csv,
        "atom": xml.atom,
        "junit": xml.junit,
        "github": github.render,
    }
