"""A year of nights on a clock of its own: URLs that die, flap and recover at known times.

Schedule, run, verdict, fold and database are the real ones. Only the fetching is an oracle's, who knows
what stands at a URL on a day, because a year has half a million requests. On some nights our own network
is down, or goes down half-way.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from linkwatch.check.crew import work
from linkwatch.check.lanes import Lanes, Pace
from linkwatch.check.progress import Progress
from linkwatch.check.quarantine import Quarantine
from linkwatch.check.records import Records
from linkwatch.check.run import Run
from linkwatch.check.signs import NO_CONNECTION
from linkwatch.config import Check
from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Failure, Hop, Observation
from linkwatch.policy import Policy
from linkwatch.store import backlog, runs
from linkwatch.times import from_text, to_text
from linkwatch.upkeep.stage import prune

if TYPE_CHECKING:
    from sqlite_utils import Database

START = datetime(2026, 1, 1, 3, 17, tzinfo=UTC)
SEED = 20260101
PROSE = b"<title>A page</title><p>" + b"The harbour was quiet that morning. " * 30
HTML = (("content-type", "text/html"),)


class Life(StrEnum):
    """What becomes of a URL."""

    STEADY = "steady"
    DIES_SAYING_SO = "dies, and the server says so"
    DIES_SILENTLY = "dies in silence"
    RETURNS = "dies and comes back"
    FLAPS = "fails for some days"
    MOVES = "moves"
    SHUT = "is shut behind a gate"


# How many of a hundred URLs live which life. Three years on, a tenth of links are gone (Pew 2024: 38 % of
# those of 2013 after ten years); here more of everything happens, so that a year has much to tell.
SHARES = {
    Life.STEADY: 68, Life.DIES_SAYING_SO: 8, Life.DIES_SILENTLY: 4, Life.RETURNS: 4, Life.FLAPS: 10,
    Life.MOVES: 3, Life.SHUT: 3,
}  # fmt: skip
SAID = ("http_404", "http_410", "dns_nxdomain", "soft")
UNSAID = ("http_500", "http_503", "read_timeout", "connection_refused", "dns_failure")


@dataclass(frozen=True, slots=True)
class Spell:
    """From a day to before another, what stands at a URL is this."""

    first: float
    end: float
    shows: str


@dataclass(frozen=True, slots=True)
class Url:
    """A URL with its whole future."""

    url: str
    host: str
    life: Life
    spells: tuple[Spell, ...] = ()

    def shows(self, day: float) -> str:
        """What stands there on a day."""
        return next((each.shows for each in self.spells if each.first <= day < each.end), "ok")

    def failing_since(self, day: float) -> float | None:
        """The day since which it has been away, where it is."""
        return next((each.first for each in self.spells if each.first <= day < each.end
                     and each.shows in (*SAID, *UNSAID)), None)  # fmt: skip


@dataclass(slots=True)
class Year:
    """What a year has shown."""

    nights: int = 0
    offline: int = 0
    requests: list[int] = field(default_factory=list)  # of each night
    removed: int = 0  # checks that pruning took


def world(urls: int, days: int) -> list[Url]:
    """So many URLs on a tenth as many hosts, always the same ones."""
    chance = random.Random(SEED)
    lives = chance.choices(list(SHARES), list(SHARES.values()), k=urls)
    made = []
    for number, life in enumerate(lives):
        spells = tuple(_spells(chance, life, days))
        shared = min(int(chance.paretovariate(0.7)), urls // 10)
        # A host that takes no connection takes none for any of its URLs.
        host = (
            f"alone{number}.example"
            if any(each.shows in NO_CONNECTION for each in spells)
            else f"h{shared}.example"
        )
        made.append(Url(f"http://{host}/{number}", host, life, spells))
    return made


def _spells(chance: random.Random, life: Life, days: int) -> list[Spell]:
    if life is Life.FLAPS:
        return _flaps(chance, days)
    kinds = {Life.STEADY: (), Life.DIES_SILENTLY: UNSAID, Life.MOVES: ("moved",), Life.SHUT: ("http_403",)}
    kind = kinds.get(life, SAID)
    first, away = chance.uniform(5, 0.8 * days), chance.uniform(40, 120)
    end = first + away if life is Life.RETURNS else float("inf")
    return [Spell(first, end, chance.choice(kind))] if kind else []


def _flaps(chance: random.Random, days: int) -> list[Spell]:
    """Up to six spells: short of what confirms a death, that is two days of "not here", or 13 of silence."""
    spells, day = [], 0.0
    for _ in range(chance.randint(1, 6)):
        says = chance.random() < 0.4
        first = day + chance.uniform(3, days / 4)
        day = first + (chance.uniform(0.1, 2.9) if says else chance.uniform(0.1, 13.5))
        spells.append(Spell(first, day, chance.choice(SAID if says else UNSAID)))
        day += 1
    return spells


@dataclass(slots=True)
class Oracle:
    """Stands where the fetcher stands, and knows what a request would show."""

    urls: dict[str, Url]
    day: float = 0.0
    asked: int = 0
    line_breaks_after: float = float("inf")  # requests of a night, until our own network is down

    async def fetch(self, url: str) -> Observation:
        """What several tries show."""
        return await self.glance(url)

    async def glance(self, url: str) -> Observation:
        """What one try shows."""
        self.asked += 1
        if self.asked > self.line_breaks_after:
            return self._seen(url, Failure("dns_nxdomain", "our own resolver"))
        return self._seen(url, _outcome(self.urls[url].shows(self.day)), self.urls[url].shows(self.day))

    async def assure(self, _alike: Observation | None = None) -> None:
        """The canaries."""
        if self.asked >= self.line_breaks_after:
            raise OfflineError("no network")

    def _seen(self, url: str, outcome: Answer | Failure, shows: str = "") -> Observation:
        hops: tuple[Hop, ...] = (Hop(url, outcome.status if isinstance(outcome, Answer) else None),)
        if shows == "moved":
            hops = (Hop(url, 301), Hop(url + "/new", 200))
        return Observation(url, clock(self.day), hops, outcome, 100)


def _outcome(shows: str) -> Answer | Failure:
    status = shows.removeprefix("http_")
    if shows == "soft":
        return Answer(200, HTML, b"<title>Page not found</title>", 30, "text/html")
    if shows in ("ok", "moved"):
        return Answer(200, HTML, PROSE, len(PROSE), "text/html")
    return Answer(int(status), HTML, b"", 0, "text/html") if status != shows else Failure(shows, "the detail")


def clock(day: float) -> datetime:
    """The time of a day of the year."""
    return (START + timedelta(days=day)).replace(microsecond=0)


async def play(db: Database, urls: list[Url], days: int, policy: Policy | None = None) -> Year:
    """Every night of so many days: what is due is checked; on a tenth of the nights our network fails."""
    policy, chance, year = policy or Policy(), random.Random(SEED + 1), Year()
    oracle = Oracle({each.url: each for each in urls})
    _cite(db, urls)
    for night in range(days):
        # The scheduler starts up to three hours late.
        oracle.day, oracle.asked = night + chance.uniform(0, 0.125), 0
        # On a tenth of the nights our own line breaks: at once, or somewhere in the run.
        breaks_at = max(0.0, chance.uniform(-0.5, 1.0)) if chance.random() < 0.1 else None
        year.nights += 1
        year.offline += not await _night(db, oracle, policy, breaks_at)
        year.requests.append(oracle.asked)
        if night % 30 == 29:
            year.removed += prune(db, policy, clock(oracle.day)).removed
    return year


def _cite(db: Database, urls: list[Url]) -> None:
    """All of them new, and due."""
    with db.atomic():
        for each in urls:
            db.execute(
                """insert into urls (url, scheme, host, domain, first_seen_at, next_check_at)
                   values (?, 'http', ?, ?, ?, ?)""",
                [each.url, each.host, each.host, to_text(START), to_text(START)],
            )


async def _night(db: Database, oracle: Oracle, policy: Policy, breaks_at: float | None) -> bool:
    """One run, and whether our network held to its end."""
    now, settings = clock(oracle.day), Check()
    due = backlog.due(db, now)
    oracle.line_breaks_after = float("inf") if breaks_at is None else int(breaks_at * len(due))
    run_id = runs.begin(db, "check", now)
    progress = Progress(total=len(due))
    records = Records(db, run_id, policy, progress)
    run = Run(policy, oracle, records, Quarantine(oracle.assure))  # type: ignore[arg-type]
    outcome = "done"
    try:
        await oracle.assure()
        await work(Lanes(due, Pace(0.0), 2), run.first, settings.concurrency)
        await work(Lanes([each.due for each in run.late], Pace(0.0), 2), run.again, settings.concurrency)
        await run.settle()
    except OfflineError:
        outcome = "offline"
    finally:
        run.close()
    runs.finish(db, run_id, now, outcome, dict(progress.verdicts))
    return outcome == "done"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How right the year was."""

    in_error: tuple[str, ...]  # URLs called dead that were not, or not for long enough to say so
    days_late: dict[Life, list[float]]  # from the death to the state "dead"
    missed: dict[Life, int]  # dead for 60 days and more at the end of the year, and not called so
    recovered_late: list[float]  # from the return to a state that says so
    states: Counter[str]


def reckon(db: Database, urls: list[Url], days: int, policy: Policy | None = None) -> Reckoning:
    """The transitions that the database tells, beside what was true."""
    known, policy = {each.url: each for each in urls}, policy or Policy()
    in_error, late, back, dead = [], {life: [] for life in Life}, [], set()
    rows = db.execute(
        """select url, changed_at, from_state, to_state from transitions join urls on urls.id = url_id
           where 'dead' in (from_state, to_state) order by transitions.id"""
    )
    for url, at, before, after in rows:
        each, day = known[url], (from_text(at) - START).total_seconds() / 86_400
        if after == "dead":
            since = each.failing_since(day)
            spans = {True: policy.gone_span, False: policy.unreachable_span}
            if since is None or day - since < spans[each.shows(day) in SAID] / 86_400 - 0.01:
                in_error.append(url)
            else:
                late[each.life].append(day - since)
                dead.add(url)
        elif before == "dead":
            back += (
                [day - max(ended)] if (ended := [one.end for one in each.spells if one.end <= day]) else []
            )
    gone_for_long = [each for each in urls if (each.failing_since(days) or days) < days - 60]
    missed = Counter(each.life for each in gone_for_long if each.url not in dead)
    states = Counter(dict(db.execute("select state, count(*) from urls group by 1").fetchall()))
    return Reckoning(tuple(in_error), late, dict(missed), back, states)
