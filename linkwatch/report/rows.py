"""What the store hands to the report: rows as values, before anything is decided about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.times import optional_time

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.model import CaptureState, Hop, LookupAnswer, Memento, Scope, State, Verdict, Via


@dataclass(frozen=True, slots=True)
class UrlRow:
    """One URL with the state held of it, and how often articles cite it."""

    id: int
    url: str
    host: str
    domain: str
    state: State
    state_since: datetime | None = None
    reason: str | None = None
    http_status: int | None = None
    final_url: str | None = None
    failures: int = 0  # failing checks in a row
    failing_since: datetime | None = None
    alike: int = 0  # checks of that row with the URL's present reason
    similarity: float | None = None  # of the last check's text with that of the first
    last_checked_at: datetime | None = None
    next_check_at: datetime | None = None
    last_alive_at: datetime | None = None
    links: int = 0
    articles: int = 0
    torn: bool = False  # alive, but a link cites a part that is not on the page
    recovered: bool = False  # has left the state ``dead`` since the time asked about


class Head(NamedTuple):
    """What decides where a URL is reported, and how far up. A plain tuple: there may be 100,000."""

    id: int
    url: str
    host: str
    state: State
    since: str | None  # the time of the state as it is kept
    final_url: str | None
    articles: int
    recovered: bool
    torn: bool

    @property
    def state_since(self) -> datetime | None:
        """Since when the URL is in its state."""
        return optional_time(self.since)


@dataclass(frozen=True, slots=True)
class CitationRow:
    """One link in one article to one URL."""

    url_id: int
    path: str
    line: int
    cited_at: datetime  # when the article was published, else captured, else first seen
    title: str | None = None
    article_url: str | None = None
    column: int = 0
    text: str = ""
    element: str = "a"
    fragment: str | None = None
    missing: bool = False  # that part is not on the page
    scope: Scope | None = None
    via: Via | None = None
    dated: bool = True  # False: ``cited_at`` is only when we first saw the link


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """What the Wayback Machine knows of a URL that is blocked to us."""

    memento_url: str | None = None  # its newest capture, whatever the status
    captured_at: datetime | None = None
    http_status: int | None = None
    led_to: str | None = None  # host and path of what it shows, where redirects led elsewhere
    asked_at: datetime | None = None  # when its index was asked last
    answer: LookupAnswer | None = None
    refusal: str | None = None  # what Save Page Now said last, where that says something of the page
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One invocation of a stage."""

    command: str
    started_at: datetime
    version: str
    finished_at: datetime | None = None
    outcome: str | None = None
    counts: tuple[tuple[str, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason for which the archive has not captured URLs, and how many."""

    status_ext: str | None  # the archive's own code, without ``error:``
    why: str  # as a sentence
    urls: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many cited URLs an archive holds."""

    urls: int = 0
    with_memento: int = 0
    waiting: int = 0  # a capture is queued or under way
    refused: int = 0  # lacks a memento, and the last capture failed or was refused
    refusals: tuple[Refusal, ...] = ()  # why, the most frequent first
    nights: int | None = None  # until all that waits is captured, at the present limit; None: never

    @property
    def percent(self) -> float:
        """URLs with a memento, per hundred."""
        return round(100 * self.with_memento / self.urls, 1) if self.urls else 0.0


@dataclass(frozen=True, slots=True)
class Rows:
    """All that a report is composed of."""

    urls: tuple[UrlRow, ...] = ()
    citations: tuple[CitationRow, ...] = ()  # of a much cited URL only the first few articles
    mementos: tuple[tuple[int, Memento], ...] = ()  # with the id of their URL
    witnesses: tuple[tuple[int, WitnessRow], ...] = ()  # of blocked URLs, with their ids
    states: tuple[tuple[State, int], ...] = ()
    articles: int = 0
    links: int = 0
    coverage: Coverage = Coverage()
    since: datetime | None = None  # what counts as new; None where nothing was ever checked
    run: RunRow | None = None


@dataclass(frozen=True, slots=True)
class StoryRows:
    """All that is known of one URL."""

    url: UrlRow
    first_seen_at: datetime
    citations: tuple[CitationRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()  # oldest first
    transitions: tuple[TransitionRow, ...] = ()  # oldest first
    mementos: tuple[Memento, ...] = ()  # oldest first
    captures: tuple[CaptureRow, ...] = ()
    lookups: tuple[LookupRow, ...] = ()
    witness: WitnessRow | None = None  # of a blocked URL


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check with its hops."""

    checked_at: datetime
    verdict: Verdict
    reason: str
    http_status: int | None = None
    final_url: str | None = None
    content_type: str | None = None
    elapsed_ms: int | None = None
    bytes: int | None = None
    title: str | None = None
    error: str | None = None
    similarity: float | None = None  # of its text with that of the first check
    hops: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class TransitionRow:
    """One change of state."""

    changed_at: datetime
    from_state: State
    to_state: State


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One request to an archive to make a memento."""

    state: CaptureState
    submitted_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    attempts: int = 0
    memento_url: str | None = None


@dataclass(frozen=True, slots=True)
class LookupRow:
    """What an archive last said when asked for mementos."""

    source: str
    asked_at: datetime
    answer: LookupAnswer
    error: str | None = None
