"""Which URLs of a host are sent to one and the same page: in this run, and when they were last checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.check import soft404
from linkwatch.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkwatch.model import Observation

# How many of them are named as evidence.
NAMED = 3


@dataclass(slots=True)
class Landings:
    """Where the redirects of each host have ended.

    A host that shows no page where it is may be behind a gate that takes every visitor in: of such a
    one nothing is said.
    """

    known: Callable[[str], tuple[dict[str, set[str]], bool]]  # of a host, from earlier checks
    _led: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  # hosts that show pages where they are

    def beside(self, seen: Observation) -> tuple[str, ...]:
        """Other URLs of the host that ended where this one did."""
        host = host_of(seen.url)
        if soft404.is_page(seen) and len(seen.hops) == 1:
            self._open.add(host)
        if not soft404.is_page(seen) or not soft404.landed(seen):
            return ()
        led = self._of(host).setdefault(seen.final_url, set())
        others = sorted(led - {seen.url})
        led.add(seen.url)
        return tuple(others[:NAMED]) if host in self._open else ()

    def _of(self, host: str) -> dict[str, set[str]]:
        if host not in self._led:
            self._led[host], stays = self.known(host)
            if stays:
                self._open.add(host)
        return self._led[host]
