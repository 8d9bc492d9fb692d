"""Which link is to lead where: a memento for what is dead or drifted, the new address for what moved.

Behind a redirector the address inside decides, and replaces the redirector too: a reader wants
the page. A picture shown by a proxy is left alone, since its address would have to be made anew in
the proxy's own language; and a link to an archive is what it should be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkwatch.model import Kind, State, Via

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from linkwatch.model import Memento

    Choose = Callable[[int, datetime], Memento | None]  # the memento of a URL for an article of that time

FIXABLE = (State.DEAD, State.MOVED, State.DRIFTED)
# The address of the article itself, of its style and of its forms are not citations.
KINDS = frozenset({Kind.ANCHORS, Kind.IMAGES, Kind.EMBEDS, Kind.CITATIONS})

_SAFE = re.compile(r"https?://[^\s<>\x00-\x1f\x7f]+")

PROXIED = "shown by a proxy: its address is the proxy's to make"
NO_MEMENTO = "no good memento is known"
UNSAFE = "what would replace it is not a web address that can be written"
NO_ADDRESS = "its new address is not known"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was harvested."""

    path: str
    part: str | None
    format: str
    sha256: str  # of its file
    cited_at: datetime  # published, else captured, else first seen
    dated: bool  # False: ``cited_at`` is only when we first saw it


@dataclass(frozen=True, slots=True)
class Cited:
    """One link of an article to one URL, and how that URL stands."""

    line: int
    column: int
    raw: str
    kind: Kind
    fragment: str | None
    via: Via | None
    url_id: int
    url: str
    host: str
    state: State
    final_url: str | None


@dataclass(frozen=True, slots=True)
class Fix:
    """What one place in an article should say instead."""

    line: int
    column: int
    raw: str  # as it stands there
    url_id: int
    url: str  # what is broken
    state: State
    new: str
    memento: Memento | None = None


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A broken link that stays as it is, and why."""

    line: int
    url: str
    why: str


def decide(
    rows: Sequence[Cited],
    at: datetime,
    *,
    choose: Choose,
    unfit: Callable[[str], str | None],
    only: Collection[State] = FIXABLE,
) -> Fix | LeftAlone | None:
    """What to do about one place, given the URLs it leads to from the outside in; None: nothing.

    ``at`` is the time of the article; ``unfit`` says why an address must not be published.
    """
    inner = rows[-1]
    broken = next((row for row in (inner, rows[0]) if row.state in only), None)
    ways = {row.via for row in rows}
    if broken is None or Via.MEMENTO in ways or inner.kind not in KINDS:
        return None
    if Via.PROXY in ways:
        return LeftAlone(broken.line, broken.url, PROXIED)
    if broken is not inner:  # the redirector is broken, not what it led to
        return _towards(broken, inner.url, inner.fragment, unfit)
    if broken.state is State.MOVED:
        return _towards(broken, broken.final_url, broken.fragment, unfit)
    memento = choose(broken.url_id, at)
    if memento is None:
        return LeftAlone(broken.line, broken.url, NO_MEMENTO)
    return _fix(broken, _with_fragment(memento.memento_url, broken.fragment), memento)


def _towards(
    row: Cited, address: str | None, fragment: str | None, unfit: Callable[[str], str | None]
) -> Fix | LeftAlone:
    if address is None or address == row.url:
        return LeftAlone(row.line, row.url, NO_ADDRESS)
    if why := unfit(address):
        return LeftAlone(row.line, row.url, f"its new address is not for an article: {why}")
    return _fix(row, _with_fragment(address, fragment))


def _fix(row: Cited, new: str, memento: Memento | None = None) -> Fix | LeftAlone:
    if not _SAFE.fullmatch(new):  # addresses come from servers and archives
        return LeftAlone(row.line, row.url, UNSAFE)
    return Fix(row.line, row.column, row.raw, row.url_id, row.url, row.state, new, memento)


def _with_fragment(url: str, fragment: str | None) -> str:
    """The place in the page is kept, unless the new address names one itself."""
    return url if "#" in url or not fragment else f"{url}#{fragment}"
