"""Addresses beside a URL at which nothing can be, and its host's front door. Pure."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}$", re.IGNORECASE)


def sibling(url: str) -> str:
    """An address beside a URL at which nothing can be: the same for all URLs of its directory.

    Where a query names the page, it is the query that is made up.
    """
    parts = urlsplit(url)
    directory, slash, name = split(parts.path)
    made_up = _made_up(f"{parts.netloc}{directory}")
    if parts.query:
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        asked = urlencode([(key, _number(made_up) if value.isdecimal() else made_up) for key, value in pairs])
        return urlunsplit((parts.scheme, parts.netloc, parts.path, asked or made_up, ""))
    return urlunsplit((parts.scheme, parts.netloc, f"{directory}/{made_up}{suffix(name)}{slash}", "", ""))


def stranger(url: str) -> str | None:
    """An address of which every part is made up, where that is another question than the sibling.

    Sites that find an article by a number in its address take any words for the rest.
    """
    parts = urlsplit(url)
    directory, slash, name = split(parts.path)
    depth = directory.count("/")
    if not depth and not parts.query:
        return None
    made_up = [_made_up(f"{parts.netloc}{level}") for level in range(depth + 1)]
    return urlunsplit((parts.scheme, parts.netloc, f"/{'/'.join(made_up)}{suffix(name)}{slash}", "", ""))


def front(url: str) -> str:
    """The front door of a URL's host."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))


def split(path: str) -> tuple[str, str, str]:
    """The directory of a path, the slash it ends in if any, and the name that stands there."""
    slash = "/" if path.endswith("/") and path != "/" else ""
    directory, _, name = path.rstrip("/").rpartition("/")
    return directory, slash, name


def suffix(name: str) -> str:
    """What a name ends in: ".html"; nothing where it has no such end."""
    found = _SUFFIX.search(name)
    return found.group() if found else ""


def _made_up(place: str) -> str:
    """A name that is in no use, and the same whenever we ask at this place."""
    return f"linkwatch-{sha256(place.encode()).hexdigest()[:12]}"


def _number(name: str) -> str:
    return str(10**9 + int(name.rpartition("-")[2], 16) % 10**9)
