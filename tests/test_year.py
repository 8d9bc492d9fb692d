"""Months of nights: nothing is called dead in error, and what is dead is found out."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from years import Life, play, reckon, world

from linkwatch.policy import Policy
from linkwatch.upkeep.stage import refold

if TYPE_CHECKING:
    from sqlite_utils import Database

DAYS = 150


async def test_months_of_nights(db: Database) -> None:
    """400 URLs over 150 nights, on a tenth of which our own network fails: no false death, none missed."""
    urls = world(400, DAYS)
    year = await play(db, urls, DAYS)
    found = reckon(db, urls, DAYS)
    assert year.offline > 5
    assert found.in_error == ()
    assert found.missed == {}
    assert len(found.days_late[Life.DIES_SAYING_SO]) > 20
    assert median(found.days_late[Life.DIES_SAYING_SO]) < 30
    assert found.recovered_late
    assert max(found.recovered_late) < 60
    refolded = refold(db, Policy(), write=False)
    assert (refolded.urls, refolded.differing) == (400, 0)


async def test_the_reckoning_can_fail(db: Database) -> None:
    """With a policy that believes one bad night, the same months are full of false deaths."""
    hasty = Policy(gone_checks=1, gone_span=0.0, unreachable_checks=1, unreachable_span=0.0)
    urls = world(400, 60)
    await play(db, urls, 60, hasty)
    assert len(reckon(db, urls, 60).in_error) > 5
