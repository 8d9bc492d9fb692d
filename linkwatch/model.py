"""The words of linkwatch as types: what flows from articles to reports.

``Article → Link → Url → Check(hops) → Verdict → State → Memento → report row``.
Everything here is a frozen value; nothing here does anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Scope(StrEnum):
    """Where a link leads, seen from the publication."""

    INTERNAL = "internal"  # a host of the publication
    SIBLING = "sibling"  # the same registrable domain
    OUTBOUND = "outbound"  # another domain


class Via(StrEnum):
    """How a URL was found behind another one."""

    PROXY = "proxy"  # an image proxy or resizer shows it
    WRAPPER = "wrapper"  # a redirector or click counter leads to it
    MEMENTO = "memento"  # an archive holds a snapshot of it


class Kind(StrEnum):
    """What part a link plays in its article; ``[check] elements`` chooses among these."""

    ANCHORS = "anchors"  # what a reader clicks
    IMAGES = "images"  # what a reader sees
    EMBEDS = "embeds"  # frames, video, audio, objects
    CITATIONS = "citations"  # cite attributes of quotations and edits
    METADATA = "metadata"  # link rel=canonical, alternate
    STYLES = "styles"  # url() in CSS
    TITLE = "title"  # the article's own address in its header


class SkipReason(StrEnum):
    """Why a link leads to nothing that can be fetched."""

    EMPTY = "empty"
    FRAGMENT_ONLY = "fragment_only"  # a place in the article itself
    TEMPLATE = "template"  # the site generator fills it in: {{ … }}, {% … %}
    WIKILINK = "wikilink"  # a note of the same vault, not an address
    NO_BASE = "no_base"  # relative, and the article's own address is not known
    UNSUPPORTED_SCHEME = "unsupported_scheme"  # mailto:, javascript:, data:, …
    INVALID_URL = "invalid_url"  # the WHATWG standard rejects it
    FUSED_URL = "fused_url"  # two addresses written as one: https://a.comhttps://b.org/
    SINGLE_LABEL_HOST = "single_label_host"  # http://https/, http://intranet/
    NOT_A_URL = "not_a_url"  # a headline pasted where an address belongs


class Verdict(StrEnum):
    """What one check shows."""

    ALIVE = "alive"
    MOVED = "moved"
    DRIFTED = "drifted"
    GONE = "gone"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    SKIPPED = "skipped"


class State(StrEnum):
    """What we hold of a URL over time, folded from its checks."""

    UNCHECKED = "unchecked"
    ALIVE = "alive"
    MOVED = "moved"
    DRIFTED = "drifted"
    BLOCKED = "blocked"
    SUSPECT = "suspect"  # failed, not yet confirmed
    DEAD = "dead"  # confirmed
    SKIPPED = "skipped"


class CaptureState(StrEnum):
    """How far one request to an archive has come."""

    QUEUED = "queued"
    SUBMITTED = "submitted"
    ARCHIVED = "archived"
    FAILED = "failed"
    REFUSED = "refused"
    SKIPPED = "skipped"


class LookupAnswer(StrEnum):
    """What an archive said when asked whether it holds a URL: unknown is not "no"."""

    ARCHIVED = "archived"
    NOT_ARCHIVED = "not_archived"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Article:
    """One source document of the corpus. What is not known is None, never guessed."""

    path: str  # relative to the corpus root, with forward slashes
    format: str  # the harvest module that read it: "markdown", "html", …
    sha256: str  # of the file's bytes
    url: str | None = None  # canonical URL
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None  # aware, UTC
    captured_at: datetime | None = None  # aware, UTC: when the file was made from the live page
    language: str | None = None


class RawLink(NamedTuple):  # made by the hundred thousand, which tuples bear best
    """One occurrence of a URL as it stands in the source: it may be nonsense."""

    raw: str  # attribute value after entity decoding, or the Markdown destination
    element: str  # "a", "img", "iframe", …; "title" for the link of the header
    attribute: str  # "href", "src", "srcset", …
    kind: str  # the value of a Kind
    text: str = ""  # anchor or alternative text
    line: int = 0  # 1-based, in the source file
    column: int = 0  # 1-based, in characters


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way from a URL to its final URL."""

    url: str
    http_status: int | None  # None where nothing HTTP came back


@dataclass(frozen=True, slots=True)
class Answer:
    """What the last hop answered over HTTP."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()  # names in lower case
    body: bytes = b""  # its beginning, decoded from any content-encoding, cut at the body limit
    size: int = 0  # bytes read
    content_type: str | None = None
    cut: bool = False  # whether more of the body may follow than was read

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in lower case."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no usable answer came: one reason, and the detail a person can search for."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen when one URL was fetched. The remote's misbehaviour is a value here."""

    url: str
    observed_at: datetime
    hops: tuple[Hop, ...]
    outcome: Answer | Failure
    elapsed_ms: int
    beside: Beside | None = None  # what stands beside it, where that was worth asking
    landed_with: tuple[str, ...] = ()  # other URLs of its host whose redirects ended where its own did

    @property
    def final_url(self) -> str:
        """Where the redirects ended."""
        return self.hops[-1].url if self.hops else self.url


@dataclass(frozen=True, slots=True)
class Beside:
    """What a host shows at addresses that were made up, and at its front door; None where nobody asked."""

    sibling: Observation | None = None  # in the same directory
    stranger: Observation | None = None  # every part of the path made up, where that is another question
    front: Observation | None = None
    name_servers: tuple[str, ...] = ()  # of the domain


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one observation shows, and the evidence in one line."""

    verdict: Verdict
    reason: str
    evidence: str = ""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One observation of one URL at one time, judged. Never rewritten afterwards."""

    url: str
    checked_at: datetime
    verdict: Verdict
    reason: str
    http_status: int | None = None
    final_url: str | None = None
    content_type: str | None = None
    elapsed_ms: int | None = None
    bytes: int | None = None
    title: str | None = None
    error: str | None = None  # the evidence, in the remote's or the rule's words
    hops: tuple[Hop, ...] = ()
    similarity: float | None = None  # of its text with that of the first check, from 0 to 1


@dataclass(frozen=True, slots=True)
class History:
    """What all checks of a URL so far come to: the accumulator of the fold."""

    state: State = State.UNCHECKED
    state_since: datetime | None = None
    verdict: Verdict | None = None
    reason: str | None = None
    failures: int = 0  # failing checks in a row
    failing_since: datetime | None = None  # the first of them
    gone: int = 0  # those of the row that were positive evidence
    gone_since: datetime | None = None
    changed_since: datetime | None = None  # the first check of those that saw another page in its place
    last_checked_at: datetime | None = None
    last_alive_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memento:
    """An archived snapshot of a URL, with its datetime (RFC 7089)."""

    url: str  # the URL it is a snapshot of, as we hold it
    memento_url: str
    captured_at: datetime
    http_status: int | None = None  # as archived; None where the archive does not say (revisit)
    source: str = "wayback"
    digest: str | None = None
    length: int | None = None  # bytes that the archive stores of it, compressed
    shared_by: int = 1  # URLs of ours of which the archive holds this very content
