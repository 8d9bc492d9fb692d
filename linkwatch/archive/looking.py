"""Running tonight's look-ups: several at once at the pace of the archive, each kept as it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from linkwatch.archive.cdx import Lookup
from linkwatch.archive.limits import LOOKUPS_AT_ONCE
from linkwatch.model import LookupAnswer
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.asking import Errand
    from linkwatch.archive.breaker import Breaker
    from linkwatch.archive.cdx import Question
    from linkwatch.archive.tally import Tally

_COUNTS = {
    LookupAnswer.ARCHIVED: "found",
    LookupAnswer.NOT_ARCHIVED: "not_archived",
    LookupAnswer.UNKNOWN: "unknown",
}


class Index(Protocol):
    """An archive that can be asked what it holds."""

    @property
    def index(self) -> Breaker:
        """Says when to leave it alone."""

    async def look_up(self, question: Question) -> Lookup:
        """What it says of a URL."""


async def look_up(
    db: Database,
    client: Index,
    errands: Sequence[Errand],
    clock: Callable[[], datetime],
    tally: Tally,
    progress: Callable[[str, int, int], None],
    source: str = store.WAYBACK,
) -> None:
    """Asks about every errand in order, until done or until the archive should be left alone.

    What archives other than the Wayback Machine say, under the name ``source``, is counted apart.

    Several workers ask at once. Each 429 takes one of them away, except the last: after a burst of
    refusals the archive is asked one question at a time.
    """
    left = iter(errands)
    workers = LOOKUPS_AT_ONCE
    asked = 0

    async def worker() -> None:
        nonlocal workers, asked
        for errand in left:
            lookup = await _ask(client, errand)
            store.record_lookup(db, errand.url_id, lookup, clock(), source)
            asked += 1
            _count(tally, source, lookup.answer)
            progress("looking up", asked, len(errands))
            if client.index.reason:
                return
            if lookup.status == 429 and workers > 1:
                workers -= 1
                return

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(worker())
    if client.index.reason:
        where = "the archive" if source == store.WAYBACK else source
        tally.notes.append(
            f"Look-ups stopped: at {where}, {client.index.reason}. "
            f"{len(errands) - asked} URLs are left for another night."
        )


def _count(tally: Tally, source: str, answer: LookupAnswer) -> None:
    if source == store.WAYBACK:
        tally.counts["looked_up"] += 1
        tally.counts[_COUNTS[answer]] += 1
    else:
        tally.counts["asked_elsewhere"] += 1
        tally.counts["found_elsewhere"] += answer is LookupAnswer.ARCHIVED


async def _ask(client: Index, errand: Errand) -> Lookup:
    """What the archive says to all questions about a URL, as one answer."""
    said: list[Lookup] = []
    for question in errand.questions:
        said.append(await client.look_up(question))
        if client.index.reason:
            break
    return merged(said)


def merged(said: Sequence[Lookup]) -> Lookup:
    """Several answers as one: any snapshot is a yes, and any doubt keeps it from being a no."""
    found = tuple(dict.fromkeys(memento for each in said for memento in each.mementos))
    if found:
        return Lookup(LookupAnswer.ARCHIVED, found)
    doubtful = (each for each in said if each.answer is LookupAnswer.UNKNOWN)
    return next(doubtful, said[-1])
