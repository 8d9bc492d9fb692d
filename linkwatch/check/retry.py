"""Whether another try at once is worth it, and how long to wait before it. Pure."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from linkwatch import reasons
from linkwatch.model import Answer, Failure

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.model import Observation
    from linkwatch.policy import Policy


def worth_another_try(seen: Observation, policy: Policy) -> bool:
    """Whether the same request may well come out differently within the run."""
    wait = retry_after(seen)
    return is_transient(seen) and (wait is None or wait <= policy.retry_after_max)


def is_transient(seen: Observation) -> bool:
    """Whether what was seen may pass by itself."""
    match seen.outcome:
        case Failure(reason):
            return reasons.cause(reason).transient
        case Answer(status):
            return not 200 <= status < 400 and reasons.cause(reasons.http(status)).transient


def pause(seen: Observation, tries: int, policy: Policy) -> float:
    """Seconds to wait before the next try: what the server asks, or doubling from the first."""
    asked = retry_after(seen)
    if asked is not None:
        return min(max(asked, 0.0), policy.retry_after_max)
    return min(policy.retry_wait_max, policy.retry_wait * 2.0 ** (tries - 1))


def deferred(seen: Observation, policy: Policy) -> float | None:
    """Seconds until the server wants to be asked again, where that is for another night; else None."""
    asked = retry_after(seen)
    if asked is None or asked <= policy.retry_after_max or not is_transient(seen):
        return None
    return min(asked, policy.retry_after_longest)


def retry_after(seen: Observation) -> float | None:
    """Seconds the server asks us to wait (RFC 9110, 10.2.3: seconds or a date)."""
    said = seen.outcome.header("retry-after") if isinstance(seen.outcome, Answer) else None
    if said is None:
        return None
    number = said.strip()  # more than float takes for space: U+001F
    return float(number) if number.isdecimal() else _until(said, seen.observed_at)


def _until(date: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):  # the latter for offsets no C integer holds
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
