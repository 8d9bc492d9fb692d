"""When to look at a URL again, from what its checks so far come to."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from linkwatch.model import State, Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from linkwatch.model import History
    from linkwatch.policy import Policy


def next_check(url: str, history: History, now: datetime, policy: Policy) -> datetime:
    """The earliest time of the next check, brought forward by a share that differs per URL."""
    interval = _interval(history, now, policy)
    if history.state is not State.SUSPECT and not _in_question(history):
        interval *= 1 - policy.recheck_jitter * _share(url, now)
    return now + timedelta(seconds=interval)


def _in_question(history: History) -> bool:
    """Whether the page looked like another one, and a second check has yet to confirm it."""
    return history.verdict is Verdict.DRIFTED and history.state is not State.DRIFTED


def _interval(history: History, now: datetime, policy: Policy) -> float:
    if _in_question(history):
        return policy.failing_recheck
    match history.state:
        case State.ALIVE | State.MOVED | State.DRIFTED:
            return _steady(history.state_since, now, policy)
        case State.BLOCKED:
            return policy.blocked_recheck
        case State.DEAD | State.SKIPPED:
            return policy.dead_recheck
        case State.SUSPECT | State.UNCHECKED:
            return policy.failing_recheck


def _steady(since: datetime | None, now: datetime, policy: Policy) -> float:
    """Longer by as long as nothing has changed so far: 7 days, then 14, 28, and 30 at the most."""
    unchanged = max(0.0, (now - since).total_seconds()) if since else 0.0
    return min(policy.alive_recheck_max, policy.alive_recheck + unchanged)


def in_shard(host: str, shard: int, of: int) -> bool:
    """Whether a host belongs to this shard of so many, counted from 1: the same one every night."""
    digest = blake2b(host.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % of == shard - 1


def _share(url: str, now: datetime) -> float:
    """A number from 0 to 1 that URL and day decide: chance that can be repeated."""
    digest = blake2b(f"{url} {now.date()}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 0xFFFFFFFF
