"""Every output format of a report by its name."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from linkwatch.report.model import Report

NAMES = ("terminal", "markdown", "html", "json", "ndjson", "csv", "atom", "junit", "github")
PIECES = 500  # lines of a format for programs that are written at once


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
    return "".join(_renderers()[name](report))


def pieces(name: str, report: Report, **wishes: Any) -> Iterator[str]:
    """What ``render`` gives, piece by piece where the format is one of programs and has no end of lines."""
    renderers = _renderers()
    if name not in renderers:
        yield render(name, report, **wishes)
        return
    told = iter(renderers[name](report))
    while piece := "".join(islice(told, PIECES)):
        yield piece


def _renderers() -> dict[str, Callable[[Report], Iterable[str]]]:
    """The formats without options. Imported late, as most commands print none of them."""
    from linkwatch.report import github, json, tabular, xml

    return {
        "json": json.chunks,
        "ndjson": tabular.ndjson_lines,
        "csv": tabular.csv_lines,
        "atom": lambda report: [xml.atom(report)],
        "junit": xml.junit,
        "github": github.lines,
    }
