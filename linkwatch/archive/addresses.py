"""Which addresses an archive takes for one and the same, and which of those we do.

A CDX index finds captures by a folded key (SURT): scheme, ``www.``, default port, letter case,
order of the query and a slash at the end do not count in it. Letter case in a path or query does
count on many servers (a video's id, a short link), so what an index returns is compared again.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_WWW = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def fold(url: str) -> str | None:
    """The address without what never tells two pages apart; None where it is no web address."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    host = _WWW.sub("", parts.hostname.rstrip("."))
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"{place}{_path(parts.path)}{_query(parts.query)}"


def same(one: str, other: str) -> bool:
    """Whether two addresses name the same page as far as archives can tell them apart."""
    folded = fold(one)
    return folded is not None and folded == fold(other)


def memento_url(base: str, stamp: str, original: str) -> str:
    """Where the Wayback Machine at ``base`` shows the capture of ``original`` made at ``stamp``."""
    return f"{base.rstrip('/')}/web/{stamp}/{original}"


def _path(path: str) -> str:
    return quote(unquote(path), safe="/:@!$&'()*+,;=~-._").rstrip("/") or "/"


def _query(query: str) -> str:
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs) if pairs else ""
