"""What the pictures of a report show, as values: nothing of how they are drawn."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.model import State
from linkwatch.report.survival import Life, Step, survival

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

DAYS = 60  # points of time drawn: more cannot be told apart
DOMAINS = 12  # the most rotten; the data hold them all
COHORTS = 4  # curves that can be told apart
YEAR = 365.25  # days


@dataclass(frozen=True, slots=True)
class Change:
    """How many URLs went from one state to another on a day."""

    day: date
    before: State
    after: State
    urls: int


@dataclass(frozen=True, slots=True)
class Watched:
    """Links of one year of publication that died, or were last seen alive, at the same age."""

    year: int
    days: int
    died: bool
    links: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the checked URLs stood at the end of a day."""

    day: date
    states: tuple[tuple[State, int], ...]

    @property
    def urls(self) -> int:
        """How many URLs there were in all."""
        return sum(number for _, number in self.states)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The links of some years of publication, and the share that lives on at each age in years."""

    first: int
    last: int
    links: int
    died: int
    watched: float  # years: the age at which the last of them was seen
    steps: tuple[Step, ...]

    @property
    def years(self) -> str:
        """Its years: "2012 to 2015"."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True, slots=True)
class DomainRot:
    """How many of a domain's checked URLs are dead."""

    domain: str
    dead: int
    checked: int

    @property
    def percent(self) -> float:
        """Dead URLs per hundred checked."""
        return 100 * self.dead / self.checked if self.checked else 0.0


@dataclass(frozen=True, slots=True)
class Held:
    """How many URLs of a state an archive holds."""

    state: State
    urls: int
    with_memento: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All pictures of a report; each may be empty."""

    standings: tuple[Standing, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    undated: int = 0  # links left out of the cohorts: article without a date, or never seen alive or dead
    domains: tuple[DomainRot, ...] = ()
    held: tuple[Held, ...] = ()


def standings(changes: Iterable[Change], most: int = DAYS) -> tuple[Standing, ...]:
    """How the URLs stood at the end of each day that changed something, thinned evenly to ``most``."""
    counts: Counter[State] = Counter()
    found: dict[date, Standing] = {}
    for change in sorted(changes, key=lambda each: each.day):
        counts[change.before] -= change.urls
        counts[change.after] += change.urls
        standing = tuple((state, counts[state]) for state in State if counts[state] > 0)
        found[change.day] = Standing(change.day, standing)
    days = list(found.values())
    if len(days) <= most:
        return tuple(days)
    return tuple(days[round(each * (len(days) - 1) / (most - 1))] for each in range(most))


def cohorts(lives: Iterable[Watched], most: int = COHORTS) -> tuple[Cohort, ...]:
    """The links by year of publication, neighbouring years joined into at most ``most`` cohorts."""
    years: dict[int, list[Watched]] = defaultdict(list)
    for life in lives:
        years[life.year].append(life)
    sizes = [(year, sum(life.links for life in years[year])) for year in sorted(years)]
    return tuple(
        _cohort([life for year in spanned for life in years[year]]) for spanned in spans(sizes, most)
    )


def spans(sizes: Sequence[tuple[int, int]], most: int) -> list[list[int]]:
    """Years in order, parted into at most ``most`` groups that hold about as many links each."""
    if len(sizes) <= most:
        return [[year] for year, _ in sizes]
    total = sum(size for _, size in sizes)
    groups: dict[int, list[int]] = defaultdict(list)
    before = 0
    for year, size in sizes:
        # A year belongs where its middle falls, so that a large one is not dragged along.
        groups[min(most - 1, int(most * (before + size / 2) / total))].append(year)
        before += size
    return list(groups.values())


def _cohort(lives: Sequence[Watched]) -> Cohort:
    years = [life.year for life in lives]
    return Cohort(
        first=min(years),
        last=max(years),
        links=sum(life.links for life in lives),
        died=sum(life.links for life in lives if life.died),
        watched=max(life.days for life in lives) / YEAR,
        steps=survival(Life(life.days / YEAR, life.died, life.links) for life in lives),
    )
