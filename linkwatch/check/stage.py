"""The check stage: what is due is fetched, judged, folded and written, while the run goes on.

What may pass by itself, or may be our own network's fault, is looked at once more later in the run.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from linkwatch.check import guard
from linkwatch.check.backlog import Backlog
from linkwatch.check.crew import work
from linkwatch.check.fetch import Fetcher
from linkwatch.check.landings import Landings
from linkwatch.check.lanes import Lanes, Pace
from linkwatch.check.progress import Progress
from linkwatch.check.quarantine import Quarantine
from linkwatch.check.records import Records
from linkwatch.check.robots import Robots, agent_of
from linkwatch.check.run import Run
from linkwatch.check.siblings import Siblings
from linkwatch.errors import OfflineError
from linkwatch.net.session import keep_where, name_servers, open_session
from linkwatch.store import landings

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncIterator, Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.exchange import Exchange
    from linkwatch.config import Check as Settings
    from linkwatch.config import Config
    from linkwatch.model import Observation, Verdict
    from linkwatch.store.checks import Due


# The share of a limited time that is kept for what is looked at once more. Without it a run
# that never has time enough would never confirm a failure.
FOR_THE_LATE = 0.25
# Seconds in which the canaries may still answer for a run that is told to end: of the five it has.
LAST_QUESTION = 3.0
PULSE = 5.0  # seconds between two words on how far the run is, where nothing else gives cause to one


async def check(
    db: Database,
    config: Config,
    *,
    run_id: int,
    clock: Callable[[], datetime],
    targets: Sequence[Due] | Backlog[Due],
    progress: Progress | None = None,
    max_time: float | None = None,
) -> Counter[Verdict]:
    """Checks the targets and returns how many came to each verdict.

    After ``max_time`` seconds no URL is begun any more; what was not reached stays due.
    Raises OfflineError when our own network is down; what was recorded before is kept.
    """
    progress = progress or Progress()
    progress.total = len(targets)
    if not targets:
        return progress.verdicts
    progress.tell(progress)  # whatever that takes to load is loaded before connections take all the files
    settings = config.check
    async with open_session(config.network) as session, _local_copy(db, config, run_id) as record:
        pace = Pace(settings.per_host_interval, settings.hosts)
        leniently = partial(open_session, config.network, lenient=True)
        fetcher = Fetcher(session, pace, settings, config.policy, clock, leniently=leniently)
        assure = partial(guard.assure, fetcher, config.network.canaries)
        await assure()
        if settings.robots == "obey":
            fetcher = replace(fetcher, robots=_robots(fetcher, config))
        names = partial(name_servers, session)
        siblings = Siblings(partial(_in_turn, fetcher), names) if settings.made_up_addresses else None
        recording = replace(fetcher, record=record)
        known = Landings(partial(landings.known, db))
        hosts = (each.host for each in (targets.queues() if isinstance(targets, Backlog) else targets))
        likeness = guard.Likeness(few=guard.are_few(hosts))
        records = Records(db, run_id, config.policy, progress)
        run = Run(config.policy, recording, records, Quarantine(assure, likeness), siblings, known)
        try:
            async with _pulse(progress):
                await _rounds(run, targets, pace, settings, max_time)
                await run.settle()
        except asyncio.CancelledError:
            await _conclude(run)
            raise
        finally:
            run.close()
    await asyncio.sleep(0)  # lets transports close before the loop does
    return progress.verdicts


async def _conclude(run: Run) -> None:
    """Records what waits for the canaries, where they answer soon: nights that always end so get on too."""
    with suppress(OfflineError, TimeoutError):
        async with asyncio.timeout(LAST_QUESTION):
            await run.conclude()


@asynccontextmanager
async def _pulse(progress: Progress) -> AsyncIterator[None]:
    """Tells how far the run is also while nothing comes to an end: at night the last lines are of waiting."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(PULSE)
            if progress.done < progress.total:
                progress.tell(progress)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


async def _rounds(
    run: Run, targets: Sequence[Due] | Backlog[Due], pace: Pace, settings: Settings, max_time: float | None
) -> None:
    """All URLs once, those that may recover again later; with the time that leaves, the rest."""
    loop = asyncio.get_running_loop()
    end = loop.time() + (float("inf") if max_time is None else max_time)
    seen_once: set[int] = set()
    # What is known to hang is tried once.
    lanes = Lanes(targets, pace, settings.per_host_concurrency, settings.timeout, attrgetter("hung"))

    async def look(due: Due) -> None:
        if due.id in seen_once:
            return await run.again(due)
        await run.first(due)
        for again, silent in run.late:
            seen_once.add(again.id)
            wait = min(run.policy.second_look, lanes.spare()) if silent else run.policy.second_look
            lanes.put_back(again, loop.time() + wait)
        run.late.clear()
        return None

    async def through(lanes: Lanes[Due], until: float) -> None:
        keep_where(run.fetcher.session, lanes.more, settings.concurrency)
        await work(lanes, look, settings.concurrency, until=until)

    await through(lanes, end - (max_time or 0.0) * FOR_THE_LATE)
    await through(Lanes(lanes.returned(), pace, settings.per_host_concurrency), end)
    await through(lanes, end)


@asynccontextmanager
async def _local_copy(
    db: Database, config: Config, run_id: int
) -> AsyncIterator[Callable[[Exchange], None] | None]:
    """What is told of every answer, where the publication keeps copies of its own."""
    if config.archive.warc_dir is None:
        yield None
        return
    from linkwatch.archive.warc import recording

    with recording(db, config, run_id) as recorder:
        yield recorder.write


async def _in_turn(fetcher: Fetcher, url: str) -> Observation:
    """One page more of a host, when its turn comes."""
    await fetcher.wait_for_turn(url)
    return await fetcher.glance(url)


def _robots(fetcher: Fetcher, config: Config) -> Robots:
    """The rules of the sites of this run, each asked for at its host's pace."""

    async def read(url: str) -> Observation:
        seen = await fetcher.glance(url)
        await fetcher.wait_for_turn(url)  # that was this host's turn; the page has the next
        return seen

    def slow_down(host: str, delay: float) -> None:
        fetcher.pace.slow_down(host, min(delay, config.policy.slowest_pace))

    return Robots(read, agent_of(config.network.user_agent), slow_down)
