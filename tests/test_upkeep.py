"""A database over years: its states are what its checks come to, before and after it is thinned."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from conftest import NIGHT
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.check.fold import fold
from linkwatch.check.schedule import next_check
from linkwatch.model import Check, Hop, Verdict
from linkwatch.policy import Policy
from linkwatch.store import checks, runs
from linkwatch.store.checks import Recorded
from linkwatch.store.database import in_memory
from linkwatch.upkeep.stage import prune, refold
from linkwatch.upkeep.thin import superfluous

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

POLICY = Policy()
URL = ("http://a.example/", "a.example")


def record(db: Database, *seen: Check) -> None:
    """Records checks of one URL as runs would, night by night."""
    run_id = runs.begin(db, "check", NIGHT)
    for check in seen:
        (due,) = checks.named(db, [URL], NIGHT)
        history = fold(due.history, check, POLICY)
        again = next_check(due.url, history, check.checked_at, POLICY)
        with db.atomic():
            checks.record(db, run_id, [Recorded(due, check, history, again)])


def seen(day: int, verdict: Verdict = Verdict.ALIVE, reason: str = "ok", to: str | None = None) -> Check:
    """A check of a day, with one hop."""
    at = NIGHT + timedelta(days=day)
    return Check(URL[0], at, verdict, reason, final_url=to, hops=(Hop(URL[0], 200),))


def days(db: Database) -> list[int]:
    """The days of which a check is kept."""
    (due,) = checks.named(db, [URL], NIGHT)
    return [(check.checked_at - NIGHT).days for check in checks.history_of(db, due.id)]


def years_later(number: int = 10) -> datetime:
    """When all of it is old."""
    return NIGHT + timedelta(days=365 * number)


def test_equal_checks_are_thinned_to_first_and_last(db: Database) -> None:
    """Between two equal checks a third says nothing; its hops go with it, and a second time nothing goes."""
    record(db, *(seen(day) for day in range(0, 70, 7)))
    done = prune(db, POLICY, years_later())
    assert (done.checks, done.removed, days(db)) == (10, 8, [0, 63])
    assert db.table("hops").count == 2
    assert prune(db, POLICY, years_later()).removed == 0


@pytest.mark.parametrize(
    "change",
    [
        seen(7, Verdict.BLOCKED, "bot_challenge"),
        seen(7, Verdict.ALIVE, "other"),
        seen(7, Verdict.ALIVE, "ok", "http://b.example/"),
    ],
)
def test_a_change_is_never_removed(db: Database, change: Check) -> None:
    """Another verdict, reason or address stays, and what stands on its two sides."""
    record(db, seen(0), change, seen(14))
    assert prune(db, POLICY, years_later()).removed == 0


def test_what_is_young_stays(db: Database) -> None:
    """Only rows older than ninety days are thinned."""
    record(db, *(seen(day) for day in range(0, 140, 7)))
    prune(db, POLICY, NIGHT + timedelta(days=133))
    assert days(db) == [0, 42, *range(49, 140, 7)]


def test_a_row_of_failures_keeps_all_its_checks() -> None:
    """Each failing check counts towards the state, so none is superfluous."""
    row = [seen(day, Verdict.GONE, "http_404") for day in range(9)]
    assert not list(superfluous(row, years_later()))


HISTORIES = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(Verdict),
        st.sampled_from(["one", "two"]),
        st.integers(1, 6),
    ),
    max_size=25,
)


@given(HISTORIES, st.integers(0, 400))
def test_pruning_changes_no_state(past: list[tuple[int, Verdict, str, int]], today: int) -> None:
    """Whatever was seen, the checks that stay come to the same state, times and counts as all of them."""
    with closing(in_memory()) as db:
        day = 0
        for gap, verdict, reason, times in past:
            for _ in range(times):
                day += gap
                record(db, seen(day, verdict, reason))
        assert refold(db, POLICY, write=False).differing == 0
        prune(db, POLICY, NIGHT + timedelta(days=today))
        assert refold(db, POLICY, write=False).differing == 0


def test_refold_finds_and_repairs_a_wrong_state(db: Database) -> None:
    """A state that its checks do not come to is counted, and put right where that is asked for."""
    record(db, seen(0), seen(7))
    checks.named(db, [("http://never.example/", "never.example")], NIGHT)
    (before,) = db.query("select * from urls where host = 'a.example'")
    db.execute("update urls set state = 'dead', failures = 9 where host = 'a.example'")
    assert refold(db, POLICY, write=False).differing == 1
    found = refold(db, POLICY, write=True)
    assert (found.urls, found.differing) == (2, 1)
    assert list(db.query("select * from urls where host = 'a.example'")) == [before]
    assert refold(db, POLICY, write=False).differing == 0
