"""The runs table: one row per invocation, however it ends."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT

from linkwatch import __version__
from linkwatch.check.progress import Progress
from linkwatch.errors import OfflineError, Stopped
from linkwatch.model import Verdict
from linkwatch.nightly import recorded
from linkwatch.store import runs

if TYPE_CHECKING:
    from sqlite_utils import Database

LATER = NIGHT + timedelta(minutes=7)


def test_a_run_that_has_begun_has_no_end(db: Database) -> None:
    """A run of which no end is known is one that is going on, or was killed."""
    run_id = runs.begin(db, "check", NIGHT)
    assert [{**row, "key": len(row["key"])} for row in db.table("runs").rows] == [
        {
            "id": run_id,
            "command": "check",
            "started_at": "2026-03-01T03:17:00Z",
            "finished_at": None,
            "outcome": None,
            "counts": "{}",
            "version": __version__,
            "key": 16,
            "part_of": None,
        }
    ]


def test_a_run_that_has_ended_says_how(db: Database) -> None:
    """End, outcome and counts are written to its own row, the counts as JSON in one order."""
    other, run_id = runs.begin(db, "harvest", NIGHT), runs.begin(db, "check", NIGHT)
    runs.finish(db, run_id, LATER, "done", {"gone": 2, "alive": 40})
    row = db.table("runs").get(run_id)
    assert (row["finished_at"], row["outcome"]) == ("2026-03-01T03:24:00Z", "done")
    assert row["counts"] == '{"alive": 40, "gone": 2}'
    assert db.table("runs").get(other)["outcome"] == "killed"  # it was open when the next began


def clock() -> object:
    """The times at which a run begins and ends."""
    moments = iter((NIGHT, LATER))
    return lambda: next(moments)


def test_a_run_is_recorded_around_its_work(db: Database) -> None:
    """What the stages count stands in the row at the end, numbers only."""
    with recorded(db, "run", clock()) as run:  # type: ignore[arg-type]
        run.add({"articles": 3, "note": "no number"})
        run.add({"alive": 40})
        assert db.table("runs").get(run.id)["finished_at"] is None
    row = db.table("runs").get(run.id)
    assert (row["outcome"], row["counts"]) == ("done", '{"alive": 40, "articles": 3}')


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (OfflineError("no network"), "failed: no network"),
        (sqlite3.OperationalError("database or disk is full"), "failed: database or disk is full"),
        (OSError(28, "No space left on device"), "failed: [Errno 28] No space left on device"),
        (KeyboardInterrupt(), "interrupted by SIGINT"),
        (Stopped(signal.SIGTERM), "interrupted by SIGTERM"),
        (Stopped(signal.SIGHUP), "interrupted by SIGHUP"),
        (asyncio.CancelledError(), "interrupted"),
        (ZeroDivisionError("zero"), "failed: a fault of linkwatch (ZeroDivisionError: zero)"),
    ],
)
def test_a_run_that_fails_is_closed_too(db: Database, error: BaseException, outcome: str) -> None:
    """Whatever ends a run, its row says so, and the error goes on its way."""

    def fail() -> None:
        with recorded(db, "run", clock()) as run:  # type: ignore[arg-type]
            run.add({"alive": 1})
            raise error

    with pytest.raises(type(error)):
        fail()
    (row,) = db.table("runs").rows
    assert (row["outcome"], row["counts"], row["finished_at"]) == (
        outcome,
        '{"alive": 1}',
        "2026-03-01T03:24:00Z",
    )


def test_what_came_to_no_verdict_is_counted(db: Database) -> None:
    """The row says how many URLs were not checked, whether the run was cut short or hosts were set aside."""
    progress = Progress(total=5)

    def stop() -> None:
        with recorded(db, "check", clock()) as run, run.counting(progress):  # type: ignore[arg-type]
            progress.count(Verdict.ALIVE)
            progress.count(Verdict.ALIVE)
            progress.count(None)
            progress.take_back([Verdict.ALIVE])
            raise Stopped(signal.SIGTERM)

    with pytest.raises(Stopped):
        stop()
    (row,) = db.table("runs").rows
    assert row["counts"] == '{"alive": 1, "not_checked": 4}'


def test_a_database_that_cannot_be_written_hides_no_error(db: Database) -> None:
    """The first fault is the one that is told, though the row cannot be closed."""

    def fail() -> None:
        with recorded(db, "run", clock()):  # type: ignore[arg-type]
            db.execute("pragma query_only = on")
            raise OfflineError("no network")

    with pytest.raises(OfflineError):
        fail()
