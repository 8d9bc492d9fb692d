"""What may be our own network's doing, until the canaries have answered: till then none of it is written.

A failure may come of a network that is down, an answer of a captive portal. Both show in what many hosts
have in common, and both are settled by asking hosts of which we know how they answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from linkwatch.check.guard import Doubt, Likeness
from linkwatch.check.signs import is_the_machine, may_be_ours
from linkwatch.errors import OfflineError

if TYPE_CHECKING:
    from linkwatch.check.records import Entry
    from linkwatch.model import Observation

# Failures that wait for the canaries at once, some 2 MB, and seconds that they wait while others come: so
# much is lost where a run is killed. Each time three hosts are asked.
MOST_IN_DOUBT = 1_000
LONGEST_IN_DOUBT = 60.0


class Assure(Protocol):
    """Asks the canaries; raises OfflineError when our own network is down, or they show what these do."""

    async def __call__(self, *alike: Observation) -> None:
        """Ask."""


@dataclass(slots=True)
class Quarantine:
    """What is in doubt, and who is asked about it."""

    assure: Assure
    likeness: Likeness = field(default_factory=Likeness)
    doubt: Doubt = field(default_factory=Doubt)
    is_portal: bool = False  # the canaries did not answer as themselves
    _asking: list[Observation] = field(default_factory=list)  # who answers so
    _entries: list[Entry | None] = field(default_factory=list)
    _since: float = 0.0  # when the first of them came, by the event loop's clock

    @property
    def is_open(self) -> bool:
        """Whether it is not known who answers, or known that it is not the hosts."""
        return self.is_portal or bool(self._asking)

    async def see(self, host: str, seen: Observation) -> None:
        """What a host shows at the first look: so many that fail in a row ask the canaries."""
        if not is_the_machine(seen) and self.doubt.grows(host, failed=may_be_ours(seen)):
            await self.assure()
        await self.compare(seen)

    async def compare(self, seen: Observation) -> None:
        """Where many hosts answer so, the canaries are asked who it is that answers.

        Where it is a portal and not the hosts, what was not yet written is no evidence.
        """
        if not self.likeness.grows(seen):
            return
        self._asking.append(seen)
        try:
            await self.assure(seen)
        except OfflineError:
            self.is_portal = True
            raise
        self._asking.remove(seen)

    def hold(self, entry: Entry | None) -> bool:
        """Keeps what may be ours; whether it is time to settle it."""
        now = asyncio.get_running_loop().time()
        self._since = self._since if self._entries else now
        self._entries.append(entry)
        return len(self._entries) >= MOST_IN_DOUBT or now - self._since >= LONGEST_IN_DOUBT

    async def settle(self) -> list[Entry | None]:
        """What was in doubt, once our own network is beyond it."""
        held, self._entries = self._entries, []
        try:
            if held:
                await self.assure()
        except BaseException:
            self._entries[:0] = held  # the question may be asked once more
            raise
        return held

    async def conclude(self) -> list[Entry | None]:
        """The same at the end, where what was still being asked is asked again first."""
        if self._asking:
            await self.assure(*self._asking)
            self._asking.clear()
        return await self.settle()
