"""A report as a value: what every output format shows, decided once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from linkwatch.report.rows import Coverage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from linkwatch.model import State
    from linkwatch.moves import Noise
    from linkwatch.report.figures import Figures
    from linkwatch.report.rows import RunRow
    from linkwatch.report.witness import Witness


class SectionKind(StrEnum):
    """The parts of a report, in the order people read them."""

    NEW_DEAD = "new_dead"
    RECOVERED = "recovered"
    STILL_DEAD = "still_dead"
    SUSPECT = "suspect"
    MOVED = "moved"
    BLOCKED = "blocked"
    DRIFTED = "drifted"
    IGNORED = "ignored"


class By(StrEnum):
    """How the entries of a section are grouped."""

    URL = "url"
    HOST = "host"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Heading:
    """How a section is announced."""

    title: str
    summary: str  # after a number: "2 newly dead"
    hint: str  # what to do about its links


HEADINGS = {
    SectionKind.NEW_DEAD: Heading("Newly dead", "newly dead", "Confirmed over several days."),
    SectionKind.RECOVERED: Heading("Recovered", "recovered", "Were dead and answer again."),
    SectionKind.STILL_DEAD: Heading("Still dead", "still dead", "Longest dead and most cited first."),
    SectionKind.SUSPECT: Heading(
        "Suspect", "suspect", "Failing, but not long enough to be sure: nothing to do yet."
    ),
    SectionKind.MOVED: Heading("Moved", "moved", "Alive at a new address: update the link."),
    SectionKind.BLOCKED: Heading(
        "Blocked", "blocked", "A login, a pay wall or a check for robots stands in the way: look by hand."
    ),
    SectionKind.DRIFTED: Heading(
        "Drifted", "drifted", "Answers, but no longer with what was cited, or without the cited part."
    ),
    SectionKind.IGNORED: Heading(
        "Ignored", "ignored", "Left out of the sections above by the configuration, and still checked."
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an article a link stands."""

    line: int
    column: int
    text: str
    element: str
    fragment: str | None = None
    missing: bool = False  # that part is not on the page


@dataclass(frozen=True, slots=True)
class Replacement:
    """The memento that best stands in for a URL in one article."""

    memento_url: str
    captured_at: datetime
    why: str  # "captured 2 days after the article"


@dataclass(frozen=True, slots=True)
class Citation:
    """One article that cites a URL, with every place where it does."""

    path: str
    title: str | None
    url: str | None
    cited_at: datetime
    places: tuple[Place, ...]
    replacement: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Why a URL is left out of the sections, and until when."""

    pattern: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One URL in a section."""

    url: str
    host: str
    state: State
    since: datetime | None
    why: str
    reason: str | None = None
    http_status: int | None = None
    new_url: str | None = None  # where it has moved to
    noise: tuple[Noise, ...] = ()  # what alone is new there, where that is none to a reader
    failing_since: datetime | None = None
    last_alive_at: datetime | None = None
    last_checked_at: datetime | None = None
    witness: Witness | None = None  # of a blocked URL
    links: int = 0
    articles: int = 0
    boilerplate: bool = False  # in so many articles that it must come from their template
    citations: tuple[Citation, ...] = ()  # of a much cited URL only the first few
    ignore: Ignore | None = None

    @property
    def replacement(self) -> Replacement | None:
        """The memento of the first article that has one."""
        return next((each.replacement for each in self.citations if each.replacement), None)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report."""

    kind: SectionKind
    entries: Sequence[Entry]
    total: int | None = None  # of its URLs, where the entries are only the first of them
    torn: int = 0  # of its URLs: pages that are there, but not the part of them that is cited

    @property
    def count(self) -> int:
        """How many URLs it has, listed or not."""
        return len(self.entries) if self.total is None else self.total

    @property
    def left_out(self) -> int:
        """How many of them are not listed."""
        return self.count - len(self.entries)

    @property
    def heading(self) -> Heading:
        """How the section is announced."""
        return HEADINGS[self.kind]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the report was narrowed to."""

    state: State | None = None
    domain: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How much was looked at, and how it stands: of all cited URLs, ignored ones included."""

    articles: int = 0
    links: int = 0
    states: tuple[tuple[State, int], ...] = ()  # every state, in the order of ``State``

    @property
    def urls(self) -> int:
        """All cited URLs."""
        return sum(number for _, number in self.states)


@dataclass(frozen=True, slots=True)
class Report:
    """What changed, since when, and what to do about it."""

    made_at: datetime
    sections: tuple[Section, ...]
    since: datetime | None = None  # what counts as new; None where nothing was ever checked
    filters: Filters = field(default_factory=Filters)
    totals: Totals = field(default_factory=Totals)
    coverage: Coverage = field(default_factory=Coverage)
    run: RunRow | None = None
    by: By = By.URL
    figures: Figures | None = None  # None where the format shows no pictures

    def section(self, kind: SectionKind) -> Section:
        """One of its sections; an empty one where the report has none of that kind."""
        return next((each for each in self.sections if each.kind is kind), Section(kind, ()))
