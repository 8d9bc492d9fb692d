"""The block of settings before a text: YAML, TOML or JSON, and what it says of the article."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from linkwatch.harvest.dates import moment
from linkwatch.harvest.document import Metadata
from linkwatch.harvest.names import names, unique
from linkwatch.harvest.source import one_line
from linkwatch.harvest.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkwatch.harvest.document import Context

_YAML = re.compile(r"\ufeff?---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_JSON = re.compile(r"\ufeff?\{[ \t]*\n.*?\n\}[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The keys that site generators and importers use, the most telling first.
_TITLE = ("title",)
_URL = (
    "canonical_url",
    "canonicalUrl",
    "canonicalURL",
    "canonical",
    "original_url",
    "from",
    "source_url",
    "url",
)
_AUTHORS = ("authors", "author", "byline", "creator")
_DATE = (
    "date",
    "published",
    "publishDate",
    "publish_date",
    "pubDate",
    "pubDatetime",
    "published_at",
    "datePublished",
)
_LANGUAGE = ("lang", "language", "locale")


class FrontMatter(NamedTuple):
    """What the block says, and where the text after it begins."""

    values: dict[str, Any]
    end: int


def split(text: str) -> FrontMatter:
    """The front matter of a text with LF line endings; empty, ending at 0, where there is none."""
    for opening, pattern, parse in (("---", _YAML, _yaml), ("+++", _TOML, _toml), ("{", _JSON, _json)):
        if text.startswith((opening, f"\ufeff{opening}")) and (match := pattern.match(text)):
            values = parse(match[1] or "" if match.lastindex else match[0])
            return FrontMatter({}, 0) if values is None else FrontMatter(values, match.end())
    return FrontMatter({}, 0)


def metadata(values: dict[str, Any], context: Context) -> Metadata:
    """What front matter says of its article."""
    url = next((found for found in _texts(values, _URL) if re.match(r"https?://", found)), None)
    return Metadata(
        url=url,
        title=next((one_line(found) for found in _texts(values, _TITLE)), None),
        authors=unique(name for key in _AUTHORS for name in names(values.get(key))),
        published_at=next(
            (found for key in _DATE if (found := _moment(values.get(key), context, url))), None
        ),
        language=next(_texts(values, _LANGUAGE), None),
    )


def _texts(values: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    return (value.strip() for key in keys if isinstance(value := values.get(key), str) and value.strip())


def _moment(value: Any, context: Context, url: str | None) -> datetime | None:
    """A date as YAML and TOML give it: a datetime, a date, or text."""
    if isinstance(value, datetime | date):
        value = value.isoformat()
    return moment(value, zone(context, url)) if isinstance(value, str) else None


def _yaml(block: str) -> dict[str, Any] | None:
    """YAML; where it is broken (a title with a colon is), the simple pairs that can be made out."""
    try:
        values = yaml.load(block, Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return {match[1]: match[2].strip("\"'") for match in _PAIR.finditer(block)}
    if values is None:
        return {}
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else None


def _toml(block: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _json(block: str) -> dict[str, Any] | None:
    try:
        values = json.loads(block.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
