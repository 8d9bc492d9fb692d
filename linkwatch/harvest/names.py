"""The names of authors, however they are given."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linkwatch.harvest.source import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_BETWEEN = re.compile(r"\s*[,，、;；]\s*|\s+(?:and|with|&)\s+", re.IGNORECASE)
_BY = re.compile(r"^\s*(?:by|von|par)\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"\s*<[^<>]*@[^<>]*>|\s*\([^()]*@[^()]*\)")
_LIMIT = 50  # authors of one article; more of them is a mistake in reading


@lru_cache(maxsize=4096)  # a publication has few authors, and many articles by each
def byline(text: str) -> tuple[str, ...]:
    """The authors in a line such as "By ANA SWANSON and 赫海威"."""
    parts = _BETWEEN.split(_BY.sub("", _ADDRESS.sub("", text)))
    return unique(one_line(part) for part in parts)


def names(value: Any) -> tuple[str, ...]:
    """The authors in a value of front matter or JSON-LD: text, a record with a name, or a list of these."""
    if isinstance(value, str):
        return () if value.startswith(("http:", "https:")) else byline(value)
    if isinstance(value, dict):
        name = value.get("name")
        return (one_line(name),) if isinstance(name, str) and name.strip() else ()
    if isinstance(value, list):
        return unique(name for each in value[:_LIMIT] if not isinstance(each, list) for name in names(each))
    return ()


def unique(found: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order, without empty ones."""
    return tuple(dict.fromkeys(name for name in found if name))[:_LIMIT]
