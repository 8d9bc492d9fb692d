"""The ``runs`` table: one row per invocation, with when, what and how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from linkwatch import __version__
from linkwatch.times import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlite_utils import Database


def begin(db: Database, command: str, now: datetime) -> int:
    """Opens a run and returns its id.

    One writer at a time: a run that is still open was killed, and nobody knows when.
    """
    db.execute("update runs set outcome = 'killed' where outcome is null")
    cursor = db.execute(
        # By chance, so that two machines that begin at the same second are told apart.
        "insert into runs (command, started_at, version, key) values (?, ?, ?, lower(hex(randomblob(8))))",
        [command, to_text(now), __version__],
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish(db: Database, run_id: int, now: datetime, outcome: str, counts: Mapping[str, int]) -> None:
    """Closes a run: "done", or what kept it from being so."""
    db.execute(
        "update runs set finished_at = ?, outcome = ?, counts = ? where id = ?",
        [to_text(now), outcome, json.dumps(counts, sort_keys=True), run_id],
    )
