"""Going through all URLs with their checks, a page at a time: constant memory, whatever there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from linkwatch.check.fold import refold as folded
from linkwatch.check.schedule import next_check
from linkwatch.store import checks, upkeep
from linkwatch.upkeep.thin import superfluous

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlite_utils import Database

    from linkwatch.policy import Policy
    from linkwatch.store.checks import Due
    from linkwatch.store.upkeep import Kept

PAGE = 1000  # URLs at a time; one transaction each, so that an end half-way leaves whole pages


@dataclass(slots=True)
class Refolded:
    """How many URLs there are, and of how many the state is not what their checks come to."""

    urls: int = 0
    differing: int = 0


@dataclass(slots=True)
class Pruned:
    """How many checks there were, and how many were removed with their hops."""

    checks: int = 0
    removed: int = 0


def refold(db: Database, policy: Policy, *, write: bool) -> Refolded:
    """Folds every URL's checks anew and compares; ``write`` puts right what differs."""
    done = Refolded()
    for page in _pages(db):
        differing = []
        for due, kept in page:
            history = folded((each.check for each in kept), policy)
            done.urls += 1
            if history != due.history:
                since = history.last_checked_at
                again = next_check(due.url, history, since, policy) if since else None
                differing.append(upkeep.Restored(due.id, history, again))
        done.differing += len(differing)
        if write:
            upkeep.restore(db, differing)
    return done


def prune(db: Database, policy: Policy, now: datetime) -> Pruned:
    """Thins rows of equal checks that are older than the policy keeps them all."""
    before = now - timedelta(seconds=policy.keep_checks)
    done = Pruned()
    for page in _pages(db):
        going = []
        for _, kept in page:
            done.checks += len(kept)
            going += [kept[place].id for place in superfluous([each.check for each in kept], before)]
        upkeep.remove(db, going)
        done.removed += len(going)
    return done


def _pages(db: Database) -> Iterator[list[tuple[Due, list[Kept]]]]:
    """All URLs with their checks in the order in which these were folded."""
    last = 0
    while page := checks.page(db, last, PAGE):
        first, last = page[0].id, page[-1].id
        rows = groupby(upkeep.kept(db, first, last), key=lambda each: each.url_id)
        of = {url_id: list(found) for url_id, found in rows}
        yield [(due, of.get(due.id, [])) for due in page]
