"""Who is captured, in what order, and why not: decided anew each night from what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from linkwatch.archive.limits import FAILED_RECHECK, PERMANENT_RECHECK, SILENCE_RECHECK
from linkwatch.archive.statuses import Course, meaning
from linkwatch.archive.unfit import unfit
from linkwatch.model import CaptureState, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from linkwatch.config import Exclude

# The archive may get through where we are blocked.
LIVE = frozenset({State.ALIVE, State.MOVED, State.DRIFTED, State.BLOCKED})
# Changing state so often means that the page may not come back the next time.
FLAPPING = 3


@dataclass(frozen=True, slots=True)
class Target:
    """What we hold of a URL that could be captured."""

    url_id: int
    url: str
    host: str
    state: State
    first_cited: datetime
    newest_memento: datetime | None = None
    flaps: int = 0  # how often its state has changed
    dead_on_host: int = 0  # how many other URLs of its host have died
    capture: CaptureState | None = None  # of its last capture
    status_ext: str | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The queue in order, and the live targets that are not in it with the reason."""

    wanted: tuple[Target, ...]
    declined: tuple[tuple[Target, str], ...]


def plan(targets: Iterable[Target], now: datetime, within: float, excludes: Sequence[Exclude] = ()) -> Plan:
    """Sorts targets into those to capture, most at risk first, and those not to.

    At risk come first URLs never archived, then those not archived since they were cited, then the
    rest; within each, URLs that flap, then those on hosts where others died, then the oldest
    citations.
    """
    wanted: list[Target] = []
    declined: list[tuple[Target, str]] = []
    for target in targets:
        why = refusal(target, now, within, excludes)
        if why is None:
            wanted.append(target)
        else:
            declined.append((target, why))
    return Plan(tuple(sorted(wanted, key=_risk)), tuple(declined))


def refusal(target: Target, now: datetime, within: float, excludes: Sequence[Exclude]) -> str | None:
    """Why a URL is not captured now; None where it should be."""
    if target.state not in LIVE:
        return "it is not known to be alive"
    if why := unfit(target.url):
        return why
    if _excluded(target, excludes, now):
        return "the configuration leaves it out"
    if _safe(target, now, within):
        return "it is archived"
    return _waiting(target, now, within)


def _safe(target: Target, now: datetime, within: float) -> bool:
    """Whether there is a memento from after the citation that is not too old."""
    newest = target.newest_memento
    return newest is not None and newest >= target.first_cited and newest >= now - timedelta(seconds=within)


def _waiting(target: Target, now: datetime, within: float) -> str | None:
    """Why it is too early for another capture after the last one; None where it is not."""
    if target.capture is CaptureState.SUBMITTED:
        return "its capture is under way"
    if target.finished_at is None:
        return None
    age = (now - target.finished_at).total_seconds()
    match target.capture:
        case CaptureState.ARCHIVED if age < within:
            return "the archive has captured it lately"
        case CaptureState.FAILED | CaptureState.REFUSED if age < _patience(target.status_ext):
            return "the archive could not capture it lately"
        case _:
            return None


def _patience(status_ext: str | None) -> float:
    if status_ext is None:
        return SILENCE_RECHECK
    return PERMANENT_RECHECK if meaning(status_ext).course is Course.PERMANENT else FAILED_RECHECK


def _excluded(target: Target, excludes: Sequence[Exclude], now: datetime) -> bool:
    today = now.astimezone(UTC).date()
    return any(
        (rule.until is None or today <= rule.until)
        and (target.host == rule.pattern or fnmatchcase(target.url, rule.pattern))
        for rule in excludes
    )


def _risk(target: Target) -> tuple[int, bool, bool, datetime, int]:
    """Smaller is more at risk."""
    newest = target.newest_memento
    rank = 0 if newest is None else 1 if newest < target.first_cited else 2
    return (
        rank,
        target.flaps < FLAPPING,
        target.dead_on_host == 0,
        target.first_cited,
        target.url_id,
    )
