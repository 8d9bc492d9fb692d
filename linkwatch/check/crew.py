"""Working through lanes: as many at once as allowed, the next one as soon as a place is free."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from linkwatch.check.backlog import Target

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from linkwatch.check.lanes import Lanes

T = TypeVar("T", bound=Target)


async def work(
    lanes: Lanes[T],
    do: Callable[[T], Awaitable[None]],
    concurrency: int,
    *,
    until: float = float("inf"),
) -> None:
    """Does every target of the lanes, at most ``concurrency`` at once.

    From ``until`` on, in the event loop's seconds, none is begun: what is under way ends, and
    the lanes keep the rest.

    The first exception of a target ends the rest and is raised: it is our own fault, since what
    a remote does wrong is a value.
    """
    loop = asyncio.get_running_loop()
    stirred = asyncio.Event()
    tasks: dict[asyncio.Task[None], T] = {}

    def finished(task: asyncio.Task[None]) -> None:
        stirred.set()  # first: whatever else goes wrong here, nobody is to wait for ever
        lanes.release(tasks.pop(task))
        if not task.cancelled() and task.exception():
            failed.append(task)

    failed: list[asyncio.Task[None]] = []
    try:
        while not failed:
            stirred.clear()
            now = loop.time()
            while now < until and len(tasks) < concurrency and (target := lanes.take(now)) is not None:
                task = loop.create_task(_run(do, target))
                tasks[task] = target
                task.add_done_callback(finished)
            more = now < until and lanes.left > 0
            if not tasks and not more:
                break
            turn = lanes.next_at() if more and len(tasks) < concurrency else None
            await _wait(stirred, None if turn is None else min(turn, until))
        for task in failed:
            task.result()
    finally:
        await _cancel(tasks)


async def _run(do: Callable[[T], Awaitable[None]], target: T) -> None:
    await do(target)


async def _wait(stirred: asyncio.Event, until: float | None) -> None:
    """Until a task ends, or a waiting host's turn comes."""
    try:
        async with asyncio.timeout_at(until):
            await stirred.wait()
    except TimeoutError:
        pass


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
