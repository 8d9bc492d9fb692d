"""Working through lanes: as many at once as allowed, the next one as soon as a place is free."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from linkwatch.check.lanes import Target

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from linkwatch.check.lanes import Lanes

T = TypeVar("T", bound=Target)


async def work(lanes: Lanes[T], do: Callable[[T], Awaitable[None]], concurrency: int) -> None:
    """Does every target of the lanes, at most ``concurrency`` at once.

    The first exception of a target ends the rest and is raised: it is our own fault, since what
    a remote does wrong is a value.
    """
    loop = asyncio.get_running_loop()
    stirred = asyncio.Event()
    tasks: dict[asyncio.Task[None], str] = {}

    def finished(task: asyncio.Task[None]) -> None:
        lanes.release(tasks.pop(task))
        if not task.cancelled() and task.exception():
            failed.append(task)
        stirred.set()

    failed: list[asyncio.Task[None]] = []
    try:
        while (lanes.left or tasks) and not failed:
            stirred.clear()
            while len(tasks) < concurrency and (target := lanes.take(loop.time())) is not None:
                task = loop.create_task(_run(do, target))
                tasks[task] = target.host
                task.add_done_callback(finished)
            await _wait(stirred, lanes.next_at() if len(tasks) < concurrency else None)
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


async def _cancel(tasks: dict[asyncio.Task[None], str]) -> None:
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
