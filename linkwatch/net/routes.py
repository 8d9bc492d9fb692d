"""``connect_to``: which address to connect to instead, as curl's ``--connect-to`` has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOST = r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)"
LAST_PORT = 65_535
_ROUTE = re.compile(rf"{_HOST}:(\d*):{_HOST}:(\d*)")


@dataclass(frozen=True, slots=True)
class Route:
    """One mapping. None as host or port to match means any; as target, unchanged."""

    host: str | None
    port: int | None
    to_host: str | None
    to_port: int | None

    def fits(self, host: str, port: int) -> bool:
        """Whether a connection to this host and port is redirected."""
        return self.host in (None, host) and self.port in (None, port)


def parse(text: str) -> Route:
    """``HOST1:PORT1:HOST2:PORT2`` as a route. Raises ConfigError on anything else."""
    match = _ROUTE.fullmatch(text)
    if not match:
        raise ConfigError(f"connect_to: {text!r} is not HOST1:PORT1:HOST2:PORT2")
    host, port, to_host, to_port = match.groups()
    route = Route(_name(host), _number(port), _name(to_host), _number(to_port))
    if max(route.port or 0, route.to_port or 0) > LAST_PORT:
        raise ConfigError(
            f"connect_to: {text!r} is not HOST1:PORT1:HOST2:PORT2: no port is above {LAST_PORT}"
        )
    return route


def find(routes: Sequence[Route], host: str, port: int) -> tuple[str, int] | None:
    """Where to connect instead of this host and port; None where no route fits."""
    for route in routes:
        if route.fits(host.lower(), port):
            return route.to_host or host, route.to_port or port
    return None


def _name(text: str) -> str | None:
    return text.strip("[]").lower() or None


def _number(text: str) -> int | None:
    return int(text) if text else None
