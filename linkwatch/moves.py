"""How a new address differs from the old one, if all the difference is noise.

A page that has gone from http to https, lost its "www" or got a slash is where it was: its link
may be updated by a program, and need not be looked at one by one.
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit


class Noise(StrEnum):
    """A difference that no reader would notice."""

    SCHEME = "https"
    WWW = "www"
    DOCUMENT = "default document"
    SLASH = "trailing slash"
    SESSION = "session id"


# What servers show for a directory: the defaults of Apache, nginx and IIS.
_DOCUMENT = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|cgi)$", re.IGNORECASE)
# Session ids in paths (Java Servlet 6, 7.1.3) and in parameters (PHP, ASP, ColdFusion).
_IN_PATH = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)
_IN_QUERY = re.compile(
    r"(?:^|(?<=&))(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|cfid|cftoken|sid)=[^&]*&?",
    re.IGNORECASE,
)


def noise(old: str, new: str) -> tuple[Noise, ...]:
    """The differences between two URLs in normal form if all of them are noise; otherwise none."""
    try:
        one, other = urlsplit(old), urlsplit(new)
        same_port = (one.port or 0) == (other.port or 0)
    except ValueError:
        return ()
    if not same_port or one.username != other.username:
        return ()
    found = [kind for kind, differs in (
        (Noise.SCHEME, one.scheme != other.scheme),
        (Noise.WWW, one.hostname != other.hostname),
        (Noise.SESSION, bool(_sessions(one) or _sessions(other))),
        (Noise.DOCUMENT, bool(_DOCUMENT.search(one.path)) != bool(_DOCUMENT.search(other.path))),
        (Noise.SLASH, _bare(one).endswith("/") != _bare(other).endswith("/")),
    ) if differs]  # fmt: skip
    return tuple(found) if _essence(one) == _essence(other) else ()


def _essence(url: SplitResult) -> tuple[str, str, str, bool]:
    """What is left of an address without its noise."""
    host = (url.hostname or "").removeprefix("www.")
    query = _IN_QUERY.sub("", url.query).rstrip("&")
    return host, _bare(url).rstrip("/"), query, url.scheme in ("http", "https")


def _bare(url: SplitResult) -> str:
    """The path without session id and default document."""
    return _DOCUMENT.sub("/", _IN_PATH.sub("", url.path))


def _sessions(url: SplitResult) -> list[str]:
    return _IN_PATH.findall(url.path) + _IN_QUERY.findall(url.query)
