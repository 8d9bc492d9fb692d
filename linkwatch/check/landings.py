"""Which URLs of a host are sent to one and the same page: in this run, and when they were last checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkwatch.check import soft404
from linkwatch.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkwatch.model import Observation

# More of them say nothing more.
MOST = 100


@dataclass(slots=True)
class Landings:
    """Where the redirects of each host have ended.

    A host that shows no page where it is may be behind a gate that takes every visitor in: of such a
    one nothing is said.
    """

    known: Callable[[str], tuple[list[tuple[str, str]], bool]]  # of a host, from earlier checks
    # Of each host and landing a URL of every path that led there: one page has many queries.
    _led: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  # hosts that show pages where they are

    def beside(self, seen: Observation) -> tuple[str, ...]:
        """URLs of other paths of the host that ended where this one did."""
        host = host_of(seen.url)
        if soft404.is_page(seen) and len(seen.hops) == 1:
            self._open.add(host)
        if not soft404.is_page(seen) or not soft404.landed(seen):
            return ()
        led, path = self._of(host).setdefault(seen.final_url, {}), urlsplit(seen.url).path
        others = tuple(islice((url for other, url in led.items() if other != path), MOST))
        led.setdefault(path, seen.url)
        return others if host in self._open else ()

    def _of(self, host: str) -> dict[str, dict[str, str]]:
        if host not in self._led:
            led, stays = self.known(host)
            self._led[host] = {}
            for url, final in led:
                if soft404.leads_away(url, final):
                    self._led[host].setdefault(final, {}).setdefault(urlsplit(url).path, url)
            if stays:
                self._open.add(host)
        return self._led[host]
