"""Whether the fault is ours: canaries that answer whenever our own network is up.

Offline is not rot. A resolver that says "no such name" of everything, a cable pulled out half-way:
then the canaries fall silent too, and nothing is held against any URL.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Observation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.check.fetch import Fetcher


# So many hosts do not fail one after another unless something between us and them has.
MANY_HOSTS = 25


@dataclass(slots=True)
class Doubt:
    """Grows with every host that fails and is gone with the first that answers."""

    _failed: set[str] = field(default_factory=set)

    def grows(self, host: str, *, failed: bool) -> bool:
        """Whether it is time to ask the canaries; then it starts again from nothing."""
        if not failed:
            self._failed.clear()
            return False
        self._failed.add(host)
        if len(self._failed) < MANY_HOSTS:
            return False
        self._failed.clear()
        return True


async def assure(fetcher: Fetcher, canaries: Sequence[str]) -> None:
    """Passes when at least half of the canaries answer. Raises OfflineError otherwise.

    Without canaries there is no guard.
    """
    seen = await asyncio.gather(*(fetcher.glance(url) for url in canaries))
    silent = [each for each in seen if not _answers(each)]
    if 2 * len(silent) > len(seen):
        raise OfflineError(
            f"no network: {len(silent)} of {len(seen)} canary hosts do not answer"
            f" ({_why(silent[0])}); nothing was recorded against any URL."
            " Try again when the network is back, or set [network] canaries"
        )


def _answers(seen: Observation) -> bool:
    return isinstance(seen.outcome, Answer) and seen.outcome.status < 500


def _why(seen: Observation) -> str:
    if isinstance(seen.outcome, Answer):
        return f"{seen.url}: HTTP {seen.outcome.status}"
    return f"{seen.url}: {seen.outcome.reason}"
