"""Where to connect instead, as curl's --connect-to has it."""

from __future__ import annotations

import pytest

from linkwatch.errors import ConfigError
from linkwatch.net.routes import Route, find, parse


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("a.example:80:b.example:8080", Route("a.example", 80, "b.example", 8080)),
        ("A.Example:80:B.Example:8080", Route("a.example", 80, "b.example", 8080)),
        (":80::8080", Route(None, 80, None, 8080)),
        (":::", Route(None, None, None, None)),
        ("::127.0.0.1:", Route(None, None, "127.0.0.1", None)),
        ("a.example::[::1]:81", Route("a.example", None, "::1", 81)),
        ("[2001:db8::1]:443:b.example:", Route("2001:db8::1", 443, "b.example", None)),
    ],
)
def test_parse(text: str, route: Route) -> None:
    """Four parts, any of them empty; IPv6 addresses stand in brackets; case does not matter."""
    assert parse(text) == route


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "a:b:c",
        "a:80:b:81:c",
        "a:http:b:80",
        "::1:80:b:81",
        "a:80:[::1:81",
        "a:-1:b:80",
        "a:80:b:65536",
    ],
)
def test_nonsense_is_refused(text: str) -> None:
    """What is no route is a configuration error that shows the form."""
    with pytest.raises(ConfigError, match="HOST1:PORT1:HOST2:PORT2"):
        parse(text)


ROUTES = [
    parse("a.example:80:b.example:8080"),
    parse("a.example::c.example:"),
    parse(":81::8081"),
    parse("[::1]:80:127.0.0.1:9"),
]


@pytest.mark.parametrize(
    ("host", "port", "there"),
    [
        ("a.example", 80, ("b.example", 8080)),  # the first that fits
        ("A.EXAMPLE", 80, ("b.example", 8080)),
        ("a.example", 443, ("c.example", 443)),  # an empty target keeps its part
        ("a.example", 81, ("c.example", 81)),
        ("z.example", 81, ("z.example", 8081)),
        ("www.a.example", 80, None),  # a host is no suffix
        ("z.example", 80, None),
        ("::1", 80, ("127.0.0.1", 9)),
    ],
)
def test_find(host: str, port: int, there: tuple[str, int] | None) -> None:
    """The first route that fits decides; what it leaves empty stays as it was."""
    assert find(ROUTES, host, port) == there


def test_no_routes() -> None:
    """Without routes everything goes where it says."""
    assert find([], "a.example", 80) is None
