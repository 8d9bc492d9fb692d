"""The check stage: what is due is fetched, judged, folded and written, while the run goes on.

What may be our own network's fault is held back: it is tried once more at the end, and recorded
only when the canaries answer then too.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkwatch import reasons
from linkwatch.check import guard
from linkwatch.check.crew import work
from linkwatch.check.fetch import Fetcher
from linkwatch.check.fold import fold
from linkwatch.check.judge import judge
from linkwatch.check.lanes import Lanes, Pace
from linkwatch.check.progress import Progress
from linkwatch.check.redirects import new_address
from linkwatch.check.retry import is_transient
from linkwatch.check.robots import Robots, agent_of
from linkwatch.check.schedule import next_check
from linkwatch.model import Answer, Check, Failure, Verdict
from linkwatch.net.session import open_session
from linkwatch.store import checks
from linkwatch.store.checks import Due, Recorded

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.model import Observation
    from linkwatch.policy import Policy

# How many checks are written at once: few enough that a killed run loses little, many enough
# that writing costs nothing beside fetching.
BATCH = 50


@dataclass(slots=True)
class _Run:
    """One run of the stage: what it fetches with, and where it puts what it sees."""

    db: Database
    run_id: int
    policy: Policy
    fetcher: Fetcher
    progress: Progress
    held: list[tuple[Due, Observation]] = field(default_factory=list)
    batch: list[Recorded] = field(default_factory=list)

    async def first(self, due: Due) -> None:
        """One URL; what may pass by itself is held for the end."""
        seen = await self.fetcher.fetch(due.url)
        if is_transient(seen) or _may_be_ours(seen):
            self.held.append((due, seen))
        else:
            self.keep(due, seen)

    async def again(self, due: Due) -> None:
        """One URL of those held, once more."""
        self.held.append((due, await self.fetcher.glance(due.url)))

    def keep(self, due: Due, seen: Observation) -> None:
        """Judges what was seen and writes it, unless the fault was ours."""
        check = judged(seen, self.policy)
        if reasons.cause(check.reason).ours:
            self.progress.count(None)
            return
        self.batch.append(_recorded(due, check, self.policy))
        self.progress.count(check.verdict)
        if len(self.batch) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes what was kept."""
        batch, self.batch = self.batch, []
        checks.record(self.db, self.run_id, batch)


async def check(
    db: Database,
    config: Config,
    *,
    run_id: int,
    clock: Callable[[], datetime],
    targets: Sequence[Due],
    progress: Progress | None = None,
) -> Counter[Verdict]:
    """Checks the targets and returns how many came to each verdict.

    Raises OfflineError when our own network is down; what was recorded before is kept.
    """
    progress = progress or Progress()
    progress.total = len(targets)
    if not targets:
        return progress.verdicts
    settings = config.check
    async with open_session(config.network) as session:
        pace = Pace(settings.per_host_interval)
        fetcher = Fetcher(session, pace, settings, config.policy, clock)
        await guard.assure(fetcher, config.network.canaries)
        if settings.robots == "obey":
            fetcher = replace(fetcher, robots=_robots(fetcher, config))
        run = _Run(db, run_id, config.policy, fetcher, progress)
        try:
            await work(Lanes(targets, pace, settings.per_host_concurrency), run.first, settings.concurrency)
            await _settle(run, config)
        finally:
            run.flush()
    await asyncio.sleep(0)  # lets transports close before the loop does
    return progress.verdicts


def _robots(fetcher: Fetcher, config: Config) -> Robots:
    """The rules of the sites of this run, each asked for at its host's pace."""

    async def read(url: str) -> Observation:
        seen = await fetcher.glance(url)
        await fetcher.wait_for_turn(url)  # that was this host's turn; the page has the next
        return seen

    return Robots(read, agent_of(config.network.user_agent))


async def _settle(run: _Run, config: Config) -> None:
    """Tries what was held once more, and records it when our own network is beyond doubt."""
    targets, run.held = [due for due, _ in run.held], []
    lanes = Lanes(targets, run.fetcher.pace, config.check.per_host_concurrency)
    await work(lanes, run.again, config.check.concurrency)
    doubtful = [each for each in run.held if _may_be_ours(each[1])]
    for due, seen in run.held:
        if not _may_be_ours(seen):
            run.keep(due, seen)
    if doubtful:
        await guard.assure(run.fetcher, config.network.canaries)
    for due, seen in doubtful:
        run.keep(due, seen)


def _may_be_ours(seen: Observation) -> bool:
    match seen.outcome:
        case Failure(reason):
            return reasons.cause(reason).network
        case Answer():
            return False


def _recorded(due: Due, check: Check, policy: Policy) -> Recorded:
    history = fold(due.history, check, policy)
    new_url = new_address(check.hops) if check.verdict is Verdict.MOVED else None
    return Recorded(due, check, history, next_check(due.url, history, check.checked_at, policy), new_url)


def judged(seen: Observation, policy: Policy) -> Check:
    """An observation with its verdict, as the database keeps it."""
    judgement = judge(seen, policy)
    check = Check(
        url=seen.url,
        checked_at=seen.observed_at,
        verdict=judgement.verdict,
        reason=judgement.reason,
        final_url=seen.final_url,
        elapsed_ms=seen.elapsed_ms,
        title=judgement.title,
        error=judgement.evidence or None,
        hops=seen.hops,
    )
    if isinstance(seen.outcome, Failure):
        return check
    answer = seen.outcome
    return replace(check, http_status=answer.status, content_type=answer.content_type, bytes=answer.size)
