"""The archive stage: a memento for what is dead, a capture for what still lives."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from linkwatch.archive import anonymous, asking, limits, queue
from linkwatch.archive.capturing import Capturing
from linkwatch.archive.client import Wayback
from linkwatch.archive.keys import ACCESS, SECRET, Keys
from linkwatch.archive.looking import look_up
from linkwatch.archive.negotiation import per_minute, source_name
from linkwatch.archive.pace import Pace, Timer
from linkwatch.archive.tally import ArchiveSummary, Tally
from linkwatch.archive.timegate import TimeGate
from linkwatch.model import State
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from aiohttp import ClientSession
    from sqlite_utils import Database

    from linkwatch.config import Config
    from linkwatch.store.mementos import Capture

__all__ = ["ArchiveSummary", "Keys", "archive"]

TIMER = Timer(time.monotonic, asyncio.sleep)


async def archive(
    db: Database,
    config: Config,
    *,
    run_id: int,
    clock: Callable[[], datetime],
    keys: Keys | None,
    progress: Callable[[str, int, int], None] | None = None,
    session: ClientSession | None = None,
    timer: Timer = TIMER,
) -> ArchiveSummary:
    """Looks up mementos of what is cited, then captures what lives and has none.

    Without keys nothing is submitted, and the summary says what would have been; if the settings ask
    for anonymous captures, each is tried once. ``progress`` is told what is being done, how much of
    it is done, and how much there is; ``session`` and ``timer`` are for callers that have their own.
    """
    tally = Tally()
    tell = progress or _silence
    async with _client(config, keys, session, timer) as client:
        errands = asking.plan(store.known(db), clock())[: config.archive.max_lookups]
        await look_up(db, client, errands, clock, tally, tell)
        for base in config.archive.sources:
            gate = TimeGate(client.session, base, _pace(base, timer))
            await _look_elsewhere(db, config, gate, clock, tally, tell)
        within = config.archive.if_not_archived_within
        captures = Capturing(db, run_id, client, clock, tally, tell, within)
        await captures.resume()
        if client.keys is not None:
            await captures.submit(_tonight(db, config, clock()))
            await captures.wait()
        elif config.archive.anonymous:
            await anonymous.capture(
                db, run_id, _nobody(config, timer), _tonight(db, config, clock()), clock, tally
            )
        else:
            _say_what_would_be(db, config, clock(), tally)
        tally.counts["queued"] = len(store.queued(db))
    return tally.summary()


async def _look_elsewhere(
    db: Database,
    config: Config,
    gate: TimeGate,
    clock: Callable[[], datetime],
    tally: Tally,
    tell: Callable[[str, int, int], None],
) -> None:
    """Asks another archive about the dead URLs of which no memento is known yet."""
    name = source_name(gate.base)
    known = [each for each in store.known(db, name) if each.state is State.DEAD and not each.mementos]
    errands = asking.plan(known, clock())[: config.archive.max_lookups]
    await look_up(db, gate, errands, clock, tally, lambda _, *counts: tell(f"asking {name}", *counts), name)


def _pace(base: str, timer: Timer) -> Pace:
    return Pace(per_minute(base), timer)


def _tonight(db: Database, config: Config, now: datetime) -> list[Capture]:
    """What is captured in this run, most at risk first; all that needs a capture is queued."""
    wanted = _plan(db, config, now)
    store.withdraw(db, {each.url_id for each in wanted}, now)
    store.enqueue(db, (each.url_id for each in wanted))
    waiting = {each.url_id: each for each in store.queued(db)}
    tonight = [waiting[each.url_id] for each in wanted if each.url_id in waiting]
    return tonight[: config.archive.max_captures]


def _nobody(config: Config, timer: Timer) -> anonymous.Anonymous:
    pace = Pace(min(limits.ANONYMOUS_PER_MINUTE, config.archive.captures_per_minute), timer)
    return anonymous.Anonymous(config.archive.wayback_url, config.network.user_agent, pace)


def _plan(db: Database, config: Config, now: datetime) -> tuple[queue.Target, ...]:
    within = config.archive.if_not_archived_within
    return queue.plan(store.targets(db), now, within, config.check.exclude).wanted


def _say_what_would_be(db: Database, config: Config, now: datetime, tally: Tally) -> None:
    count = len(_plan(db, config, now))
    tally.counts["would_submit"] = count
    if count:
        links = "1 live link" if count == 1 else f"{count} live links"
        tally.notes.append(
            f"No Internet Archive keys: {links} would have been submitted. Set {ACCESS} and {SECRET}."
        )


@asynccontextmanager
async def _client(
    config: Config,
    keys: Keys | None,
    session: ClientSession | None,
    timer: Timer,
) -> AsyncIterator[Wayback]:
    """The archive as configured, over the caller's session or one of its own."""
    from linkwatch.net.session import open_session

    settings = config.archive
    async with AsyncExitStack() as stack:
        if session is None:
            session = await stack.enter_async_context(open_session(config.network))
        yield Wayback(
            session=session,
            base=settings.wayback_url,
            lookups=Pace(settings.lookups_per_minute, timer),
            captures=Pace(settings.captures_per_minute, timer),
            sleep=timer.sleep,
            keys=keys,
        )


def _silence(_what: str, _done: int, _total: int) -> None:
    """Tells nobody."""
