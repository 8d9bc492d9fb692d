"""Whether the fault is ours: canaries that answer whenever our own network is up.

Offline is not rot. A resolver that says "no such name" of everything, a cable pulled out half-way:
then the canaries fall silent too, and nothing is held against any URL.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from linkwatch.errors import OfflineError
from linkwatch.model import Answer, Observation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkwatch.check.fetch import Fetcher


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
