"""The simulated web as a value: which page behaves how on which day, and why it is there.

A site is rows of a table; a row names a URL, its behaviour (or several, each from a day on) and
the rule it stands for. Hosts may misbehave as a whole: no such name, nothing listening, a bad
certificate. What a row does says nothing of the real site of that name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypeVar

from aiohttp import web
from yarl import URL

from linkwatch.model import Verdict

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
T = TypeVar("T")
Plan: TypeAlias = T | Mapping[int, T]  # always the same, or from each day on


class Sight(StrEnum):
    """What a visitor meets where no HTTP answer comes."""

    NO_SUCH_NAME = "no such name"
    NO_LOOKUP = "name server fails"
    REFUSED = "connection refused"
    RESET = "connection reset"
    SILENCE = "no answer"
    BAD_CERTIFICATE = "bad certificate"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a plain HTTP client sees of a behaviour, before any judgement."""

    status: int | None = None
    location: str | None = None
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the checker should conclude: one verdict, any of these reasons."""

    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way in which a server treats a visitor."""

    answer: Answer
    promise: Promise
    expected: Expected


class Reach(StrEnum):
    """How far a visitor comes towards a host."""

    SERVED = "served"
    NO_SUCH_NAME = "no such name"
    NO_LOOKUP = "name server fails"
    REFUSED = "refused"
    EXPIRED = "expired certificate"
    SELF_SIGNED = "self-signed certificate"
    UNTRUSTED = "certificate of an unknown authority"
    WRONG_NAME = "certificate of another host"


_GONE, _LOST = Verdict.GONE, Verdict.UNREACHABLE

REACHES = {
    Reach.NO_SUCH_NAME: (Sight.NO_SUCH_NAME, Expected(_GONE, ("dns_nxdomain",))),
    Reach.NO_LOOKUP: (Sight.NO_LOOKUP, Expected(_LOST, ("dns_failure",))),
    Reach.REFUSED: (Sight.REFUSED, Expected(_LOST, ("connection_refused",))),
    Reach.EXPIRED: (Sight.BAD_CERTIFICATE, Expected(_LOST, ("tls_expired",))),
    Reach.SELF_SIGNED: (Sight.BAD_CERTIFICATE, Expected(_LOST, ("tls_self_signed",))),
    Reach.UNTRUSTED: (Sight.BAD_CERTIFICATE, Expected(_LOST, ("tls_untrusted",))),
    Reach.WRONG_NAME: (Sight.BAD_CERTIFICATE, Expected(_LOST, ("tls_hostname",))),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One address of the simulated web. A path ending in ``/*`` stands for all others of its host."""

    url: str
    plan: Plan[Behaviour]
    why: str


@dataclass(frozen=True, slots=True)
class Host:
    """A host that is out of the ordinary as a whole."""

    name: str
    plan: Plan[Reach]
    why: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as the simulated web saw it."""

    day: int
    method: str
    scheme: str
    host: str
    path: str  # with the query
    user_agent: str


def on_day(plan: Plan[T], day: int) -> T:
    """What a plan holds on a day. Raises ValueError before its first day."""
    if not isinstance(plan, Mapping):
        return plan
    started = [start for start in plan if start <= day]
    if not started:
        raise ValueError(f"the plan begins on day {min(plan)}, not by day {day}")
    return plan[max(started)]


@dataclass(slots=True)
class World:
    """The tables, the day it is, and who came by."""

    rows: tuple[Row, ...]
    hosts: tuple[Host, ...] = ()
    today: int = 0
    visits: list[Visit] = field(default_factory=list)
    _pages: dict[tuple[str, str, str], Row] = field(init=False, repr=False)
    _reaches: dict[str, Host] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pages = {}
        for row in self.rows:
            if self._pages.setdefault(key(URL(row.url)), row) is not row:
                raise ValueError(f"two rows for {row.url}")
        self._reaches = {host.name: host for host in self.hosts}

    @property
    def names(self) -> tuple[str, ...]:
        """Every host of the tables, sorted."""
        return tuple(sorted({host for _, host, _ in self._pages} | set(self._reaches)))

    def reach(self, name: str) -> Reach:
        """How far a visitor comes towards a host today; hosts of no table have no name."""
        if name in self._reaches:
            return on_day(self._reaches[name].plan, self.today)
        return Reach.SERVED if name in self.names else Reach.NO_SUCH_NAME

    def find(self, url: URL) -> Row | None:
        """The row that answers for a URL: its own, then that of the path alone, then its host's rest.

        Both schemes show the same, unless each has a row; a query that no row names changes nothing.
        """
        scheme, host, path = key(url)
        other = "http" if scheme == "https" else "https"
        places = ((each, where) for where in (path, url.raw_path, "/*") for each in (scheme, other))
        found = (self._pages.get((each, host, where)) for each, where in places)
        return next((row for row in found if row is not None), None)

    def promise(self, row: Row) -> Promise:
        """What a client sees of a row today, its host included."""
        reach = self.reach(key(URL(row.url))[1])
        if reach in REACHES and not _plain(row, reach):
            return Promise(sight=REACHES[reach][0])
        return on_day(row.plan, self.today).promise

    def expected(self, row: Row) -> Expected:
        """What the checker should conclude of a row today, its host included."""
        reach = self.reach(key(URL(row.url))[1])
        if reach in REACHES and not _plain(row, reach):
            return REACHES[reach][1]
        return on_day(row.plan, self.today).expected


def key(url: URL) -> tuple[str, str, str]:
    """A URL as the table holds it: scheme, host, and path with query in one spelling."""
    return url.scheme, (url.host or "").lower(), url.raw_path_qs


def _plain(row: Row, reach: Reach) -> bool:
    """A bad certificate does not keep anybody from the host's plain HTTP."""
    return row.url.startswith("http:") and REACHES[reach][0] is Sight.BAD_CERTIFICATE
