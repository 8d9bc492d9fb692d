"""Datetime negotiation with a TimeGate (RFC 7089): what each answer on the way comes to.

Only ``Memento-Datetime`` says that an archive shows a page of the past; without it the archive
speaks for itself. So a 404 without it is "not archived", and a page without it is no memento.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from linkwatch.archive.addresses import same
from linkwatch.archive.cdx import Lookup
from linkwatch.archive.limits import OTHER_SOURCE_PER_MINUTE, SOURCE_PER_MINUTE
from linkwatch.archive.timemap import nearest
from linkwatch.model import LookupAnswer, Memento

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkwatch.archive.cdx import Question
    from linkwatch.archive.timemap import Listed


@dataclass(frozen=True, slots=True)
class Step:
    """One answer on the way from a TimeGate to a memento."""

    address: str  # what was asked
    status: int | None = None  # None where nothing came back, the cause in ``error``
    error: str = ""
    location: str | None = None
    content_location: str | None = None
    memento_datetime: str | None = None
    replayed: bool = False  # with the page's own headers, as X-Archive-Orig-…: its status is the page's too
    original: str | None = None  # of the Link header: whose memento this is
    timemap: str | None = None  # of the Link header: where all mementos of the page are listed


def source_name(base: str) -> str:
    """What an archive is called in the database: its address without scheme and slash."""
    parts = urlsplit(base)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def per_minute(base: str) -> float:
    """How often an archive may be asked."""
    return SOURCE_PER_MINUTE.get(urlsplit(base).hostname or "", OTHER_SOURCE_PER_MINUTE)


def onward(step: Step, *, first: bool) -> str | None:
    """Where an answer leads on; None where it is the last. The first is the TimeGate's own."""
    leads = step.status is not None and 300 <= step.status < 400 and step.location
    if not leads or (step.memento_datetime and not first):  # a redirect of the past is a memento
        return None
    target = urljoin(step.address, step.location)
    return target if target.startswith(("http://", "https://")) else None


def interpret(question: Question, step: Step, source: str) -> Lookup:
    """What the last answer says of the page that was asked for."""
    if step.status is None:
        return _unknown(step, step.error)
    moment = _moment(step.memento_datetime)
    if moment is not None:
        return _shown(question, step, moment, source)
    if step.status == 404 and step.memento_datetime is None:
        return Lookup(LookupAnswer.NOT_ARCHIVED, status=404)
    return _unknown(step, "an answer that is no memento" if step.status < 400 else f"HTTP {step.status}")


def list_address(step: Step) -> str | None:
    """Where the archive lists all mementos of the page: on its own host, as we ask no other."""
    target = urljoin(step.address, step.timemap) if step.timemap else ""
    return target if urlsplit(target)[:2] == urlsplit(step.address)[:2] else None


def with_others(lookup: Lookup, listed: Iterable[Listed], question: Question, source: str) -> Lookup:
    """The answer of a TimeGate with the other mementos that its archive lists near the time."""
    near = nearest(listed, question.near, question.limit)
    others = (Memento(question.url, each.memento_url, each.captured_at, source=source) for each in near)
    known = {each.memento_url for each in lookup.mementos}
    found = (*lookup.mementos, *(each for each in others if each.memento_url not in known))
    return replace(lookup, mementos=found[: question.limit])


def _shown(question: Question, step: Step, moment: datetime, source: str) -> Lookup:
    if step.original is not None and not same(step.original, question.url):
        return _unknown(step, "a memento of another page")
    address = urljoin(step.address, step.content_location or "")
    if not address.startswith(("http://", "https://")):
        return _unknown(step, "a memento without a web address")
    memento = Memento(
        url=question.url,
        memento_url=address,
        captured_at=moment,
        # pywb shows a page in a frame of its own, which answers 200 whatever the page did.
        http_status=step.status if step.replayed or step.status != 200 else None,
        source=source,
    )
    return Lookup(LookupAnswer.ARCHIVED, (memento,), status=step.status)


def _unknown(step: Step, why: str) -> Lookup:
    return Lookup(LookupAnswer.UNKNOWN, error=why, status=step.status)


def _moment(text: str | None) -> datetime | None:
    """The time of a ``Memento-Datetime`` header; None where it is none."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
