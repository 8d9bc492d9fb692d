"""Batches of files over all cores, in order, with few of them in memory at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.forkserver import ensure_running
from typing import TYPE_CHECKING

from linkwatch.errors import LinkwatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from linkwatch.harvest.corpus import Task
    from linkwatch.harvest.reading import Batch, Reader

BATCH_BYTES = 4_000_000  # large enough that handing it over and writing it cost little
# Below this, starting processes (0.3 s) takes longer than the reading.
ALONE_BYTES = 8_000_000


def batches(reader: Reader, tasks: Sequence[Task]) -> Iterator[Batch]:
    """What is in the files of all tasks, batch by batch, in their order."""
    groups = _groups(tasks)
    workers = cores()
    if workers < 2 or sum(task.file.size for task in tasks) < ALONE_BYTES:
        yield from map(reader.batch, groups)
        return
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_rarely_collect) as pool:
        waiting: deque[Future[Batch]] = deque(
            pool.submit(reader.batch, group) for group in islice(groups, 2 * workers)
        )
        try:
            while waiting:
                batch = waiting.popleft().result()
                waiting.extend(pool.submit(reader.batch, group) for group in islice(groups, 1))
                yield batch
        except BrokenProcessPool:
            raise LinkwatchError(
                "a process that reads articles was killed, perhaps for lack of memory; run again to go on"
            ) from None
        except BaseException:  # who ends us does not wait for what is half read
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Links are tuples without cycles: looking for any 1,000 times a second costs a fifth of the time."""
    before = gc.get_threshold()
    _rarely_collect()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _rarely_collect() -> None:
    gc.set_threshold(100_000, 50, 100)


def cores() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _groups(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    group: list[Task] = []
    size = 0
    for task in tasks:
        group.append(task)
        size += task.file.size
        if size >= BATCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _context() -> multiprocessing.context.BaseContext:
    """Never a plain fork: the progress bar has a thread, and a fork would copy its locks."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["linkwatch.harvest.reading", "linkwatch.harvest.markdown"])
    with _deaf():
        ensure_running()
    return context


@contextmanager
def _deaf() -> Iterator[None]:
    """What is started now never hears of Ctrl-C and of a terminal that hangs up: these reach all processes,
    and this one ends the others."""
    if threading.current_thread() is not threading.main_thread():  # no other may say so
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
