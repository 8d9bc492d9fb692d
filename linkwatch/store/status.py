"""SQL of ``linkwatch status``: what is due, what was done, how much there is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from linkwatch.times import to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

NIGHTS = 7  # how far ahead is told night by night


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that began last; with no end it is under way, or was killed."""

    command: str
    started_at: str
    finished_at: str | None
    outcome: str | None
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Status:
    """How a database stands at one time."""

    due_now: int
    due_nights: dict[str, int]  # further URLs due in each of the 24 hours to come, by their end
    due_later: int
    states: dict[str, int]
    checks: int
    last_run: LastRun | None


def status(db: Database, now: datetime) -> Status:
    """How the database stands now."""
    due = _due(db, now)
    last = "select command, started_at, finished_at, outcome, counts from runs order by id desc limit 1"
    runs = [
        LastRun(command, began, finished, outcome, json.loads(counts))
        for command, began, finished, outcome, counts in db.execute(last).fetchall()
    ]
    states = db.execute("select state, count(*) from urls group by state order by count(*) desc, state")
    return Status(
        due_now=due[0],
        due_nights={to_text(now + timedelta(days=night)): due[night] for night in range(1, NIGHTS + 1)},
        due_later=sum(count for night, count in due.items() if night > NIGHTS),
        states=dict(states.fetchall()),
        checks=db.table("checks").count,
        last_run=runs[0] if runs else None,
    )


def _due(db: Database, now: datetime) -> Counter[int]:
    """How many URLs are due now (0) and by the end of each 24 hours to come, in one pass.

    Those that a wrong clock dated are due already.
    """
    rows = db.execute(
        """select case when next_check_at <= :now or last_checked_at > :now then 0
                  else (strftime('%s', next_check_at) - strftime('%s', :now) + 86399) / 86400 end as night,
               count(*)
           from urls where next_check_at is not null group by night""",
        {"now": to_text(now)},
    )
    return Counter(dict(rows.fetchall()))
