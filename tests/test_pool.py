"""Reading by all cores: loaded once, busy until the end, and ended with whoever has begun it."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from linkwatch.config import Config
from linkwatch.errors import CorpusError
from linkwatch.harvest import pool
from linkwatch.harvest.ahead import begin_readers
from linkwatch.harvest.batch import Batch
from linkwatch.harvest.corpus import File, Task, Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MEGABYTE = 1_000_000
TASKS = [Task(File(f"{number}.md", "", pool.BATCH_BYTES, 0), None) for number in range(6)]


class Stuck:
    """Reads the first file, and never comes to the end of any other."""

    def batch(self, tasks: Sequence[Task]) -> Batch:
        """What is in the first file."""
        if tasks[0].file.path != "0.md":
            threading.Event().wait()
        return Batch(troubles=[Trouble("0.md", "read")])


@pytest.mark.parametrize("how", ["closed", "ended by an error"])
def test_who_ends_a_harvest_does_not_wait_for_its_readers(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """However much is half read: with the last batch that anybody wants the processes are gone."""
    monkeypatch.setattr(pool, "cores", lambda: 2)
    batches = pool.batches(Stuck().batch, TASKS)
    assert next(batches).troubles == [Trouble("0.md", "read")]
    if how == "closed":
        batches.close()  # type: ignore[attr-defined]
    else:
        with pytest.raises(KeyboardInterrupt):
            batches.throw(KeyboardInterrupt())  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def loaded(*names: str) -> list[bool]:
    """Which modules a process holds."""
    return [name in sys.modules for name in names]


def test_readers_are_forked_from_one_that_has_loaded_the_parsers() -> None:
    """Python is silent where what was to be loaded beforehand cannot be: each reader would load it again.

    What only the writer needs is not waited for.
    """
    pool.begin()
    with ProcessPoolExecutor(1, mp_context=pool._context()) as executor:
        names = ("linkwatch.harvest.warm", "linkwatch.harvest.reading", "sqlite_utils")
        assert executor.submit(loaded, *names).result() == [True, True, False]


KILLED = """
import os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from linkwatch.harvest import pool

if __name__ == "__main__":
    reader = ProcessPoolExecutor(1, mp_context=pool._context(), initializer=pool._begin_reader)
    print(reader.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_readers_end_with_the_process_they_read_for(tmp_path: Path) -> None:
    """A harvest that is killed leaves no process behind: its output ends when the last reader has."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout) > 0


@pytest.mark.parametrize("count", [1, 7, 100])
def test_batches_are_of_one_size_and_smaller_towards_the_end(count: int) -> None:
    """Every file once, in order; no batch is much larger than another, and the last are small."""
    tasks = [Task(File(f"{number}.md", "", MEGABYTE // 10, 0), None) for number in range(count * 10)]
    groups = list(pool._groups(tasks))
    assert [task for group in groups for task in group] == tasks
    sizes = [sum(task.file.size for task in group) for group in groups]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] <= pool.BATCH_BYTES + MEGABYTE // 10
    assert sizes[-1] <= pool.LEAST_BYTES


@pytest.mark.parametrize(
    ("size", "known", "begun"), [(500, False, True), (400, False, False), (500, True, False)]
)
def test_readers_are_begun_ahead_of_a_large_first_harvest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, size: int, known: bool, begun: bool
) -> None:
    """Where there is a database already, or little to read, no process is begun that may be of no use."""
    calls: list[None] = []
    monkeypatch.setattr(pool, "ALONE_BYTES", 1000)
    monkeypatch.setattr(pool, "begin", lambda: calls.append(None))
    for number in range(2):
        (tmp_path / f"{number}.md").write_bytes(b"x" * size)
    database = tmp_path / "linkwatch.db"
    if known:
        database.touch()
    begin_readers(Config(root=tmp_path), [tmp_path], database)
    assert bool(calls) is begun


def test_a_path_that_does_not_exist_makes_no_database(tmp_path: Path) -> None:
    """Who mistypes the articles of a first harvest hears so before anything is made."""
    with pytest.raises(CorpusError):
        begin_readers(Config(root=tmp_path), [tmp_path / "artciles"], tmp_path / "linkwatch.db")
