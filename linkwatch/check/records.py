"""What a run writes: each observation judged, beside what is known of its URL; in batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

from linkwatch import reasons
from linkwatch.check.fold import fold
from linkwatch.check.judging.drift import followed
from linkwatch.check.judging.evidence import judged
from linkwatch.check.judging.fragments import missing
from linkwatch.check.judging.page import read
from linkwatch.check.judging.redirects import new_address
from linkwatch.check.retry import deferred
from linkwatch.check.schedule import next_check
from linkwatch.model import Answer, Verdict
from linkwatch.store import checks, fragments, sketches
from linkwatch.store.checks import Recorded
from linkwatch.store.fragments import Part

if TYPE_CHECKING:
    from sqlite_utils import Database

    from linkwatch.check.judging.drift import First
    from linkwatch.check.progress import Progress
    from linkwatch.model import Check, Observation
    from linkwatch.policy import Policy
    from linkwatch.store.checks import Due

# How many checks are written at once: few enough that a killed run loses little, many enough
# that writing costs little beside fetching. Where they come in faster than that in so many seconds,
# as many as came, up to a limit: 200 at once take three quarters of the time that four times 50 do.
BATCH = 50
BATCH_SECONDS = 1.0
LARGEST_BATCH = 200

SET_ASIDE = "Their hosts kept us waiting or sent us away several times in a row: left alone until next time."

# A check, the parts of its page, and what is to be kept of its text.
Entry: TypeAlias = "tuple[Recorded, list[Part], First | None]"


@dataclass(slots=True)
class Records:
    """What is to be written of a run, and how far it is."""

    db: Database
    run_id: int
    policy: Policy
    progress: Progress
    _batch: list[Entry] = field(default_factory=list)
    _flushed_at: float = 0.0  # by the event loop's clock

    def entry(self, due: Due, seen: Observation) -> Entry | None:
        """What is to be written of what was seen; nothing where the fault was ours."""
        # What was never alive has no text to compare with.
        known = sketches.first(self.db, due.id) if due.history.last_alive_at else None
        check, first = followed(judged(seen, self.policy), seen, known, self.policy)
        cause = reasons.cause(check.reason)
        if cause.ours:
            self.progress.left[cause.sentence] += 1
            return None
        # A challenge names no time that is meant.
        wait = deferred(seen, self.policy) if cause.transient else None
        recorded = _recorded(due, check, self.policy, wait)
        return recorded, self._parts(due, check, seen), first

    def add(self, entry: Entry | None) -> None:
        """One URL is done: what is to be written of it, if anything."""
        self.progress.count(entry[0].check.verdict if entry else None)
        if entry is not None:
            self._batch.append(entry)

    def set_aside(self) -> None:
        """One URL is not asked, as its host has had enough of us: nothing is held against it."""
        self.progress.left[SET_ASIDE] += 1
        self.add(None)

    def are_many(self, leaving: int) -> bool:
        """Whether it is time to write all but the newest."""
        waiting = len(self._batch) - leaving
        if waiting < BATCH:
            return False
        now = asyncio.get_running_loop().time()
        if waiting < LARGEST_BATCH and now - self._flushed_at < BATCH_SECONDS:
            return False
        self._flushed_at = now
        return True

    def write(self, leaving: int = 0) -> None:
        """Writes what was added but the newest, in one transaction."""
        end = len(self._batch) - leaving
        batch = self._batch[:end]
        with self.db.atomic():
            checks.record(self.db, self.run_id, [recorded for recorded, _, _ in batch])
            fragments.record(self.db, [part for _, parts, _ in batch for part in parts])
            sketches.record(self.db, [(each.due.id, first) for each, _, first in batch if first])
        del self._batch[:end]

    def give_up(self) -> None:
        """What was not written stays due, and is counted as not checked."""
        self.progress.take_back(recorded.check.verdict for recorded, _, _ in self._batch)

    def _parts(self, due: Due, check: Check, seen: Observation) -> list[Part]:
        """What links cite of a page that is there: the page is alive, whichever of its parts is lost."""
        alive = check.verdict in (Verdict.ALIVE, Verdict.MOVED)
        if not due.has_parts or not alive or not isinstance(seen.outcome, Answer):
            return []
        page = read(seen.outcome)
        found = fragments.cited(self.db, due.id)
        return [Part(due.id, each, missing(page, each, self.policy), check.checked_at) for each in found]


def _recorded(due: Due, check: Check, policy: Policy, wait: float | None) -> Recorded:
    history = fold(due.history, check, policy)
    new_url = new_address(check.hops) if check.verdict is Verdict.MOVED else None
    named = None if wait is None else check.checked_at + timedelta(seconds=wait)
    then = named or next_check(due.url, history, check.checked_at, policy)
    return Recorded(due, check, history, then, new_url)
