"""Running tonight's captures: jobs of other nights first, then the queue, then waiting a while.

Every step is in the database before the next one is taken, so a run that is killed is taken up
where it was: a row with a job id is asked about, never submitted again. The id of a job depends
on the address alone, so even a submission whose answer was lost leads back to the same job.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkwatch.archive import limits, spn
from linkwatch.archive.outcomes import Outcomes
from linkwatch.archive.statuses import Course, meaning
from linkwatch.model import CaptureState
from linkwatch.store import mementos as store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.archive.client import Wayback
    from linkwatch.archive.tally import Tally
    from linkwatch.store.mementos import Capture

WRONG_KEYS = (
    "The Internet Archive does not accept the keys in IA_ACCESS_KEY_ID and IA_SECRET_ACCESS_KEY; "
    "look them up at https://archive.org/account/s3.php."
)


@dataclass(slots=True)
class Capturing:
    """One run of captures: which are under way, how many more may be, and why no more are."""

    db: Database
    run_id: int
    client: Wayback
    clock: Callable[[], datetime]
    tally: Tally
    progress: Callable[[str, int, int], None]
    within: float  # seconds: newer captures of others are as good as ours
    stopped: str | None = None
    jobs: dict[int, Capture] = field(default_factory=dict)
    full_hosts: set[str] = field(default_factory=set)
    free: int = 0
    crowded: int = 0  # submissions in a row that found all our places taken
    slowed: float = 1.0
    outcomes: Outcomes = field(init=False)

    def __post_init__(self) -> None:
        self.outcomes = Outcomes(self.db, self.client, self.clock, self.tally)

    async def resume(self) -> None:
        """Asks about jobs begun on other nights; those past their hour are settled by the index."""
        self.jobs = {each.id: each for each in store.under_way(self.db)}
        await self._poll()
        for job in list(self.jobs.values()):
            if self.outcomes.age(job) >= limits.JOB_LIFETIME and await self.outcomes.settled(job):
                del self.jobs[job.id]

    async def submit(self, captures: Sequence[Capture]) -> None:
        """Submits captures in order, as places at the archive become free."""
        if captures and await self._open():
            for number, capture in enumerate(captures, 1):
                if capture.host in self.full_hosts:
                    continue
                if not await self._place():
                    break
                await self._submit(capture)
                self.progress("capturing", number, len(captures))
        if self.stopped:
            self.tally.notes.append(f"Captures stopped: {self.stopped}")
        if self.stopped == WRONG_KEYS:
            self.tally.refusal = WRONG_KEYS

    async def wait(self) -> None:
        """Waits a few minutes for the jobs under way; what is not done is asked about next time."""
        for seconds in self._waits():
            if not self.jobs or self.client.saver.reason:
                break
            await self.client.sleep(seconds)
            await self._poll()
        if self.jobs:
            self.tally.notes.append(
                f"{_captures(len(self.jobs))} under way; their outcome is asked next time."
            )

    async def _open(self) -> bool:
        """Whether Save Page Now is there, knows us, and has anything left for us today."""
        reply = await self.client.system()
        if said := spn.overload(reply):
            self.tally.notes.append(f"Save Page Now says: {said}")
        self.stopped = spn.outage(reply)
        if not self.stopped:
            await self._count_places()
        return not self.stopped

    async def _count_places(self) -> None:
        running = sum(self.outcomes.age(job) < limits.JOB_LIFETIME for job in self.jobs.values())
        match await self.client.slots(running):
            case spn.Unauthorized():
                self.stopped = WRONG_KEYS
            case spn.Slots(exhausted=True):
                self.stopped = "today's captures of this account are used up."
            case spn.Slots(available=available):
                self.free = available
        self._heed()

    def _heed(self) -> None:
        """Stops where the archive has shown that it wants to be left alone."""
        if self.client.saver.reason and not self.stopped:
            self.stopped = f"of Save Page Now, {self.client.saver.reason}."

    async def _place(self) -> bool:
        """Takes a free place, waiting for one; false where captures must stop."""
        waits = self._waits()
        while self.free <= 0 and not self.stopped:
            seconds = next(waits, None)
            if seconds is None:
                self.stopped = "no place at the archive became free."
                break
            await self.client.sleep(seconds)
            await self._poll()
            await self._count_places()
        self.free -= 1
        return not self.stopped

    async def _submit(self, capture: Capture) -> None:
        store.begin(self.db, capture.id, self.run_id, self.clock())
        answer = await self.client.submit(capture.url, self.within)
        match answer:
            case spn.Accepted(job_id):
                self.crowded = 0
                store.submitted(self.db, capture.id, job_id)
                self.tally.counts["submitted"] += 1
                self.jobs[capture.id] = _begun(capture, job_id, self.clock())
            case spn.AlreadyArchived(message):
                await self.outcomes.held_already(capture, message)
            case spn.Refused():
                await self._failed(_begun(capture, None, self.clock()), answer, CaptureState.REFUSED)
            case spn.Unauthorized():
                self.outcomes.postponed(capture, "the keys were not accepted")
                self.stopped = WRONG_KEYS
            case spn.Throttled():
                self.outcomes.postponed(capture, "the archive was asked too often (429)")
            case spn.NoAnswer(error):
                self.outcomes.another_night(_begun(capture, None, self.clock()), error)
        self._heed()

    async def _poll(self) -> None:
        """Asks once how far all jobs have come."""
        if not self.jobs:
            return
        known = await self.client.statuses(each.job_id for each in self.jobs.values() if each.job_id)
        for job in list(self.jobs.values()):
            match known.get(job.job_id or ""):
                case spn.Captured() as captured:
                    del self.jobs[job.id]
                    self.outcomes.archived(job, captured)
                case spn.Refused() as refused:
                    del self.jobs[job.id]
                    await self._failed(job, refused, CaptureState.FAILED)
                case _:
                    pass

    async def _failed(self, capture: Capture, refused: spn.Refused, end: CaptureState) -> None:
        """Keeps an error, and does with the rest of the run what it asks for."""
        await self.outcomes.failed(capture, refused, end)
        means = meaning(refused.status_ext)
        match means.course:
            case Course.SLOW:
                self._slow_down()
            case Course.FULL:
                self._wait_for_a_place(means.sentence)
            case Course.SKIP_HOST:
                self.full_hosts.add(capture.host)
            case Course.STOP:
                self.stopped = means.sentence
            case Course.PERMANENT | Course.TRANSIENT | Course.TOMORROW | Course.UNKNOWN:
                pass

    def _wait_for_a_place(self, sentence: str) -> None:
        """Submits nothing before a place is free; nothing more where that was said too often."""
        self._slow_down()
        self.free = 0
        self.crowded += 1
        if self.crowded >= limits.STRIKES_FULL:
            self.stopped = sentence

    def _slow_down(self) -> None:
        if self.slowed < limits.SLOWEST:
            self.slowed *= limits.SLOW_DOWN
            self.client.captures.slow_down(limits.SLOW_DOWN)

    def _waits(self) -> Iterator[float]:
        """Seconds between polls: from the distance of two captures, growing, and not for ever."""
        first = self.client.captures.interval
        for number in range(limits.POLL_WAITS):
            yield min(first * limits.POLL_GROWTH**number, limits.POLL_MAX)


def _begun(capture: Capture, job_id: str | None, at: datetime) -> Capture:
    """The capture as it stands once it has been submitted."""
    return replace(capture, job_id=job_id, submitted_at=at, attempts=capture.attempts + 1)


def _captures(count: int) -> str:
    return "1 capture is" if count == 1 else f"{count} captures are"
