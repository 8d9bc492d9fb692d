"""What we hold of a URL after one more check: the state as a pure fold of its checks.

One bad night proves nothing. A URL is dead only after enough failing checks in a row over enough
days (``policy``), and drifted only where a second check on another day says so; one good check resets.
Refolding the whole history gives the stored state.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from linkwatch.model import History, State, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from linkwatch.model import Check
    from linkwatch.policy import Policy


_NO_FAILURES: dict[str, Any] = {"failures": 0, "failing_since": None, "gone": 0, "gone_since": None}


def fold(history: History, check: Check, policy: Policy) -> History:
    """The history with one more check in it. Checks come in the order of their times."""
    counted = _counted(history, check)
    state = _state(counted, check, policy)
    since = _first(history.state_since, check.checked_at) if state == history.state else check.checked_at
    return replace(counted, state=state, state_since=since)


def refold(checks: Iterable[Check], policy: Policy) -> History:
    """The history that all checks of a URL come to."""
    return reduce(lambda history, check: fold(history, check, policy), checks, History())


def _counted(history: History, check: Check) -> History:
    return replace(
        history,
        verdict=check.verdict,
        reason=check.reason,
        last_checked_at=check.checked_at,
        **_changes(history, check.verdict, check.checked_at),
    )


def _changes(history: History, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """What a verdict changes of what was counted so far."""
    match verdict:
        case Verdict.GONE:
            one_more = {"gone": history.gone + 1, "gone_since": _first(history.gone_since, now)}
            return _failed(history, now) | one_more
        case Verdict.UNREACHABLE:
            return _failed(history, now)
        case Verdict.ALIVE | Verdict.MOVED:
            return _NO_FAILURES | {"last_alive_at": now, "changed_since": None}
        case Verdict.DRIFTED:
            return _NO_FAILURES | {
                "last_alive_at": now,
                "changed_since": _first(history.changed_since, now),
            }
        case Verdict.BLOCKED | Verdict.SKIPPED:
            # Neither good nor bad news of the page, but the row of failures is broken.
            return _NO_FAILURES


def _failed(history: History, now: datetime) -> dict[str, Any]:
    return {"failures": history.failures + 1, "failing_since": _first(history.failing_since, now)}


def _first(since: datetime | None, now: datetime) -> datetime:
    """When something began that still holds: what lies in what is yet to come was dated by a wrong clock."""
    return min(since or now, now)


def _state(history: History, check: Check, policy: Policy) -> State:
    match check.verdict:
        case Verdict.ALIVE:
            return State.ALIVE
        case Verdict.MOVED:
            return State.MOVED
        case Verdict.DRIFTED:
            return _drifting(history, check, policy)
        case Verdict.BLOCKED:
            return State.BLOCKED
        case Verdict.SKIPPED:
            return State.SKIPPED
        case Verdict.GONE | Verdict.UNREACHABLE:
            confirmed = history.state is State.DEAD or _confirmed(history, check, policy)
            return State.DEAD if confirmed else State.SUSPECT


def _drifting(history: History, check: Check, policy: Policy) -> State:
    """Drifted once another page was there on two days; until then as good as before."""
    lasted = _lasted(history.changed_since, check.checked_at, policy.changed_span)
    if lasted or history.state is State.DRIFTED:
        return State.DRIFTED
    return history.state if history.state in (State.ALIVE, State.MOVED) else State.ALIVE


def _confirmed(history: History, check: Check, policy: Policy) -> bool:
    """Whether the row of failures is long enough, by its evidence of either strength.

    Only a check that is itself evidence ends a span of evidence: three of one night and a
    time-out three days later do not show that the page was gone for three days.
    """
    by_evidence = (
        check.verdict is Verdict.GONE
        and history.gone >= policy.gone_checks
        and _lasted(history.gone_since, check.checked_at, policy.gone_span)
    )
    by_silence = history.failures >= policy.unreachable_checks and _lasted(
        history.failing_since, check.checked_at, policy.unreachable_span
    )
    return by_evidence or by_silence


def _lasted(since: datetime | None, now: datetime, span: float) -> bool:
    return since is not None and now - since >= timedelta(seconds=span)
