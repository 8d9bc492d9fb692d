"""One run through what is due: each URL recorded at once, or looked at again later where it may recover.

What may be our own network's fault is never recorded before the canaries have answered after it.
A server that takes no connection is asked by one URL early and one late in the run; its other
URLs share what those saw, so that a dead server costs seconds and not hours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from linkwatch.check.fetch import STRAINED
from linkwatch.check.fold import fold
from linkwatch.check.guard import MANY_ALIKE
from linkwatch.check.judging.evidence import judged
from linkwatch.check.judging.judge import judge
from linkwatch.check.retry import deferred, is_transient
from linkwatch.check.signs import is_ours, kept_waiting, may_be_ours, server_of, shared, took_no_connection
from linkwatch.model import Failure, State, Verdict

if TYPE_CHECKING:
    from linkwatch.check.fetch import Fetcher
    from linkwatch.check.landings import Landings
    from linkwatch.check.quarantine import Quarantine
    from linkwatch.check.records import Entry, Records
    from linkwatch.check.siblings import Siblings
    from linkwatch.model import Observation
    from linkwatch.policy import Policy
    from linkwatch.store.checks import Due


class Late(NamedTuple):
    """A URL to be looked at again."""

    due: Due
    silent: bool = False  # it kept us waiting, and may do so again


@dataclass(slots=True)
class Run:
    """What a run fetches with, where it puts what it sees, and what it is to look at again."""

    policy: Policy
    fetcher: Fetcher
    records: Records
    quarantine: Quarantine
    siblings: Siblings | None = None  # what hosts show at made-up addresses, where they may be asked
    landings: Landings | None = None  # where redirects end, where that is to be compared
    late: list[Late] = field(default_factory=list)  # until somebody takes them
    strikes: Counter[str] = field(default_factory=Counter)  # of each host, in a row
    silent: set[str] = field(default_factory=set)  # servers that took no connection
    lost: dict[str, Observation] = field(default_factory=dict)  # nor did they late in the run

    async def first(self, due: Due) -> None:
        """One URL: recorded, or to be looked at again; not asked where its host is set aside."""
        if self.silent and server_of(due.url) in self.silent:
            self.late.append(Late(due))
            return
        if self.strikes[due.host] >= self.policy.strikes:
            self.records.set_aside()
            return
        # What failed the last time gets one try, and another later where more depends on it.
        ask = self.fetcher.glance if due.history.failures else self.fetcher.fetch
        seen = await ask(due.url)
        self._strike(due.host, seen)
        if took_no_connection(seen):
            self.silent.add(server_of(due.url))
        await self.quarantine.see(due.host, seen)
        if deferred(seen, self.policy):  # not before the time that the server has named
            self._enter(self.records.entry(due, seen))
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
        await self.quarantine.compare(seen)
        await self._accept(due, seen)

    async def settle(self) -> None:
        """Records what was in doubt, once our own network is beyond it."""
        for entry in await self.quarantine.settle():
            self._enter(entry)

    async def conclude(self) -> None:
        """Asks again whatever was still being asked when the run was told to end, and records the rest."""
        for entry in await self.quarantine.conclude():
            self._enter(entry)

    def close(self) -> None:
        """Writes what was kept, unless it was a portal that answered, or may have been.

        What cannot be, or must not be before it is known who answered, stays due.
        """
        try:
            if not self.quarantine.is_open:
                self.records.write()
        finally:
            self.records.give_up()

    async def _accept(self, due: Due, seen: Observation) -> None:
        """Recorded, or in doubt until the canaries are asked."""
        if not may_be_ours(seen):
            self._enter(self.records.entry(due, await self._compared(seen)))
        elif self.quarantine.hold(self.records.entry(due, seen)):
            await self.settle()

    def _enter(self, entry: Entry | None) -> None:
        """Kept, and written with others: the newest when it is clear that they are not all alike."""
        self.records.add(entry)
        if not self.quarantine.is_open and self.records.are_many(MANY_ALIKE):
            self.records.write(leaving=MANY_ALIKE)

    def _is_known(self, due: Due, seen: Observation) -> bool:
        """Whether the last check failed in the same way, and this one does not make a death of it.

        Then a second look on the same night would tell nothing new, and cost a time-out each night.
        """
        before, check = due.history, judged(seen, self.policy)
        after = fold(before, check, self.policy).state
        return (
            before.failures > 0 and check.reason == before.reason and after in (before.state, State.SUSPECT)
        )

    def _strike(self, host: str, seen: Observation) -> None:
        if is_ours(seen):  # as is a look that was too brief: three of them are no more than a slow host
            return
        if _is_refused(seen):
            self.strikes[host] += 1
        else:  # as nearly all: not remembered, of a hundred thousand hosts
            self.strikes.pop(host, None)

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


def _is_refused(seen: Observation) -> bool:
    """Whether a host that takes connections did not want this request, or never answered it."""
    if isinstance(seen.outcome, Failure):
        return seen.outcome.reason == "read_timeout"
    return seen.outcome.status in STRAINED
