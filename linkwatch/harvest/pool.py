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
from threading import Thread
from typing import TYPE_CHECKING

from linkwatch.errors import LinkwatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from linkwatch.config import Config
    from linkwatch.harvest.batch import Batch
    from linkwatch.harvest.corpus import Task

BATCH_BYTES = 4_000_000  # large enough that handing it over and writing it cost little
LEAST_BYTES = 1_000_000
LAST_PARTS = 4  # towards the end batches are this part of what is left, so that all cores end together
# Below this, starting processes (0.3 s) takes longer than the reading.
ALONE_BYTES = 8_000_000


def batches(read: Callable[[Sequence[Task]], Batch], tasks: Sequence[Task]) -> Iterator[Batch]:
    """What is in the files of all tasks, batch by batch, in their order."""
    groups = _groups(tasks)
    workers = cores()
    if workers < 2 or sum(task.file.size for task in tasks) < ALONE_BYTES:
        yield from map(read, groups)
        return
    with ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin_reader) as pool:
        waiting: deque[Future[Batch]] = deque(
            pool.submit(read, group) for group in islice(groups, 2 * workers)
        )
        try:
            while waiting:
                batch = waiting.popleft().result()
                waiting.extend(pool.submit(read, group) for group in islice(groups, 1))
                yield batch
        except BrokenProcessPool:
            raise LinkwatchError(
                "a process that reads articles was killed, perhaps for lack of memory; run again to go on"
            ) from None
        except BaseException:
            # Who ends us does not wait for what is half read. Nothing is cancelled beside: the pool sees its
            # processes end and says so to all that waits, and falls over what was cancelled before it.
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def read(config: Config, tasks: Sequence[Task]) -> Batch:
    """What is in these files, in whichever process this is: it is there that parsers are loaded."""
    from linkwatch.harvest.reading import reader

    return reader(config).batch(tasks)


def _begin_reader() -> None:
    """Sets up a process that reads. It ends with the one it reads for, also where that is killed."""
    _rarely_collect()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)  # nobody waits for what is being read, and nothing of it has to be put away


def begin() -> None:
    """Begins what the processes that read are forked from: it loads the parsers while we do other things."""
    if cores() > 1 and "forkserver" in multiprocessing.get_all_start_methods():
        _context()


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
    size, left = 0, sum(task.file.size for task in tasks)
    for task in tasks:
        group.append(task)
        size += task.file.size
        if size >= min(BATCH_BYTES, max(left // LAST_PARTS, LEAST_BYTES)):
            yield group
            group, left, size = [], left - size, 0
    if group:
        yield group


def _context() -> multiprocessing.context.BaseContext:
    """Never a plain fork: the progress bar has a thread, and a fork would copy its locks."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["linkwatch.harvest.warm"])
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
