"""What becomes of one capture, kept as soon as it is known: archived, another night, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from linkwatch.archive import limits, spn
from linkwatch.archive.cdx import CAME_BY, EXCLUDED, Lookup, Question
from linkwatch.archive.statuses import Course, meaning
from linkwatch.model import CaptureState, LookupAnswer
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.client import Wayback
    from linkwatch.archive.tally import Tally
    from linkwatch.model import Memento
    from linkwatch.store.mementos import Capture

_NIGHTS = {Course.UNKNOWN: limits.UNKNOWN_NIGHTS}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Writes down how captures end. What that means for the rest of the run is not decided here."""

    db: Database
    client: Wayback
    clock: Callable[[], datetime]
    tally: Tally

    def archived(self, job: Capture, captured: spn.Captured) -> None:
        """The job has made a memento."""
        memento = spn.memento(job.url, captured, self.client.base)
        self._end(job, CaptureState.ARCHIVED, memento=memento)

    async def held_already(self, capture: Capture, message: str, code: str | None = None) -> None:
        """Others have captured the page lately; where that memento is, only the index can say."""
        lookup = await self._index(capture, self.clock())
        memento = max(lookup.mementos, key=lambda each: each.captured_at, default=None)
        self._end(capture, CaptureState.ARCHIVED, error=message or None, code=code, memento=memento)

    async def failed(self, capture: Capture, refused: spn.Refused, end: CaptureState) -> None:
        """An error code: of the submission or of the job."""
        code, course = refused.status_ext, meaning(refused.status_ext).course
        error = _sentence(refused)
        match course:
            case Course.PERMANENT:
                self._end(capture, end, error=error, code=code)
            case Course.TOMORROW:
                await self.held_already(capture, error, code)
            case Course.TRANSIENT | Course.UNKNOWN | Course.SLOW:
                self.another_night(capture, error, code, course)
            case Course.FULL | Course.SKIP_HOST | Course.STOP:
                self.postponed(capture, error, code)

    def another_night(
        self, capture: Capture, error: str, code: str | None = None, course: Course = Course.TRANSIENT
    ) -> None:
        """Tries again, unless that has been done on enough nights."""
        if capture.attempts >= _NIGHTS.get(course, limits.TRANSIENT_NIGHTS):
            self._end(capture, CaptureState.FAILED, error=error, code=code)
        else:
            self.postponed(capture, error, code)

    def postponed(self, capture: Capture, error: str, code: str | None = None) -> None:
        """Tries again on another night: what stood in the way says nothing of the page."""
        store.postpone(self.db, capture.id, error, code)

    async def settled(self, job: Capture) -> bool:
        """Whether a job that is pending past its time could be ended by what the index holds since then."""
        if self.client.index.reason:
            return False
        begun = job.submitted_at or self.clock()
        lookup = await self._index(job, begun)
        since = begun - timedelta(seconds=limits.CLOCK_SLACK)
        made = [each for each in lookup.mementos if each.captured_at >= since]
        if made:
            memento = min(made, key=lambda each: each.captured_at)
            self._end(job, CaptureState.ARCHIVED, memento=memento)
        elif self.age(job) >= limits.INDEX_LAG and _final(lookup):
            self.another_night(job, "the job did not end within its hour, and the index holds no capture")
        else:
            return False
        return True

    def age(self, job: Capture) -> float:
        """Seconds since a job was submitted."""
        return (self.clock() - job.submitted_at).total_seconds() if job.submitted_at else 0.0

    def _end(
        self,
        capture: Capture,
        state: CaptureState,
        *,
        error: str | None = None,
        code: str | None = None,
        memento: Memento | None = None,
    ) -> None:
        store.finish(self.db, capture.id, state, self.clock(), error=error, status_ext=code, memento=memento)
        self.tally.counts[str(state)] += 1

    async def _index(self, capture: Capture, near: datetime) -> Lookup:
        if self.client.index.reason:  # the archive is to be left alone
            return Lookup(LookupAnswer.UNKNOWN)
        return await self.client.look_up(Question(capture.url, near, CAME_BY))


def _final(lookup: Lookup) -> bool:
    """Whether asking again would bring no other answer; of what it excludes the index never speaks."""
    return lookup.answer is not LookupAnswer.UNKNOWN or lookup.error == EXCLUDED


def _sentence(refused: spn.Refused) -> str:
    """What the code means, and what the archive itself said."""
    said = f" The archive said: {refused.message}" if refused.message else ""
    return f"{meaning(refused.status_ext).sentence}{said}"
