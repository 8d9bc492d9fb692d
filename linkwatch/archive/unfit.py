"""Which addresses are never named to an archive, and why.

Capturing publishes: an address with a login, a session or a signature in it would be shown to
the world, and one of a private network tells of that network.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from linkwatch.wrappers import is_snapshot

# Parameters that open a door: sessions, access tokens, signed addresses.
SECRET_PARAMETERS = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "auth",
        "auth_token",
        "authorization",
        "aspsessionid",
        "cfid",
        "cftoken",
        "id_token",
        "jsessionid",
        "jwt",
        "oauth_token",
        "passwd",
        "password",
        "phpsessid",
        "pwd",
        "refresh_token",
        "secret",
        "session",
        "session_id",
        "sessionid",
        "sid",
        "sig",
        "signature",
        "sso_token",
        "token",
        "x-amz-credential",
        "x-amz-security-token",
        "x-amz-signature",
        "x-goog-credential",
        "x-goog-signature",
    }
)

# Shorter values under such names are numbers of stories and sittings, not secrets.
SECRET_LENGTH = 8

# Names that lead nowhere on the public internet (RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN 2024).
PRIVATE_SUFFIXES = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "corp",
    "home",
    "home.arpa",
    "test",
    "invalid",
    "alt",
    "onion",
)


def unfit(url: str) -> str | None:
    """Why a URL must not be given to an archive; None where it may."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return "it is not a valid address"
    rules = (
        (parts.scheme not in ("http", "https") or not host, "it is not a web address"),
        ("@" in parts.netloc, "it holds credentials"),
        (_private(host), "its host is in a private network"),
        (is_snapshot(url, host), "it is in an archive already"),
        (_secret(parts.path, parts.query), "it holds a session or an access key"),
    )
    return next((why for broken, why in rules if broken), None)


def _private(host: str) -> bool:
    try:
        return not ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return "." not in host or any(host == name or host.endswith(f".{name}") for name in PRIVATE_SUFFIXES)


def _secret(path: str, query: str) -> bool:
    names = {name.lower() for name, value in parse_qsl(query) if len(value) >= SECRET_LENGTH}
    return not names.isdisjoint(SECRET_PARAMETERS) or ";jsessionid=" in path.lower()
