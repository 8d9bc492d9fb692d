"""Working through lanes: nothing lost, nothing left running."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from linkwatch.check.crew import work
from linkwatch.check.lanes import Lanes, Pace


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at a host."""

    host: str
    number: int


def lanes(jobs: list[Job], interval: float = 0.0, per_host: int = 2) -> Lanes[Job]:
    """The jobs in lanes."""
    return Lanes(jobs, Pace(interval), per_host)


async def test_every_job_is_done_once() -> None:
    """No job is lost and none is done twice, with fewer places than jobs."""
    jobs = [Job(f"h{number % 7}", number) for number in range(200)]
    done: list[Job] = []

    async def do(job: Job) -> None:
        await asyncio.sleep(0)
        done.append(job)

    await work(lanes(jobs), do, 5)
    assert sorted(done, key=lambda job: job.number) == jobs


async def test_the_limits_hold() -> None:
    """Never more at once than the run allows, nor more at one host than a host is asked to bear."""
    active: list[str] = []
    most = [0, 0]

    async def do(job: Job) -> None:
        active.append(job.host)
        most[0] = max(most[0], len(active))
        most[1] = max(most[1], active.count(job.host))
        await asyncio.sleep(0)
        active.remove(job.host)

    await work(lanes([Job(f"h{number % 3}", number) for number in range(60)], per_host=2), do, 4)
    assert most == [4, 2]


async def test_a_fault_of_ours_ends_the_run_and_is_raised() -> None:
    """An exception is not swallowed, and nothing goes on behind its back."""
    running = 0

    async def do(job: Job) -> None:
        nonlocal running
        if job.number == 3:
            raise RuntimeError("ours")
        running += 1
        try:
            await asyncio.Event().wait()
        finally:
            running -= 1

    with pytest.raises(RuntimeError, match="ours"):
        await work(lanes([Job(f"h{number}", number) for number in range(5)]), do, 10)
    assert running == 0


async def test_cancelling_leaves_nothing_running() -> None:
    """A run that is interrupted takes its tasks with it."""
    begun, ended = asyncio.Event(), []

    async def do(job: Job) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(job)

    task = asyncio.create_task(work(lanes([Job("h", 1), Job("g", 2)]), do, 10))
    await begun.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(ended) == 2


async def test_no_work_is_no_trouble() -> None:
    """An empty run ends at once."""

    async def do(_: Job) -> None:
        raise AssertionError

    await work(lanes([]), do, 10)


async def test_when_the_time_is_over_nothing_is_begun() -> None:
    """What is under way ends, and the lanes keep the rest for another time."""
    loop = asyncio.get_running_loop()
    over = loop.time() + 0.05
    done: list[Job] = []

    async def do(job: Job) -> None:
        await asyncio.sleep(over - loop.time())
        done.append(job)

    left = lanes([Job(f"h{number}", number) for number in range(10)])
    await work(left, do, 3, until=over)
    assert (len(done), left.left) == (3, 7)
    await work(left, do, 3)
    assert sorted(job.number for job in done) == list(range(10))


async def test_no_time_at_all_begins_nothing() -> None:
    """A time that is over already ends at once, and so does one that is over before a host's turn."""
    left = lanes([Job("a", 1), Job("a", 2)], interval=60.0)
    await work(left, _never, 3, until=0.0)
    assert left.left == 2
    await work(left, _nothing, 3, until=asyncio.get_running_loop().time() + 0.02)
    assert left.left == 1


async def _never(_: Job) -> None:
    raise AssertionError


async def _nothing(_: Job) -> None:
    pass
