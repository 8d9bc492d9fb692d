"""Reading by all cores: what is begun ends with whoever has begun it."""

from __future__ import annotations

import multiprocessing
import threading
from typing import TYPE_CHECKING

import pytest

from linkwatch.harvest import pool
from linkwatch.harvest.corpus import File, Task, Trouble
from linkwatch.harvest.reading import Batch

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    batches = pool.batches(Stuck(), TASKS)  # type: ignore[arg-type]
    assert next(batches).troubles == [Trouble("0.md", "read")]
    if how == "closed":
        batches.close()  # type: ignore[attr-defined]
    else:
        with pytest.raises(KeyboardInterrupt):
            batches.throw(KeyboardInterrupt())  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []
