"""One run through what is due: each URL recorded at once, or looked at again later where it may recover.

What may be our own network's fault is never recorded before the canaries have answered after it.
A server that takes no connection is asked by one URL early and one late in the run; its other
URLs share what those saw, so that a dead server costs seconds and not hours.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from linkwatch import reasons
from linkwatch.check.fetch import STRAINED
from linkwatch.check.fold import fold
from linkwatch.check.guard import MANY_ALIKE, Doubt, Likeness
from linkwatch.check.judging.drift import followed
from linkwatch.check.judging.evidence import judged
from linkwatch.check.judging.fragments import missing
from linkwatch.check.judging.judge import judge
from linkwatch.check.judging.page import read
from linkwatch.check.judging.redirects import new_address
from linkwatch.check.retry import deferred, is_transient
from linkwatch.check.schedule import next_check
from linkwatch.check.signs import is_ours, kept_waiting, may_be_ours, server_of, shared, took_no_connection
from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Failure, State, Verdict
from linkwatch.store import checks, fragments, sketches
from linkwatch.store.checks import Recorded
from linkwatch.store.fragments import Part

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlite_utils import Database

    from linkwatch.check.fetch import Fetcher
    from linkwatch.check.judging.drift import First
    from linkwatch.check.landings import Landings
    from linkwatch.check.progress import Progress
    from linkwatch.check.siblings import Siblings
    from linkwatch.model import Check, Observation
    from linkwatch.policy import Policy
    from linkwatch.store.checks import Due

# How many checks are written at once: few enough that a killed run loses little, many enough
# that writing costs little beside fetching. Where they come in faster than that in so many seconds,
# as many as came, up to a limit: 200 at once take three quarters of the time that four times 50 do.
BATCH = 50
BATCH_SECONDS = 1.0
LARGEST_BATCH = 200
# Failures that wait for the canaries at once, some 2 MB, and seconds that they wait while others come: so
# much is lost where a run is killed. Each time three hosts are asked.
MOST_IN_DOUBT = 1_000
LONGEST_IN_DOUBT = 60.0

# A check, the parts of its page, and what is to be kept of its text.
Entry: TypeAlias = "tuple[Recorded, list[Part], First | None]"


class Late(NamedTuple):
    """A URL to be looked at again."""

    due: Due
    silent: bool = False  # it kept us waiting, and may do so again


@dataclass(slots=True)
class Run:
    """What a run fetches with, where it puts what it sees, and what it is to look at again."""

    db: Database
    run_id: int
    policy: Policy
    fetcher: Fetcher
    progress: Progress
    siblings: Siblings | None  # what hosts show at made-up addresses, where they may be asked
    assure: Callable[..., Awaitable[None]]  # raises OfflineError when our own network is down
    landings: Landings | None = None  # where redirects end, where that is to be compared
    late: list[Late] = field(default_factory=list)  # until somebody takes them
    strikes: Counter[str] = field(default_factory=Counter)  # of each host, in a row
    doubtful: list[Entry | None] = field(default_factory=list)
    silent: set[str] = field(default_factory=set)  # servers that took no connection
    lost: dict[str, Observation] = field(default_factory=dict)  # nor did they late in the run
    doubt: Doubt = field(default_factory=Doubt)
    likeness: Likeness = field(default_factory=Likeness)
    asking: list[Observation] = field(default_factory=list)  # who answers so: till then nothing is written
    portal: bool = False  # and they did not answer as themselves
    batch: list[Entry] = field(default_factory=list)
    flushed_at: float = 0.0  # by the event loop's clock
    doubted_at: float = 0.0  # the first of those in doubt

    async def first(self, due: Due) -> None:
        """One URL: recorded, or to be looked at again; not asked where its host is set aside."""
        if self.silent and server_of(due.url) in self.silent:
            self.late.append(Late(due))
            return
        if self._is_set_aside(due.host):
            return
        # What failed the last time gets one try, and another later where more depends on it.
        ask = self.fetcher.glance if due.history.failures else self.fetcher.fetch
        seen = await ask(due.url)
        self._strike(due.host, seen)
        if took_no_connection(seen):
            self.silent.add(server_of(due.url))
        if self.doubt.grows(due.host, failed=may_be_ours(seen)):
            await self.assure()
        if self.likeness.grows(seen):
            await self._ask_who_answers(seen)
        if deferred(seen, self.policy):  # not before the time that the server has named
            self.keep(due, seen)
        elif (is_transient(seen) or may_be_ours(seen)) and not self._is_known(due, seen):
            self.late.append(Late(due, silent=kept_waiting(seen)))
        else:
            await self._accept(due, seen)

    async def again(self, due: Due) -> None:
        """One URL for the second time: recorded, or in doubt until the canaries are asked."""
        server = server_of(due.url)
        known = self.lost.get(server)
        seen = shared(known, due.url) if known else await self.fetcher.glance(due.url)
        self._strike(due.host, seen)
        if took_no_connection(seen):
            self.lost.setdefault(server, seen)
        if self.likeness.grows(seen):
            await self._ask_who_answers(seen)
        await self._accept(due, seen)

    async def _accept(self, due: Due, seen: Observation) -> None:
        """Recorded, or in doubt until the canaries are asked."""
        if may_be_ours(seen):
            now = asyncio.get_running_loop().time()
            self.doubted_at = self.doubted_at if self.doubtful else now
            self.doubtful.append(self._entry(due, seen))
            if len(self.doubtful) >= MOST_IN_DOUBT or now - self.doubted_at >= LONGEST_IN_DOUBT:
                await self.settle()
        else:
            self.keep(due, await self._compared(seen))

    def _is_known(self, due: Due, seen: Observation) -> bool:
        """Whether the last check failed in the same way, and this one does not make a death of it.

        Then a second look on the same night would tell nothing new, and cost a time-out each night.
        """
        before, check = due.history, judged(seen, self.policy)
        after = fold(before, check, self.policy).state
        return (
            before.failures > 0 and check.reason == before.reason and after in (before.state, State.SUSPECT)
        )

    def _is_set_aside(self, host: str) -> bool:
        """Whether a host has had enough of us: its other URLs stay due, and nothing is held against them."""
        if self.strikes[host] < self.policy.strikes:
            return False
        self.progress.count(None)
        return True

    def _strike(self, host: str, seen: Observation) -> None:
        if is_ours(seen):  # as is a look that was too brief: three of them are no more than a slow host
            return
        self.strikes[host] = self.strikes[host] + 1 if _is_refused(seen) else 0

    async def _compared(self, seen: Observation) -> Observation:
        """What was seen, with what stands beside it where it looks like an error page served as success."""
        if self.landings is not None and (others := self.landings.beside(seen)):
            seen = replace(seen, landed_with=others)
        if self.siblings is None or not self.siblings.wants(seen, self.policy):
            return seen
        found = judge(seen, self.policy)  # a gate is not asked what is behind it
        if found.verdict not in (Verdict.ALIVE, Verdict.MOVED) and found.reason != "soft_404":
            return seen
        return replace(seen, beside=await self.siblings.beside(seen, self.policy))

    async def _ask_who_answers(self, alike: Observation) -> None:
        """Where it is a portal and not the hosts, what was not yet written is no evidence."""
        self.asking.append(alike)
        try:
            await self.assure(alike)
        except OfflineError:
            self.portal = True
            raise
        self.asking.remove(alike)

    async def settle(self) -> None:
        """Records what was in doubt, once our own network is beyond it."""
        in_doubt, self.doubtful = self.doubtful, []
        try:
            if in_doubt:
                await self.assure()
        except BaseException:
            self.doubtful[:0] = in_doubt  # the question may be asked once more
            raise
        for entry in in_doubt:
            self._enter(entry)

    async def conclude(self) -> None:
        """Asks again whatever was still being asked when the run was told to end, and records the rest."""
        if self.asking:
            await self.assure(*self.asking)
            self.asking.clear()
        await self.settle()

    def keep(self, due: Due, seen: Observation) -> None:
        """Judges what was seen and writes it, unless the fault was ours."""
        self._enter(self._entry(due, seen))

    def _entry(self, due: Due, seen: Observation) -> Entry | None:
        """What is to be written of what was seen; nothing where the fault was ours."""
        # What was never alive has no text to compare with.
        known = sketches.first(self.db, due.id) if due.history.last_alive_at else None
        check, first = followed(judged(seen, self.policy), seen, known, self.policy)
        if reasons.cause(check.reason).ours:
            return None
        passing = reasons.cause(check.reason).transient  # a challenge names no time that is meant
        recorded = _recorded(due, check, self.policy, deferred(seen, self.policy) if passing else None)
        return recorded, self._parts(due, check, seen), first

    def _enter(self, entry: Entry | None) -> None:
        self.progress.count(entry[0].check.verdict if entry else None)
        if entry is None:
            return
        self.batch.append(entry)
        if self._is_much():
            self.flush(leaving=MANY_ALIKE)  # the newest, until it is clear that they are not all alike

    def _is_much(self) -> bool:
        """Whether it is time to write what was kept."""
        waiting = len(self.batch) - MANY_ALIKE
        if waiting < BATCH or self.asking:
            return False
        now = asyncio.get_running_loop().time()
        if waiting < LARGEST_BATCH and now - self.flushed_at < BATCH_SECONDS:
            return False
        self.flushed_at = now
        return True

    def flush(self, leaving: int = 0) -> None:
        """Writes what was kept but the newest, unless it was a portal that answered, or may have been."""
        if self.portal or self.asking:
            return
        end = len(self.batch) - leaving
        batch = self.batch[:end]
        with self.db.atomic():
            checks.record(self.db, self.run_id, [recorded for recorded, _, _ in batch])
            fragments.record(self.db, [part for _, parts, _ in batch for part in parts])
            sketches.record(self.db, [(each.due.id, first) for each, _, first in batch if first])
        del self.batch[:end]

    def close(self) -> None:
        """Writes what was kept. What cannot be, or must not be before it is known who answered, stays due
        and is counted as not checked."""
        try:
            self.flush()
        finally:
            self.progress.take_back(recorded.check.verdict for recorded, _, _ in self.batch)

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


def _is_refused(seen: Observation) -> bool:
    """Whether a host that takes connections did not want this request, or never answered it."""
    if isinstance(seen.outcome, Failure):
        return seen.outcome.reason == "read_timeout"
    return seen.outcome.status in STRAINED
