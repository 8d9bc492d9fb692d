"""Saving without keys, as far as the archive lets anybody: by waybackpy, one try, in a thread.

Best effort, and off unless asked for: in August 2026 the archive refused anonymous saves from two
networks, in September it took one. waybackpy passes no timeout to its requests, so each save runs
in a thread of its own that is left behind when its time is over; such a thread does not keep the
process from ending. It goes past our own session: of the settings of ``[network]`` only the user
agent holds, and a proxy comes from ``HTTPS_PROXY``.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from linkwatch.archive import limits
from linkwatch.archive.addresses import memento_url
from linkwatch.archive.timestamps import from_stamp
from linkwatch.model import CaptureState, Memento
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.pace import Pace
    from linkwatch.archive.tally import Tally
    from linkwatch.store.mementos import Capture

_SNAPSHOT = re.compile(r"https?://[^/]+/web/(\d{14})/(.+)", re.DOTALL)
# Not allowed, or asked too often: nothing more without keys tonight.
_REFUSALS = frozenset({401, 403, 429, 509})


@dataclass(frozen=True, slots=True)
class Saved:
    """How one anonymous save ended: the address of the snapshot, or why there is none."""

    snapshot: str | None = None
    error: str = ""
    status: int | None = None  # HTTP status of the archive's answer


@dataclass(frozen=True, slots=True)
class Anonymous:
    """The Wayback Machine at ``base`` for those without keys."""

    base: str
    user_agent: str
    pace: Pace
    seconds: float = limits.ANONYMOUS_TIMEOUT

    async def save(self, url: str) -> Saved:
        """Asks once for a capture of ``url``. Returns within ``seconds`` whatever the archive does."""
        await self.pace.turn()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Saved] = loop.create_future()

        def settle(saved: Saved) -> None:
            if not answer.done():
                answer.set_result(saved)

        def work() -> None:
            saved = _save(f"{self.base.rstrip('/')}/save/{url}", url, self.user_agent)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, saved)

        Thread(target=work, name="anonymous save", daemon=True).start()
        try:
            async with asyncio.timeout(self.seconds):
                return await answer
        except TimeoutError:
            return Saved(error=f"no answer within {self.seconds:g} seconds")


async def capture(
    db: Database,
    run_id: int,
    archive: Anonymous,
    captures: Sequence[Capture],
    clock: Callable[[], datetime],
    tally: Tally,
) -> None:
    """Saves captures in order until done, refused, or in vain several times in a row."""
    vain = 0
    for each in captures:
        store.begin(db, each.id, run_id, clock())
        saved = await archive.save(each.url)
        memento = _memento(each.url, saved, archive.base)
        tally.counts["submitted"] += 1
        if memento is not None:
            store.finish(db, each.id, CaptureState.ARCHIVED, clock(), memento=memento)
            tally.counts["archived"] += 1
            vain = 0
            continue
        vain += 1
        _failed(db, each, saved, clock(), tally)
        if saved.status in _REFUSALS or vain >= limits.STRIKES_UNKNOWN:
            tally.notes.append(f"Anonymous captures stopped: {saved.error}. Keys are the reliable way.")
            return


def _failed(db: Database, each: Capture, saved: Saved, now: datetime, tally: Tally) -> None:
    """Another night, unless the archive has failed at this page on several."""
    if saved.status in _REFUSALS or each.attempts + 1 < limits.TRANSIENT_NIGHTS:
        store.postpone(db, each.id, saved.error)
    else:
        store.finish(db, each.id, CaptureState.FAILED, now, error=saved.error)
        tally.counts["failed"] += 1


def _save(address: str, url: str, user_agent: str) -> Saved:
    """One request in the calling thread, for as long as it takes."""
    from waybackpy import WaybackMachineSaveAPI

    api = WaybackMachineSaveAPI(url, user_agent, max_tries=1)
    api.request_url = address
    api.total_save_retries = 0
    try:
        return Saved(snapshot=api.save())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in there is the archive's "no"
        status = api.status_code
        answer = "no usable answer" if status is None else f"HTTP {status}"
        why = f"the archive did not save it without keys ({answer}, {type(error).__name__})"
        return Saved(error=why, status=status)


def _memento(url: str, saved: Saved, base: str) -> Memento | None:
    found = _SNAPSHOT.fullmatch(saved.snapshot or "")
    moment = from_stamp(found[1]) if found else None
    if found is None or moment is None:
        return None
    return Memento(url=url, memento_url=memento_url(base, found[1], found[2]), captured_at=moment)
