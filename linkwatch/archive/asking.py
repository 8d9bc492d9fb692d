"""Which URLs an archive is asked about tonight, in what order, and near which times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from linkwatch.archive.cdx import ANYTHING, EXCLUDED, GOOD, NOT_BAD, Question
from linkwatch.archive.limits import (
    DATES_APART,
    DATES_PER_URL,
    NOT_ARCHIVED_RECHECK,
    UNKNOWN_RECHECK,
    WITNESS_RECHECK,
    WITNESSES,
)
from linkwatch.archive.unfit import unfit
from linkwatch.model import LookupAnswer, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Need(IntEnum):
    """How badly a URL needs a memento; smaller is worse."""

    NOW = 0  # it is dead
    SOON = 1  # it is in trouble
    ONE_DAY = 2  # it lives


NEEDS = {
    State.DEAD: Need.NOW,
    State.BLOCKED: Need.SOON,
    State.SUSPECT: Need.SOON,
    State.DRIFTED: Need.SOON,
    State.ALIVE: Need.ONE_DAY,
    State.MOVED: Need.ONE_DAY,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What we hold of a URL that could be looked up."""

    url_id: int
    url: str
    state: State
    state_since: datetime | None
    cited: tuple[datetime, ...]  # the times of the articles that cite it
    linked_at: datetime  # when the newest link to it was first seen
    mementos: int = 0
    answer: LookupAnswer | None = None  # of the last look-up
    asked_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """The questions to ask about one URL."""

    url_id: int
    questions: tuple[Question, ...]


def plan(known: Iterable[Known], now: datetime) -> list[Errand]:
    """Every look-up that is due: dead URLs first, then troubled ones, then live ones without a memento.

    Within each, those cited last come first: there an editor still cares. What the archive could not
    say the last time comes after the rest, so that its trouble with a few URLs keeps no others waiting.
    """
    due = sorted((each for each in known if is_due(each, now)), key=lambda each: _order(each, now))
    return [Errand(each.url_id, questions(each, now)) for each in due]


def _order(known: Known, now: datetime) -> tuple[Need, bool, float, int]:
    unsaid = known.answer is LookupAnswer.UNKNOWN
    return NEEDS[known.state], unsaid, -max(known.cited, default=now).timestamp(), known.url_id


def is_due(known: Known, now: datetime) -> bool:
    """Whether asking about a URL now may tell us something new."""
    if known.state not in NEEDS or unfit(known.url):
        return False
    if NEEDS[known.state] is Need.ONE_DAY and known.mementos:
        return False
    return known.answer is None or known.asked_at is None or _again(known, known.answer, known.asked_at, now)


def _again(known: Known, answer: LookupAnswer, asked_at: datetime, now: datetime) -> bool:
    """Whether another answer may have come since."""
    age = (now - asked_at).total_seconds()
    match answer:
        case LookupAnswer.UNKNOWN if known.error != EXCLUDED:
            return age >= UNKNOWN_RECHECK
        case LookupAnswer.UNKNOWN:
            return age >= NOT_ARCHIVED_RECHECK
        case LookupAnswer.NOT_ARCHIVED:
            return age >= NOT_ARCHIVED_RECHECK or _turned(known, asked_at)
        case LookupAnswer.ARCHIVED:
            return NEEDS[known.state] is not Need.ONE_DAY and _stale(known, asked_at, age)


def questions(known: Known, now: datetime) -> tuple[Question, ...]:
    """What to ask: of a troubled URL, captures near each time it was cited; of others, the newest.

    Of a blocked one also the newest capture whatever its status: the archive is a second witness.
    """
    if NEEDS[known.state] is Need.ONE_DAY:
        return (Question(known.url, now, NOT_BAD),)
    near = tuple(Question(known.url, each, GOOD) for each in _spread(known.cited) or [now])
    witness = (Question(known.url, now, ANYTHING, limit=WITNESSES),) if known.state is State.BLOCKED else ()
    return witness + near


def _stale(known: Known, asked_at: datetime, age: float) -> bool:
    """Whether the URL died, was blocked or cited anew since, or what the witness saw is long ago."""
    if known.state is State.BLOCKED and age >= WITNESS_RECHECK:
        return True
    return known.linked_at > asked_at or _turned(known, asked_at)


def _turned(known: Known, asked_at: datetime) -> bool:
    """Whether the URL died or was blocked since: others may have captured it while it lived."""
    turned_at = known.state_since if known.state in (State.DEAD, State.BLOCKED) else None
    return turned_at is not None and turned_at > asked_at


def _spread(moments: Sequence[datetime]) -> list[datetime]:
    """The newest of some times and a few others, each well apart from those before."""
    apart = timedelta(seconds=DATES_APART)
    chosen: list[datetime] = []
    for moment in sorted(set(moments), reverse=True):
        if all(abs(moment - other) >= apart for other in chosen):
            chosen.append(moment)
    return chosen[:DATES_PER_URL]
