"""Which URLs of a host are sent to one and the same page: in this run, and when they were last checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from linkwatch.check.judging import soft404
from linkwatch.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkwatch.model import Observation

# More of them say nothing more.
MOST = 100
# Hosts that are remembered; of one that comes again later the database knows what was seen.
MOST_HOSTS = 1_000


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
        led = self._led.pop(host, None)
        if led is None:
            led = self._known(host)
        self._led[host] = led  # as the last one that was asked for
        if len(self._led) > MOST_HOSTS:
            del self._led[next(iter(self._led))]
        return led

    def _known(self, host: str) -> dict[str, dict[str, str]]:
        led, stays = self.known(host)
        found: dict[str, dict[str, str]] = {}
        for url, final in led:
            if soft404.leads_away(url, final):
                found.setdefault(final, {}).setdefault(urlsplit(url).path, url)
        if stays:
            self._open.add(host)
        return found
