"""The templates of a report: ours, or those of a directory of the user's own.

A file of that directory stands in for ours of the same name: ``report.html``, ``figures.html``, or
``report.md``. What a template writes is made inert for its output; only ``code`` and ``link`` (in
Markdown) give markup of their own.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from linkwatch.errors import ConfigError
from linkwatch.report import safe, svg, telling, words
from linkwatch.report.groups import groups

MARKDOWN = "report.md"


def html(templates: str | None) -> Environment:
    """For HTML: escaped, with ``plain`` for one visible line and ``href`` for what may be followed."""
    ours = PackageLoader("linkwatch.report")
    loader = ChoiceLoader([_own(templates), ours]) if templates else ours
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"plain": safe.plain, "href": safe.href}
    return environment


def markdown(templates: str) -> Environment:
    """For Markdown: every value is escaped, but what ``code`` and ``link`` made of it."""
    environment = Environment(  # noqa: S701 - values are escaped for Markdown, where HTML's way is wrong
        loader=_own(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_inert,
    )
    environment.filters |= {
        "code": lambda value: Markup(safe.markdown_code(str(value))),  # noqa: S704 - inert in Markdown
        "link": lambda value: Markup(safe.markdown_link(str(value))),  # noqa: S704
    }
    return environment


def fill(environment: Environment, name: str, **values: Any) -> str:
    """A template with the report's words at hand. Raises ConfigError where it is missing or wrong."""
    try:
        template = environment.get_template(name)
        return template.render(
            stamp=words.stamp, telling=telling, url_limit=safe.URL_LIMIT, svg=svg, groups=groups, **values
        )
    except TemplateError as error:
        where = f"{PurePath(getattr(error, 'filename', None) or name).name}:{getattr(error, 'lineno', '?')}"
        raise ConfigError(f"[report] templates: {where}: {error}") from None


def _own(templates: str) -> FileSystemLoader:
    """The user's directory. Raises ConfigError where nothing is in it: its name must be wrong."""
    loader = FileSystemLoader(templates)
    if not loader.list_templates():
        raise ConfigError(f"[report] templates: {templates}: no such directory, or an empty one")
    return loader


def _inert(value: object) -> object:
    return value if isinstance(value, Markup) else safe.markdown(str(value), telling.LINE)
