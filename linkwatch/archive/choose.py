"""Which memento best stands in for a link: what the author of the article most likely saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from linkwatch.archive.addresses import same
from linkwatch.urls import host_of
from linkwatch.wrappers import unwrap

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from linkwatch.model import Memento

# Whole or partial content; InternetArchiveBot takes the same three.
GOOD_STATUSES = frozenset({200, 203, 206})
# The digest of nothing: what redirects and empty answers carry, also where the status is missing.
EMPTY_DIGEST = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
# Until so long after the article a page is still taken for the one that was cited.
SHORTLY = timedelta(days=30)
# A later capture may show the page already changed, parked or gone, so each day past "shortly"
# weighs as much as this many days before the article.
LATE_WEIGHT = 3
RUNNERS_UP = 4
# The same content under so many of our addresses is no page of any: a challenge, a parked page, a notice.
# Two may be spellings of one address.
SHARED = 3
# What stores less than such a part of the usual (the median of three captures at least) is most likely
# an empty frame, a challenge or an error with status 200; a quarter leaves room for a page that grew.
SHORT = 0.25
SIBLINGS = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """The best memento, and the next best in order."""

    best: Memento
    runners_up: tuple[Memento, ...] = ()


def best(candidates: Sequence[Memento], at: datetime | None) -> Choice | None:
    """The memento for a link in an article of time ``at``; None where none will do.

    Taken are captures of a page that answered 200, 203 or 206, and revisits, which say that the
    page had not changed: as good as the capture with the same digest where one is known, else only
    behind all others. Redirects, errors and empty pages are never taken, so neither are
    challenges that were answered with 403, 429 or 503, nor logins that know the way back. Captures
    that share their content with other URLs, that are much shorter than the others, or that
    redirects led to come last. Among equals the nearest to ``at`` wins; from 30 days after it,
    distance counts threefold. At equal distance the earlier one wins, as it cannot show what
    happened later. Without ``at`` the newest wins.
    """
    known = {each.digest for each in candidates if each.digest and each.http_status in GOOD_STATUSES}
    usable = {each.memento_url: each for each in candidates if _usable(each)}.values()
    usual = _usual(usable)
    ranked = sorted(
        usable,
        key=lambda each: (_dubious(each, usual), not _certain(each, known), *_distance(each, at)),
    )
    return Choice(ranked[0], tuple(ranked[1 : 1 + RUNNERS_UP])) if ranked else None


def _usable(memento: Memento) -> bool:
    status = memento.http_status
    if memento.digest == EMPTY_DIGEST or not (status is None or status in GOOD_STATUSES):
        return False
    elsewhere = led_to(memento.url, memento.memento_url)
    return elsewhere is None or host_of(memento.url) not in unquote(urlsplit(elsewhere).query)


def led_to(url: str, memento_url: str) -> str | None:
    """The address that a memento is of, where that is another than it stands for; None where it is that one.

    A capture follows redirects. Where it ended with the way back in its query, it is a login's.
    """
    inner = unwrap(memento_url, host_of(memento_url))
    return None if inner is None or same(inner.raw, url) else inner.raw


def _usual(mementos: Collection[Memento]) -> float:
    """What captures of the page usually store, in bytes; nothing where too few say."""
    lengths = [each.length for each in mementos if each.length]
    return median(lengths) if len(lengths) >= SIBLINGS else 0.0


def _dubious(memento: Memento, usual: float) -> bool:
    """Whether a capture, for all its good status, is most likely not of the page."""
    if led_to(memento.url, memento.memento_url) is not None:
        return True
    short = memento.length is not None and memento.length < SHORT * usual
    return memento.shared_by >= SHARED or (short and memento.http_status is not None)


def _certain(memento: Memento, known: set[str]) -> bool:
    return memento.http_status is not None or memento.digest in known


def _distance(memento: Memento, at: datetime | None) -> tuple[float, float, str]:
    """Smaller is better; the last parts settle ties the same way every time."""
    taken = memento.captured_at.timestamp()
    if at is None:
        return (-taken, 0.0, memento.memento_url)
    away = memento.captured_at - at
    weight = LATE_WEIGHT if away > SHORTLY else 1
    return (abs(away).total_seconds() * weight, taken, memento.memento_url)
