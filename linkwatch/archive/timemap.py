"""Reading a TimeMap: all mementos of a page that an archive lists, in link-format or as JSON.

RFC 7089 (5) gives link-format (RFC 6690, 2); pywb and MemGator also give JSON in forms of their own. A list
that breaks off, or has nonsense in it, gives what is whole in it: nothing here says "no".
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# One link and its parameters. Atomic, so that no text takes longer than its length.
_LINK = re.compile(
    r"""<([^<>]*+)>((?>\s*;\s*[\w*!-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*+"|[^\s";,]*+))?)*+)""", re.DOTALL
)
_PARAMETER = re.compile(r""";\s*([\w*!-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^\s";,]*+))""", re.DOTALL)
_DEPTH = 6  # of lists in lists; MemGator's are three deep


class Listed(NamedTuple):
    """One memento of a list."""

    memento_url: str
    captured_at: datetime  # aware, UTC


def entries(text: str) -> list[Listed]:
    """The mementos that a TimeMap lists, each address once, in its order."""
    found = _of_json(text) if text.lstrip()[:1] in ("{", "[") else _of_links(text)
    return list({each.memento_url: each for each in found}.values())


def nearest(listed: Iterable[Listed], near: datetime, count: int) -> list[Listed]:
    """So many of the mementos, the nearest to a time first."""
    return sorted(listed, key=lambda each: (abs(each.captured_at - near), each.memento_url))[:count]


def _of_links(text: str) -> Iterator[Listed]:
    for link in _LINK.finditer(text):
        said = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(link[2])}
        if "memento" in said.get("rel", "").lower().split():
            yield from _listed(link[1].strip(), _http_date(said.get("datetime", "")))


def _of_json(text: str) -> Iterator[Listed]:
    """Any object with an address and a time is one memento; pywb gives one to a line."""
    try:
        values: list[Any] = [json.loads(text)]
    except ValueError:
        values = [value for line in text.splitlines() if (value := _line(line)) is not None]
    except RecursionError:
        values = []
    for each in _objects(values, _DEPTH):
        address, moment = each.get("uri"), each.get("datetime")
        if isinstance(address, str) and isinstance(moment, str):
            yield from _listed(address, _iso_date(moment))


def _line(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner, depth - 1)
    elif depth and isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth - 1)


def _listed(address: str, moment: datetime | None) -> Iterator[Listed]:
    if moment is not None and address.startswith(("http://", "https://")):
        yield Listed(address, moment)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _iso_date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
